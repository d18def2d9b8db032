"""Who saw what of the jury: for observers of the round, and for administrators. Says who read, never who judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, func, or_, true
from sqlmodel import col, select

from challenge.home.queries.journal import conflicted
from challenge.home.queries.sql import columns
from challenge.jury.models import Conflict, Juror, Review
from challenge.kernel.errors import Forbidden
from challenge.kernel.i18n import _
from challenge.kernel.paging import PAGE, Page, after, cursor
from challenge.kernel.sight import Sight, SightOf
from challenge.kernel.work import Work
from challenge.people import queries as people
from challenge.people.rules import may_not
from challenge.people.states import RoleName
from challenge.proposals.models import Proposal
from challenge.rounds.models import Round

READERS = may_not(_("Only observers and administrators see who read what."))


@dataclass(frozen=True, slots=True)
class SightRow:
    """Somebody was shown ``count`` records at a place."""

    at: datetime
    who: str
    place: str
    round_title: str
    count: int


def may_read(w: Work) -> bool:
    """Whether the actor watches a round or administers the service."""
    watches = any(w.actor.holds_anywhere(role) for role in (RoleName.OBSERVER, RoleName.ADMINISTRATOR))
    return watches or w.actor.kind == "system"


def sights(w: Work, code: str = "", following: str | None = None, size: int = PAGE) -> Page[SightRow]:
    """A page of reads, the newest first; with a code those of this review, proposal, round or place on a panel."""
    if not may_read(w):
        raise Forbidden(READERS)
    wanted = (
        columns(Sight, Round.title, func.count(col(SightOf.id)))
        .join(SightOf, col(SightOf.sight_id) == Sight.id)
        .outerjoin(Round, col(Round.code) == Sight.round_code)
        .where(in_sight(w))
        .group_by(col(Sight.id), col(Round.title))
        .order_by(col(Sight.id).desc())
        .limit(size + 1)
    )
    if code:
        wanted = wanted.where(_about(code), *_unless_conflicted(w, code))
    if (start := after(following, int)) is not None:
        wanted = wanted.where(col(Sight.id) < start[0])
    rows = list(w.session.execute(wanted))
    here = rows[:size]
    names = people.names(w, {row.reader_id for row, _title, _count in here})
    made = [SightRow(row.at, names.get(row.reader_id, ""), row.place, title or "", n) for row, title, n in here]
    return Page(made, cursor(here[-1][0].id) if len(rows) > size else None)


def in_sight(w: Work) -> ColumnElement[bool]:
    """Reads in the rounds one observes and does not judge in; all of them for an administrator."""
    if w.actor.kind == "system" or w.actor.holds_anywhere(RoleName.ADMINISTRATOR):
        return true()
    scopes = w.actor.scopes(RoleName.OBSERVER)
    if scopes is not None and not scopes:
        return false()
    judged = select(Juror.round_id).where(
        Juror.person_id == w.actor.id, col(Juror.accepted_at).is_not(None), col(Juror.left_at).is_(None)
    )
    watched = select(Round.code).where(col(Round.id).not_in(judged))
    return col(Sight.round_code).in_(watched if scopes is None else watched.where(col(Round.id).in_(scopes)))


def _about(code: str) -> ColumnElement[bool]:
    """The record of this code was shown, or one that hangs on it."""
    hanging = (
        select(Review.code).join(Proposal, col(Proposal.id) == Review.proposal_id).where(Proposal.code == code),
        select(Conflict.code).join(Proposal, col(Proposal.id) == Conflict.proposal_id).where(Proposal.code == code),
        select(Review.code).join(Juror, col(Juror.id) == Review.juror_id).where(Juror.code == code),
    )
    shown = or_(col(SightOf.subject_code) == code, *(col(SightOf.subject_code).in_(codes) for codes in hanging))
    return or_(col(Sight.round_code) == code, col(Sight.id).in_(select(SightOf.sight_id).where(shown)))


def _unless_conflicted(w: Work, code: str) -> list[ColumnElement[bool]]:
    """What hangs on a proposal one has a conflict of interest with is not asked about either."""
    if w.actor.kind == "system":
        return []
    barred = w.session.connection().execute(conflicted(w)).scalars().all()
    return [false()] if code in barred else []
