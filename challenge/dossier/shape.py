"""A dossier: sections with rows, and who may read which. The only place where anything is left out for a reader."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from challenge.kernel.i18n import Text, _
from challenge.kernel.money import euros


class Reader(StrEnum):
    """As what somebody reads it."""

    INSIDER = "insider"  # decides or observes, without a conflict, and does not judge in the round
    PARTY = "party"  # belongs to the proposal's team or to one of its cities


Readers = frozenset[Reader]
INSIDERS: Readers = frozenset({Reader.INSIDER})
BOTH: Readers = frozenset(Reader)
WIDE = 9  # columns


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in cents."""

    cents: int


@dataclass(frozen=True, slots=True)
class Hash:
    """A fingerprint (SHA-256): short on a page, whole in JSON."""

    value: str


@dataclass(frozen=True, slots=True)
class Said:
    """A word of the service: its code in JSON, what it is called on a page."""

    code: str
    text: Text | str


@dataclass(frozen=True, slots=True)
class Column:
    """What a cell of each row says."""

    key: str
    title: Text
    readers: Readers = INSIDERS


@dataclass(frozen=True, slots=True)
class Row:
    """One line. ``of`` are people who may read it though it is not for everybody like them: their own."""

    cells: tuple[Any, ...]
    readers: Readers = INSIDERS
    of: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a title; ``note`` says what is special about them."""

    key: str
    title: Text
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: Text | None = None

    @property
    def is_wide(self) -> bool:
        """Whether its rows read better one under the other than as a table."""
        return len(self.columns) > WIDE

    def seen(self, reader: Reader, person_id: int | None) -> Section:
        """What this reader may read of it."""
        places = [at for at, column in enumerate(self.columns) if reader in column.readers]
        rows = tuple(
            replace(row, cells=tuple(row.cells[at] for at in places))
            for row in self.rows
            if reader in row.readers or person_id in row.of
        )
        return replace(self, columns=tuple(self.columns[at] for at in places), rows=rows if places else ())


@dataclass(frozen=True, slots=True)
class Dossier:
    """Of a round or a proposal, as it stands ``at`` a moment. ``hidden``: proposals the reader has a conflict with."""

    kind: str
    code: str
    title: str
    at: datetime
    sections: tuple[Section, ...]
    hidden: int = 0

    def seen(self, reader: Reader, person_id: int | None) -> Dossier:
        """What this reader may read of it; sections of which nothing is left are not named."""
        sections = [section.seen(reader, person_id) for section in self.sections]
        kept = tuple(section for section in sections if section.columns and (section.rows or reader is Reader.INSIDER))
        return replace(self, sections=kept)


def plain(dossier: Dossier) -> dict[str, Any]:
    """As JSON: instants in UTC, money in cents, fingerprints whole."""
    return {
        "kind": dossier.kind,
        "code": dossier.code,
        "title": dossier.title,
        "at": dossier.at.isoformat(),
        "hidden": dossier.hidden,
        "sections": [
            {
                "key": section.key,
                "title": str(section.title),
                "note": str(section.note) if section.note else None,
                "rows": [
                    {column.key: _raw(cell) for column, cell in zip(section.columns, row.cells, strict=True)}
                    for row in section.rows
                ],
            }
            for section in dossier.sections
        ],
    }


def _raw(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return cell.isoformat()
    if isinstance(cell, Money):
        return cell.cents
    if isinstance(cell, Hash):
        return cell.value
    if isinstance(cell, Said):
        return cell.code
    if isinstance(cell, list | tuple):
        return [_raw(one) for one in cell]
    return cell if cell is None or isinstance(cell, bool | int | str) else str(cell)


def words(cell: Any, moment: Callable[[datetime], str], short: int = 12) -> str:
    """A cell as people read it."""
    if cell is None or cell in ("", [], ()):
        return "–"
    if isinstance(cell, datetime):
        return moment(cell)
    if isinstance(cell, Money):
        return euros(cell.cents)
    if isinstance(cell, Hash):
        return cell.value[:short]
    if isinstance(cell, Said):
        return str(cell.text)
    if isinstance(cell, bool):
        return str(_("yes") if cell else _("no"))
    if isinstance(cell, Sequence) and not isinstance(cell, str):
        return ", ".join(words(one, moment, short) for one in cell)
    return str(cell)
