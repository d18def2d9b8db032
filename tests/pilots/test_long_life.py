"""A whole life of a pilot, by a clock that is moved, through the same acts as the pages: money, members, reports."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from challenge.kernel import journal
from challenge.kernel.errors import Refused
from challenge.pilots import actions as pilots
from challenge.pilots import content
from challenge.pilots.asks import Points
from challenge.pilots.models import Indicator, Pilot, Report
from challenge.pilots.money import actions, ledger, queries
from challenge.pilots.money.asks import Payment
from challenge.pilots.money.changes import columns_of
from challenge.pilots.money.models import ChangeRequest, Claim
from challenge.pilots.money.schemas import MoneyIn, TrancheIn
from challenge.pilots.money.states import Account, ChangeKind, ClaimState
from challenge.pilots.schemas import (
    IndicatorIn,
    MeasurementIn,
    MilestoneIn,
    PilotIn,
    ReportIn,
    Results,
)
from challenge.pilots.states import PilotState, ReportKind, ReportState, TrancheState
from challenge.rounds.states import CityRole
from tests.cast import PLACES
from tests.factories.money import make_claim, make_lines
from tests.factories.pilots import BUDGET, make_selected
from tests.factories.rounds import make_round
from tests.pilots.ready import ANSWERS, city, get

S = PilotState
ABROAD = {"tartu": CityRole.LEAD, "fingal": CityRole.PILOT, "dlr": CityRole.PILOT}
SHARES = (20, 20, 20, 20, 20)  # percent of the award


class Life:
    """One pilot, and what must hold after each step of its life."""

    def __init__(self, world):
        self.world, self.code, self.steps = world, "", 0

    def act(self, who, do):
        """One act of somebody, in a unit of work of its own; then the books are looked at."""
        with self.world.acting(who) as w:
            found = do(w, get(w, self.code))
        self.holds()
        return found

    def holds(self):
        self.steps += 1
        with self.world.acting(writing=False) as w:
            pilot = get(w, self.code)
            assert list(queries.faults(w)) == []
            if pilot.state in (S.AGREED, S.RUNNING, S.COMPLETED):
                assert content.paired(pilot, content.counted(content.members(w, pilot))) is None
            paid = sum(row.cents for row in content.tranches(w, pilot) if row.state is TrancheState.PAID)
            assert -ledger.on(w, pilot, Account.BANK) == paid <= BUDGET
            accepted = [row.cents for row in queries.claims(w, pilot) if row.state is ClaimState.ACCEPTED]
            assert ledger.on(w, pilot, Account.COST) == sum(accepted)
            assert ledger.on(w, pilot, Account.ADVANCE) == paid - sum(accepted)

    def report(self, who, kind, *, returned=False):
        """The next report is written, handed in, maybe returned, and accepted."""

        def due(w, pilot):
            return next(row for row in content.reports(w, pilot) if row.state is not ReportState.ACCEPTED)

        def hand_in(w, pilot):
            report = due(w, pilot)
            assert report.kind is kind
            pilots.write_report(w, report, ANSWERS)
            pilots.fire_report(w, report, "submit")

        def send_back(w, pilot):
            pilots.fire_report(w, due(w, pilot), "send_back", Points(points="The numbers of June are missing."))

        self.act(who, hand_in)
        if returned:
            self.act("jaan", send_back)
            self.act(who, hand_in)
        self.act("jaan", lambda w, pilot: pilots.fire_report(w, due(w, pilot), "accept"))

    def pay(self, number):
        """The tranche of this number: put up, approved by two, paid."""

        def step(name, given=None):
            def do(w, pilot):
                row = content.tranches(w, pilot)[number]
                return actions.fire_tranche(w, row, name, given)

            return do

        self.act("jaan", step("put_up"))
        assert not self.act("jaan", step("approve")).done
        assert self.act("kadri", step("approve")).done
        self.act("kadri", step("pay", Payment(paid_on=self.world.now.date())))

    def claim(self, who, place, cents, category):
        """A cost of a partner, with its receipt: handed in and accepted."""
        amount = f"{cents // 100},{cents % 100:02}"
        spent = self.world.now.date().isoformat()

        def hand_in(w, pilot):
            made = make_claim(w, pilot, place, answers={
                "spent_on": "Sensors", "category": category, "spent_from": spent, "spent_to": spent, "amount": amount,
            })  # fmt: skip
            actions.fire_claim(w, made, "submit")

        def accept(w, pilot):
            row = w.session.exec(select(Claim).where(Claim.pilot_id == pilot.id, Claim.state == ClaimState.SUBMITTED))
            actions.fire_claim(w, row.one(), "accept")

        self.act(who, hand_in)
        self.act("jaan", accept)


@pytest.fixture
def life(world) -> Life:
    """Paired: three cities in two countries, 36 months, 1,200,000 €."""
    made = Life(world)
    with world.acting() as w:
        proposal = make_selected(w, make_round(w), cities=ABROAD)
    with world.acting("jaan") as w:
        w.session.add(proposal)
        pilot = pilots.pair(w, proposal)
        made.code = pilot.code
        make_lines(w, pilot)
    return made


def agree(life):
    """Dates, agreement, signatures, plan: six reports, five tranches."""
    first = life.world.now.date().replace(day=1)
    last = first.replace(year=first.year + 3) - timedelta(days=1)

    def prepare(w, pilot):
        pilots.revise(w, pilot, PilotIn(title="Clean bays", summary="Warned in time.", budget_cents=BUDGET, months=36,
                                        starts_on=first, ends_on=last))  # fmt: skip
        for row in w.session.exec(select(Indicator).where(Indicator.pilot_id == pilot.id)).all():
            pilots.drop(w, pilot, row)
        for row in content.milestones(w, pilot):
            pilots.drop(w, pilot, row)
        pilots.write_agreement(w, pilot, "We try it together.")
        pilots.add_milestone(w, pilot, MilestoneIn(title="Sensors stand", starts_on=first, due_on=last))
        pilots.add_indicator(w, pilot, IndicatorIn(title="Hours", baseline=48, target=2))
        reports = [
            pilots.add_report(
                w, pilot,
                ReportIn(kind=ReportKind.FINAL if n == 6 else ReportKind.INTERIM,
                         due_on=first + timedelta(days=180 * n)),
            )
            for n in range(1, 7)
        ]  # fmt: skip
        for n, share in enumerate(SHARES):
            pilots.add_tranche(
                w, pilot,
                TrancheIn(label=f"Tranche {n + 1}", cents=BUDGET * share // 100,
                          due_on=first + timedelta(days=180 * n + 30), report=reports[n - 1].code if n else ""),
            )  # fmt: skip

    life.act("jaan", prepare)
    for who, place in (("mari", "tartu"), ("aoife", "fingal"), ("niamh", "dlr")):
        life.act(who, lambda w, pilot, place=place: pilots.sign_agreement(w, pilot, city(w, place), pilot.revision))
    life.act("ravi", lambda w, pilot: pilots.sign_as_lead(w, pilot, pilot.revision))
    life.act("jaan", lambda w, pilot: pilots.fire(w, pilot, "agree"))
    life.act("jaan", lambda w, pilot: pilots.fire(w, pilot, "start"))


def move_money(life):
    """Tartu gives Fingal more than one coordinator may move: two grant it."""

    def ask(w, pilot):
        codes = {key: row.code for key, row in queries.partners(w, pilot).items()}
        tartu, fingal = codes[PLACES["tartu"].id], codes[PLACES["fingal"].id]
        draft = MoneyIn(source=f"{tartu}:equipment", target=f"{fingal}:services", cents=10_000_000, reason="Ice.")
        actions.ask_change(w, pilot, ChangeKind.MONEY, columns_of(w, pilot, draft))

    def grant(w, pilot):
        row = w.session.exec(select(ChangeRequest).where(ChangeRequest.pilot_id == pilot.id)).one()
        return actions.fire_change(w, row, "grant").done

    life.act("mari", ask)
    assert [life.act(who, grant) for who in ("jaan", "kadri")] == [False, True]


def exchange_a_city(life):
    """Both Irish councils leave; the pilot stands still until Helsinki comes, within the cure period."""
    life.act("niamh", lambda w, pilot: pilots.leave(w, pilot, city(w, "dlr"), "An election."))
    assert life.act("system", lambda _w, pilot: pilot.state) is S.RUNNING  # Fingal is still there
    life.act("aoife", lambda w, pilot: pilots.leave(w, pilot, city(w, "fingal"), "No money."))
    assert life.act("system", lambda _w, pilot: (pilot.state, pilot.cure_until is not None)) == (S.SUSPENDED, True)
    life.world.move(days=60)
    with pytest.raises(Refused) as refused:
        life.act("jaan", lambda w, pilot: pilots.fire(w, pilot, "resume"))
    assert refused.value.problem.code == "pairing"
    life.act("jaan", lambda w, pilot: pilots.add_member(w, pilot, city(w, "helsinki"), CityRole.PILOT))
    life.act("jaan", lambda w, pilot: pilots.fire(w, pilot, "resume"))


def test_a_pilot_lives_for_three_years(world, life):
    agree(life)
    life.pay(0)
    world.move(days=180)
    life.claim("mari", "tartu", 12_345_678, "equipment")
    with pytest.raises(Refused) as refused:
        life.pay(1)
    assert refused.value.problem.code == "report_not_accepted"
    life.report("ravi", ReportKind.INTERIM, returned=True)
    life.pay(1)

    world.move(days=180)
    move_money(life)
    life.claim("aoife", "fingal", 30_000_000, "services")
    life.report("mari", ReportKind.INTERIM)
    life.pay(2)

    world.move(days=180)
    exchange_a_city(life)
    life.report("ravi", ReportKind.INTERIM)
    life.pay(3)

    world.move(days=180)
    life.report("sofia", ReportKind.INTERIM)
    life.pay(4)
    life.claim("ravi", "taltech", 60_000_000, "staff")
    world.move(days=180)
    life.report("ravi", ReportKind.INTERIM)
    world.move(days=180)
    life.report("ravi", ReportKind.FINAL)
    life.act("ravi", lambda w, pilot: pilots.tell_results(
        w, pilot, Results(public_summary="It worked.", replication_plan="Next: Narva.")))  # fmt: skip
    life.act("ravi", measured)
    life.act("jaan", lambda w, pilot: pilots.fire(w, pilot, "complete"))

    with world.acting() as w:
        pilot: Pilot = get(w, life.code)
        assert pilot.state is S.COMPLETED
        assert len(w.session.exec(select(Report).where(Report.state == ReportState.ACCEPTED)).all()) == 6
        assert [row.state for row in content.tranches(w, pilot)] == [TrancheState.PAID] * 5
        assert -ledger.on(w, pilot, Account.BANK) == BUDGET
        assert list(journal.faults(w.session)) == []
        steps = w.session.exec(select(journal.Step.transition).where(journal.Step.subject_code == life.code)).all()
        assert {"leave", "suspend", "seek_partner", "add_member", "resume", "book", "complete"} <= set(steps)
    assert life.steps > 50
    page = world.client("sofia").get(f"/pilots/{life.code}/money")
    assert (page.status_code, "€1,200,000" in page.text) == (200, True)


def measured(w, pilot):
    row = w.session.exec(select(Indicator).where(Indicator.pilot_id == pilot.id)).one()
    pilots.measure(w, pilot, row, MeasurementIn(actual=3, measured_on=w.now.date(), closed=True))
