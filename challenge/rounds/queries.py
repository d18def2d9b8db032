"""What one may know of rounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import load_only
from sqlmodel import col, select

from challenge.kernel.errors import Forbidden, Missing, Problem, Refused
from challenge.kernel.i18n import Text, _
from challenge.kernel.journal import Step
from challenge.kernel.once import once
from challenge.kernel.work import Work
from challenge.people.rules import is_coordinator
from challenge.rounds import rules
from challenge.rounds.document import WORKFLOW, rules_of
from challenge.rounds.models import Announcement, Round, Window
from challenge.rounds.states import CLOSES, OPENS, RoundState, WindowName

__all__ = [
    "Due", "Entry", "current", "deadline", "editable", "get", "history", "in_sight", "listed", "news", "next_date",
    "rules_of", "visible", "windows",
]  # fmt: skip

INSIDERS = ("coordinator", "observer")


@once
def get(w: Work, round_id: int) -> Round:
    """The round of this id (for those who have reached it through a record of it)."""
    return w.session.get_one(Round, round_id)


def visible(w: Work, code: str) -> Round:
    """A round by its code; who may not know of it gets Missing."""
    found = w.session.exec(select(Round).where(Round.code == code, in_sight(w))).first()
    if found is None:
        raise Missing
    return found


def editable(w: Work, code: str) -> Round:
    """A round whose rules the actor may change: a draft, or a published one by amendment. Raises why not."""
    found = visible(w, code)
    if problem := is_coordinator(w, found):
        raise Forbidden(problem)
    if found.state not in {RoundState.DRAFT, RoundState.PUBLISHED}:
        raise Refused(Problem("round_over", _("This round is over: its rules stay as they are.")))
    return found


def sees_inside(w: Work, round_: Round) -> bool:
    """Whether the actor runs or observes the round."""
    return any(w.actor.holds(role, round_.id) for role in INSIDERS)


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
        label=CLOSES[window],
        at=due,
        zone=round_.zone,
        grace_seconds=rules_of(round_).grace_seconds,
        extended=due != closes_at,
    )


def next_date(w: Work, round_: Round) -> Due | None:
    """What a published round waits for: the next close of a window that is open, else the next opening."""
    return None if round_.state is not RoundState.PUBLISHED else _next(w.now, round_, windows(w, round_).values())


def _next(now: datetime, round_: Round | Entry, periods: Iterable[Window]) -> Due | None:
    every = list(periods)
    closing = [(period.closes_at, CLOSES[period.name]) for period in every if period.opens_at <= now < period.closes_at]
    opening = [(period.opens_at, OPENS[period.name]) for period in every if now < period.opens_at]
    at, label = min(closing or opening, key=lambda date: date[0], default=(None, None))
    return Due(label, at, round_.zone, 0) if at is not None and label is not None else None


@dataclass(frozen=True, slots=True)
class Entry:
    """A round in a list."""

    code: str
    title: str
    summary: str
    state: RoundState
    zone: str
    year: int | None
    imported: bool
    example: bool
    next_date: Due | None = None


def listed(w: Work) -> list[Entry]:
    """The rounds one may know of: in preparation, under way, then the past ones, newest first."""
    rows = w.session.exec(select(Round).where(in_sight(w)).options(load_only(*_LISTED))).all()
    running = [round_.id for round_ in rows if round_.state is RoundState.PUBLISHED]
    periods: dict[int, list[Window]] = {}
    for period in w.session.exec(select(Window).where(col(Window.round_id).in_(running))):
        periods.setdefault(period.round_id, []).append(period)
    order = list(RoundState)
    entries = [
        Entry(
            code=round_.code, title=round_.title, summary=round_.summary, state=round_.state, zone=round_.zone,
            year=_year(round_), imported=round_.imported, example=round_.example,
            next_date=_next(w.now, round_, periods.get(round_.id, ())),
        )
        for round_ in rows
    ]  # fmt: skip
    return sorted(entries, key=lambda entry: (order.index(entry.state), -(entry.year or 0), entry.title))


_LISTED: tuple[Any, ...] = (
    Round.id, Round.code, Round.title, Round.summary, Round.state, Round.zone, Round.published_at, Round.imported,
    Round.example, Round.facts, Round.version,
)  # fmt: skip


def _year(round_: Round) -> int | None:
    known = round_.facts.get("year")
    if isinstance(known, int):
        return known
    return round_.published_at.year if round_.published_at else None


def news(w: Work, round_: Round, limit: int = 100) -> list[Announcement]:
    """What was announced about a round, newest first."""
    return list(
        w.session.exec(
            select(Announcement)
            .where(Announcement.round_id == round_.id, col(Announcement.published_at) <= w.now)
            .order_by(col(Announcement.published_at).desc(), col(Announcement.id).desc())
            .limit(limit)
        )
    )


def history(w: Work, round_: Round, limit: int = 30) -> list[Step]:
    """What people did with the round itself, newest first; the ticking of its windows is left out."""
    return list(
        w.session.exec(
            select(Step)
            .where(Step.workflow == WORKFLOW, Step.subject_code == round_.code, col(Step.actor_id).is_not(None))
            .order_by(col(Step.id).desc())
            .limit(limit)
        )
    )
