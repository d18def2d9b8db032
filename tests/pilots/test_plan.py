"""The plan: who changes what when, and what is refused in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from challenge.kernel.errors import Forbidden, Invalid, Refused
from challenge.pilots import actions, content
from challenge.pilots.models import Indicator, Pilot
from challenge.pilots.money.schemas import TrancheIn
from challenge.pilots.schemas import IndicatorIn, MeasurementIn, MilestoneIn, PilotIn, ReportIn, Results
from challenge.pilots.states import PilotState, ReportKind
from tests.cast import PEOPLE
from tests.factories.pilots import make_indicator, make_milestone, make_pilot, make_report, make_tranche
from tests.pilots.ready import city, get

S = PilotState
MILESTONE = MilestoneIn(title="Sensors stand", starts_on=date(2027, 2, 1), due_on=date(2027, 6, 30))
TRANCHE = TrancheIn(label="First", cents=500, due_on=date(2027, 3, 1))
REPORT = ReportIn(kind=ReportKind.INTERIM, due_on=date(2027, 7, 31))


def test_the_lead_and_coordinators_plan_and_coordinators_plan_money(world):
    with world.acting("system") as w:
        code = make_pilot(w).code
        fingal = city(w, "fingal").code
    indicator = IndicatorIn(
        title="Hours until a warning", unit="h", baseline=Decimal(48), target=Decimal(2), city=fingal
    )

    for who in ("ravi", "jaan"):
        with world.acting(who) as w:
            actions.add_milestone(w, get(w, code), MILESTONE)
            actions.add_indicator(w, get(w, code), indicator)
    for who in ("mari", "olev", "lena"):
        with world.acting(who) as w, pytest.raises(Forbidden):
            actions.add_milestone(w, get(w, code), MILESTONE)
    for act, draft in ((actions.add_tranche, TRANCHE), (actions.add_report, REPORT)):
        with world.acting("ravi") as w, pytest.raises(Forbidden):
            act(w, get(w, code), draft)
    with world.acting("jaan") as w:
        report = actions.add_report(w, get(w, code), REPORT)
        actions.add_tranche(w, get(w, code), TRANCHE.model_copy(update={"report": report.code}))
        with pytest.raises(Invalid):
            actions.add_tranche(w, get(w, code), TRANCHE.model_copy(update={"report": "00000000"}))
        with pytest.raises(Refused):
            actions.drop(w, get(w, code), report)
        with pytest.raises(Invalid):
            actions.add_indicator(w, get(w, code), indicator.model_copy(update={"city": city(w, "narva").code}))
    with world.acting("system", writing=False) as w:
        pilot = get(w, code)
        counted = [len(rows(w, pilot)) for rows in (content.milestones, content.indicators, content.tranches)]
        assert counted == [2, 2, 1]


def test_what_is_agreed_upon_is_fixed_and_what_has_started_is_the_coordinators(world):
    with world.acting("system") as w:
        pilot = make_pilot(w, state=S.RUNNING)
        code = pilot.code
        make_indicator(w, pilot)
        make_tranche(w, pilot)
        make_milestone(w, pilot)
    known = IndicatorIn(title="Hours", baseline=Decimal(48), target=Decimal(2))

    def indicator(w) -> Indicator:
        return w.session.exec(select(Indicator)).one()

    with world.acting("ravi") as w:
        actions.change_indicator(w, get(w, code), indicator(w), known)
        with pytest.raises(Forbidden):
            actions.change_indicator(w, get(w, code), indicator(w), known.model_copy(update={"target": Decimal(9)}))
        with pytest.raises(Forbidden):
            actions.drop(w, get(w, code), indicator(w))
    with world.acting("jaan") as w:
        actions.change_indicator(w, get(w, code), indicator(w), known.model_copy(update={"target": Decimal(9)}))
        with pytest.raises(Refused) as refused:
            actions.add_tranche(w, get(w, code), TRANCHE)
        assert refused.value.problem.code == "tranches_fixed"
        draft = PilotIn(title="Bays", summary="x", budget_cents=5, months=36, starts_on=date(2027, 1, 4),
                        ends_on=date(2030, 1, 3))  # fmt: skip
        with pytest.raises(Invalid) as invalid:
            actions.revise(w, get(w, code), draft)
        assert set(invalid.value.problem.fields) == {"budget_cents"}


def test_measuring_closing_and_opening_again(world):
    with world.acting("system") as w:
        pilot = make_pilot(w, state=S.RUNNING)
        code = pilot.code
        make_indicator(w, pilot)
    seen = MeasurementIn(actual=Decimal("12.5"), measured_on=date(2027, 1, 9))

    def indicator(w) -> Indicator:
        return w.session.exec(select(Indicator)).one()

    for who in ("katrin", "olev"):
        with world.acting(who) as w, pytest.raises(Forbidden):
            actions.measure(w, get(w, code), indicator(w), seen)
    with world.acting("peeter") as w:
        actions.measure(w, get(w, code), indicator(w), seen)
        later = seen.model_copy(update={"measured_on": date(2027, 1, 11)})
        with pytest.raises(Invalid):
            actions.measure(w, get(w, code), indicator(w), later)
        actions.measure(w, get(w, code), indicator(w), seen.model_copy(update={"closed": True}))
        with pytest.raises(Refused):
            actions.measure(w, get(w, code), indicator(w), seen)
        with pytest.raises(Forbidden):
            actions.reopen_indicator(w, get(w, code), indicator(w))
    with world.acting("jaan") as w:
        actions.reopen_indicator(w, get(w, code), indicator(w))
        assert (indicator(w).actual, indicator(w).closed_at) == (Decimal("12.5"), None)


def test_details_and_results(world):
    with world.acting("system") as w:
        code = make_pilot(w, agreement="We try it.").code
        pilot = get(w, code)
        content.keep_agreement(w, pilot)
    draft = PilotIn(title="Clean Bays", summary="Warned in time.", budget_cents=120_000_000, months=24,
                    starts_on=date(2027, 3, 1), mentor="kadri@example.org", notes="Careful.")  # fmt: skip

    with world.acting("jaan") as w:
        actions.revise(w, get(w, code), draft)
        assert (get(w, code).mentor_id, get(w, code).revision) == (PEOPLE["kadri"].id, 2)
        for spoilt, name in (({"mentor": "who@example.org"}, "mentor"), ({"budget_cents": None}, "budget_cents")):
            with pytest.raises(Invalid) as invalid:
                actions.revise(w, get(w, code), draft.model_copy(update=spoilt))
            assert set(invalid.value.problem.fields) == {name}
    with world.acting("ravi") as w:
        actions.tell_results(w, get(w, code), Results(public_summary="It worked.", replication_plan="Next."))
        with pytest.raises(Forbidden):
            actions.revise(w, get(w, code), draft)


def test_nothing_changes_in_a_pilot_that_is_over(world):
    with world.acting("system") as w:
        pilot = make_pilot(w, state=S.COMPLETED)
        code = pilot.code
        make_indicator(w, pilot)
        make_report(w, pilot)

    def attempts(w, pilot: Pilot):
        yield lambda: actions.add_milestone(w, pilot, MILESTONE)
        yield lambda: actions.add_tranche(w, pilot, TRANCHE)
        yield lambda: actions.tell_results(w, pilot, Results())
        yield lambda: actions.drop(w, pilot, w.session.exec(select(Indicator)).one())
        yield lambda: actions.write_agreement(w, pilot, "Other.")
        yield lambda: actions.add_member(w, pilot, city(w, "narva"), "pilot")

    with world.acting("jaan") as w:
        for attempt in attempts(w, get(w, code)):
            with pytest.raises(Refused):
                attempt()
