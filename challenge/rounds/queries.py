"""What one may know of rounds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select

from challenge.kernel.errors import Missing
from challenge.kernel.i18n import Text, _
from challenge.kernel.work import Work
from challenge.rounds import rules
from challenge.rounds.models import Round, Window
from challenge.rounds.rules import rules_of
from challenge.rounds.states import WINDOWS, RoundState, WindowName

__all__ = ["Due", "current", "deadline", "get", "rules_of", "visible", "windows"]

INSIDERS = ("coordinator", "observer")


def get(w: Work, round_id: int) -> Round:
    """The round of this id (for those who have reached it through a record of it)."""
    return w.session.get_one(Round, round_id)


def visible(w: Work, code: str) -> Round:
    """A round by its code; who may not know of it gets Missing."""
    found = w.session.exec(select(Round).where(Round.code == code, in_sight(w))).first()
    if found is None:
        raise Missing
    return found


def in_sight(w: Work) -> ColumnElement[bool]:
    """Rounds that were published or imported, and whatever its coordinators and observers prepare."""
    told = or_(col(Round.published_at).is_not(None), col(Round.imported) & (col(Round.state) != RoundState.DRAFT))
    if w.actor.kind == "system":
        return col(Round.id).is_not(None)
    mine: set[int] = set()
    for role in INSIDERS:
        scopes = w.actor.scopes(role)
        if scopes is None:
            return col(Round.id).is_not(None)
        mine |= scopes
    return or_(told, col(Round.id).in_(mine)) if mine else told


def windows(w: Work, round_: Round) -> dict[WindowName, Window]:
    """The round's windows by name, in their usual order."""
    found = {row.name: row for row in w.session.exec(select(Window).where(Window.round_id == round_.id))}
    return {name: found[name] for name in WindowName if name in found}


def current(w: Work) -> Round | None:
    """The round under way: published, the newest."""
    return w.session.exec(
        select(Round)
        .where(Round.state == RoundState.PUBLISHED)
        .order_by(col(Round.published_at).desc(), col(Round.id).desc())
        .limit(1)
    ).first()


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline as data; pages make ``http.templates.Deadline`` of it."""

    label: Text
    at: datetime
    zone: str
    grace_seconds: int
    extended: bool = False


def deadline(w: Work, round_: Round, window: WindowName, record: Any = None, workflow: str = "") -> Due | None:
    """When the window closes; for a record of this workflow, when that record is due. None where there is no date."""
    period = rules.window(w, round_.id, window)
    closes_at = period.closes_at if period else None
    due = rules.due_at(w, record, workflow, window) if record is not None else closes_at
    if due is None:
        return None
    return Due(
        label=_("“%(window)s” closes", window=WINDOWS[window]),
        at=due,
        zone=round_.zone,
        grace_seconds=rules_of(round_).grace_seconds,
        extended=due != closes_at,
    )
