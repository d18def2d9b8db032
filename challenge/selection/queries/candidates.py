"""What a selection is computed from: every proposal before the jury, its value and cost, and what binds the choice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlmodel import col, select

from challenge.jury import queries as jury
from challenge.jury.ranking import Standing
from challenge.kernel.actor import SYSTEM
from challenge.kernel.journal import digest
from challenge.kernel.work import Work
from challenge.proposals import rules as proposals
from challenge.proposals.content import City, cities_of
from challenge.proposals.models import Proposal, ProposalChallenge
from challenge.proposals.money import asked_of
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.rounds.pairing import pairing
from challenge.rounds.queries import rules_of
from challenge.rounds.schemas import GateRules
from challenge.rounds.states import Gate
from challenge.selection import rules
from challenge.submissions.models import Submission

JURY = (ProposalState.IN_JURY,)
WAITING = (*JURY, ProposalState.RESERVE)
SCALE = 10_000  # parts of a point: values are whole numbers


@dataclass(frozen=True, slots=True)
class Valued:
    """A proposal with its value, or why it has none. ``marks`` has a value per review, for drawing juries anew."""

    id: int
    value: int
    marks: tuple[int, ...]
    why: str = ""


def values(w: Work, round_: Round, states: Collection[ProposalState] = JURY) -> list[Valued]:
    """The proposals in these states at the last gate, in the order of the ranking and its tie ladder.

    The value is the score that ranks: raw, of the consensus, or calibrated as the rules say. What single reviews would
    have given is moved by what lies between it and their mean, so that juries drawn anew vary around it.
    """
    gate = last_gate(round_)
    if gate is None:
        return []
    document = rules_of(round_).gates[gate]
    waiting = [row for row in jury.ranking(w, round_, gate).rows if row.state in states]
    return [_valued(row.id, row.standing, document) for row in waiting]


def _valued(key: int, standing: Standing, gate: GateRules) -> Valued:
    value = _whole(standing.score or Fraction(0))
    marks = [_weighted(marks, gate) for marks in standing.entry.marks]
    moved = value - round(Fraction(sum(marks), len(marks))) if marks else 0
    why = ""
    if standing.place is None:
        why = "quorum" if not standing.has_quorum else "threshold" if standing.below_threshold else "uncalibrated"
    return Valued(key, value, tuple(mark + moved for mark in marks), why)


def last_gate(round_: Round) -> Gate | None:
    """The round's last gate, where jurors judge at it."""
    gates = jury.jury_gates(round_)
    last = [gate for gate in Gate if gate in rules_of(round_).open_gates][-1]
    return last if last in gates else None


def _weighted(marks: Any, gate: GateRules) -> int:
    weights = sum((Fraction(criterion.weight) for criterion in gate.criteria), Fraction(0))
    total = sum((Fraction(one.weight) * Fraction(marks[one.key], 10) for one in gate.criteria), Fraction(0))
    return _whole(total / weights if weights else Fraction(0))


def _whole(value: Fraction) -> int:
    return round(value * SCALE)


def snapshot(w: Work, round_: Round, *, reserve: bool = False) -> dict[str, Any]:
    """Everything at once, the conflicts of the actor aside: for computing. What of it is shown is asked where it is.

    Money and places that announced awards and running pilots bind are taken off before: they stay. With ``reserve``
    those on the reserve list can be chosen as well as those before the jury. As many queries for many as for one.
    """
    w = Work(w.session, SYSTEM, w.now)
    valued = values(w, round_, WAITING if reserve else JURY)
    ids = [one.id for one in valued]
    found = {one.id: one for one in w.session.exec(select(Proposal).where(col(Proposal.id).in_(ids)))}
    cities, costs, themes = cities_of(w, ids), asked_of(w, ids), _themes(w, ids)
    uncommitted = proposals.without_commitments(w, list(found.values()))
    lines, left_out = [], []
    for one in valued:
        proposal, counting = found[one.id], [city for city in cities.get(one.id, ()) if city.counts]
        if why := one.why or _why_not(w, proposal, costs.get(one.id, 0), cities.get(one.id, ()), uncommitted):
            left_out.append({"id": one.id, "why": why})
            continue
        lines.append({
            "id": one.id, "value": one.value, "marks": list(one.marks), "cost": costs[one.id],
            "size": proposal.size_class or "", "cities": sorted(city.id for city in counting),
            "themes": sorted(themes.get(one.id, ())),
        })  # fmt: skip
    return {
        "candidates": lines, "left_out": left_out, "ranking": rules_of(round_).ranking,
        "rules_version": round_.rules_version, **({"reserve": True} if reserve else {}),
        **_limits(w, round_, ids, cities),
    }  # fmt: skip


def hash_of(inputs: Any) -> str:
    """What names these inputs."""
    return digest(inputs)


def _why_not(
    w: Work, proposal: Proposal, cost: int, cities: Sequence[City], uncommitted: Collection[int]
) -> str:  # fmt: skip
    """The code of the reason why it cannot be funded whatever is chosen beside it, or nothing."""
    if not cost:
        return "no_budget"
    pairs = pairing(((city.country, city.role, city.id) for city in cities), proposals.rules_of(w, proposal))
    if pairs is not None:
        return pairs.code
    if proposal.id in uncommitted:
        return "commitments"
    problem = rules.fits_class(w, proposal, cost)
    return problem.code if problem else ""


def _limits(w: Work, round_: Round, ids: Collection[int], cities: dict[int, list[City]]) -> dict[str, Any]:
    """Budget, places by class and places by city that are left for these proposals."""
    document = rules_of(round_)
    awarded = rules.awards_but(w, round_.id, ids)
    taken = Counter(size for size, _cents in awarded)
    budget = round_.budget_cents
    every = sorted({city.id for listed in cities.values() for city in listed if city.counts})
    return {
        "budget": None if budget is None else max(budget - sum(cents for _size, cents in awarded), 0),
        "planned": {size.key: max(size.planned - taken[size.key], 0) for size in document.size_classes},
        "city_cap": _city_caps(w, round_, every, ids),
    }


def _city_caps(w: Work, round_: Round, cities: Sequence[int], ids: Collection[int]) -> dict[str, int]:
    rooms = rules.rooms(w, round_.id, cities, but=ids)
    return {str(city): left for city in cities if (left := rooms[city].left) is not None}


def _themes(w: Work, ids: Collection[int]) -> dict[int, set[str]]:
    rows = w.session.execute(
        select(ProposalChallenge.proposal_id, Submission.themes)
        .join(Submission, col(Submission.id) == ProposalChallenge.submission_id)
        .where(col(ProposalChallenge.proposal_id).in_(ids))
    )
    found: dict[int, set[str]] = {}
    for key, names in rows:
        found.setdefault(key, set()).update(names)
    return found
