"""Claims and change requests as rows, and a tranche, a claim and a change in each state and special situation."""

from __future__ import annotations

from datetime import date
from typing import Any

from challenge.kernel.attachment import Attachment
from challenge.kernel.work import Work
from challenge.pilots import content
from challenge.pilots.models import Pilot
from challenge.pilots.money import actions, ledger, queries
from challenge.pilots.money.models import ChangeRequest, Claim
from challenge.pilots.money.states import ChangeKind, ChangeState, ClaimState
from challenge.pilots.states import PilotState, ReportState, TrancheState
from challenge.proposals.models import BudgetLine
from challenge.proposals.states import BudgetCategory
from challenge.rounds.states import CityRole
from tests.cast import PEOPLE, PLACES
from tests.factories.pilots import BUDGET, make_milestone, make_report, make_tranche
from tests.pilots.ready import make_ready

ANSWERS = {
    "spent_on": "Twelve sensors", "category": "equipment", "spent_from": "2027-01-04", "spent_to": "2027-01-09",
    "currency": "EUR", "amount": "1234,50",
}  # fmt: skip
LINES = (
    ("taltech", BudgetCategory.STAFF, 60_000_000),
    ("tartu", BudgetCategory.EQUIPMENT, 40_000_000),
    ("fingal", BudgetCategory.SERVICES, 20_000_000),
)


def make_lines(w: Work, pilot: Pilot) -> None:
    """The budget of its proposal: staff of TalTech, equipment of Tartu, services of Fingal; 1,200,000 € in all."""
    for place, category, cents in LINES:
        w.add(BudgetLine(proposal_id=pilot.proposal_id, organisation_id=PLACES[place].id, category=category,
                         cents=cents))  # fmt: skip


def make_funded(w: Work, state: PilotState = PilotState.RUNNING, **fields: Any) -> Pilot:
    """A pilot with everything in place, budget lines, and its award in the ledger."""
    pilot = make_ready(w, state, **fields)
    make_lines(w, pilot)
    ledger.open_ledger(w, pilot)
    return pilot


def make_claim(w: Work, pilot: Pilot, city: str = "tartu", *, receipt: bool = True, **fields: Any) -> Claim:
    known: dict[str, Any] = {"answers": ANSWERS, "state": ClaimState.DRAFT}
    if (known | fields)["state"] is not ClaimState.DRAFT:
        known |= {"category": BudgetCategory.EQUIPMENT, "cents": 123_450, "minor": 123_450, "points": "The invoice."}
        known |= {"submitted_at": w.now, "submitted_by_id": PEOPLE["mari"].id, "revision": 1}
    made = w.add(
        Claim(
            pilot_id=pilot.id, round_id=pilot.round_id, round_code=pilot.round_code,
            organisation_id=PLACES[city].id, **(known | fields),
        )
    )  # fmt: skip
    if receipt:
        w.add(
            Attachment(
                workflow="claim", subject_code=made.code, sha256="0" * 64, size=1, content_type="application/pdf",
                name="invoice.pdf", at=w.now, by_id=PEOPLE["mari"].id,
            )
        )  # fmt: skip
    return made


def make_change(w: Work, pilot: Pilot, kind: ChangeKind = ChangeKind.DATES, by: str = "mari", **fields: Any) -> Any:
    known: dict[str, Any] = {
        ChangeKind.DATES: {"ends_on": date(2030, 6, 30)},
        ChangeKind.SCOPE: {"scope": "Two bays instead of three."},
        ChangeKind.MEMBERS: {
            "goes_id": PLACES["dlr"].id, "comes_id": PLACES["helsinki"].id, "role": CityRole.PILOT,
        },
        ChangeKind.MONEY: {
            "from_id": PLACES["tartu"].id, "from_category": BudgetCategory.EQUIPMENT, "to_id": PLACES["fingal"].id,
            "to_category": BudgetCategory.SERVICES, "cents": 1_000_000,
        },
    }[kind]  # fmt: skip
    state = fields.get("state", ChangeState.ASKED)
    if state in (ChangeState.GRANTED, ChangeState.REFUSED):
        known |= {"decided_at": w.now, "answer": "No." if state is ChangeState.REFUSED else ""}
    return w.add(
        ChangeRequest(
            pilot_id=pilot.id, round_id=pilot.round_id, round_code=pilot.round_code, kind=kind,
            **({"reason": "Ice came early.", "asked_by_id": PEOPLE[by].id} | known | fields),
        )
    )  # fmt: skip


