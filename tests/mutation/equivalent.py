"""Planted changes that are no fault: nothing anybody could see differs. Each says why."""

from __future__ import annotations

EQUIVALENT: dict[str, str] = {
    "challenge/selection/rules/awards.py: found or 0: without operand 2": "the database gives nought, never nothing",
    "challenge/kernel/workflow.py: row.keys > 1: Gt → GtE": "one more question to the database; one key is never asked",
}
