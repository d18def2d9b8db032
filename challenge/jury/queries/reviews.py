"""Which reviews one may know of, a juror's queue, and one review with what stands around it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, true
from sqlalchemy import select as sa_select
from sqlalchemy.orm import Mapped
from sqlmodel import col, select

from challenge.jury import rules
from challenge.jury.blind import copies
from challenge.jury.models import Conflict, Juror, Review, Score
from challenge.jury.states import JUDGED, LIVE, ConflictState, ReviewState
from challenge.kernel import revision
from challenge.kernel.errors import Missing
from challenge.kernel.revision import Revision
from challenge.kernel.work import Work
from challenge.people.states import RoleName
from challenge.proposals.models import Proposal
from challenge.proposals.states import gate_at
from challenge.rounds.models import Extension, Round, Window
from challenge.rounds.queries import rules_of
from challenge.rounds.states import Gate, WindowName

ORDER = {gate: place for place, gate in enumerate(Gate)}
GONE = (ReviewState.RECUSED, ReviewState.RELEASED)


def visible_reviews(w: Work) -> ColumnElement[bool]:
    """The one predicate: which reviews the actor may know of.

    A juror knows her own, as long as they are hers to do or done. Coordinators and observers know those of their
    rounds, unless they judge there themselves. Nobody knows of a review of a proposal they have a live conflict with.
    """
    if w.actor.kind == "system":
        return true()
    if w.actor.id is None:
        return false()
    own = and_(col(Review.juror_id).in_(panel_places(w, Juror.id)), col(Review.state).not_in(GONE))
    barred = (
        select(Conflict.id)
        .where(
            Conflict.proposal_id == Review.proposal_id,
            Conflict.person_id == w.actor.id,
            Conflict.state != ConflictState.LIFTED,
        )
        .exists()
    )
    return and_(or_(own, runs_round(w, col(Review.round_id))), ~barred)


def runs_round(w: Work, round_id: Mapped[int]) -> ColumnElement[bool]:
    """Rounds in which the actor is coordinator or observer, and no juror."""
    scopes: set[int] = set()
    everywhere = False
    for role in (RoleName.COORDINATOR, RoleName.OBSERVER):
        found = w.actor.scopes(role)
        everywhere = everywhere or found is None
        scopes |= found or frozenset()
    if not everywhere and not scopes:
        return false()
    held = true() if everywhere else round_id.in_(scopes)
    return and_(held, round_id.not_in(panel_places(w, Juror.round_id)))


def panel_places(w: Work, column: int) -> Select[Any]:
    """A column of the actor's places on panels: accepted and not left, with the role still held."""
    scopes = w.actor.scopes(RoleName.JUROR)
    held = true() if scopes is None else col(Juror.round_id).in_(scopes)
    return sa_select(col(column)).where(
        col(Juror.person_id) == w.actor.id, col(Juror.accepted_at).is_not(None), col(Juror.left_at).is_(None), held
    )


def visible(w: Work, code: str) -> Review:
    """A review the actor may know of. Raises Missing."""
    found = w.session.exec(select(Review).where(Review.code == code, visible_reviews(w))).first()
    if found is None:
        raise Missing
    return found


# The queue


@dataclass(frozen=True, slots=True)
class Item:
    """A review in its juror's queue. ``is_open``: the proposal stands before the jury at this gate now."""

    code: str
    title: str
    round_code: str
    round_title: str
    zone: str
    gate: Gate
    state: ReviewState
    due_at: datetime | None
    marks: int
    criteria: int
    is_open: bool

    @property
    def is_done(self) -> bool:
        """Handed in."""
        return self.state is ReviewState.SUBMITTED


@dataclass(frozen=True, slots=True)
class Queue:
    """What a juror has to do now, over all rounds, in an order of her own; then what is over."""

    items: tuple[Item, ...]
    earlier: tuple[Item, ...]
    invitations: tuple[Juror, ...]

    @property
    def done(self) -> int:
        """How many are handed in."""
        return sum(item.is_done for item in self.items)

    @property
    def upcoming(self) -> Item | None:
        """The next one to do: what is due first, in the juror's order."""
        return min((item for item in self.items if not item.is_done), key=_due, default=None)

    def place(self, code: str) -> int | None:
        """Which item of the queue this is, from 1."""
        return next((index for index, item in enumerate(self.items, 1) if item.code == code), None)

    def after(self, code: str) -> Item | None:
        """The next one to do once this one is left: further down, else from the top."""
        place = self.place(code) or 0
        order = [*self.items[place:], *self.items[: max(place - 1, 0)]]
        return next((item for item in order if not item.is_done and item.code != code), None)


def _due(item: Item) -> float:
    return item.due_at.timestamp() if item.due_at else float("inf")