# What the tests of all workflows need


def tranches(world: Any) -> list[tuple[str, str]]:
    """One in each state; some that rest on what is not there, cost too much, or are owed back; one key turned."""
    with world.acting() as w:
        pilot = make_funded(w)
        ended = make_funded(w, PilotState.TERMINATED)
        suspended = make_funded(w, PilotState.SUSPENDED)
        late, open_ = make_report(w, pilot), make_milestone(w, pilot, title="Nets hang")
        last = content.reports(w, pilot)
        accepted = next(row for row in last if row.state is ReportState.ACCEPTED)
        due = {"state": TrancheState.DUE, "cents": 1}
        made = [
            (str(state), make_tranche(w, pilot, state=state, cents=1, paid_on=date(2027, 1, 9), report_id=accepted.id))
            for state in TrancheState
        ]
        made += [
            ("planned, no report", make_tranche(w, pilot, cents=1, report_id=late.id)),
            ("due, no report", make_tranche(w, pilot, report_id=late.id, **due)),
            ("approved, no milestone", make_tranche(w, pilot, state="approved", cents=1, milestone_id=open_.id)),
            ("due, too much", make_tranche(w, pilot, state="due", cents=BUDGET + 1)),
            ("due, suspended", make_tranche(w, suspended, **due)),
            ("due, not owed", make_tranche(w, ended, recovers_from_id=PLACES["tartu"].id, **due)),
            ("due, approve asked", make_tranche(w, pilot, **due)),
        ]
        cells = [(name, row.code) for name, row in made]
    with world.acting("jaan") as w:
        assert not actions.fire_tranche(w, queries.tranche(w, cells[-1][1]), "approve").done
    return cells


def claims(world: Any) -> list[tuple[str, str]]:
    """Tartu's, one in each state; one without a receipt, one half written, one above its line."""
    with world.acting() as w:
        pilot = make_funded(w)
        made = [(str(state), make_claim(w, pilot, state=state)) for state in ClaimState]
        made += [
            ("draft, no receipt", make_claim(w, pilot, receipt=False)),
            ("draft, half written", make_claim(w, pilot, answers={"currency": "SEK", "amount": "5"})),
            ("submitted, too much", make_claim(w, pilot, state=ClaimState.SUBMITTED, cents=BUDGET)),
        ]
        return [(name, row.code) for name, row in made]


def changes(world: Any) -> list[tuple[str, str]]:
    """mari's; money by one and by two, cities that would do and that would not, a pilot that is over."""
    with world.acting() as w:
        made = [(str(state), make_change(w, make_funded(w), state=state)) for state in ChangeState]
        much = {"cents": 30_000_000, "by_two": True}
        lonely = {"goes_id": PLACES["tartu"].id, "comes_id": PLACES["helsinki"].id}
        made += [
            ("asked, scope", make_change(w, make_funded(w), ChangeKind.SCOPE)),
            ("asked, money", make_change(w, make_funded(w), ChangeKind.MONEY)),
            ("asked, much money", make_change(w, make_funded(w), ChangeKind.MONEY, **much)),
            ("asked, more than one may move", make_change(w, make_funded(w), ChangeKind.MONEY, cents=30_000_000)),
            ("asked, more than there is", make_change(w, make_funded(w), ChangeKind.MONEY, cents=50_000_000)),
            ("asked, cities", make_change(w, make_funded(w), ChangeKind.MEMBERS)),
            ("asked, no home city", make_change(w, make_funded(w), ChangeKind.MEMBERS, **lonely)),
            ("asked, over", make_change(w, make_funded(w, PilotState.TERMINATED))),
            ("asked, by a coordinator", make_change(w, make_funded(w), by="jaan")),
            ("asked, grant asked", make_change(w, make_funded(w), ChangeKind.MONEY, **much)),
        ]
        cells = [(name, row.code) for name, row in made]
    with world.acting("jaan") as w:
        assert not actions.fire_change(w, queries.change(w, cells[-1][1]), "grant").done
    return cells
