"""What higher packages add to a city's page: they know its challenges and pilots, cities do not know them.

Wiring puts a function ``city_extras(w, city) -> list[Extra]`` among the template globals; the page of a city asks it,
where there is one. Each package contributes lists of its own, already scoped to what the reader may see.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from challenge.cities.queries import City
from challenge.kernel.work import Work


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: a title that leads somewhere, a note, and a state as a tag where there is one."""

    title: str
    href: str
    note: str = ""
    tag: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Extra:
    """A section of the page, left out when it has no entries. ``key`` is the id of its heading."""

    key: str
    title: str
    entries: Sequence[Entry]


CityExtras = Callable[[Work, City], list[Extra]]


def extras_of(w: Work, city: City, template_globals: dict[str, Any]) -> list[Extra]:
    """The sections there are for this city."""
    ask: CityExtras | None = template_globals.get("city_extras")
    return [extra for extra in ask(w, city) if extra.entries] if ask is not None else []
