"""Windows open, come near their end, and close: a step of the system each, at most once, however many nodes run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlmodel import select

from challenge.kernel.work import Work
from challenge.rounds.models import Round, Window
from challenge.rounds.rules import grace
from challenge.rounds.states import RoundState, WindowName

# What is told, and when: before (−) or after the opening or the close.
OPENS, SOON, LAST_DAY, CLOSED = "window_opens", "window_closes_in_7_days", "window_closes_in_1_day", "window_closed"
STALE = timedelta(days=2)  # a notice that is later than this says nothing any more


def moments(round_: Round, window: Window) -> Iterator[tuple[str, datetime]]:
    """(what, instant) of one window."""
    yield OPENS, window.opens_at
    for what, before in ((SOON, timedelta(days=7)), (LAST_DAY, timedelta(days=1))):
        if window.closes_at - before > window.opens_at:
            yield what, window.closes_at - before
    yield CLOSED, window.closes_at + grace(round_)


def due(w: Work) -> Iterator[tuple[str, datetime]]:
    """The slots of all windows whose moment has come; a moved window has new keys."""
    rows = w.session.exec(select(Round, Window).where(Window.round_id == Round.id, Round.state == RoundState.PUBLISHED))
    for round_, window in rows:
        for what, at in moments(round_, window):
            if w.now - STALE < at <= w.now:
                yield f"window:{round_.code}:{window.name}:{what}:{at.isoformat()}", at


def run(w: Work, key: str) -> None:
    """Journal that the moment has come, unless the window was moved since or its notice makes no sense any more."""
    _prefix, code, name, what, instant = key.split(":", 4)
    round_ = w.session.exec(select(Round).where(Round.code == code)).one()
    window = w.session.exec(select(Window).where(Window.round_id == round_.id, Window.name == WindowName(name))).first()
    if window is None or round_.state is not RoundState.PUBLISHED:
        return
    if dict(moments(round_, window)).get(what) != datetime.fromisoformat(instant):
        return
    if what in {OPENS, SOON, LAST_DAY} and w.now >= window.closes_at:
        return
    given = {"window": str(window.name), "closes_at": window.closes_at.isoformat()}
    w.note("round", round_, what, given)
