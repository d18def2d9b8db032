"""Planted changes that are no fault: nothing anybody could see differs. Each says why."""

from __future__ import annotations

EQUIVALENT: dict[str, str] = {
    "challenge/selection/rules/awards.py: found or 0: without operand 2": "the database gives nought, never nothing",
    "challenge/kernel/workflow.py: row.keys > 1: Gt → GtE": "one more question to the database; one key is never asked",
    "challenge/kernel/approval.py: w.session.flush(): call left out": (
        "changed rows of a table are written before new ones, and each step that follows is flushed first"
    ),
    "challenge/pilots/rules.py: bool(seats) and any((row.city_id in seats for row in content.members(w, pilot))): "
    "without operand 1": "spares a question to the database: no city is in an empty set",
}
