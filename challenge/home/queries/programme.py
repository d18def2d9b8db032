"""Rounds at a glance, for who runs or watches them: how many of what stand where, and what holds them up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import String, case, func, literal, null, type_coerce, union_all
from sqlmodel import col, select

from challenge.home.queries.duties import off_panel, unconflicted
from challenge.home.queries.scene import Stand
from challenge.home.queries.sql import columns
from challenge.jury.models import Review
from challenge.jury.states import LIVE, ReviewState
from challenge.kernel.journal import Step
from challenge.kernel.work import Work
from challenge.people.states import RoleName
from challenge.proposals.models import Proposal
from challenge.proposals.states import ENDS, ProposalState, gate_at
from challenge.rounds.states import Judge
from challenge.selection.models import Outcome
from challenge.selection.states import PENDING
from challenge.submissions.models import Submission
from challenge.submissions.states import SubmissionState

S = ProposalState
WATCHING = (RoleName.COORDINATOR, RoleName.OBSERVER)
JUDGED = (S.IN_REVIEW, S.SHORTLISTING, S.IN_JURY)
LEFT = tuple(ENDS - {S.PILOTED})  # ends one may reach from several states: the journal knows from which


@dataclass(frozen=True, slots=True)
class Pile:
    """Proposals that stand alike."""

    state: ProposalState
    came_from: ProposalState | None
    reviews: int
    is_pending: bool
    is_apart: bool  # marks far apart, and nothing agreed on them
    count: int


@dataclass(slots=True)
class Glance:
    """One round at a glance."""

    stand: Stand
    runs: bool  # the actor coordinates it; else they watch it
    decides: bool  # … and does not sit in its jury
    submissions: Counter[SubmissionState] = field(default_factory=Counter)
    piles: list[Pile] = field(default_factory=list)
    reviews: Counter[ReviewState] = field(default_factory=Counter)

    @property
    def proposals(self) -> Counter[ProposalState]:
        """How many proposals stand where."""
        found: Counter[ProposalState] = Counter()
        for pile in self.piles:
            found[pile.state] += pile.count
        return found

    def reviews_needed(self, state: ProposalState) -> int:
        """How many reviews a proposal in this state needs; 0 where no juror judges."""
        gate = gate_at(state, self.stand.rules.open_gates)
        return self.stand.rules.gates[gate].reviews if self.stand.is_judged_by(gate, Judge.JURORS) else 0

    def waiting(self, *states: ProposalState) -> Iterator[tuple[Pile, bool]]:
        """Piles before a decision, and whether they have the reviews they need."""
        for pile in self.piles:
            if pile.state in states and pile.state in JUDGED and not pile.is_pending:
                yield pile, pile.reviews >= self.reviews_needed(pile.state)

    def ready(self, *states: ProposalState) -> int:
        """How many proposals in these states wait for nothing but a decision."""
        return sum(pile.count for pile, has_reviews in self.waiting(*states) if has_reviews and not pile.is_apart)

    def apart(self, *states: ProposalState) -> int:
        """How many have their reviews and are held up because the panel has not agreed."""
        return sum(pile.count for pile, has_reviews in self.waiting(*states) if has_reviews and pile.is_apart)

    def short(self, *states: ProposalState) -> int:
        """How many are held up by missing reviews."""
        return sum(pile.count for pile, has_reviews in self.waiting(*states) if not has_reviews)


def glances(w: Work, stands: Collection[Stand]) -> list[Glance]:
    """The rounds under way that the actor runs or watches; two queries."""
    found = {
        stand.id: Glance(stand, runs := w.actor.holds(RoleName.COORDINATOR, stand.id), runs and not judges(w, stand))
        for stand in stands
        if any(w.actor.holds(role, stand.id) for role in WATCHING)
    }
    for kind, round_id, state, count in w.session.execute(union_all(submission_counts(found), review_counts(w, found))):
        if kind == "submission":
            found[round_id].submissions[SubmissionState(state)] = count
        else:
            found[round_id].reviews[ReviewState(state)] = count
    for round_id, *pile in w.session.execute(proposal_counts(w, found)):
        state, came_from, reviews, is_pending, is_apart, count = pile
        before = S(came_from) if came_from else None
        found[round_id].piles.append(Pile(state, before, reviews, bool(is_pending), bool(is_apart), count))
    return list(found.values())


def judges(w: Work, stand: Stand) -> bool:
    """Whether the actor may sit in its jury: then they take no part in its outcomes."""
    return w.actor.holds(RoleName.JUROR, stand.id)


def counted(kind: str, table: Any) -> tuple[Any, ...]:
    """The columns of a count by round and state."""
    return literal(kind, String), table.round_id, type_coerce(table.state, String), func.count()


def submission_counts(rounds: Collection[int]) -> Any:
    """Challenges by round and state."""
    return (
        columns(*counted("submission", Submission))
        .where(col(Submission.round_id).in_(rounds))
        .group_by(col(Submission.round_id), col(Submission.state))
    )


def proposal_counts(w: Work, rounds: Collection[int]) -> Any:
    """Proposals by round, state, where they came from (of those that ended), reviews, outcome set, marks apart."""
    pending = select(Outcome.id).where(Outcome.proposal_id == Proposal.id, col(Outcome.state).in_(PENDING)).exists()
    each = (
        columns(
            col(Proposal.round_id).label("round_id"),
            col(Proposal.state).label("state"),
            case((col(Proposal.state).in_(LEFT), state_before()), else_=null()).label("came_from"),
            case((col(Proposal.state).in_(JUDGED), col(Proposal.reviews_eligible)), else_=0).label("reviews"),
            case((pending, 1), else_=0).label("is_pending"),
            case((col(Proposal.state).in_(JUDGED) & col(Proposal.consensus_missing).is_(True), 1), else_=0).label(
                "is_apart"
            ),
        )
        .where(col(Proposal.round_id).in_(rounds), unconflicted(w, Proposal.id))
        .subquery()
    )
    keys = (each.c.round_id, each.c.state, each.c.came_from, each.c.reviews, each.c.is_pending, each.c.is_apart)
    return columns(*keys, func.count()).group_by(*keys)


def state_before() -> Any:
    """The state a proposal had before its last move, from the journal."""
    return (
        select(Step.old_state)
        .where(
            Step.workflow == "proposal", Step.subject_code == Proposal.code,
            col(Step.old_state).is_not(None), Step.old_state != Step.new_state,
        )
        .order_by(col(Step.id).desc())
        .limit(1)
        .scalar_subquery()
    )  # fmt: skip


def review_counts(w: Work, rounds: Collection[int]) -> Any:
    """Reviews to do and done, by round and state."""
    return (
        columns(*counted("review", Review))
        .where(
            col(Review.round_id).in_(rounds), col(Review.state).in_(LIVE), unconflicted(w, Review.proposal_id),
            off_panel(w, Review.round_id),
        )
        .group_by(col(Review.round_id), col(Review.state))
    )  # fmt: skip
