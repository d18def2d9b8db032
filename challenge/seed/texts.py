"""Invented titles and answers, as long as real ones."""

from __future__ import annotations

import random
from typing import Any

from challenge.proposals.content import COLUMNS
from challenge.proposals.schemas import FORMS
from challenge.rounds.states import Gate

HOW = ("Quiet", "Cleaner", "Shared", "Measured", "Safer", "Open", "Warmer", "Shorter", "Fewer", "Mapped", "Repaired")
WHAT = ("streets", "harbours", "schools", "heat pipes", "bus lines", "rivers", "roofs", "junctions", "playgrounds",
        "lifts", "bridges", "parks", "drains", "stops")  # fmt: skip
WHERE = ("in winter", "at night", "near the river", "for children", "for pensioners", "without cars", "by forecast",
         "after rain", "under snow", "with residents")  # fmt: skip
SENTENCES = (
    "Sensors under the surface measure every hour, and residents see what they measured.",
    "Two departments keep the same list twice, in formats nobody can compare.",
    "The method was tried in one district for a year; its errors are known and published.",
    "Both cities lend a test site and forty hours of their people each month.",
    "If it freezes before November the second campaign moves to spring.",
    "What is learnt is written down so that a third city can begin without us.",
)
THEMES = ("energy", "mobility", "environment", "data")
QUESTIONS = tuple(
    name
    for name, field in FORMS[Gate.FULL_PROPOSAL].model_fields.items()
    if field.annotation in (str, str | None) and name not in COLUMNS
)


def title(chance: random.Random, number: int) -> str:
    """A title nobody else has."""
    return f"{chance.choice(HOW)} {chance.choice(WHAT)} {chance.choice(WHERE)} {number:06}"


def text(chance: random.Random, sentences: int = 3) -> str:
    """A paragraph."""
    return " ".join(chance.choices(SENTENCES, k=sentences))


def challenge(chance: random.Random, name: str) -> dict[str, Any]:
    """The answers of a challenge."""
    long = ("problem", "evidence", "tried", "outcome", "site", "data", "limits", "brings", "residents", "partner")
    return {
        "title": name, "summary": text(chance, 2), "themes": [chance.choice(THEMES)], "since": "2019",
        "affected": str(chance.randint(100, 90_000)), "affected_who": "live nearby", "measure": "Hours lost",
        "measure_now": "71", "measure_wished": "55", "departments": "Roads, environment", "thesis": False,
        "consent": True, **{name: text(chance) for name in long},
    }  # fmt: skip


def proposal(chance: random.Random, name: str) -> dict[str, Any]:
    """The answers of a full proposal."""
    return {
        **{question: text(chance) for question in QUESTIONS}, "title": name, "summary": text(chance, 2),
        "size_class": "large", "months": "36", "publish": True, "mims": ["mim1"], "people_checks": ["equity"],
        "indicators": ["Hours until a warning | 48 | 2 | city laboratory"],
    }  # fmt: skip
