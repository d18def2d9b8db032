"""The example's pilot: what was agreed and planned, and what its people have done, spent and measured since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import select

from challenge.demo.cast import PEOPLE
from challenge.demo.play import LEADS, Play, organisation
from challenge.demo.texts import CLAIMS, KIT, OUTPUTS, REPORT
from challenge.kernel import attachment
from challenge.kernel.attachment import Stored
from challenge.kernel.work import Work
from challenge.pilots import actions as pilots
from challenge.pilots import content
from challenge.pilots.asks import Points
from challenge.pilots.models import Indicator, Milestone, Pilot
from challenge.pilots.money import actions as money
from challenge.pilots.money import queries
from challenge.pilots.money.asks import Payment
from challenge.pilots.money.changes import columns_of
from challenge.pilots.money.rules import CLAIMING
from challenge.pilots.money.schemas import MoneyIn, TrancheIn
from challenge.pilots.money.states import ChangeKind
from challenge.pilots.results import actions as results
from challenge.pilots.results.schemas import KitIn, NewsIn, OutputIn, WishIn
from challenge.pilots.schemas import IndicatorIn, MeasurementIn, MilestoneIn, PilotIn, ReportIn
from challenge.pilots.states import ReportKind
from challenge.pilots.tracking import actions as tracking
from challenge.pilots.tracking.models import RiskKind
from challenge.pilots.tracking.schemas import RiskIn

BUDGET = 84_500_000
FIRST, LENGTH = -110, 729  # its first day, from today; how many days follow it
AGREEMENT = (
    "The institute leads. Each city opens its site, names a project lead and pays its own staff in advance. "
    "Results and code are open. The parties report when the plan says so, and decide together when it must change."
)
# From here on, days are counted from its first day.
MILESTONES = (
    ("Baseline winter measured", 0, 120),
    ("Design and permits", 60, 210),
    ("Building, Merilinna", 180, 330),
    ("Building, Havnsted", 200, 390),
    ("First heated winter", 330, 500),
    ("Tuning and costs", 500, 690),
)
REPORTS = (
    (ReportKind.INTERIM, 60), (ReportKind.FINANCIAL, 125), (ReportKind.INTERIM, 365), (ReportKind.FINAL, 700),
)  # fmt: skip
# What is paid when, which report (by its place) or milestone it rests on, and to whom, where not to the institute.
TRANCHES: tuple[tuple[str, int, int, dict[str, Any]], ...] = (
    ("First tranche", 10, 20_000_000, {}),
    ("Second tranche", 95, 25_000_000, {"report": 0}),
    ("Merilinna: pipes and sensors", 120, 10_000_000, {"milestone": 0, "payee": "merilinna"}),
    ("Third tranche", 395, 20_000_000, {"report": 2}),
    ("Last tranche", 730, 9_500_000, {"report": 3}),
)
# Title, unit, city, baseline, target, source, and what was measured: day → value.
INDICATORS: tuple[tuple[str, str, str, str, str, str, dict[int, str]], ...] = (
    ("Falls on ice", "a winter", "merilinna", "62", "15", "hospital register", {20: "60", 65: "54", 105: "49"}),
    ("Falls on ice", "a winter", "havnsted", "41", "10", "hospital register", {25: "40", 70: "35", 104: "33"}),
    ("Salt on the test streets", "t a winter", "merilinna", "118", "20", "depot", {30: "112", 100: "88.5"}),
    ("Salt on the test streets", "t a winter", "havnsted", "74", "12", "depot", {30: "74", 100: "71"}),
    ("Pavement kept free of ice", "m", "", "0", "410", "sensors in the pavement", {}),
)
CITIES = ("merilinna", "havnsted")
# The first is paid, the second approved, the third waits for the second coordinator.
PAYMENTS = (
    ("liis", 2, 0, "put_up"), ("liis", 2, 0, "approve"), ("henrik", 3, 0, "approve"), ("liis", 8, 0, "pay"),
    ("liis", 96, 1, "put_up"), ("liis", 96, 1, "approve"), ("henrik", 98, 1, "approve"),
    ("liis", 105, 2, "put_up"), ("liis", 106, 2, "approve"),
)  # fmt: skip


def plan(w: Work, found: Pilot) -> None:
    """Dates, agreement, milestones, indicators per city, reports and tranches that add up."""
    first = w.now.date() + timedelta(days=FIRST + 128)
    pilots.revise(
        w, found,
        PilotIn(title=found.title, summary=found.summary, budget_cents=BUDGET, months=24, starts_on=first,
                ends_on=first + timedelta(days=LENGTH), mentor=PEOPLE["maren"].email),
    )  # fmt: skip
    pilots.write_agreement(w, found, AGREEMENT)
    drafted: list[Milestone | Indicator] = [*content.milestones(w, found), *content.indicators(w, found)]
    for item in drafted:
        pilots.drop(w, found, item)

    def day(number: int) -> date:
        return first + timedelta(days=number)

    milestones = [
        pilots.add_milestone(w, found, MilestoneIn(title=title, starts_on=day(opens), due_on=day(closes)))
        for title, opens, closes in MILESTONES
    ]
    for title, unit, place, baseline, target, source, _values in INDICATORS:
        city = organisation(w, place).code if place else ""
        given = IndicatorIn(
            title=title, unit=unit, city=city, baseline=Decimal(baseline), target=Decimal(target), source=source
        )
        pilots.add_indicator(w, found, given)
    reports = [pilots.add_report(w, found, ReportIn(kind=kind, due_on=day(due))) for kind, due in REPORTS]
    for label, due, cents, rests in TRANCHES:
        known = {
            "report": reports[rests["report"]].code if "report" in rests else "",
            "milestone": milestones[rests["milestone"]].code if "milestone" in rests else "",
            "payee": organisation(w, rests["payee"]).code if "payee" in rests else "",
        }
        pilots.add_tranche(w, found, TrancheIn(label=label, cents=cents, due_on=day(due), **known))


def live(show: Play, code: str) -> None:
    """Its first 110 days: paid, reported, claimed, measured, told; some of it waits for somebody today."""
    life = Life(show, code)
    life.do("aino", 40, _risks)
    life.do("aino", 58, _report)
    life.do("liis", 72, _accept_report)
    life.do("aino", 96, _finish_milestone)
    for who, day, place, name in PAYMENTS:
        life.do(who, day, _tranche, place, name)
    for claimed in CLAIMS:
        life.claim(*claimed)
    life.do("tiiu", 107, _ask_change)
    for city in CITIES:
        rows = [(number, row[6]) for number, row in enumerate(INDICATORS) if row[2] == city]
        for on in sorted({on for _number, values in rows for on in values}):
            life.do(LEADS[city], on, _measure, {number: values[on] for number, values in rows if on in values})
    life.do("aino", 100, _tell)
    life.do("nora", 108, _wish)


class Life:
    """The acts of its people, each on its day; days are counted from its first day."""

    def __init__(self, show: Play, code: str) -> None:
        self.show, self.code = show, code

    def do(self, who: str, day: float, act: Callable[..., Any], *given: Any) -> Any:
        """One act of a person."""
        with self.show.acting(who, FIRST + day) as w:
            return act(w, w.session.exec(select(Pilot).where(Pilot.code == self.code)).one(), *given)

    def claim(self, who: str, place: str, day: int, answers: dict[str, str], receipt: str, verdict: str | None) -> None:
        """A partner claims with a receipt; the second coordinator accepts it, sends it back, or has not looked yet."""
        dates = {"spent_from": self._day(day - 30), "spent_to": self._day(day - 2)}
        if "rate" in answers:
            dates["rate_on"] = dates["spent_to"]
        stored = attachment.store(self.show.settings.files, receipt.encode(), f"{place}-{day}.csv")
        code = self.do(who, day, _claim, place, answers | dates, stored)
        if verdict is not None:
            self.do("henrik", day + 4, _check_claim, code, verdict)

    def _day(self, number: int) -> str:
        return (self.show.today + timedelta(days=FIRST + number)).date().isoformat()


def _risks(w: Work, pilot: Pilot) -> None:
    for title, likelihood, impact, response in (
        ("Permits for the harbour stairs take longer", 2, 2, "The second street can be built first."),
        ("A mild winter shows too little ice", 2, 2, "A season more is in the plan."),
    ):
        given = RiskIn(kind=RiskKind.RISK, title=title, likelihood=likelihood, impact=impact, response=response)
        tracking.add_risk(w, pilot, given)


def _report(w: Work, pilot: Pilot) -> None:
    report = content.reports(w, pilot)[0]
    pilots.write_report(w, report, REPORT)
    pilots.fire_report(w, report, "submit")


def _accept_report(w: Work, pilot: Pilot) -> None:
    pilots.fire_report(w, content.reports(w, pilot)[0], "accept")


def _finish_milestone(w: Work, pilot: Pilot) -> None:
    row = content.milestones(w, pilot)[0]
    given = MilestoneIn(
        title=row.title, starts_on=row.starts_on, due_on=row.due_on, done_on=w.now.date(),
        evidence="Temperature and ice of both streets, every ten minutes, as open data since the first night.",
    )  # fmt: skip
    pilots.change_milestone(w, pilot, row, given)


def _tranche(w: Work, pilot: Pilot, place: int, name: str) -> None:
    given = Payment(paid_on=w.now.date(), reference="0117") if name == "pay" else None
    money.fire_tranche(w, content.tranches(w, pilot)[place], name, given)


def _claim(w: Work, pilot: Pilot, place: str, answers: dict[str, str], stored: Stored) -> str:
    made = money.start_claim(w, pilot, organisation(w, place), answers)
    attachment.attach(w, CLAIMING, made, stored)
    money.fire_claim(w, made, "submit")
    return made.code


def _check_claim(w: Work, _pilot: Pilot, code: str, points: str) -> None:
    name, given = ("send_back", Points(points=points)) if points else ("accept", None)
    money.fire_claim(w, queries.claim(w, code), name, given)


def _ask_change(w: Work, pilot: Pilot) -> None:
    own = organisation(w, "merilinna").code
    given = MoneyIn(
        source=f"{own}:equipment", target=f"{own}:services", cents=1_800_000,
        reason="The digging costs more than planned, the sensors less: the old pipes lie deeper than the maps say.",
    )  # fmt: skip
    money.ask_change(w, pilot, ChangeKind.MONEY, columns_of(w, pilot, given))


def _measure(w: Work, pilot: Pilot, values: dict[int, str]) -> None:
    rows = content.indicators(w, pilot)
    for number, value in values.items():
        given = MeasurementIn(actual=Decimal(value), measured_on=w.now.date(), source=INDICATORS[number][5])
        pilots.measure(w, pilot, rows[number], given)


def _tell(w: Work, pilot: Pilot) -> None:
    for output in OUTPUTS:
        results.add(w, pilot, "output", OutputIn.model_validate(output))
    results.write_kit(w, pilot, KitIn.model_validate(KIT))
    news = NewsIn(
        title="The first frost was seen before it came", published_on=w.now.date(),
        text="On the first cold night the pavement of Merilinna told the depot four hours ahead.",
    )  # fmt: skip
    results.add(w, pilot, "news", news)
    results.be_contact(w, pilot)


def _wish(w: Work, pilot: Pilot) -> None:
    reason = "We have the same hills and a data centre beside the old town."
    results.wish(w, pilot, organisation(w, "ostmere"), WishIn(reason=reason))
