"""A report's way, and numbers that stay what they were."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from challenge.kernel.errors import Refusal, Refused
from challenge.pilots import actions
from challenge.pilots.asks import Points
from challenge.pilots.models import Indicator, Report
from challenge.pilots.states import PilotState, ReportKind, ReportState
from tests.cast import PEOPLE
from tests.factories.money import make_funded
from tests.factories.pilots import make_indicator, make_measurement, make_milestone, make_pilot, make_report

S = PilotState
POINTS = Points(points="The numbers of June are missing.")


def test_report_is_written_submitted_sent_back_and_accepted(world):
    with world.acting("system") as w:
        pilot = make_pilot(w, state=S.RUNNING)
        report = Report(
            pilot_id=pilot.id, round_id=pilot.round_id, round_code=pilot.round_code, kind="interim",
            due_on=world.now.date(),
        )  # fmt: skip
        code = w.add(report).code

    def load(w) -> Report:
        return w.session.exec(select(Report).where(Report.code == code)).one()

    with world.acting("ravi") as w:
        actions.write_report(w, load(w), {"done": "It stands."})
        with pytest.raises(Refused) as refused:
            actions.fire_report(w, load(w), "submit")
        assert set(refused.value.problem.fields) == {"measured", "follows"}
    with world.acting("aoife") as w:
        actions.write_report(w, load(w), {"measured": "12 h.", "follows": "More."})
        actions.fire_report(w, load(w), "submit")
        assert (load(w).revision, load(w).submitted_by_id) == (1, PEOPLE["aoife"].id)
    for who, name in (("aoife", "accept"), ("ravi", "send_back"), ("olev", "accept")):
        with world.acting(who) as w, pytest.raises(Refusal):
            actions.fire_report(w, load(w), name, POINTS if name == "send_back" else None)
    with world.acting("ravi") as w, pytest.raises(Refused):
        actions.write_report(w, load(w), {"done": "Else."})
    with world.acting("jaan") as w:
        actions.fire_report(w, load(w), "send_back", POINTS)
        assert load(w).points == "The numbers of June are missing."
    with world.acting("mari") as w:
        actions.write_report(w, load(w), {"measured": "12 h in June."})
        actions.fire_report(w, load(w), "submit")
    with world.acting("jaan") as w:
        actions.fire_report(w, load(w), "accept")
        assert (load(w).state, load(w).revision, load(w).points) == (ReportState.ACCEPTED, 2, "")


def test_numbers_of_indicators_come_back_as_they_went_in(world):
    values = [Decimal("0.1"), Decimal("-12345678.9012"), Decimal(0), Decimal("9999999999.9999")]
    with world.acting("system") as w:
        pilot = make_pilot(w, state=S.RUNNING)
        for value in values:
            make_indicator(w, pilot, baseline=value)
    with world.acting("system", writing=False) as w:
        assert [row.baseline for row in w.session.exec(select(Indicator).order_by(Indicator.id))] == values


def test_a_report_is_begun_with_what_is_known_and_nothing_written_is_lost(world):
    with world.acting() as w:
        pilot = make_funded(w)
        make_milestone(w, pilot, title="Nets hang", starts_on=date(2027, 1, 4), due_on=date(2027, 3, 1))
        make_milestone(w, pilot, title="Far away", starts_on=date(2028, 1, 4), due_on=date(2028, 3, 1))
        make_measurement(w, make_indicator(w, pilot, city="tartu"), "12.5", date(2027, 1, 8))
        report, money = make_report(w, pilot).code, make_report(w, pilot, kind=ReportKind.FINANCIAL).code
        empty = make_report(w, make_pilot(w, state=S.RUNNING)).code
    ravi = world.client("ravi")
    assert "Begin with what is known" in ravi.get(f"/reports/{report}").text

    for code in (report, money):
        assert ravi.post(f"/reports/{code}/outline").headers["location"] == f"/reports/{code}/edit"
    with world.acting(writing=False) as w:
        answers, spent = (
            w.session.exec(select(Report).where(Report.code == code)).one().answers for code in (report, money)
        )
    assert "- Nets hang: under way, due on 1 March 2027." in answers["done"]
    assert "Far away" not in answers["done"]
    assert "Hours until a warning, h, Tartu: 12.5 on 8 January 2027 (baseline 48, target 2)." in answers["measured"]
    assert "Tartu: planned €400,000, paid €0, accepted costs €0, still to be checked €0." in spent["spent"]

    again, nothing = (ravi.post(f"/reports/{code}/outline") for code in (report, empty))
    assert (again.status_code, "Something is written already" in again.text) == (409, True)
    assert (nothing.status_code, "Write it yourself." in nothing.text) == (409, True)
    assert "Begin with what is known" not in ravi.get(f"/reports/{report}").text
    for who, status in (("jaan", 403), ("olev", 403), ("katrin", 404)):
        assert world.client(who).post(f"/reports/{report}/outline").status_code == status, who
