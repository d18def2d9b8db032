"""Noting risks and issues, changing them, and saying how they ended."""

from __future__ import annotations

from challenge.kernel.errors import Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.pilots import content, rules
from challenge.pilots.actions import changing, permit
from challenge.pilots.models import Pilot
from challenge.pilots.tracking.models import Risk
from challenge.pilots.tracking.schemas import EndingIn, RiskIn

CLOSED = Problem("closed", _("This is over and stays as it is. Note a new one."))


def add_risk(w: Work, pilot: Pilot, draft: RiskIn) -> Risk:
    """Note a risk or an issue."""
    _begin(w, pilot)
    made = w.add(Risk(pilot_id=pilot.id, opened_on=w.now.date(), **draft.model_dump()))
    w.note(content.WORKFLOW, pilot, "add_risk", {"item": made.code})
    return made


def change_risk(w: Work, pilot: Pilot, risk: Risk, draft: RiskIn) -> None:
    """Say it otherwise, as long as it is open."""
    _set(w, pilot, risk, "change_risk", draft.model_dump())


def close_risk(w: Work, pilot: Pilot, risk: Risk, draft: EndingIn) -> None:
    """It is over; it stays in the log."""
    _set(w, pilot, risk, "close_risk", {"closed_on": w.now.date(), "ending": draft.ending})


def _set(w: Work, pilot: Pilot, risk: Risk, act: str, values: dict[str, object]) -> None:
    _begin(w, pilot)
    if risk.closed_on is not None:
        raise Refused(CLOSED)
    for name, value in values.items():
        setattr(risk, name, value)
    w.session.flush()
    w.note(content.WORKFLOW, pilot, act, {"item": risk.code})


def _begin(w: Work, pilot: Pilot) -> None:
    permit(w, pilot, rules.may_measure)
    changing(w, pilot)
