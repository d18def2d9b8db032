"""Why not, for rounds; and the one place that says when something is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.rounds.models import Extension, Round, Window
from challenge.rounds.schemas import Rules
from challenge.rounds.states import WINDOWS, WindowName
from challenge.rounds.words import Moment

_KEPT = 256
_parsed: dict[str, tuple[dict[str, Any], Rules]] = {}


def rules_of(round_: Round) -> Rules:
    """The round's rules as a model; parsed once per content."""
    found = _parsed.get(round_.code)
    if found is not None and found[0] == round_.rules:
        return found[1]
    rules = Rules.model_validate(round_.rules)
    if len(_parsed) >= _KEPT:
        _parsed.clear()
    _parsed[round_.code] = (round_.rules, rules)
    return rules


def window(w: Work, round_id: int, name: WindowName) -> Window | None:
    """A named window of a round, if it has one."""
    return w.session.exec(select(Window).where(Window.round_id == round_id, Window.name == name)).first()


def extended_until(w: Work, record: Any, workflow: str) -> datetime | None:
    """The later due date given to this record alone, if there is one; the last one given stands."""
    return w.session.exec(
        select(Extension.until)
        .where(Extension.workflow == workflow, Extension.subject_code == record.code)
        .order_by(col(Extension.id).desc())
        .limit(1)
    ).first()


def due_at(w: Work, record: Any, workflow: str, name: WindowName) -> datetime | None:
    """When the record is due: its extension or the window's close, whichever is later. None where neither is.

    ``record`` has ``code`` and ``round_id``.
    """
    period, until = window(w, record.round_id, name), extended_until(w, record, workflow)
    dates = [date for date in (period.closes_at if period else None, until) if date is not None]
    return max(dates, default=None)


def not_over(w: Work, record: Any, workflow: str, name: WindowName) -> Problem | None:
    """The record's due date is not over: accepted until, and without, due date + grace."""
    round_ = w.session.get_one(Round, record.round_id)
    due = due_at(w, record, workflow, name)
    if due is None:
        return _no_window(name)
    if w.now < due + grace(round_):
        return None
    return Problem(
        "deadline_over",
        _(
            "The deadline was %(at)s. Only the programme team can give more time, before the next step begins.",
            at=Moment(due, round_.zone),
        ),
    )


def is_open(w: Work, round_: Round, name: WindowName) -> Problem | None:
    """The window is open: from its opening until, and without, its close + grace."""
    period = window(w, round_.id, name)
    if period is None:
        return _no_window(name)
    if w.now < period.opens_at:
        return Problem(
            "not_open_yet",
            _("“%(window)s” opens %(at)s.", window=WINDOWS[name], at=Moment(period.opens_at, round_.zone)),
        )
    if w.now < period.closes_at + grace(round_):
        return None
    return Problem(
        "window_closed",
        _("“%(window)s” closed %(at)s.", window=WINDOWS[name], at=Moment(period.closes_at, round_.zone)),
    )


def grace(round_: Round) -> timedelta:
    """The round's grace after every deadline."""
    return timedelta(seconds=rules_of(round_).grace_seconds)


def _no_window(name: WindowName) -> Problem:
    return Problem("no_window", _("This round has no dates for “%(window)s”.", window=WINDOWS[name]))
