"""Who acts: a person with what they hold, the system, or nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """``roles`` are (role, round id or None for all rounds); ``seats`` are (organisation id, seat).

    ``proven_at`` is when this person last showed a credential in this session; None where a program acts (a token).
    ``stands_for`` says in whose place seats are held for a while: (name of a column or of what is given, its value,
    the person's id).
    ``must_set_up``: the roles need a second factor that is not there yet; until it is, the roles are not held.
    """

    kind: Literal["person", "system", "nobody"] = "nobody"
    id: int | None = None
    code: str = ""
    name: str = ""
    locale: str = "en"
    session_id: int | None = None
    proven_at: datetime | None = None
    must_set_up: bool = False
    roles: frozenset[tuple[str, int | None]] = field(default_factory=frozenset)
    seats: frozenset[tuple[int, str]] = field(default_factory=frozenset)
    stands_for: frozenset[tuple[str, int | str, int]] = field(default_factory=frozenset)

    @property
    def signed_in(self) -> bool:
        """Whether this is a person we know."""
        return self.kind == "person"

    def holds(self, role: str, scope: int | None) -> bool:
        """Whether the actor has ``role`` for this scope (a round's id) or for all scopes."""
        return (role, None) in self.roles or (role, scope) in self.roles

    def holds_anywhere(self, role: str) -> bool:
        """Whether the actor has ``role`` for at least one scope."""
        return any(held == role for held, _ in self.roles)

    def scopes(self, role: str) -> frozenset[int] | None:
        """The round ids for which ``role`` is held; None means all of them."""
        if (role, None) in self.roles:
            return None
        return frozenset(scope for held, scope in self.roles if held == role and scope is not None)

    def sits_in(self, organisation_id: int | None, *seats: str) -> bool:
        """Whether the actor has one of these seats (any, when none is named) in the organisation."""
        return any(where == organisation_id and (not seats or seat in seats) for where, seat in self.seats)

    def in_place_of(self, record: object, given: Mapping[str, object]) -> int | None:
        """The id of the person in whose place the actor does this to the record; None when it is in their own."""
        found = (
            who
            for name, value, who in self.stands_for
            if (given[name] if name in given else getattr(record, name, None)) == value
        )
        return next(found, None)

    def organisations(self, *seats: str) -> frozenset[int]:
        """The organisations in which the actor has one of these seats (any, when none is named)."""
        return frozenset(where for where, seat in self.seats if not seats or seat in seats)


NOBODY = Actor()
SYSTEM = Actor(kind="system", name="system")
