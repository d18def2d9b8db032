"""Tables as files, both ways: what is read is text and nothing more; what is written is no formula anywhere."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from challenge.kernel import sandbox
from challenge.kernel.errors import Problem, Refused
from challenge.kernel.i18n import _

MOST_ROWS: Final = 1_000
MOST_BYTES: Final = 5 * 1024 * 1024
BEGINS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
LONG_AGO: Final = datetime(1980, 1, 1, tzinfo=UTC)
MOST_TEXT: Final = 32_767  # characters of a cell of XLSX
MARK: Final = "\ufeff"  # spreadsheets read a file with it as UTF-8
CSV: Final = "text/csv; charset=utf-8"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TOO_LARGE = Problem("sheet_large", _("The file is larger than 5 MB. Split it into several files."))
TOO_MANY = Problem(
    "sheet_rows", _("The file has more than %(most)s rows. Split it into several files.", most=MOST_ROWS)
)
NOT_UTF8 = Problem("sheet_text", _("The file is no text in UTF-8. Save it as “CSV UTF-8”, or as XLSX, and send that."))
EMPTY = Problem("sheet_empty", _("The file is empty. Choose a CSV or XLSX file with a row of column names."))
UNREADABLE = Problem("sheet_unreadable", _("The file could not be read as CSV. Save it again, perhaps as XLSX."))

# Writing


def csv_cell(value: object) -> str:
    """A cell that every spreadsheet shows as it is: a text that would run gets an apostrophe, a number stays one.

    >>> csv_cell("=1+1"), csv_cell(-5), csv_cell(None)
    ("'=1+1", '-5', '')
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    return f"'{value}" if value.startswith(BEGINS_FORMULA) or value.lstrip().startswith(BEGINS_FORMULA) else value


def write_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV (RFC 4180), with the mark by which spreadsheets know UTF-8."""
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow([csv_cell(name) for name in head])
    writer.writerows([csv_cell(value) for value in row] for row in rows)
    return MARK + made.getvalue()


def plain_csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as CSV that only ``read_csv`` reads again: nothing is added to its cells."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerows([head, *rows])
    return made.getvalue()


def write_xlsx(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[object]]]]) -> bytes:
    """Tables as the sheets of a workbook: name, head, rows; every text stays text."""
    import xlsxwriter  # noqa: PLC0415 -- most processes never need it

    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(made, options) as book:
        book.set_properties({"created": LONG_AGO})  # the same table gives the same bytes
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for name, head, rows in sheets:
            sheet = book.add_worksheet(name[:31])
            sheet.write_row(0, 0, head, bold)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, max(len(head) - 1, 0), 22)
            for line, row in enumerate(rows, start=1):
                for place, cell in enumerate(row):
                    _write(sheet, line, place, cell, day)
    return made.getvalue()


def _write(sheet: Any, line: int, place: int, cell: object, day: Any) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(line, place, cell, day)
    elif isinstance(cell, int | float | Decimal):
        sheet.write_number(line, place, cell)
    elif cell is not None:
        sheet.write_string(line, place, str(cell)[:MOST_TEXT])


# Reading


def read(content: bytes) -> list[list[str]]:
    """The rows of a CSV file or of the first sheet of a workbook, every cell as text. Raises Refused, and Busy.

    A workbook is parsed in a child of its own: never call this inside a unit of work.
    """
    if len(content) > MOST_BYTES:
        raise Refused(TOO_LARGE)
    if not content.strip():
        raise Refused(EMPTY)
    if content.startswith(b"PK"):
        _kind, made = sandbox.run("sheet", "zip", content)
        rows: list[list[str]] = json.loads(made)
        return rows
    return read_csv(content)


def read_csv(content: bytes) -> list[list[str]]:
    """The rows of a CSV file, whichever of comma, semicolon and tab parts its cells. Raises Refused."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(NOT_UTF8) from error
    if "\0" in text:
        raise Refused(NOT_UTF8)
    head = text.lstrip().split("\n", 1)[0]
    mark = max(";,\t", key=head.count)
    try:
        rows = [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark)]
    except csv.Error as error:
        raise Refused(UNREADABLE) from error
    if len(rows) > MOST_ROWS + 1:
        raise Refused(TOO_MANY)
    return rows
