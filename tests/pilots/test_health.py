"""Health: the table of reasons, case by case, and where it is shown and to whom."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace as Row

import pytest
from sqlmodel import select

from challenge.pilots.states import PilotState, ReportKind, ReportState
from challenge.pilots.tracking.health import RULES, Known, health
from challenge.pilots.tracking.models import Risk, RiskKind
from tests.factories.pilots import make_milestone, make_pilot, make_risk

S = PilotState
TODAY = date(2028, 1, 3)  # a year of two has passed
AGO, SOON = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def pilot(**fields):
    known = {"state": S.RUNNING, "starts_on": date(2027, 1, 3), "ends_on": date(2029, 1, 2)}
    return Row(**(known | {"cure_expired_at": None} | fields))


def milestone(due_on, done_on=None):
    return {"milestones": [Row(title="M", due_on=due_on, done_on=done_on)]}


def report(due_on, state=ReportState.DUE):
    return {"reports": [Row(kind=ReportKind.INTERIM, due_on=due_on, state=state)]}


def indicator(**fields):
    known = {"title": "I", "baseline": Decimal(0), "target": Decimal(100), "actual": Decimal(60), "measured_on": AGO,
             "closed_at": None}  # fmt: skip
    return {"indicators": [Row(**(known | fields))]}


def risk(**fields):
    known = {"kind": RiskKind.RISK, "title": "R", "likelihood": 2, "impact": 3, "closed_on": None}
    known |= fields
    return {"risks": [Row(**known, weight=known["likelihood"] * known["impact"])]}


CASES = {
    "nothing is written down": ({}, [("nothing", -1)]),
    "a milestone is due tomorrow": (milestone(SOON), []),
    "a milestone is due today": (milestone(TODAY), []),
    "a milestone was due yesterday": (milestone(AGO), [("milestone", 1)]),
    "a milestone was due 30 days ago": (milestone(TODAY - timedelta(days=30)), [("milestone", 1)]),
    "a milestone was due 31 days ago": (milestone(TODAY - timedelta(days=31)), [("milestone", 2)]),
    "a milestone was done late": (milestone(TODAY - timedelta(days=90), done_on=AGO), []),
    "a report was due yesterday": (report(AGO), [("report", 1)]),
    "a returned report was due 15 days ago": (
        report(TODAY - timedelta(days=15), ReportState.RETURNED), [("report", 2)]),
    "a report waits for the programme": (report(TODAY - timedelta(days=90), ReportState.SUBMITTED), []),
    "an indicator is ahead": (indicator(), []),
    "an indicator is behind": (indicator(actual=Decimal(40)), [("behind", 1)]),
    "an indicator that must fall has fallen": (
        indicator(baseline=Decimal(48), target=Decimal(2), actual=Decimal(10)), []),
    "an indicator that must fall has risen": (
        indicator(baseline=Decimal(48), target=Decimal(2), actual=Decimal(50)), [("behind", 1)]),
    "an indicator without a target": (indicator(target=None), []),
    "an indicator closed before its target": (indicator(closed_at=TODAY), [("missed", 1)]),
    "an indicator closed at its target": (indicator(closed_at=TODAY, actual=Decimal(100)), []),
    "an indicator nobody measured": (indicator(actual=None, measured_on=None), [("silent", 1)]),
    "a grave risk": (risk(), [("risk", 1)]),
    "a grave risk that is over": (risk(closed_on=AGO), [("nothing", -1)]),
    "a middling risk": (risk(impact=2), [("nothing", -1)]),
    "a grave issue": (risk(kind=RiskKind.ISSUE, likelihood=1), [("risk", 1)]),
    "the last day has passed": ({"pilot": pilot(ends_on=AGO)}, [("over", 2)]),
    "suspended": ({"pilot": pilot(state=S.SUSPENDED)}, [("suspended", 1)]),
    "suspended for too long": ({"pilot": pilot(state=S.SUSPENDED, cure_expired_at=AGO)}, [("suspended", 2)]),
    "two reasons, the worst first": (
        {**milestone(AGO), **report(TODAY - timedelta(days=60))}, [("report", 2), ("milestone", 1)]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_every_reason_and_its_edge(case):
    given, expected = CASES[case]

    found = health(Known(**({"pilot": pilot(), "today": TODAY} | given)))

    assert [(reason.rule, int(reason.level)) for reason in found.reasons] == expected
    assert found.level == max((level for _rule, level in expected), default=0)
    assert all(str(reason.text) for reason in found.reasons)


def test_every_rule_of_the_table_is_in_a_case():
    assert {rule for _given, found in CASES.values() for rule, _level in found} == {*RULES, "nothing"}


@pytest.mark.parametrize("state", [S.PREPARING, S.AGREED, S.COMPLETED, S.TERMINATED])
def test_a_pilot_that_is_not_under_way_has_none(state):
    assert health(Known(pilot(state=state), TODAY, **milestone(AGO))) is None


def test_the_page_and_the_api_say_it_with_its_reasons_to_those_inside(world):
    with world.acting() as w:
        made = make_pilot(w, state=S.RUNNING)
        code = made.code
        make_milestone(w, made, title="Sensors stand", due_on=date(2027, 2, 1))
        make_risk(w, made, title="CANARY-RISK", likelihood=3, impact=3)
    world.move(days=60)

    for who in ("jaan", "ravi", "mari", "olev"):
        text = world.client(who).get(f"/pilots/{code}").text
        assert "Milestone “Sensors stand” is 38 days over." in text, who
        assert "Grave risk: CANARY-RISK" in text, who
        sent = world.client(who).get(f"/api/v1/pilots/{code}/health").json()
        assert (sent["level"], [one["rule"] for one in sent["reasons"]]) == ("late", ["milestone", "risk"]), who
    for who in ("nobody", "katrin", "lena"):
        text = world.client(who).get(f"/pilots/{code}").text
        assert "CANARY-RISK" not in text
        assert "How this is computed" not in text
    assert world.client("katrin").get(f"/api/v1/pilots/{code}/health").status_code == 403
    assert world.client("jaan").get(f"/pilots/{code}?as=public").text.count("CANARY-RISK") == 0


def test_risks_are_noted_changed_and_ended_by_those_who_run_it(world):
    with world.acting() as w:
        code = make_pilot(w, state=S.RUNNING).code
    given = {"kind": "risk", "title": "Ice", "likelihood": "3", "impact": "2", "response": "Heating."}
    base = f"/pilots/{code}/risks"

    assert world.client("mari").post(f"{base}/new", data={**given, "title": ""}).status_code == 422
    assert world.client("mari").post(f"{base}/new", data=given).status_code == 303
    with world.acting(writing=False) as w:
        item = w.session.exec(select(Risk)).one().code
    assert "Heating." in world.client("olev").get(base).text
    assert world.client("ravi").post(f"{base}/{item}", data={**given, "impact": "3"}).status_code == 303
    assert world.client("ravi").post(f"{base}/{item}/close", data={"ending": ""}).status_code == 422
    assert world.client("ravi").post(f"{base}/{item}/close", data={"ending": "Spring came."}).status_code == 303
    assert world.client("ravi").post(f"{base}/{item}", data=given).status_code == 409
    assert "Spring came." in world.client("mari").get(base).text
    for who, status in (("olev", 403), ("katrin", 403), ("lena", 403)):
        assert world.client(who).post(f"{base}/new", data=given).status_code == status, who
    assert world.client("katrin").get(base).status_code == 403
    sent = world.client("jaan").post(f"/api/v1/pilots/{code}/risks", json={**given, "likelihood": 1, "impact": 1})
    assert sent.status_code == 201
    assert [row["title"] for row in world.client("jaan").get(f"/api/v1/pilots/{code}/risks").json()["items"]] == [
        "Ice", "Ice",
    ]  # fmt: skip
    assert world.client("lena").get(f"/api/v1/pilots/{code}/risks").status_code == 403


def test_nothing_is_noted_in_a_pilot_that_is_over(world):
    with world.acting() as w:
        made = make_pilot(w, state=S.COMPLETED)
        code, risk_code = made.code, make_risk(w, made).code
    sent = {"kind": "risk", "title": "x", "likelihood": "1", "impact": "1"}
    assert world.client("jaan").post(f"/pilots/{code}/risks/new", data=sent).status_code == 409
    answer = world.client("jaan").post(f"/pilots/{code}/risks/{risk_code}/close", data={"ending": "x"})
    assert answer.status_code == 409