def queue(w: Work) -> Queue:
    """The actor's own reviews that are not recused, released or barred by a conflict, and open invitations."""
    if w.actor.id is None:
        return Queue((), (), ())
    marks = (
        select(Score.review_id, func.count(col(Score.tenths)).label("marks")).group_by(col(Score.review_id)).subquery()
    )
    rows = w.session.execute(
        sa_select(
            Review, Round, col(Proposal.title), col(Proposal.state), col(Proposal.gates), col(Juror.code), marks.c.marks
        )
        .join(Juror, col(Juror.id) == Review.juror_id)
        .join(Proposal, col(Proposal.id) == Review.proposal_id)
        .join(Round, col(Round.id) == Review.round_id)
        .outerjoin(marks, marks.c.review_id == Review.id)
        .where(
            col(Juror.person_id) == w.actor.id, col(Juror.accepted_at).is_not(None), col(Review.state).in_(LIVE),
            visible_reviews(w),
        )
    ).all()  # fmt: skip
    closes, extended = _dates(w, [row[0] for row in rows])
    blind = {row[0].id: row[0].proposal_id for row in rows if copies.is_blind(rules_of(row[1]), row[0].gate)}
    nameless = copies.titles(w, set(blind.values()))
    found = []
    for review, round_, title, state, gates, juror_code, count in rows:
        dates = (review.due_at or closes.get(review.round_id), extended.get(review.code))
        item = Item(
            review.code, nameless.get(blind.get(review.id, 0), title), round_.code, round_.title, round_.zone,
            review.gate, review.state,
            max((date for date in dates if date is not None), default=None),
            count or 0, len(rules_of(round_).gates[review.gate].criteria),
            state in JUDGED and gate_at(state, [Gate(gate) for gate in gates]) == review.gate,
        )  # fmt: skip
        found.append(((round_.id, ORDER[review.gate], order_for(juror_code, review.code)), item))
    items = [item for _order, item in sorted(found, key=lambda entry: entry[0])]
    return Queue(
        tuple(item for item in items if item.is_open),
        tuple(item for item in items if not item.is_open),
        tuple(invitations(w)),
    )


def order_for(juror_code: str, review_code: str) -> str:
    """An order that is a juror's own: fixed for her, different for the next, and nobody's preference."""
    return hashlib.sha256(f"{juror_code}:{review_code}".encode()).hexdigest()


def _dates(w: Work, reviews: Iterable[Review]) -> tuple[dict[int, datetime], dict[str, datetime]]:
    """Round id → when its jury window closes, and review code → its extension; for lists."""
    reviews = list(reviews)
    closes = w.session.exec(
        select(Window.round_id, Window.closes_at).where(
            Window.name == WindowName.JURY, col(Window.round_id).in_({review.round_id for review in reviews})
        )
    )
    extended = w.session.exec(
        select(Extension.subject_code, Extension.until)
        .where(Extension.workflow == rules.WORKFLOW, col(Extension.subject_code).in_([row.code for row in reviews]))
        .order_by(col(Extension.id))
    )
    return dict(closes.all()), dict(extended.all())


def invitations(w: Work) -> list[Juror]:
    """The actor's invitations that wait for an answer."""
    return list(
        w.session.exec(
            select(Juror).where(
                Juror.person_id == w.actor.id,
                col(Juror.accepted_at).is_(None), col(Juror.declined_at).is_(None), col(Juror.left_at).is_(None),
            ).order_by(col(Juror.id))
        )
    )  # fmt: skip


# One review


@dataclass(frozen=True, slots=True)
class Opened:
    """A review: ``scores`` for its juror, drafts too; ``said`` for others: what was last handed in, or None."""

    review: Review
    juror: Juror
    proposal: Proposal
    round: Round
    scores: dict[str, Score]
    said: Revision | None
    is_own: bool
    has_conflict: bool  # found after scoring: the marks are in no aggregate
    title: str  # as the reader may know it
    is_blind: bool  # the juror reads a copy without names


def review(w: Work, code: str) -> Opened:
    """A review the actor may know of. A draft is read by nobody but its juror."""
    found = visible(w, code)
    juror = rules.juror_of(w, found)
    is_own = juror.person_id == w.actor.id
    said = revision.at(w, rules.WORKFLOW, found.code, found.revision) if found.revision and not is_own else None
    if not is_own:
        w.saw("review", found.round_code, [found.code])
    proposal, blind = rules.proposal_of(w, found), is_own and rules.is_blind(w, found)
    return Opened(
        review=found, juror=juror, proposal=proposal, is_blind=blind,
        title=copies.titles(w, [proposal.id])[proposal.id] if blind else proposal.title, round=rules.round_of(w, found),
        scores=rules.scores_of(w, found) if is_own else {}, said=said, is_own=is_own,
        has_conflict=rules.has_live_conflict(w, juror.person_id, found.proposal_id),
    )  # fmt: skip
