"""The results of a pilot as everybody reads them: one object for the page, the frame, JSON and CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from challenge.kernel.work import Work
from challenge.pilots import content
from challenge.pilots.content import Member
from challenge.pilots.results import queries
from challenge.pilots.results.queries import Asked
from challenge.pilots.tracking.views import Tracked, city_name, tracked

if TYPE_CHECKING:
    from challenge.pilots.models import Pilot
    from challenge.pilots.results.models import Kit, News, Output, Reuse

HEAD = ("pilot", "title", "indicator", "unit", "city", "baseline", "target", "actual", "measured_on")


@dataclass(frozen=True, slots=True)
class Showcase:
    """What came of a pilot; nothing of it is for its own people only."""

    pilot: Pilot
    members: Sequence[Member]
    indicators: Sequence[Tracked]
    outputs: Sequence[Output]
    kit: Kit | None
    news: Sequence[News]
    reuses: Sequence[Reuse]
    contacts: Sequence[Asked]
    wishes: int

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell yet."""
        told = (self.indicators, self.outputs, self.kit, self.news, self.reuses, self.pilot.public_summary)
        return not any(told)


def showcase(w: Work, pilot: Pilot) -> Showcase:
    """All of it."""
    return Showcase(
        pilot, content.members(w, pilot), tracked(w, pilot), queries.outputs(w, pilot), queries.kit(w, pilot),
        queries.news(w, pilot), queries.reuses(w, pilot), queries.contacts(w, pilot), queries.wish_count(w, pilot),
    )  # fmt: skip


def table(w: Work, pilot: Pilot) -> list[tuple[Any, ...]]:
    """The indicators as rows of a file: numbers as numbers, days as days."""
    cities = {row.city_id: row.name for row in content.members(w, pilot)}
    return [
        (pilot.code, pilot.title, row.title, row.unit, city_name(row, cities), row.baseline, row.target, row.actual,
         row.measured_on)
        for row in content.indicators(w, pilot)
    ]  # fmt: skip
