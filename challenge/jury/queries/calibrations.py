"""Calibrations of a gate: what they are computed from, whether they still hold, and what they say."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import and_, case, func
from sqlalchemy import select as sa_select
from sqlmodel import col, select

from challenge.jury.common import queries as common
from challenge.jury.models import Calibration, Conflict, Review
from challenge.jury.states import CalibrationState, ReviewState
from challenge.kernel.journal import digest
from challenge.kernel.work import Work
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.rounds.schemas import GateRules, Rules
from challenge.rounds.states import Gate

Where = tuple[int, Gate]  # round id, gate
Scored = tuple[int, int, Mapping[str, int]]  # proposal id, juror id, tenths by criterion
# Proposals in these states keep their marks but have no place.
OUT = (ProposalState.WITHDRAWN, ProposalState.INELIGIBLE, ProposalState.MERGED, ProposalState.LAPSED)


def snapshot(scores: Iterable[Scored], competing: Collection[int], rules: GateRules, planned: int) -> dict[str, Any]:
    """What a calibration is computed from, by id: ``criteria`` with their weights, ``scores`` (proposal, juror, marks).

    ``competing`` are the proposals over every threshold, ``best`` how many pilots are planned.
    """
    keys = [criterion.key for criterion in rules.criteria]
    return {
        "criteria": [[criterion.key, str(criterion.weight.normalize())] for criterion in rules.criteria],
        "scores": sorted([proposal, juror, [marks[key] for key in keys]] for proposal, juror, marks in scores),
        "competing": sorted(competing),
        "best": planned,
    }


def planned(rules: Rules) -> int:
    """How many pilots the round plans, over all sizes: the ``k`` of the chance to be among the k best."""
    return sum(size.planned for size in rules.size_classes)


# Whether something has changed


def marks(w: Work) -> dict[Where, str]:
    """A glance at each gate somebody has handed in a review at: the mark changes whenever its calibration may have.

    Reviews, conflicts, rules and what is pushed to proposals are counted, not read: this is asked every ten seconds.
    """
    conflicts = _by_round(w, Conflict.round_id, func.count(), func.sum(Conflict.version))
    stands = _by_round(
        w, Proposal.round_id, func.sum(Proposal.reviews_eligible), _how_many(col(Proposal.below_threshold).is_(False)),
        *(_how_many(col(Proposal.state) == state) for state in OUT),
    )  # fmt: skip
    linked = common.counts(w)
    rows = w.session.execute(
        sa_select(
            col(Review.round_id), col(Review.gate), col(Round.rules_version), func.count(), func.sum(Review.version),
            _how_many(col(Review.state) == ReviewState.SUBMITTED),
        )
        .join(Round, col(Round.id) == Review.round_id)
        .group_by(col(Review.round_id), col(Review.gate), col(Round.rules_version))
    )  # fmt: skip
    return {
        (round_id, Gate(gate)): digest(
            [*map(int, seen), conflicts.get(round_id, []), stands.get(round_id, [])]
            + ([linked[round_id, Gate(gate)]] if (round_id, Gate(gate)) in linked else [])
        )
        for round_id, gate, *seen in rows
        if seen[-1]
    }


def _how_many(condition: Any) -> Any:
    return func.sum(case((condition, 1), else_=0))


def _by_round(w: Work, round_id: Any, *counts: Any) -> dict[int, list[int]]:
    rows = w.session.execute(sa_select(col(round_id), *counts).group_by(col(round_id)))
    return {key: [int(count or 0) for count in found] for key, *found in rows}


def due_calibrations(w: Work) -> dict[Where, str]:
    """The gates whose mark is not the one their last calibration was asked for at. One that waits reads what is new."""
    newest = sa_select(func.max(Calibration.id)).group_by(col(Calibration.round_id), col(Calibration.gate))
    rows = w.session.execute(
        sa_select(col(Calibration.round_id), col(Calibration.gate), col(Calibration.mark), col(Calibration.state))
        .where(col(Calibration.id).in_(newest))
    )  # fmt: skip
    asked = {(round_id, Gate(gate)): (mark, state) for round_id, gate, mark, state in rows}
    return {
        where: mark
        for where, mark in marks(w).items()
        if where not in asked or (asked[where][0] != mark and asked[where][1] is not CalibrationState.WAITING)
    }


# What it says


@dataclass(frozen=True, slots=True)
class Value:
    """The calibrated weighted score of a proposal, in points; ``chance`` only of those who compete."""

    exact: Fraction
    low: float
    high: float
    chance: float | None
    criteria: Mapping[str, float | None]

    @property
    def value(self) -> float:
        """For drawing; ranking uses ``exact``."""
        return float(self.exact)


@dataclass(frozen=True, slots=True)
class Severity:
    """By how many points a juror marks below the average of the jurors; positive is strict."""

    juror_id: int
    whole: float
    criteria: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Group:
    """Proposals and jurors no chain of shared proposals links with the others."""

    proposals: tuple[int, ...]
    jurors: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Calibrated:
    """What the calibration of a gate says now. Without ``at`` there is none that still holds.

    ``since``: reviews that came in later; ``reason``: why scores cannot be compared; ``best`` of ``among`` proposals is
    what a chance is about; ``is_whole`` is false for whoever may not see all that went in.
    """

    at: datetime | None = None
    code: str | None = None
    since: int = 0
    is_current: bool = False
    has_failed: bool = False
    reason: str | None = None
    best: int = 0
    among: int = 0
    seed: int = 0
    inputs_hash: str | None = None
    versions: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[int, Value] = field(default_factory=dict)
    jurors: tuple[Severity, ...] = ()
    agreement: Mapping[str, float | None] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    is_whole: bool = True

    @property
    def exact(self) -> dict[int, Fraction]:
        """Proposal id → the score that ranks where the rules say so."""
        return {key: value.exact for key, value in self.values.items()}

    def without(self, hidden: Collection[int]) -> Calibrated:
        """As somebody sees it who may know nothing of these proposals: nothing their scores could be read from."""
        if not hidden:
            return self
        return replace(
            self, is_whole=False, since=0, inputs_hash=None, jurors=(), agreement={}, groups=(),
            values={key: replace(one, chance=None) for key, one in self.values.items() if key not in hidden},
        )  # fmt: skip


def calibrated(w: Work, round_: Round, gate: Gate, inputs: Mapping[str, Any]) -> Calibrated:
    """What is known of the gate, whose snapshot is ``inputs`` now. Three queries at most.

    A calibration holds as long as every score in it still counts: one that came from a juror found to have a conflict
    is out of it at once, although the new one is only computed within the next ten seconds.
    """
    of_gate = and_(col(Calibration.round_id) == round_.id, col(Calibration.gate) == gate)
    newest = select(Calibration.state).where(of_gate).order_by(col(Calibration.id).desc()).limit(1)
    has_failed = w.session.exec(newest).first() is CalibrationState.FAILED
    row = w.session.execute(
        sa_select(*(col(getattr(Calibration, name)) for name in _SHOWN))
        .where(of_gate, col(Calibration.state) == CalibrationState.READY)
        .order_by(col(Calibration.id).desc())
        .limit(1)
    ).first()
    if row is None:
        return Calibrated(has_failed=has_failed)
    is_current, then = row.inputs_hash == digest(inputs), inputs
    if not is_current:
        then = w.session.exec(select(Calibration.inputs).where(Calibration.id == row.id)).one()
    since = _since(then, inputs)
    if since is None:
        return Calibrated(has_failed=has_failed)
    result = row.result
    return Calibrated(
        at=row.finished_at, code=row.code, since=since, is_current=is_current,
        has_failed=has_failed and not is_current, reason=result["reason"], best=then["best"],
        among=len(then["competing"]), seed=row.seed, inputs_hash=row.inputs_hash, versions=row.versions,
        values={one["id"]: _value(one) for one in result["proposals"] if one["value"] is not None},
        jurors=tuple(
            Severity(one["id"], one["severity"], one["criteria"])
            for one in result["jurors"] if one["severity"] is not None
        ),
        agreement=result["agreement"],
        groups=tuple(Group(tuple(one["proposals"]), tuple(one["jurors"])) for one in result["groups"]),
    )  # fmt: skip


_SHOWN = ("id", "code", "result", "inputs_hash", "seed", "versions", "finished_at")


def _value(one: Mapping[str, Any]) -> Value:
    return Value(Fraction(Decimal(str(one["value"]))), one["low"], one["high"], one["chance"], one["criteria"])


def _since(then: Mapping[str, Any], now: Mapping[str, Any]) -> int | None:
    """How many scores came later; None when one of then does not count any more, or the criteria are others."""
    if then["criteria"] != now["criteria"]:
        return None
    old, new = ({(one[0], one[1], tuple(one[2])) for one in inputs["scores"]} for inputs in (then, now))
    return len(new) - len(old) if old <= new else None
