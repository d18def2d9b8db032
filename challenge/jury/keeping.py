"""A ranking as plain data: what it rests on, and its places, so that it is kept and can be computed again. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from challenge.jury.ranking import Entry, Standing, rank
from challenge.rounds.schemas import Rules
from challenge.rounds.states import Gate

# The part of a round's rules that a ranking depends on.
RULES = {"gates", "scale", "spread_alert", "ranking", "tie_ladder"}


def inputs_of(
    entries: Sequence[Entry], gate: Gate, rules: Rules, decisions: Sequence[Sequence[int]],
    calibrated: Mapping[int, Fraction],
) -> dict[str, Any]:  # fmt: skip
    """Everything the places depend on, by id; calibrated scores where they rank."""
    return {
        "gate": str(gate),
        "rules": rules.model_dump(mode="json", include=RULES),
        "entries": [_entry(one) for one in sorted(entries, key=lambda one: one.key)],
        "decisions": [list(order) for order in decisions],
        "calibrated": {str(key): str(value) for key, value in sorted(calibrated.items())}
        if rules.ranking == "calibrated"
        else {},
    }


def _entry(one: Entry) -> dict[str, Any]:
    return {
        "id": one.key,
        "marks": sorted((dict(sorted(marks.items())) for marks in one.marks), key=lambda marks: list(marks.items())),
        "themes": sorted(one.themes), "countries": one.countries, "is_running": one.is_running,
        "agreed": None if one.agreed is None else dict(sorted(one.agreed.items())),
    }  # fmt: skip


def places_of(inputs: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The ranking from what was kept, best first; scores are exact fractions."""
    rules = Rules.model_validate(inputs["rules"])
    entries = [
        Entry(one["id"], one["marks"], frozenset(one["themes"]), one["countries"], one["is_running"], one["agreed"])
        for one in inputs["entries"]
    ]
    calibrated = {int(key): Fraction(value) for key, value in inputs["calibrated"].items()}
    found = rank(entries, rules.gates[Gate(inputs["gate"])], rules, inputs["decisions"], calibrated)
    return [_place(one) for one in found]


def _place(one: Standing) -> dict[str, Any]:
    return {
        "id": one.key, "place": one.place, "score": _exact(one.score), "total": _exact(one.total),
        "has_quorum": one.has_quorum, "below": list(one.below), "is_total_below": one.is_total_below,
        "spread": list(one.spread), "is_shared": one.is_shared, "settled_by": one.settled_by,
    }  # fmt: skip


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else str(value)
