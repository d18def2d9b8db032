"""Which reviews of a gate count, and which do not and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import select as sa_select
from sqlmodel import col, select

from challenge.jury.models import Conflict, Juror, Review, Score
from challenge.jury.states import ConflictState, ReviewState
from challenge.kernel.work import Work
from challenge.people.models import Person
from challenge.proposals.models import Proposal
from challenge.proposals.states import gate_at
from challenge.rounds.schemas import GateRules
from challenge.rounds.states import Gate


@dataclass(frozen=True, slots=True)
class Counted:
    """A review in the ranking: who wrote it, whether it counts, and if not, why."""

    code: str
    juror: str
    juror_id: int
    state: ReviewState
    in_conflict: bool
    marks: dict[str, int]
    is_of_earlier_version: bool = False

    @property
    def is_eligible(self) -> bool:
        """Submitted, by a juror without conflict."""
        return self.state is ReviewState.SUBMITTED and not self.in_conflict

    @property
    def was_excluded(self) -> bool:
        """It was handed in once and is in no aggregate now: said, never silent."""
        return not self.is_eligible and bool(self.marks)


def counted(w: Work, proposals: Collection[int], gate: Gate) -> dict[int, list[Counted]]:
    """Proposal id → its reviews at a gate, each with whether it counts; the order says nothing about time."""
    rows = w.session.execute(
        sa_select(
            Review,
            col(Person.name),
            col(Proposal.revision),
            col(Proposal.state),
            col(Proposal.gates),
            col(Conflict.id),
        )
        .join(Juror, col(Juror.id) == Review.juror_id)
        .join(Person, col(Person.id) == Juror.person_id)
        .join(Proposal, col(Proposal.id) == Review.proposal_id)
        .outerjoin(
            Conflict,
            (col(Conflict.person_id) == col(Juror.person_id))
            & (col(Conflict.proposal_id) == col(Review.proposal_id))
            & (col(Conflict.state) != ConflictState.LIFTED),
        )
        .where(
            col(Review.proposal_id).in_(proposals),
            col(Review.gate) == gate,
            col(Review.state) != ReviewState.RELEASED,
        )
        .order_by(col(Person.name), col(Review.id))
    ).all()
    marks = _marks(w, [review.id for review, *_rest in rows if _was_handed_in(review)])
    found: dict[int, list[Counted]] = {}
    for review, name, newest, state, gates, conflict_id in rows:
        is_here = gate_at(state, [Gate(one) for one in gates]) == gate
        is_earlier = review.revision_number not in (None, newest) and is_here
        found.setdefault(review.proposal_id, []).append(
            Counted(
                review.code, name, review.juror_id, review.state, conflict_id is not None, marks.get(review.id, {}),
                is_earlier and review.state is ReviewState.SUBMITTED,
            )
        )  # fmt: skip
    return found


def counting(reviews: Iterable[Counted], rules: GateRules) -> list[Counted]:
    """The reviews that count: eligible ones with a mark for each criterion."""
    asked = {criterion.key for criterion in rules.criteria}
    return [review for review in reviews if review.is_eligible and asked <= review.marks.keys()]


def eligible(reviews: Iterable[Counted], rules: GateRules) -> list[dict[str, int]]:
    """The marks that count."""
    return [review.marks for review in counting(reviews, rules)]


def _was_handed_in(review: Review) -> bool:
    return review.state is ReviewState.SUBMITTED or (
        review.state is ReviewState.RECUSED and review.submitted_at is not None
    )


def _marks(w: Work, reviews: Iterable[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    for score in w.session.exec(select(Score).where(col(Score.review_id).in_(list(reviews)))):
        if score.tenths is not None:
            found.setdefault(score.review_id, {})[score.criterion] = score.tenths
    return found
