"""What nobody did in time: once an hour the system lapses, expires and asks, through the packages' own actions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import col, select

from challenge.kernel.work import Work
from challenge.partners import actions as partners
from challenge.people import actions as people
from challenge.pilots import actions as pilots
from challenge.privacy import retention
from challenge.proposals import actions as proposals
from challenge.rounds.models import Round
from challenge.rounds.states import RoundState
from challenge.submissions import actions as submissions

LIVE = (RoundState.PUBLISHED,)


def due(w: Work) -> Iterator[tuple[str, datetime]]:
    """One slot per live round and hour."""
    hour = w.now.replace(minute=0, second=0, microsecond=0)
    for code in w.session.exec(select(Round.code).where(col(Round.state).in_(LIVE))):
        yield f"overdue:{code}:{hour.isoformat()}", hour
    day = hour.replace(hour=0)
    yield f"sweep:{day.date().isoformat()}", day
    yield f"roles:{hour.isoformat()}", hour
    yield f"invitations:{hour.isoformat()}", hour


def sweep(w: Work, _key: str) -> None:
    """Once a day: remove what was kept long enough."""
    retention.run(w)


def roles(w: Work, _key: str) -> None:
    """Once an hour: end roles whose time is over; remind of what is to be confirmed, suspend what nobody confirmed."""
    people.review(w)


def invitations(w: Work, _key: str) -> None:
    """Once an hour: end invitations no city answered in time."""
    partners.lapse_overdue(w)


def run(w: Work, key: str) -> None:
    """Lapse what was not submitted in time, expire offers nobody took, and put overdue cures before coordinators.

    Drafts follow amended gates first; proposals whose challenge was withdrawn get time to attach to another.
    """
    round_ = w.session.exec(select(Round).where(Round.code == key.split(":")[1])).one()
    submissions.lapse_overdue(w, round_)
    proposals.follow_rules(w, round_)
    proposals.rehome(w, round_)
    proposals.lapse_overdue(w, round_)
    proposals.expire_offers(w, round_)
    pilots.cure_expired(w)
