"""Tables as files: read as text and nothing more, written so that no spreadsheet computes anything."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import datetime

import openpyxl
import pytest

from challenge.kernel import sheets
from challenge.kernel.errors import Refused


def workbook(rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


@pytest.mark.parametrize("text", ["=1+1", "+372 5", "-x", "@sum", "\tx", "\rx"])
def test_what_would_begin_a_formula_is_written_as_text(text):
    written = sheets.write_csv(["name"], [[text]])

    assert list(csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline="")))[1] == [f"'{text}"]


def test_numbers_words_and_nothing_stay_as_they_are():
    written = sheets.write_csv(["a", "b", "c"], [[-5, "a=b", None]])

    assert written == "\ufeffa,b,c\r\n-5,a=b,\r\n"


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_csv_file_is_read_whichever_sign_parts_it(mark):
    text = f'a{mark}b\r\n"x{mark}y"{mark}"two\nlines"\r\n'

    assert sheets.read(text.encode("utf-8-sig")) == [["a", "b"], [f"x{mark}y", "two\nlines"]]


def test_a_workbook_is_read_as_text_formulas_too():
    file = workbook([["key", "õ"], ["=1+1", 36], [datetime(2024, 11, 1), 2.0], [None, 1.5]])  # noqa: DTZ001

    assert sheets.read(file) == [["key", "õ"], ["=1+1", "36"], ["2024-11-01", "2"], ["", "1.5"]]


def test_a_written_workbook_holds_texts_only():
    rows = sheets.write_xlsx([("one", ["a"], [["=1+1"], ["https://example.org"], [None]])])

    cells = [cell for row in openpyxl.load_workbook(io.BytesIO(rows)).active.iter_rows() for cell in row]
    assert [(cell.value, cell.data_type) for cell in cells if cell.value] == [
        ("a", "s"), ("=1+1", "s"), ("https://example.org", "s"),
    ]  # fmt: skip


def bomb() -> bytes:
    made = io.BytesIO(workbook([["key"]]))
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b" " * 40_000_000)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b" \n", "sheet_empty"), ("õ".encode("utf-16"), "sheet_text"), (b"a\0b", "sheet_text"),
        (b"x" * (sheets.MOST_BYTES + 1), "sheet_large"), (b"a\n" * 1_002, "sheet_rows"), (b"PK\3\4 no", "file_type"),
        (b'a,"' + b"x" * 200_000, "sheet_unreadable"),
    ],
    ids=["empty", "utf-16", "nul", "large", "many rows", "no zip", "a cell without an end"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_words(content, code):
    with pytest.raises(Refused) as refused:
        sheets.read(content)
    assert refused.value.problem.code == code


@pytest.mark.parametrize(
    ("content", "code"), [(bomb, "file_bomb"), (lambda: workbook([["x"]] * 1_002), "sheet_rows")], ids=["bomb", "rows"]
)
def test_a_hostile_workbook_is_refused_in_the_child(content, code):
    with pytest.raises(Refused) as refused:
        sheets.read(content())
    assert refused.value.problem.code == code
