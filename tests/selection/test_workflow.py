"""The tables: what is offered is what fires, by whom, and nothing else."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from sqlmodel import select

from challenge.kernel.errors import Forbidden, Invalid, Missing, Refused
from challenge.kernel.workflow import faults
from challenge.people.models import Role
from challenge.people.states import RoleName
from challenge.proposals.models import PartnerCity
from challenge.proposals.states import ProposalState
from challenge.rounds.states import CityRole
from challenge.selection import actions
from challenge.selection.models import Appeal, Outcome
from challenge.selection.schemas import Hearing, Result, Withdrawal
from challenge.selection.states import AppealState, OutcomeState, Verdict
from challenge.selection.workflow import APPEAL, OUTCOME
from tests.cast import PEOPLE
from tests.factories.jury import JURY, make_conflict, make_juror
from tests.factories.rounds import make_round
from tests.factories.selection import make_appeal, make_candidate, make_outcome

CAST = ("ravi", "mari", "lena", "jaan", "kadri", "katrin", "tiina", "olev", "anna", "nobody", "system")
GIVEN = {
    "withdraw": Withdrawal(reason="A mistake."),
    "hear": Hearing(hearing="Both sides."),
    "uphold": Result(result="Right."),
    "dismiss": Result(result="Not so."),
}
SNAPSHOT = Path(__file__).with_name("permissions.txt")
PAIRS = (
    {"tartu": CityRole.LEAD, "helsinki": CityRole.PILOT},
    {"tallinn": CityRole.LEAD, "fingal": CityRole.PILOT},
)


class Undo(Exception):  # noqa: N818 -- not an error
    """Leaves a unit of work without committing."""


@pytest.mark.parametrize("workflow", [OUTCOME, APPEAL], ids=lambda workflow: workflow.name)
def test_the_tables_have_no_dead_states_and_every_state_can_end(workflow):
    assert faults(workflow) == []


def situations(world) -> tuple[dict[str, int], dict[str, int]]:
    """Outcomes and appeals in every state, holding and not, by name. katrin coordinates too; tiina does and judges."""
    world.now = JURY
    with world.acting() as w:
        w.add(Role(person_id=PEOPLE["katrin"].id, name=RoleName.COORDINATOR))
        w.add(Role(person_id=PEOPLE["tiina"].id, name=RoleName.COORDINATOR))
        round_ = make_round(w, budget_cents=250_000_000)
        make_juror(w, round_, "tiina")
        proposals = {
            name: make_candidate(w, round_, title=name, cities=PAIRS[place % 2])
            for place, name in enumerate((
                "proposed", "approved", "announced", "superseded", "stale", "over budget", "over", "unpaired",
                "conflicted", "below", "below with reason", "gone", "reserve", "declining",
            ))
        }  # fmt: skip
        states = {"approved": OutcomeState.APPROVED, "announced": OutcomeState.ANNOUNCED,
                  "superseded": OutcomeState.SUPERSEDED, "gone": OutcomeState.APPROVED}  # fmt: skip
        more = {
            "approved": {"amount_cents": 1}, "gone": {"amount_cents": 1}, "announced": {"amount_cents": 1},
            "over budget": {"amount_cents": 300_000_000}, "over": {"accept_by": JURY},
            "below with reason": {"deviation": "The panel insists."},
            "reserve": {"verdict": Verdict.RESERVE}, "declining": {"verdict": Verdict.DECLINE},
        }  # fmt: skip
        outcomes = {}
        for name, proposal in proposals.items():
            fields = {"state": states.get(name, OutcomeState.PROPOSED), **more.get(name, {})}
            outcomes[name] = make_outcome(w, proposal, **fields).id
        proposals["stale"].months = 7
        for name in ("below", "below with reason", "declining"):
            proposals[name].below_threshold = True
        proposals["gone"].state = ProposalState.WITHDRAWN
        make_conflict(w, proposals["conflicted"], "kadri")
        appeals = {}
        for name, state in (("filed", AppealState.FILED), ("taken", AppealState.FILED), ("heard", AppealState.HEARD),
                            ("upheld", AppealState.UPHELD), ("dismissed", AppealState.DISMISSED),
                            ("overtaken", AppealState.HEARD)):  # fmt: skip
            proposal = make_candidate(w, round_, title=f"appeal {name}", cities=PAIRS[0], state=ProposalState.DECLINED,
                                      stood_at="in_jury")  # fmt: skip
            handler = None if name == "filed" else PEOPLE["katrin"].id
            appeals[name] = make_appeal(w, proposal, state=state, handler=handler, decided_by=PEOPLE["jaan"].id).id
            if name == "overtaken":
                proposal.state = ProposalState.WITHDRAWN
        follower = select(PartnerCity).where(
            PartnerCity.proposal_id == proposals["unpaired"].id, PartnerCity.country != "EE"
        )
        w.session.exec(follower).one().role = CityRole.FOLLOWER
    return outcomes, appeals


def tries(w, workflow, record, fire, transition) -> bool:
    """Fire, compare with what was offered, and undo; whether it worked."""
    open_now = {offer.row.name for offer in workflow.offers(w, record) if offer.problem is None}
    before, worked = record.state, False
    undo = w.session.begin_nested()
    try:
        fire(w, record, transition, GIVEN.get(transition))
    except (Refused, Forbidden, Missing, Invalid):
        assert record.state is before
    else:
        worked = True
        assert record.state is not before
    undo.rollback()
    assert worked == (transition in open_now), (w.actor.name, record, transition)
    return worked


def test_a_button_is_offered_exactly_when_firing_works(world):
    outcomes, appeals = situations(world)
    fired = 0
    for who in CAST:
        with contextlib.suppress(Undo), world.acting(who) as w:
            for workflow, model, ids, fire in (
                (OUTCOME, Outcome, outcomes, actions.fire), (APPEAL, Appeal, appeals, actions.fire_appeal),
            ):  # fmt: skip
                for key in ids.values():
                    record = w.session.get_one(model, key)
                    fired += sum(tries(w, workflow, record, fire, transition) for transition in workflow.names)
            raise Undo
    assert fired > 20


def test_who_may_do_what_is_as_reviewed(world):
    """jaan proposed: his *approve* is there and blocked. kadri has a conflict with one; tiina judges in the round."""
    outcomes, appeals = situations(world)
    found = {}
    for who in CAST:
        with world.acting(who, writing=False) as w:
            for workflow, model, ids in ((OUTCOME, Outcome, outcomes), (APPEAL, Appeal, appeals)):
                for name, key in ids.items():
                    words = [
                        offer.row.name + (f"({offer.problem.code})" if offer.problem else "")
                        for offer in workflow.offers(w, w.session.get_one(model, key))
                    ]
                    found[f"{workflow.name} {name}", who] = " ".join(words)
    subjects = dict.fromkeys(subject for subject, _who in found)
    lines = [f"{subject} | {who}: {found[subject, who]}" for subject in subjects for who in CAST if found[subject, who]]

    assert lines == SNAPSHOT.read_text().splitlines()
