"""The reviews as the panel reads them, side by side, and what the meeting of the panel goes through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlalchemy import select as sa_select
from sqlmodel import col, select

from challenge.jury.blind import copies
from challenge.jury.consensus import queries
from challenge.jury.consensus.facts import Member
from challenge.jury.consensus.models import Consensus, Minutes
from challenge.jury.consensus.states import ConsensusState
from challenge.jury.models import Conflict, Juror, Review, Score
from challenge.jury.queries.counting import counted, eligible
from challenge.jury.queries.panel import round_of_jury
from challenge.jury.queries.reviews import panel_places
from challenge.jury.queries.standings import ranking
from challenge.jury.ranking import Entry, Standing, standing
from challenge.jury.states import JUDGED, ConflictState
from challenge.kernel.errors import Missing
from challenge.kernel.work import Work
from challenge.people.models import Person
from challenge.proposals.content import gate_of
from challenge.proposals.models import Proposal
from challenge.rounds import queries as rounds
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.rounds.states import Gate


@dataclass(frozen=True, slots=True)
class Report:
    """A review that counts, as the others of the panel read it."""

    name: str
    code: str
    marks: Mapping[str, int]
    comments: Mapping[str, str]
    comment: str
    is_own: bool


def reports(w: Work, proposal: Proposal, members: Sequence[Member]) -> list[Report]:
    """What each member of the panel handed in. Who reads it is journalled: it names jurors."""
    ids = [one.review_id for one in members]
    scores: dict[int, dict[str, Score]] = {}
    for score in w.session.exec(select(Score).where(col(Score.review_id).in_(ids))):
        scores.setdefault(score.review_id, {})[score.criterion] = score
    overall = dict(w.session.exec(select(Review.id, Review.comment).where(col(Review.id).in_(ids))).all())
    w.saw("discussion", proposal.round_code, [one.review_code for one in members])
    return [
        Report(
            one.name, one.review_code,
            {key: score.tenths for key, score in scores.get(one.review_id, {}).items() if score.tenths is not None},
            {key: score.comment for key, score in scores.get(one.review_id, {}).items()},
            overall.get(one.review_id, ""), one.person_id == w.actor.id,
        )
        for one in members
    ]  # fmt: skip


# The meeting


@dataclass(frozen=True, slots=True)
class Item:
    """A proposal on the agenda. ``place`` and ``leaves`` only for who runs or observes the round."""

    id: int
    code: str
    title: str
    standing: Standing
    place: int | None
    leaves: tuple[str, ...]
    consensus: Consensus | None
    moderator: str
    minutes: str

    @property
    def widest(self) -> int:
        """How far apart two jurors are on a criterion, in tenths, where they are furthest."""
        return max((high - low for low, high in spans(self.standing).values()), default=0)


def spans(standing: Standing) -> dict[str, tuple[int, int]]:
    """Criterion → the lowest and the highest mark given, in tenths."""
    given = standing.entry.marks
    keys = given[0].keys() if given else ()
    return {key: (min(marks[key] for marks in given), max(marks[key] for marks in given)) for key in keys}


def round_of_meeting(w: Work, code: str) -> tuple[Round, bool]:
    """A round and whether the actor runs or observes it; otherwise they are on its panel. Raises Missing."""
    found = rounds.visible(w, code)
    try:
        return round_of_jury(w, code), True
    except Missing:
        on_panel = sa_select(col(Round.id)).where(
            col(Round.id) == found.id, col(Round.id).in_(panel_places(w, Juror.round_id))
        )
        if w.session.execute(on_panel).first() is None:
            raise
        return found, False


def agenda(w: Work, round_: Round, gate: Gate, *, runs: bool) -> list[Item]:
    """For who runs the round, the proposals before the jury as they rank; for a juror, those open to her.

    A juror's are in the order of how far apart the marks are: she has read all of them. Where she reads without names
    the minutes are on the page of the discussion, name by name hidden.
    """
    if not runs:
        return sorted(_of_juror(w, round_, gate), key=lambda item: (-item.widest, item.title))
    rows = [row for row in ranking(w, round_, gate).rows if row.state in JUDGED]
    w.saw("meeting", round_.code, [row.code for row in rows])
    found = _facts(w, gate, [row.id for row in rows])
    return [
        Item(row.id, row.code, row.title, row.standing, row.standing.place, *found(row.id, names=True)) for row in rows
    ]  # fmt: skip


def _of_juror(w: Work, round_: Round, gate: Gate) -> list[Item]:
    proposals = w.session.exec(
        select(Proposal).where(
            Proposal.round_id == round_.id, col(Proposal.state).in_(JUDGED), queries.sees(w, gate)
        ).order_by(col(Proposal.id))
    ).all()  # fmt: skip
    rules = rules_of(round_)
    gate_rules = rules.gates[gate]
    here = [one for one in proposals if gate_of(one) == gate and one.reviews_eligible >= gate_rules.reviews]
    ids = [one.id for one in here]
    nameless = copies.titles(w, ids) if copies.is_blind(rules, gate) else {}
    found, reviews = _facts(w, gate, ids), counted(w, ids, gate)
    w.saw("meeting", round_.code, [one.code for one in here])
    return [
        Item(
            one.id, one.code, nameless.get(one.id, one.title),
            standing(Entry(one.id, eligible(reviews.get(one.id, ()), gate_rules)), gate_rules, rules),
            None, *found(one.id, names=False, minutes=not nameless),
        )
        for one in here
    ]  # fmt: skip


class _Found:
    def __init__(self) -> None:
        self.leaves: dict[int, list[str]] = {}
        self.consensus: dict[int, tuple[Consensus, str]] = {}
        self.minutes: dict[int, str] = {}

    def __call__(
        self, key: int, *, names: bool, minutes: bool = True
    ) -> tuple[tuple[str, ...], Consensus | None, str, str]:
        consensus, moderator = self.consensus.get(key, (None, ""))
        leaves = tuple(self.leaves.get(key, ())) if names else ()
        return leaves, consensus, moderator, self.minutes.get(key, "") if minutes else ""


def _facts(w: Work, gate: Gate, ids: Sequence[int]) -> _Found:
    """What the agenda says of each proposal besides its marks, in three queries."""
    found = _Found()
    for proposal_id, name in w.session.execute(
        sa_select(col(Conflict.proposal_id), col(Person.name))
        .join(Person, col(Person.id) == Conflict.person_id)
        .where(col(Conflict.proposal_id).in_(ids), col(Conflict.state) != ConflictState.LIFTED)
        .order_by(col(Person.name))
    ):
        found.leaves.setdefault(proposal_id, []).append(name)
    for consensus, name in w.session.execute(
        sa_select(Consensus, col(Person.name))
        .join(Juror, col(Juror.id) == Consensus.moderator_id)
        .join(Person, col(Person.id) == Juror.person_id)
        .where(_live_at(gate), col(Consensus.proposal_id).in_(ids))
    ):
        found.consensus[consensus.proposal_id] = (consensus, name)
    for kept in w.session.exec(select(Minutes).where(Minutes.gate == gate, col(Minutes.proposal_id).in_(ids))):
        found.minutes[kept.proposal_id] = kept.text
    return found


def _live_at(gate: Gate) -> ColumnElement[bool]:
    return (col(Consensus.gate) == gate) & (col(Consensus.state) != ConsensusState.SUPERSEDED)
