"""The ranking of a gate, from the reviews that count; and the facts about one proposal that are pushed down."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain
from typing import Any

from sqlalchemy import or_
from sqlalchemy import select as sa_select
from sqlmodel import col, select

from challenge.jury.common import queries as common
from challenge.jury.consensus.models import Consensus, ConsensusMark
from challenge.jury.consensus.states import ConsensusState
from challenge.jury.keeping import inputs_of
from challenge.jury.models import Review, TieDecision
from challenge.jury.queries.calibrations import OUT, Calibrated, Scored, calibrated, planned, snapshot
from challenge.jury.queries.conflicts import barred
from challenge.jury.queries.counting import Counted, counted, counting, eligible
from challenge.jury.queries.reviews import runs_round
from challenge.jury.ranking import Entry, Standing, placed, standing
from challenge.jury.states import JUDGED, ReviewState
from challenge.kernel.errors import Missing
from challenge.kernel.work import Work
from challenge.proposals.content import City, cities_of, gate_of
from challenge.proposals.models import Proposal, ProposalChallenge
from challenge.proposals.states import ProposalState, gate_at
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.rounds.schemas import Criterion, GateRules, Rules
from challenge.rounds.schemas import Ranking as RankingBy
from challenge.rounds.states import Gate, Judge
from challenge.submissions.models import Submission


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
    """The ranking of a gate, best first. ``barred`` rows are those the actor has a conflict with: left out.

    ``ranks`` says which score does, by the rules; the other one stands beside it.
    """

    gate: Gate
    criteria: tuple[Criterion, ...]
    quorum: int
    maximum: Fraction
    threshold: Fraction
    rows: tuple[Ranked, ...]
    barred: int = 0
    titles: dict[int, str] = field(default_factory=dict)
    ranks: RankingBy = "raw"
    calibrated: Calibrated = field(default_factory=Calibrated)
    jurors: dict[int, str] = field(default_factory=dict)  # names, of those whose reviews the actor may see

    @property
    def is_by_calibrated(self) -> bool:
        """Whether calibrated scores rank."""
        return self.ranks == "calibrated"


def ranking(w: Work, round_: Round, gate: Gate) -> Ranking:
    """The ranking, for coordinators and observers who do not judge in the round. Raises Missing.

    Proposals the actor has a conflict of interest with are left out, and the places are those of the rest; the system
    sees all. Always fourteen queries at most, however many proposals.
    """
    if w.actor.kind != "system":
        seen = w.session.exec(select(Round.id).where(Round.id == round_.id, runs_round(w, col(Round.id)))).first()
        if seen is None:
            raise Missing
    hidden = barred(w, round_.id)
    all_rules, gathered = rules_of(round_), _gathered(w, round_, gate)
    rules = all_rules.gates[gate]
    found = calibrated(w, round_, gate, gathered.snapshot(rules, all_rules)).without(hidden)
    ids = [key for key in gathered.rows if key not in hidden]
    reviews = {key: tuple(gathered.reviews.get(key, ())) for key in ids}
    standings = [gathered.standings[key] for key in ids]
    w.saw("ranking", round_.code, (review.code for listed in reviews.values() for review in listed))
    maximum = Fraction(all_rules.scale.maximum) * len(rules.criteria)
    return Ranking(
        gate=gate, criteria=tuple(rules.criteria), quorum=rules.reviews, maximum=maximum,
        threshold=rules.total_threshold * maximum,
        rows=tuple(
            Ranked(*gathered.rows[one.key], tuple(gathered.cities.get(one.key, ())), one, reviews[one.key])
            for one in placed(standings, all_rules, _decisions(w, round_, gate), found.exact)
        ),
        barred=len(hidden), titles={key: gathered.rows[key][2] for key in ids},
        ranks=all_rules.ranking, calibrated=found,
        jurors={review.juror_id: review.juror for listed in reviews.values() for review in listed},
    )  # fmt: skip


def calibration_inputs(w: Work, round_: Round, gate: Gate) -> dict[str, Any]:
    """What the calibration of a gate is computed from, as it is now. For the job: it asks nobody."""
    rules = rules_of(round_)
    return _gathered(w, round_, gate).snapshot(rules.gates[gate], rules)


def ranked_values(w: Work, round_: Round) -> dict[int, Fraction]:
    """Proposal id → the score that ranks it at the round's last gate, raw or calibrated as the rules say.

    Empty where jurors do not judge at the last gate; without those that have no score. Raises Missing as ``ranking``.
    """
    rules = rules_of(round_)
    last = [gate for gate in Gate if gate in rules.open_gates][-1]
    if Judge.JURORS not in rules.gates[last].judges:
        return {}
    return {row.id: row.standing.score for row in ranking(w, round_, last).rows if row.standing.score is not None}


def field_of(w: Work, round_: Round, gate: Gate) -> list[Standing]:
    """Everybody's place at a gate, best first. For acts that tell nobody's place to anybody: it asks nobody."""
    rules, gathered = rules_of(round_), _gathered(w, round_, gate)
    found = calibrated(w, round_, gate, gathered.snapshot(rules.gates[gate], rules))
    return placed(list(gathered.standings.values()), rules, _decisions(w, round_, gate), found.exact)


def ranking_inputs(w: Work, round_: Round, gate: Gate) -> dict[str, Any]:
    """What everybody's place at a gate rests on now, for keeping it: it asks nobody."""
    rules, gathered = rules_of(round_), _gathered(w, round_, gate)
    found = calibrated(w, round_, gate, gathered.snapshot(rules.gates[gate], rules))
    entries = [one.entry for one in gathered.standings.values()]
    return inputs_of(entries, gate, rules, _decisions(w, round_, gate), found.exact)


