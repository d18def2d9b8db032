"""The budget as a spreadsheet, both ways: what a file says is put into the form; a person looks at it and saves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.sent import Sent, SentBody
from challenge.http.sheets import Cell, xlsx_file
from challenge.http.sheets import Table as Sheet
from challenge.http.turns import Turn
from challenge.http.work import work
from challenge.kernel import sheets
from challenge.kernel.errors import Problem, Refusal, Refused
from challenge.kernel.i18n import LANGUAGES, Text, _, speaking
from challenge.kernel.money import read_euros
from challenge.proposals import queries
from challenge.proposals.pages.budget import OWN, Table, budget_page, table_of
from challenge.proposals.states import CATEGORIES, BudgetCategory

router = APIRouter()
ONE_YEAR = 2  # where the years stop
CODE, PARTNER, YEAR, TOTAL = _("Code"), _("Partner"), _("Year"), _("Total")
OWN_SHARE, ASKED, RATE = _("Own share"), _("Asked for"), _("Funding rate, %")
NO_FILE = Problem("no_file", _("Choose the XLSX file first."))
NO_COLUMNS = Problem(
    "no_columns",
    _("The first row must name the columns as the file from this page does: a code, then the kinds of cost."),
)
NO_YEAR = Problem(
    "no_year", _("The pilot takes more than one year: the file must have the column “Year”, as the one from here does.")
)


@router.get("/proposals/{code}/budget.xlsx", include_in_schema=False)
def download(request: Request, code: str) -> Response:
    """A row for each partner and year, a column for each kind of cost, in euros: to be worked on and sent back."""
    with work(request) as w:
        table = table_of(w, queries.visible(w, code))
        sheets = {str(_("Budget")): _lines(table), str(_("Sums")): _sums(table)}
    return xlsx_file(sheets, f"budget-{code}")


def _lines(table: Table) -> Sheet:
    head = [str(text) for text in (CODE, PARTNER, YEAR, *CATEGORIES.values(), OWN_SHARE, TOTAL, ASKED)]
    rows: list[list[Cell]] = []
    for line in table.lines:
        for year in table.years:
            cents = [line.sums.at(category, year) for category in BudgetCategory]
            cents += [line.sums.paid.get(year, 0), line.sums.of_year(year), line.sums.asked_in(year)]
            rows.append([line.code, line.name, year, *map(_euros, cents)])
    return Sheet(head, rows)


def _sums(table: Table) -> Sheet:
    """What each partner spends, pays and asks for, the last row being all of them."""
    years = [str(_("Year %(n)s", n=year)) for year in table.years]
    head = [str(CODE), str(PARTNER), *years, *(str(text) for text in (TOTAL, OWN_SHARE, ASKED, RATE))]
    rows: list[list[Cell]] = []
    for code, name, sums in [*((line.code, line.name, line.sums) for line in table.lines), ("", _("All"), table.all)]:
        cents = [*(sums.of_year(year) for year in table.years), sums.total, sums.own, sums.asked]
        rows.append([code, str(name), *map(_euros, cents), sums.rate])
    return Sheet(head, rows)


def _euros(cents: int) -> Decimal:
    return Decimal(cents) / 100


@router.post("/proposals/{code}/budget/file", include_in_schema=False)
def upload(request: Request, code: str, sent: Sent, _turn: Turn) -> Response:
    """Read the file into the form. Nothing is saved before somebody has looked at it."""
    with work(request, writing=False) as w:  # whoever may not write makes the service parse nothing
        queries.editable(w, code)
    try:
        rows, problem = _rows(request, sent), None
    except Refusal as refusal:
        rows, problem = [], refusal.problem
    with work(request, writing=False) as w:
        proposal = queries.editable(w, code)
        if problem is not None:
            return budget_page(w, proposal, wrong={"file": problem.text}, status=422)
        table = table_of(w, proposal)
        if table.years.stop > ONE_YEAR and not all("year" in row for row in rows):
            return budget_page(w, proposal, wrong={"file": NO_YEAR.text}, status=422)
        typed, wrong = _read(table, rows)
        return budget_page(w, proposal, typed, wrong, is_read=True, status=422 if wrong else 200)


def _rows(request: Request, sent: SentBody) -> list[dict[str, str]]:
    """The file's rows by code and category. Outside any unit of work: a workbook is parsed in a child."""
    file = sent.files.get("file")
    if file is None:
        raise Refused(NO_FILE)
    head, *lines = sheets.read(file.scanned(request))
    names = _names(head)
    return [dict(zip(names, line, strict=False)) for line in lines if any(cell.strip() for cell in line)]


def _names(head: Sequence[str]) -> list[str]:
    """What each column is, whatever the language of the file; "" for one that says nothing to us."""
    known = {"code": "code"}
    for language in LANGUAGES:
        with speaking(language):
            known |= {str(CODE).casefold(): "code", str(YEAR).casefold(): "year", str(OWN_SHARE).casefold(): OWN}
            known |= {str(title).casefold(): str(category) for category, title in CATEGORIES.items()}
    names = [known.get(cell.strip().casefold(), "") for cell in head]
    if "code" not in names or not set(names) & set(BudgetCategory):
        raise Refused(NO_COLUMNS)
    return names


def _read(table: Table, rows: Sequence[Mapping[str, str]]) -> tuple[dict[str, str], dict[str, Text]]:
    """What stands in the fields, and what is wrong with the file, by field."""
    typed: dict[str, str] = {}
    wrong: dict[str, Text] = {}
    partners = {line.code for line in table.lines}
    columns: dict[str, Text] = {**{str(category): title for category, title in CATEGORIES.items()}, OWN: OWN_SHARE}
    for number, row in enumerate(rows, start=2):
        code, year = row.get("code", "").strip().upper(), row.get("year", "1").strip().removesuffix(".0")
        given = {column: row.get(column, "").strip() for column in columns}
        if code not in partners or year not in {str(one) for one in table.years}:
            if any(_is_money(cell) for cell in given.values()):
                wrong["file"] = (
                    _("Row %(number)s: “%(code)s” is no partner of this proposal.", number=number, code=code)
                    if code not in partners
                    else _("Row %(number)s: “%(year)s” is no year of this pilot.", number=number, year=year[:20])
                )
            continue
        for column, cell in given.items():
            name = f"{code}-{column}-{year}"
            typed[name] = cell if cell not in {"0", "0.0"} else ""
            if cell and not _is_amount(cell):
                wrong[name] = _(
                    "Row %(number)s, %(category)s: “%(cell)s” is no amount in euros.",
                    number=number, category=columns[column], cell=cell[:40],
                )  # fmt: skip
    return typed, wrong


def _is_amount(cell: str) -> bool:
    try:
        return read_euros(cell) >= 0
    except ValueError:
        return False


def _is_money(cell: str) -> bool:
    return bool(cell) and (not _is_amount(cell) or read_euros(cell) > 0)
