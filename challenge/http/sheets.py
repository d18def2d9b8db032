"""Tables for spreadsheets: CSV and XLSX that no program runs. Every export goes through here.

A text that a spreadsheet would take for a formula gets an apostrophe before it in CSV; in XLSX each cell says itself
whether it is a text or a number. Numbers are numbers in both: a loss of -5 stays -5.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import xlsxwriter
from starlette.responses import Response

Cell = str | int | Decimal | date | None
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
MOST_TEXT = 32_767  # characters of a cell of XLSX
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the words of its head and its rows."""

    head: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would run it, whatever white space it begins with."""
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text


def as_csv(table: Table) -> bytes:
    """RFC 4180 in UTF-8 with a mark of its encoding, which spreadsheets need."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    for row in (table.head, *table.rows):
        writer.writerow([harmless(cell) if isinstance(cell, str) else "" if cell is None else cell for cell in row])
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def as_xlsx(sheets: Mapping[str, Table]) -> bytes:
    """A workbook with a sheet per table; the head stays in sight."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept, PLAIN)
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    for name, table in sheets.items():
        sheet = book.add_worksheet(name[:31])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(table.head) - 1, 20)
        for place, word in enumerate(table.head):
            sheet.write_string(0, place, word, bold)
        for line, row in enumerate(table.rows, start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(line, place, cell[:MOST_TEXT])
                elif isinstance(cell, date):
                    sheet.write_datetime(line, place, cell, day)
                elif cell is not None:
                    sheet.write_number(line, place, cell)
    book.close()
    return kept.getvalue()


def sent_as(content: bytes, name: str, media_type: str) -> Response:
    """A download of this name, never shown inside our pages."""
    return Response(
        content, media_type=media_type,
        headers={"content-disposition": f'attachment; filename="{name}"', "x-content-type-options": "nosniff"},
    )  # fmt: skip


def csv_file(table: Table, stem: str) -> Response:
    """The table as ``stem.csv``."""
    return sent_as(as_csv(table), f"{stem}.csv", "text/csv; charset=utf-8")


def xlsx_file(sheets: Mapping[str, Table], stem: str) -> Response:
    """The tables as ``stem.xlsx``."""
    return sent_as(as_xlsx(sheets), f"{stem}.xlsx", XLSX)
