"""Planted changes that are no fault: nothing anybody could see differs. Each says why."""

from __future__ import annotations

EQUIVALENT: dict[str, str] = {}
