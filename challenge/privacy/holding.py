"""What the register says of an activity, and of a table in which it keeps something about people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Table, or_

from challenge.kernel.i18n import Text, _
from challenge.kernel.record import metadata
from challenge.privacy.finding import Finder, Subject, by
from challenge.rounds.pieces import Retention


class Basis(StrEnum):
    """The legal ground (GDPR Art. 6(1)); whoever runs the installation confirms it."""

    PUBLIC_TASK = "public_task"
    SECURITY = "security"
    PUBLIC_MONEY = "public_money"


BASES: dict[Basis, Text] = {
    Basis.PUBLIC_TASK: _("A task in the public interest: running the programme (GDPR Art. 6(1)(e))"),
    Basis.SECURITY: _("The duty to keep data secure (GDPR Art. 6(1)(c) with Art. 32)"),
    Basis.PUBLIC_MONEY: _("The duty to account for public money (GDPR Art. 6(1)(c))"),
}


class Fate(StrEnum):
    """What becomes of the rows when the person is erased."""

    REMOVED = "removed"
    EMPTIED = "emptied"  # the row stays, what says who it was does not
    STAYS = "stays"  # names the person by their nameless row only


@dataclass(frozen=True, slots=True)
class Holding:
    """One table. ``people`` are its columns that name somebody; ``shown`` those the person is given, no secrets.

    ``find`` finds further rows of theirs, ``emptied`` is what the columns become when the person is erased.
    """

    table: str
    people: tuple[str, ...] = ("person_id",)
    shown: tuple[str, ...] = ()
    fate: Fate = Fate.STAYS
    find: Finder | None = None
    emptied: Mapping[str, Any] = field(default_factory=dict)

    @property
    def columns(self) -> Table:
        """The table itself."""
        return metadata.tables[self.table]

    def rows_of(self, subject: Subject) -> ColumnElement[bool]:
        """Which rows are about the person, or were made by them."""
        finders = [by(column) for column in self.people] + ([self.find] if self.find is not None else [])
        return or_(*(finder(self.columns, subject) for finder in finders))


Kept = Callable[[Retention], tuple[Text, ...]]
"""How long, in sentences, by the years a round's rules say."""


@dataclass(frozen=True, slots=True)
class Activity:
    """A purpose for which data about people is kept, with everything the register must say of it."""

    key: str
    title: Text
    what: Text
    purpose: Text
    basis: Basis
    kept: Kept
    readers: Text
    when_erased: Text
    holdings: tuple[Holding, ...]


def always(*texts: Text) -> Kept:
    """The same whatever a round's rules say."""
    return lambda _years: texts
