"""Tables as downloads that no program runs (kernel/sheets.py writes them)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from starlette.responses import Response

from challenge.kernel.sheets import CSV, XLSX, write_csv, write_xlsx

Cell = str | int | Decimal | date | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the words of its head and its rows."""

    head: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def csv_file(table: Table, stem: str) -> Response:
    """The table as ``stem.csv``."""
    return sent_as(write_csv(table.head, table.rows).encode(), f"{stem}.csv", CSV)


def xlsx_file(sheets: Mapping[str, Table], stem: str) -> Response:
    """The tables as the sheets of ``stem.xlsx``."""
    return sent_as(write_xlsx((name, one.head, one.rows) for name, one in sheets.items()), f"{stem}.xlsx", XLSX)


def sent_as(content: bytes, name: str, media_type: str) -> Response:
    """A download of this name, never shown inside our pages."""
    return Response(
        content, media_type=media_type,
        headers={"content-disposition": f'attachment; filename="{name}"', "x-content-type-options": "nosniff"},
    )  # fmt: skip
