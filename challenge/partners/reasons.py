"""What speaks for a city, how much each reason can give, and what a proposal looks for. Pure: no database, no clock.

Points are whole tenths, so that what is shown adds up exactly. The weights are a decision of ours, said on the page and
in docs/deciding.md; a city that fills a gap of the pairing rule stands before all that do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from challenge.kernel.i18n import Text, _
from challenge.rounds.pairing import Fact, Part


class Reason(StrEnum):
    """What speaks for a city."""

    PAIRING = "pairing"
    INTEREST = "interest"
    THEMES = "themes"
    WORDS = "words"
    NETWORKS = "networks"
    LANGUAGES = "languages"
    SIZE = "size"
    LATITUDE = "latitude"


R = Reason
MOST: Mapping[Reason, int] = {
    R.PAIRING: 30, R.INTEREST: 20, R.THEMES: 15, R.WORDS: 15, R.NETWORKS: 5, R.LANGUAGES: 5, R.SIZE: 5, R.LATITUDE: 5,
}  # fmt: skip
"""The most points a reason can give; a hundred in all."""

FOR_THE_CITY = (R.INTEREST, R.THEMES, R.WORDS, R.NETWORKS, R.LANGUAGES)
"""What a city gains by a proposal, beside its own rating of it."""

TITLES: Mapping[Reason, Text] = {
    R.PAIRING: _("Closes the pairing gap"),
    R.INTEREST: _("Showed interest in the challenge"),
    R.THEMES: _("Same themes"),
    R.WORDS: _("Says similar things"),
    R.NETWORKS: _("Shares a network"),
    R.LANGUAGES: _("Shares a language"),
    R.SIZE: _("Similar size"),
    R.LATITUDE: _("Similar latitude"),
}
MISSING: Mapping[Reason, Text] = {  # what is not known where a reason cannot be judged
    R.THEMES: _("themes"),
    R.WORDS: _("what it offers and looks for"),
    R.NETWORKS: _("networks"),
    R.LANGUAGES: _("languages"),
    R.SIZE: _("number of residents"),
    R.LATITUDE: _("position"),
}
SHARES = {"missing": 1.0, "advised": 0.5}  # of the points of the pairing gap


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of a city. None and nothing mean: not known."""

    id: int
    country: str
    population: int | None = None
    latitude: float | None = None
    themes: frozenset[str] = frozenset()
    networks: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sought:
    """What a proposal looks for. ``gap``: a side (home or foreign) → the share of the points a city of it gets.

    ``places`` are its cities and those whose challenges it answers; ``interested`` the ids of cities that showed
    interest in one of them.
    """

    home: str
    gap: Mapping[Part, float]
    themes: frozenset[str]
    places: tuple[Place, ...]
    interested: frozenset[int]


def gap_of(facts: Iterable[Fact]) -> dict[Part, float]:
    """Which side the pairing rule asks for. Where only the number is short, a city of either side helps."""
    asked = {fact.part: fact.kind for fact in facts if fact.part is not None}
    sides = {part: SHARES[asked[part]] for part in (Part.HOME, Part.FOREIGN) if asked.get(part) in SHARES}
    if asked.get(Part.COUNT) == "missing" and 1.0 not in sides.values():
        return dict.fromkeys((Part.HOME, Part.FOREIGN), 1.0)
    return sides


@dataclass(frozen=True, slots=True)
class Fit:
    """Points in tenths by reason (only where there are any), and the reasons nothing is known for."""

    points: Mapping[Reason, int]
    unknown: tuple[Reason, ...]

    @property
    def score(self) -> int:
        """The sum of the points, in tenths."""
        return sum(self.points.values())

    @property
    def closes_gap(self) -> bool:
        """Whether the pairing rule asks for a city like this one."""
        return Reason.PAIRING in self.points