@dataclass(frozen=True, slots=True)
class _Gathered:
    """All of a gate, whoever may see it."""

    rows: dict[int, tuple[int, str, str, ProposalState]]
    reviews: dict[int, list[Counted]]
    cities: Mapping[int, Sequence[City]]
    standings: dict[int, Standing]
    common: Sequence[Scored]  # of the item everybody marks: links jurors, stands nowhere

    def snapshot(self, rules: GateRules, all_rules: Rules) -> dict[str, Any]:
        """What its calibration is computed from."""
        return snapshot(
            chain(
                (
                    (key, review.juror_id, review.marks)
                    for key, listed in self.reviews.items() if self.standings[key].entry.is_running
                    for review in counting(listed, rules)
                ),
                self.common if any(self.reviews.values()) else (),
            ),
            [key for key, one in self.standings.items() if one.competes], rules, planned(all_rules),
        )  # fmt: skip


def _gathered(w: Work, round_: Round, gate: Gate) -> _Gathered:
    all_rules = rules_of(round_)
    rows = {row[0]: row for row in _proposals(w, round_, gate)}
    rules, ids = all_rules.gates[gate], list(rows)
    reviews, themes, cities = counted(w, ids, gate), _themes(w, ids), cities_of(w, ids)
    agreements = agreed(w, ids, rules, gate)
    standings = {
        key: standing(
            Entry(
                key=key,
                marks=eligible(reviews.get(key, ()), rules),
                themes=frozenset(themes.get(key, ())),
                countries=len({city.country for city in cities.get(key, ()) if city.counts}),
                is_running=state not in OUT,
                agreed=agreements.get(key),
            ),
            rules, all_rules,
        )
        for key, _code, _title, state in rows.values()
    }  # fmt: skip
    linked = common.links(w, round_.id, gate, [criterion.key for criterion in rules.criteria])
    return _Gathered(rows, reviews, cities, standings, linked)


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
    reviews = counted(w, [proposal.id], gate).get(proposal.id, ())
    marks = eligible(reviews, all_rules.gates[gate])
    found_agreed = agreed(w, [proposal.id], all_rules.gates[gate], gate).get(proposal.id)
    found = standing(Entry(proposal.id, marks, agreed=found_agreed), all_rules.gates[gate], all_rules)
    return Facts(len(marks), found.below_threshold, bool(found.spread) and found_agreed is None)
