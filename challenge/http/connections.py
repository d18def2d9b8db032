"""The open connections of one server: so many in all and from one address; when there is no room, an idle one goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from challenge.kernel.place import is_within, place_of
from challenge.settings import Settings

STATE = "connections"  # the lifespan's name for them


class Connection(Protocol):
    """What is asked of a connection."""

    place: str | None

    @property
    def is_idle(self) -> bool:
        """Whether closing it now hurts nobody."""

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for the other side: its request is not all here yet, or its answer is not taken."""

    def end(self) -> None:
        """Close it."""


@dataclass
class Connections:
    """The open connections of one server. ``trusted`` are proxies, through which everybody comes.

    When there is no room at all, whoever comes from a place with few connections takes one that waits for its other
    side, of the place that has most.
    """

    head_seconds: float = 10.0
    body_seconds: float = 30.0
    body_rate: int = 16_384
    most: int = 800
    most_per_place: int = 50
    trusted: tuple[str, ...] = ()
    _open: dict[str, dict[Connection, None]] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings) -> Connections:
        """With the figures of the settings."""
        return cls(
            settings.head_seconds, settings.body_seconds, settings.body_rate, settings.connections,
            settings.connections_per_address, settings.proxies,
        )  # fmt: skip

    def enter(self, connection: Connection, ip: str) -> bool:
        """Count a new one; False when there is no room and nobody idle to make some."""
        place = place_of(ip)
        beside = self._open.get(place, {})
        if len(beside) >= self.most_per_place and not is_within(ip, self.trusted) and not _end_idle(iter(beside)):
            return False
        everybody = (one for each in self._open.values() for one in each)
        if sum(map(len, self._open.values())) >= self.most and not (_end_idle(everybody) or self._end_waiting(place)):
            return False
        self._open.setdefault(place, {})[connection] = None
        connection.place = place
        return True

    def _end_waiting(self, newcomer: str) -> bool:
        enough = len(self._open.get(newcomer, {})) + 1
        places = [place for place in self._open if not is_within(place, self.trusted)]
        for place in sorted(places, key=lambda place: len(self._open[place]), reverse=True):
            if len(self._open[place]) <= enough:
                break
            if (waiting := next((one for one in self._open[place] if one.is_waiting), None)) is not None:
                waiting.end()
                return True
        return False

    def leave(self, connection: Connection) -> None:
        """It is closed."""
        if connection.place is not None and (beside := self._open.get(connection.place)) is not None:
            beside.pop(connection, None)
            if not beside:
                del self._open[connection.place]


def _end_idle(connections: Iterator[Connection]) -> bool:
    """End the oldest that waits for nothing."""
    idle = next((one for one in connections if one.is_idle), None)
    if idle is not None:
        idle.end()
    return idle is not None
