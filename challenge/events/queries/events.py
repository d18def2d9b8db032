"""Events, as far as one may know them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_
from sqlmodel import col, select

from challenge.events.models import Event
from challenge.kernel.errors import Missing
from challenge.kernel.work import Work
from challenge.rounds import queries as rounds
from challenge.rounds.models import Round


def in_sight(w: Work) -> ColumnElement[bool]:
    """Everything that was announced, of rounds one may know of; drafts for those who run or observe the round."""
    told = col(Event.announced_at).is_not(None)
    mine: set[int] = set()
    for role in rounds.INSIDERS:
        scopes = w.actor.scopes(role)
        if scopes is None:
            return col(Event.id).is_not(None)
        mine |= scopes
    seen = told & col(Event.round_id).in_(select(Round.id).where(rounds.in_sight(w)))
    return or_(seen, col(Event.round_id).in_(mine)) if mine else seen


def visible(w: Work, code: str) -> Event:
    """An event by its code. Raises Missing to whoever may not know of it."""
    found = w.session.exec(select(Event).where(Event.code == code, in_sight(w))).first()
    if found is None:
        raise Missing
    return found


def events_of(w: Work, round_: Round, *, coming: bool = False) -> list[Event]:
    """Those of a round in the order they take place; ``coming``: without what is over."""
    rows = select(Event).where(Event.round_id == round_.id, in_sight(w))
    if coming:
        rows = rows.where(col(Event.ends_at) > w.now)
    return list(w.session.exec(rows.order_by(col(Event.begins_at), col(Event.id))))
