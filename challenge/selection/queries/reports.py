"""What jurors wrote, as the team reads it: without names unless the gate is open, in an order that says nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlmodel import col, select

from challenge.jury.consensus.models import Consensus
from challenge.jury.consensus.states import ConsensusState
from challenge.jury.models import Juror, Review, Score
from challenge.jury.rules import Titled
from challenge.jury.scale import shown
from challenge.jury.states import ReviewState
from challenge.kernel.i18n import Text, _
from challenge.kernel.work import Work
from challenge.people.models import Person
from challenge.proposals.models import Proposal
from challenge.rounds.document import rules_of
from challenge.rounds.models import Round
from challenge.rounds.states import GATES, Blind, Gate

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Mark:
    """One criterion of a review."""

    criterion: str
    mark: str
    most: str
    comment: str


@dataclass(frozen=True, slots=True)
class Report:
    """One review as the team reads it."""

    reviewer: Text | str
    marks: tuple[Mark, ...]
    comment: str


@dataclass(frozen=True, slots=True)
class GateFeedback:
    """The reviews of one gate, and what the panel said together."""

    title: Text
    reports: tuple[Report, ...]
    statement: str = ""


def feedback(w: Work, proposal: Proposal) -> list[GateFeedback]:
    """The published reviews by gate, the latest gate first."""
    rows = w.session.exec(
        select(Review, Person.name)
        .join(Juror, col(Juror.id) == Review.juror_id)
        .join(Person, col(Person.id) == Juror.person_id)
        .where(
            Review.proposal_id == proposal.id,
            Review.state == ReviewState.SUBMITTED,
            col(Review.published_at).is_not(None),
        )
    ).all()
    if not rows:
        return []
    rules = rules_of(w.session.get_one(Round, proposal.round_id))
    named = (review.code for review, _name in rows if rules.gates[review.gate].blind is Blind.OPEN)
    w.saw("reports", proposal.round_code, named)
    scores: dict[int, dict[str, Score]] = {}
    for found_score in w.session.exec(select(Score).where(col(Score.review_id).in_([row[0].id for row in rows]))):
        scores.setdefault(found_score.review_id, {})[found_score.criterion] = found_score
    told = select(Consensus.gate, Consensus.statement).where(
        Consensus.proposal_id == proposal.id, Consensus.state == ConsensusState.AGREED,
        col(Consensus.published_at).is_not(None),
    )  # fmt: skip
    statements = dict(w.session.exec(told).all())
    found = []
    for gate in reversed(Gate):
        here = sorted((_shuffled(proposal, review), review, name) for review, name in rows if review.gate is gate)
        is_open = rules.gates[gate].blind is Blind.OPEN
        reports = tuple(
            Report(
                name if is_open else _("Reviewer %(letter)s", letter=LETTERS[place % len(LETTERS)]),
                tuple(
                    Mark(str(Titled(criterion.title)), shown(score.tenths), shown(score.max_tenths), score.comment)
                    for criterion in rules.gates[gate].criteria
                    if (score := scores.get(review.id, {}).get(criterion.key)) is not None and score.tenths is not None
                ),
                review.comment,
            )
            for place, (_order, review, name) in enumerate(here)
        )
        if reports:
            found.append(GateFeedback(GATES[gate], reports, statements.get(gate, "")))
    return found


def _shuffled(proposal: Proposal, review: Review) -> str:
    """Stable for a proposal, and nobody's order: neither names nor time can be read off it."""
    return hashlib.sha256(f"{proposal.code}:{review.code}".encode()).hexdigest()
