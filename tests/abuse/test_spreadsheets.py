"""What people write is no formula in any spreadsheet: CSV and XLSX are read back (17)."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from challenge.kernel.sheets import csv_cell, write_csv, write_xlsx
from challenge.pilots.money import actions, queries
from challenge.pilots.money.asks import Payment
from challenge.pilots.states import TrancheState
from tests.factories.money import make_funded
from tests.factories.pilots import make_tranche

FORMULAS = (
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", " =1+1", "\n=1+1", "\u00a0=1+1",
    "＝1+1", "＋1", "－1", "＠SUM(A1)",
    '=HYPERLINK("http://evil.example")', "=cmd|' /C calc'!A0", '=DDE("cmd";"/C calc";"x")', "@import", "+358 40",
    '="a"&CHAR(10)', "-2+3+cmd|' /C calc'!A0",
)  # fmt: skip
HONEST = ("Tartu", "2027-01-09", "a=b", "5 - 3", "", "'quoted", "http://example.org", "12")


@pytest.mark.abuse(17)
@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_a_text(text):
    (_head, (cell,)) = csv.reader(io.StringIO(write_csv(["Title"], [[text]]).removeprefix("\ufeff"), newline=""))
    assert cell == f"'{text}"

    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx([("Sheet", ["Title"], [[text]])]))).active
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].hyperlink is None


@pytest.mark.parametrize("text", HONEST)
def test_an_honest_text_stays_as_it_is(text):
    assert csv_cell(text) == text


def test_numbers_and_days_stay_numbers_and_days():
    rows = [[-5, Decimal("-5.25"), date(2027, 1, 9), None]]
    head = ["a", "b", "c", "d"]

    assert write_csv(head, rows).splitlines()[1] == "-5,-5.25,2027-01-09,"
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx([("Sheet", head, rows)]))).active
    assert [cell.value for cell in sheet[2]][:2] == [-5, -5.25]
    assert sheet["C2"].value.date() == date(2027, 1, 9)


@pytest.mark.abuse(17)
@pytest.mark.parametrize("text", FORMULAS[:4])
def test_the_ledger_of_a_pilot_runs_nothing(world, text):
    with world.acting() as w:
        pilot = make_funded(w)
        code = pilot.code
        tranche = make_tranche(w, pilot, label=text, state=TrancheState.APPROVED, cents=100).code
    with world.acting("jaan") as w:
        actions.fire_tranche(w, queries.tranche(w, tranche), "pay", Payment(paid_on=date(2027, 1, 9)))
    jaan = world.client("jaan")

    plain, book = (jaan.get(f"/pilots/{code}/money.{kind}") for kind in ("csv", "xlsx"))

    assert plain.headers["content-disposition"] == f'attachment; filename="ledger-{code}.csv"'
    assert f"'{text}" in [row[3] for row in csv.reader(io.StringIO(plain.content.decode("utf-8-sig")))]
    found = openpyxl.load_workbook(io.BytesIO(book.content))
    assert text in [row[3].value for row in found["Ledger"]]
    with zipfile.ZipFile(io.BytesIO(book.content)) as packed:
        assert all(b"<f>" not in packed.read(name) for name in packed.namelist())
    assert sum(row[7].value for row in list(found["Ledger"])[1:]) == 0
