"""The example's first decided proposal: from idea to a pilot that runs."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sqlmodel import select

from challenge.demo.play import LEADS, Play, only_live, organisation, proposal
from challenge.kernel.work import Work
from challenge.pilots import actions as pilots
from challenge.pilots.models import Indicator, Milestone, Pilot
from challenge.pilots.money.schemas import TrancheIn
from challenge.pilots.schemas import IndicatorIn, MeasurementIn, MilestoneIn, PilotIn, ReportIn
from challenge.pilots.states import ReportKind
from challenge.proposals import actions as proposals
from challenge.proposals.asks import Decision
from challenge.rounds.states import Gate
from challenge.selection import actions as selection
from challenge.selection.models import Outcome
from challenge.selection.schemas import OutcomeIn
from challenge.selection.states import Verdict

CITIES = ("merilinna", "havnsted")
JURORS = ("amara", "jonas", "elif")
TOP = ("4.5", "4.5", "4", "4.5", "4")
BUDGET = 84_500_000
AGREEMENT = (
    "The institute leads. Each city opens its site, names a project lead and pays its own staff in advance. "
    "Results and code are open. The parties report when the plan says so, and decide together when it must change."
)
MILESTONES = (
    ("Baseline winter measured", 0, 120),
    ("Design and permits", 60, 210),
    ("Building, Merilinna", 180, 330),
    ("Building, Havnsted", 200, 390),
    ("First heated winter", 330, 500),
    ("Tuning and costs", 500, 690),
)
TRANCHES = (("First tranche", 60, 30_000_000), ("Second tranche", 365, 35_000_000), ("Last tranche", 700, 19_500_000))


def warm_streets(show: Play, challenge: str) -> None:
    """Idea, co-development, finalist, jury, award, pilot: months ago in the example."""
    code = show.write_idea("aino", "warm", challenge, -237)
    show.fire("aino", code, "submit", -236)
    show.screen(code, -235)
    show.fire("liis", code, "invite", -230)
    show.team_up("aino", code, CITIES, "warm", -219)
    show.sign_all(code, -215)
    show.fire("aino", code, "submit_pilot_proposal", -214)
    show.assign(code, Gate.PILOT_PROPOSAL, -212)
    for name in JURORS:
        show.review(name, code, Gate.PILOT_PROPOSAL, TOP, -205)
    show.fire("liis", code, "name_finalist", -200)
    show.sign_all(code, -178)
    show.fire("aino", code, "submit_full", -175)
    show.assign(code, Gate.FULL_PROPOSAL, -149)
    for name in JURORS:
        show.review(name, code, Gate.FULL_PROPOSAL, TOP, -145)
    decide(show, code)
    run(show, code)


def decide(show: Play, code: str) -> None:
    """Two people: one proposes, the other approves; then the results are announced by both."""
    with show.acting("liis", -140) as w:
        given = OutcomeIn(
            verdict=Verdict.FUND, amount_cents=BUDGET, accept_by=w.now + timedelta(days=30),
            reasons="The cities need it, the method can answer the question, and both sites are ready.",
        )  # fmt: skip
        selection.propose_outcome(w, proposal(w, code), given)
    with show.acting("henrik", -139) as w:
        found = w.session.exec(select(Outcome).where(Outcome.proposal_id == proposal(w, code).id)).one()
        selection.approve_outcome(w, found)
    with show.acting("liis", -138) as w:
        selection.announce(w, only_live(w))
    with show.acting("henrik", -137) as w:
        selection.announce(w, only_live(w))
    with show.acting("aino", -135) as w:
        selection.accept(w, proposal(w, code))


def run(show: Play, code: str) -> None:
    """The cities decide formally, the pilot is paired, agreed and started; it has results to show."""
    first = (show.today - timedelta(days=110)).date()
    for place, body in (("merilinna", "City Council"), ("havnsted", "City Board")):
        with show.acting(LEADS[place], -132) as w:
            given = Decision(body=body, decided_on=first - timedelta(days=25), bridge_cents=4_000_000)
            proposals.record_decision(w, proposal(w, code), organisation(w, place).code, given)
    with show.acting("liis", -130) as w:
        pilot_code = pilots.pair(w, proposal(w, code)).code
    with show.acting("liis", -128) as w:
        plan(w, _pilot(w, pilot_code), first)
    for place in CITIES:
        with show.acting(LEADS[place], -125) as w:
            found = _pilot(w, pilot_code)
            pilots.sign_agreement(w, found, organisation(w, place), found.revision)
    with show.acting("aino", -124) as w:
        found = _pilot(w, pilot_code)
        pilots.sign_as_lead(w, found, found.revision)
    with show.acting("liis", -120) as w:
        pilots.fire(w, _pilot(w, pilot_code), "agree", None)
    with show.acting("liis", -110) as w:
        pilots.fire(w, _pilot(w, pilot_code), "start", None)
    with show.acting("tiiu", -5) as w:
        found = _pilot(w, pilot_code)
        for item in w.session.exec(select(Indicator).where(Indicator.pilot_id == found.id)).all():
            actual = (item.baseline or Decimal(0)) * Decimal("0.6")
            given_now = MeasurementIn(actual=actual.quantize(Decimal(1)), measured_on=w.now.date())
            pilots.measure(w, found, item, given_now)


def plan(w: Work, found: Pilot, first: date) -> None:
    """Dates, agreement, milestones, an indicator per city, reports and tranches that add up."""
    last = first + timedelta(days=729)
    pilots.revise(
        w, found,
        PilotIn(title=found.title, summary=found.summary, budget_cents=BUDGET, months=24, starts_on=first,
                ends_on=last),
    )  # fmt: skip
    pilots.write_agreement(w, found, AGREEMENT)
    for item in w.session.exec(select(Milestone).where(Milestone.pilot_id == found.id)).all():
        pilots.drop(w, found, item)
    for drafted in w.session.exec(select(Indicator).where(Indicator.pilot_id == found.id)).all():
        pilots.drop(w, found, drafted)
    for title, opens, closes in MILESTONES:
        given = MilestoneIn(title=title, starts_on=first + timedelta(days=opens), due_on=first + timedelta(days=closes))
        pilots.add_milestone(w, found, given)
    for place, falls, aim in (("merilinna", 62, 15), ("havnsted", 41, 10)):
        pilots.add_indicator(
            w, found,
            IndicatorIn(title="Falls on ice", unit="a winter", city=organisation(w, place).code,
                        baseline=Decimal(falls), target=Decimal(aim), source="hospital register"),
        )  # fmt: skip
    for number, (label, days, cents) in enumerate(TRANCHES):
        due_on = first + timedelta(days=days)
        kind = ReportKind.FINAL if number == len(TRANCHES) - 1 else ReportKind.INTERIM
        report = pilots.add_report(w, found, ReportIn(kind=kind, due_on=due_on))
        given_money = TrancheIn(label=label, cents=cents, due_on=due_on + timedelta(days=30), report=report.code)
        pilots.add_tranche(w, found, given_money)


def _pilot(w: Work, code: str) -> Pilot:
    return w.session.exec(select(Pilot).where(Pilot.code == code)).one()
