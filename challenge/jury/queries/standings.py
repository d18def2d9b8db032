"""The ranking of a gate, from the reviews that count; and the facts about one proposal that are pushed down."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from sqlalchemy import or_
from sqlalchemy import select as sa_select
from sqlmodel import col, select

from challenge.jury.consensus.models import Consensus, ConsensusMark
from challenge.jury.consensus.states import ConsensusState
from challenge.jury.models import Conflict, Juror, Review, Score, TieDecision
from challenge.jury.queries.conflicts import barred
from challenge.jury.queries.reviews import runs_round
from challenge.jury.ranking import Entry, Standing, rank, standing
from challenge.jury.states import JUDGED, ConflictState, ReviewState
from challenge.kernel.errors import Missing
from challenge.kernel.work import Work
from challenge.people.models import Person
from challenge.proposals.content import City, cities_of, gate_of
from challenge.proposals.models import Proposal, ProposalChallenge
from challenge.proposals.states import ProposalState, gate_at
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.rounds.schemas import Criterion, GateRules
from challenge.rounds.states import Gate
from challenge.submissions.models import Submission

# Proposals in these states keep their marks but have no place.
OUT = (ProposalState.WITHDRAWN, ProposalState.INELIGIBLE, ProposalState.MERGED, ProposalState.LAPSED)


@dataclass(frozen=True, slots=True)
class Counted:
    """A review in the ranking: who wrote it, whether it counts, and if not, why."""

    code: str
    juror: str
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


@dataclass(frozen=True, slots=True)
class Ranked:
    """A row of the ranking."""

    id: int
    code: str
    title: str
    state: ProposalState
    cities: tuple[City, ...]
    standing: Standing
    reviews: tuple[Counted, ...]

    def equals(self, ranking: Ranking) -> frozenset[int]:
        """Those that share its place, itself included."""
        return frozenset(row.id for row in ranking.rows if row.standing.place == self.standing.place is not None)

    @property
    def excluded(self) -> tuple[Counted, ...]:
        """Marks that no longer count."""
        return tuple(review for review in self.reviews if review.was_excluded)


@dataclass(frozen=True, slots=True)
class Ranking:
    """The raw ranking of a gate, best first. ``barred`` rows are those the actor has a conflict with: left out."""

    gate: Gate
    criteria: tuple[Criterion, ...]
    quorum: int
    maximum: Fraction
    threshold: Fraction
    rows: tuple[Ranked, ...]
    barred: int = 0
    titles: dict[int, str] = field(default_factory=dict)


def ranking(w: Work, round_: Round, gate: Gate) -> Ranking:
    """The raw ranking, for coordinators and observers who do not judge in the round. Raises Missing.

    Proposals the actor has a conflict of interest with are left out, and the places are those of the rest; the system
    sees all. Always nine queries at most, however many proposals.
    """
    if w.actor.kind != "system":
        seen = w.session.exec(select(Round.id).where(Round.id == round_.id, runs_round(w, col(Round.id)))).first()
        if seen is None:
            raise Missing
    hidden = barred(w, round_.id)
    all_rules = rules_of(round_)
    found = [row for row in _proposals(w, round_, gate) if row[0] not in hidden]
    ids, rules = [row[0] for row in found], all_rules.gates[gate]
    reviews, themes, cities = counted(w, ids, gate), _themes(w, ids), cities_of(w, ids)
    agreements = agreed(w, ids, rules, gate)
    entries = [
        Entry(
            key=proposal_id,
            marks=eligible(reviews.get(proposal_id, ()), rules),
            themes=frozenset(themes.get(proposal_id, ())),
            countries=len({city.country for city in cities.get(proposal_id, ()) if city.counts}),
            is_running=state not in OUT,
            agreed=agreements.get(proposal_id),
        )
        for proposal_id, _code, _title, state in found
    ]
    w.saw("ranking", round_.code, (review.code for listed in reviews.values() for review in listed))
    by_id = {row[0]: row for row in found}
    maximum = Fraction(all_rules.scale.maximum) * len(rules.criteria)
    return Ranking(
        gate=gate, criteria=tuple(rules.criteria), quorum=rules.reviews, maximum=maximum,
        threshold=rules.total_threshold * maximum,
        rows=tuple(
            Ranked(*by_id[place.key], tuple(cities.get(place.key, ())), place, tuple(reviews.get(place.key, ())))
            for place in rank(entries, rules, all_rules, _decisions(w, round_, gate))
        ),
        barred=len(hidden), titles={row[0]: row[2] for row in found},
    )  # fmt: skip


def _proposals(w: Work, round_: Round, gate: Gate) -> list[tuple[int, str, str, ProposalState]]:
    """Those before the jury at the gate now, and those reviewed there earlier."""
    reviewed = select(Review.proposal_id).where(
        Review.round_id == round_.id, Review.gate == gate, Review.state != ReviewState.RELEASED
    )
    rows = w.session.execute(
        sa_select(col(Proposal.id), col(Proposal.code), col(Proposal.title), col(Proposal.state), col(Proposal.gates))
        .where(
            col(Proposal.round_id) == round_.id, or_(col(Proposal.state).in_(JUDGED), col(Proposal.id).in_(reviewed))
        )
        .order_by(col(Proposal.title_key))
    ).all()
    past = set(w.session.exec(reviewed))
    return [
        (key, code, title, state)
        for key, code, title, state, gates in rows
        if key in past or gate_at(state, [Gate(one) for one in gates]) == gate
    ]


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
                review.code, name, review.state, conflict_id is not None, marks.get(review.id, {}),
                is_earlier and review.state is ReviewState.SUBMITTED,
            )
        )  # fmt: skip
    return found


def eligible(reviews: Iterable[Counted], rules: GateRules) -> list[dict[str, int]]:
    """The marks that count: of eligible reviews with a mark for each criterion."""
    asked = {criterion.key for criterion in rules.criteria}
    return [review.marks for review in reviews if review.is_eligible and asked <= review.marks.keys()]


def agreed(w: Work, proposals: Collection[int], rules: GateRules, gate: Gate) -> dict[int, dict[str, int]]:
    """Proposal id → the marks of its consensus, where one is agreed at the gate that covers each criterion."""
    rows = w.session.execute(
        select(Consensus.proposal_id, ConsensusMark.criterion, ConsensusMark.tenths)
        .join(Consensus, col(Consensus.id) == ConsensusMark.consensus_id)
        .where(
            col(Consensus.proposal_id).in_(proposals), Consensus.gate == gate,
            Consensus.state == ConsensusState.AGREED,
        )
    )  # fmt: skip
    found: dict[int, dict[str, int]] = {}
    for proposal_id, criterion, tenths in rows:
        found.setdefault(proposal_id, {})[criterion] = tenths
    asked = {criterion.key for criterion in rules.criteria}
    return {proposal_id: marks for proposal_id, marks in found.items() if asked <= marks.keys()}


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


def _themes(w: Work, proposals: Collection[int]) -> dict[int, set[str]]:
    """Proposal id → the themes of the challenges it answers."""
    rows = w.session.execute(
        select(ProposalChallenge.proposal_id, Submission.themes)
        .join(Submission, col(Submission.id) == ProposalChallenge.submission_id)
        .where(col(ProposalChallenge.proposal_id).in_(proposals))
    )
    found: dict[int, set[str]] = {}
    for proposal_id, themes in rows:
        found.setdefault(proposal_id, set()).update(themes)
    return found


def _decisions(w: Work, round_: Round, gate: Gate) -> list[list[int]]:
    """The panel's orders of equals, the newest first."""
    found = select(TieDecision).where(TieDecision.round_id == round_.id, TieDecision.gate == gate)
    return [row.best_first for row in w.session.exec(found.order_by(col(TieDecision.id).desc()))]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the proposal is told of its jury; it has the same names for it."""

    reviews_eligible: int
    below_threshold: bool | None
    consensus_missing: bool


def facts(w: Work, proposal: Proposal) -> Facts | None:
    """How the proposal stands at its gate; None when no jury sits on it now."""
    if proposal.state not in JUDGED:
        return None
    gate = gate_of(proposal)
    all_rules = rules_of(w.session.get_one(Round, proposal.round_id))
    marks = eligible(counted(w, [proposal.id], gate).get(proposal.id, ()), all_rules.gates[gate])
    found_agreed = agreed(w, [proposal.id], all_rules.gates[gate], gate).get(proposal.id)
    found = standing(Entry(proposal.id, marks, agreed=found_agreed), all_rules.gates[gate], all_rules)
    return Facts(len(marks), found.below_threshold, bool(found.spread) and found_agreed is None)
