"""Pilots with everything in place for their next step."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import select

from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.pilots import actions as pilots
from challenge.pilots import content
from challenge.pilots.asks import Reason
from challenge.pilots.models import Indicator, Pilot
from challenge.pilots.money import actions, queries
from challenge.pilots.money.asks import Payment
from challenge.pilots.states import PilotState, ReportKind, ReportState, TrancheState
from tests.cast import PLACES
from tests.factories.pilots import (
    make_indicator,
    make_milestone,
    make_pilot,
    make_report,
    make_tranche,
    sign_all,
)
from tests.world import World

PAID_ON = date(2027, 1, 9)
ANSWERS = {"done": "It stands.", "measured": "It measures.", "follows": "The next season."}


def make_ready(w: Work, state: PilotState, **fields: Any) -> Pilot:
    """Agreement signed, plan whole, results told: nothing is missing in any state."""
    pilot = make_pilot(w, state=state, **fields)
    pilot.agreement = "We try it together."
    content.keep_agreement(w, pilot)
    sign_all(w, pilot)
    plan(w, pilot)
    tell(w, pilot)
    return pilot


def plan(w: Work, pilot: Pilot) -> None:
    """A milestone, an indicator with its baseline, one tranche of the whole budget."""
    make_milestone(w, pilot)
    make_indicator(w, pilot)
    make_tranche(w, pilot)


def tell(w: Work, pilot: Pilot) -> None:
    """The final report accepted, indicators closed, replication plan and public summary written."""
    make_report(
        w, pilot, kind=ReportKind.FINAL, state=ReportState.ACCEPTED, submitted_at=w.now, revision=1, answers=ANSWERS
    )
    for row in w.session.exec(select(Indicator).where(Indicator.pilot_id == pilot.id)):
        row.actual, row.measured_on, row.closed_at = Decimal(3), date(2027, 1, 9), w.now
    pilot.public_summary, pilot.replication_plan = "It worked.", "Next: Helsinki."
    w.session.flush()


def get(w: Work, code: str) -> Pilot:
    """The pilot of this code, whoever acts."""
    return w.session.exec(select(Pilot).where(Pilot.code == code)).one()


def city(w: Work, place: str) -> Organisation:
    """A place of the cast as the record it is."""
    return w.session.get_one(Organisation, PLACES[place].id)


def reports(world) -> list[tuple[str, str]]:
    """Of a running pilot: one in each state, and one nobody has written on."""
    with world.acting() as w:
        pilot = make_ready(w, PilotState.RUNNING)
        made = []
        for state in ReportState:
            known = {} if state is ReportState.DUE else {"submitted_at": w.now, "revision": 1, "points": "x"}
            made.append((str(state), make_report(w, pilot, state=state, answers=ANSWERS, **known).code))
        return [*made, ("due, empty", make_report(w, pilot).code)]


def pay(world: World, code: str, **fields: Any) -> None:
    """A tranche of the pilot, approved and paid."""
    with world.acting() as w:
        tranche = make_tranche(w, get(w, code), state=TrancheState.APPROVED, **fields).code
    with world.acting("jaan") as w:
        actions.fire_tranche(w, queries.tranche(w, tranche), "pay", Payment(paid_on=PAID_ON))


def end_early(world: World, code: str) -> None:
    """Two coordinators terminate it."""
    with world.acting("jaan") as w:
        pilots.fire(w, get(w, code), "terminate", Reason(reason="It does not work."))
    with world.acting("kadri") as w:
        pilots.fire(w, get(w, code), "terminate")
