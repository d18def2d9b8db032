"""What jurors wrote, as the team reads it: without names unless the gate is open, in an order that says nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from fractions import Fraction

from sqlmodel import col, select

from challenge.jury.consensus.models import Consensus
from challenge.jury.consensus.states import ConsensusState
from challenge.jury.models import Juror, Review, Score
from challenge.jury.queries.counting import counted, eligible
from challenge.jury.queries.standings import agreed
from challenge.jury.rules import Titled
from challenge.jury.scale import TENTHS, shown
from challenge.jury.states import ReviewState
from challenge.kernel.i18n import Text, _
from challenge.kernel.work import Work
from challenge.people.models import Person
from challenge.proposals.models import Proposal
from challenge.rounds.document import rules_of
from challenge.rounds.models import Round
from challenge.rounds.schemas import Rules
from challenge.rounds.states import GATES, Blind, Gate
from challenge.selection.models import RankBand

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
class Mean:
    """The mean of a criterion over the reviews that count, or the mark the panel agreed on."""

    criterion: str
    mean: Fraction
    threshold: Fraction
    most: Fraction

    @property
    def is_below(self) -> bool:
        """Whether the threshold is missed; tested on the unrounded mean."""
        return self.mean < self.threshold


@dataclass(frozen=True, slots=True)
class GateFeedback:
    """The reviews of one gate and what the panel said together.

    ``count`` reviews are in the means, or ``is_agreed``: the marks are those of the consensus. ``band`` is the quarter
    of the field, or None.
    """

    title: Text
    reports: tuple[Report, ...]
    means: tuple[Mean, ...]
    count: int
    band: Text | None
    statement: str
    is_agreed: bool


# The quarter in words; the exact place is told to nobody.
BANDS = {
    1: _("Among the best quarter of the proposals at this gate"),
    2: _("In the second quarter of the proposals at this gate"),
    3: _("In the third quarter of the proposals at this gate"),
    4: _("In the last quarter of the proposals at this gate"),
}


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
    bands = {
        row.gate: row.quarter for row in w.session.exec(select(RankBand).where(RankBand.proposal_id == proposal.id))
    }
    together = select(Consensus.gate, Consensus.statement).where(
        Consensus.proposal_id == proposal.id, Consensus.state == ConsensusState.AGREED,
        col(Consensus.published_at).is_not(None),
    )  # fmt: skip
    statements = dict(w.session.exec(together).all())
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
            told = {review.code for _order, review, _name in here}
            found.append(_of_gate(w, proposal, gate, reports, told, rules, bands.get(gate), statements.get(gate)))
    return found


def _of_gate(
    w: Work, proposal: Proposal, gate: Gate, reports: tuple[Report, ...], told: set[str], rules: Rules,
    quarter: int | None, statement: str | None,
) -> GateFeedback:  # fmt: skip
    """With the marks of the consensus that was released, else the means of what was released and still counts: a
    conflict found later takes its marks out of them.
    """
    reviews = [one for one in counted(w, [proposal.id], gate).get(proposal.id, ()) if one.code in told]
    found = None if statement is None else agreed(w, [proposal.id], rules.gates[gate], gate).get(proposal.id)
    marks = eligible(reviews, rules.gates[gate]) if found is None else [found]
    means = tuple(
        Mean(
            str(Titled(criterion.title)), Fraction(sum(one[criterion.key] for one in marks), TENTHS * len(marks)),
            Fraction(criterion.threshold), Fraction(rules.scale.maximum),
        )
        for criterion in rules.gates[gate].criteria if marks
    )  # fmt: skip
    return GateFeedback(
        GATES[gate], reports, means, len(marks), BANDS.get(quarter or 0), statement or "", is_agreed=found is not None
    )


def _shuffled(proposal: Proposal, review: Review) -> str:
    """Stable for a proposal, and nobody's order: neither names nor time can be read off it."""
    return hashlib.sha256(f"{proposal.code}:{review.code}".encode()).hexdigest()
