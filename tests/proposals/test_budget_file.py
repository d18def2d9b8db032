"""The budget as a spreadsheet: downloaded, changed, sent back, looked at, saved; and what is wrong with a file."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest

from challenge.proposals import content
from challenge.proposals.states import BudgetCategory
from challenge.proposals.states import ProposalState as S
from tests.factories.proposals import code_of, get, proposal_in

FIELD = re.compile(r'<input class="govuk-input num[^"]*" id="([\w-]+)" name="\1" inputmode="decimal" value="([^"]*)"')


@pytest.fixture
def code(world):
    return proposal_in(world, S.CO_DEVELOPMENT)


def downloaded(world, code, language="en"):
    ravi = world.client("ravi")
    ravi.more_cookies["__Host-language"] = language
    sent = ravi.get(f"/proposals/{code}/budget.xlsx")
    assert sent.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(sent.content))


def uploaded(world, code, book, name="ravi"):
    made = io.BytesIO()
    book.save(made)
    return world.client(name).post(f"/proposals/{code}/budget/file", files={"file": ("budget.xlsx", made.getvalue())})


def row_of(book, partner):
    sheet = book.active
    return next(line for line in range(2, sheet.max_row + 1) if sheet.cell(line, 1).value == partner)


def place(world, name):
    with world.acting() as w:
        return code_of(w, name)


def test_a_round_trip_keeps_every_cent(world, code):
    book = downloaded(world, code)
    assert [cell.value for cell in book.active[1]][:4] == ["Code", "Partner", "Year", "Staff"]
    page = uploaded(world, code, book)
    assert page.status_code == 200
    assert "Nothing is saved yet" in page.text
    fields = dict(FIELD.findall(page.text))
    assert fields[f"{place(world, 'taltech')}-staff-1"] == "1200000"
    stamp = re.search(r'name="stamp" value="(\w+)"', page.text)[1]
    assert world.client("ravi").post(f"/proposals/{code}/budget", data={**fields, "stamp": stamp}).status_code == 303
    with world.acting() as w:
        assert [(line.category, line.cents) for line in content.budget(w, get(w, code))] == [("staff", 120_000_000)]


@pytest.mark.parametrize("language", ["en", "et"])
def test_changes_are_read_in_either_language_and_saved_by_a_person(world, code, language):
    book, tartu = downloaded(world, code, language), place(world, "tartu")
    book.active.cell(row_of(book, tartu), 5).value = 12_500.5
    book.active.cell(row_of(book, place(world, "taltech")), 4).value = "1 000 000"
    page = uploaded(world, code, book)
    fields = dict(FIELD.findall(page.text))
    assert (fields[f"{tartu}-equipment-1"], fields[f"{place(world, 'taltech')}-staff-1"]) == ("12500.5", "1 000 000")
    with world.acting() as w:  # looked at, not saved
        assert sum(line.cents for line in content.budget(w, get(w, code))) == 120_000_000
    stamp = re.search(r'name="stamp" value="(\w+)"', page.text)[1]
    assert world.client("ravi").post(f"/proposals/{code}/budget", data={**fields, "stamp": stamp}).status_code == 303
    with world.acting() as w:
        found = {(line.code, line.category): line.cents for line in content.budget(w, get(w, code)) if line.cents}
    assert found[tartu, BudgetCategory.EQUIPMENT] == 1_250_050
    assert found[place(world, "taltech"), BudgetCategory.STAFF] == 100_000_000


def test_what_is_wrong_is_said_by_row_and_nothing_is_lost(world, code):
    book, tartu = downloaded(world, code), place(world, "tartu")
    book.active.cell(row_of(book, tartu), 4).value = "a lot"
    book.active.append(["ZZZZZZZZ", "Nobody", 1, 5])
    page = uploaded(world, code, book)
    assert page.status_code == 422
    assert "“a lot” is no amount in euros" in page.text
    assert "“ZZZZZZZZ” is no partner of this proposal" in page.text
    fields = dict(FIELD.findall(page.text))
    assert fields[f"{tartu}-staff-1"] == "a lot"
    assert fields[f"{place(world, 'taltech')}-staff-1"] == "1200000"


def test_a_formula_is_what_it_says_and_no_amount(world, code):
    book, tartu = downloaded(world, code), place(world, "tartu")
    book.active.cell(row_of(book, tartu), 4).value = "=1+1"
    page = uploaded(world, code, book)
    assert page.status_code == 422
    assert "=1+1" in page.text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (None, "Choose the XLSX file first."),
        (b"Name;Sum\r\nTartu;5\r\n", "The first row must name the columns"),
        (b"PK\x03\x04 nothing", "This file type is not accepted"),
        (b"\xff\xfe\x00", "UTF-8"),
    ],
)
def test_another_file_is_refused_in_words(world, code, sent, said):
    files = {"file": ("budget.xlsx", sent)} if sent else None
    page = world.client("ravi").post(f"/proposals/{code}/budget/file", files=files, data={} if files else {"x": "y"})
    assert page.status_code == 422
    assert said in page.text


def test_only_who_may_write_may_send_one(world, code):
    book = downloaded(world, code)
    assert uploaded(world, code, book, "mari").status_code in {403, 404}
    assert uploaded(world, code, book, "lena").status_code == 404
    assert world.client("lena").get(f"/proposals/{code}/budget.xlsx").status_code == 404
    assert world.client("mari").get(f"/proposals/{code}/budget.xlsx").status_code == 200
