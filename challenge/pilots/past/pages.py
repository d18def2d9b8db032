"""Importing past pilots: the file is looked at first, and imported when nothing is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.pages import page, see_other
from challenge.http.sent import Sent, SentBody
from challenge.http.turns import Turn
from challenge.http.work import WebWork, work
from challenge.kernel import sheets
from challenge.kernel.errors import Forbidden, Problem, Refusal, Refused
from challenge.kernel.i18n import _, _n
from challenge.people import rules as people
from challenge.pilots.past.actions import import_all
from challenge.pilots.past.checking import Checked, Verdict, check
from challenge.pilots.past.columns import COLUMNS, NAMES, Row, rows_of

router = APIRouter(include_in_schema=False)
BASE = "/pilots/import"
NO_FILE = Problem("no_file", _("Choose a CSV or XLSX file."))
MOST_KEPT = 200_000  # characters of a file that the page carries on to the next step


@router.get(BASE)
def ask(request: Request) -> Response:
    """What is needed, and where the file goes."""
    with work(request) as w:
        _permit(w)
        return _show(w)


@router.get(f"{BASE}/template.csv")
def template_csv(request: Request) -> Response:
    """An empty table with one example row."""
    with work(request) as w:
        _permit(w)
    return _file(sheets.write_csv(NAMES, [_example()]).encode(), sheets.CSV, "csv")


@router.get(f"{BASE}/template.xlsx")
def template_xlsx(request: Request) -> Response:
    """The same as a workbook, with a second sheet that says what each column takes."""
    with work(request) as w:
        _permit(w)
        told = [(column.name, str(column.takes), str(_("yes") if column.required else _("no"))) for column in COLUMNS]
        head = [str(text) for text in (_("Column"), _("What it takes"), _("Required"))]
    return _file(sheets.write_xlsx([("pilots", NAMES, [_example()]), ("columns", head, told)]), sheets.XLSX, "xlsx")


@router.post(BASE)
def take(request: Request, sent: Sent, _turn: Turn) -> Response:
    """Look at the rows, or import them; in either case every bad row is told with its reason."""
    with work(request) as w:
        _permit(w)
    try:
        rows = _rows(request, sent)
    except Refusal as refusal:
        with work(request) as w:
            return _show(w, problem=refusal.problem)
    with work(request) as w:
        checked = check(w, rows)
        bad = any(row.verdict is Verdict.BAD for row in checked)
        if bad or sent.get("act") != "import":
            return _show(w, checked, rows, status=422 if bad else 200)
        import_all(w, rows)
        made = sum(row.verdict is Verdict.NEW for row in checked)
        return see_other(w, "/pilots", say=_n("One pilot was imported.", "%(n)s pilots were imported.", made))


def _rows(request: Request, sent: SentBody) -> list[Row]:
    """The rows of the file, or those the page carried on. Outside any unit of work: a workbook is parsed in a child."""
    if (file := sent.files.get("file")) is not None:
        return rows_of(sheets.read(file.scanned(request)))
    if sent.get("rows"):
        return rows_of(sheets.read_csv(sent.get("rows").encode()))
    raise Refused(NO_FILE)


def _show(
    w: WebWork,
    checked: Sequence[Checked] = (),
    rows: Sequence[Row] = (),
    *,
    problem: Problem | None = None,
    status: int = 200,
) -> Response:
    """The form; after a look also what becomes of each row."""
    count = {verdict: sum(row.verdict is verdict for row in checked) for verdict in Verdict}
    kept = "" if not rows or count[Verdict.BAD] else sheets.plain_csv(NAMES, _cells(rows))
    return page(
        w, "pilots/import.html", columns=COLUMNS, checked=checked, new=count[Verdict.NEW], there=count[Verdict.THERE],
        bad=count[Verdict.BAD], problem=problem, kept=kept if len(kept) <= MOST_KEPT else "",
        status=422 if problem is not None else status,
    )  # fmt: skip


def _cells(rows: Sequence[Row]) -> list[list[str]]:
    return [[row.get(name) for name in NAMES] for row in rows]


def _permit(w: WebWork) -> None:
    if problem := people.is_some_coordinator(w, None):
        raise Forbidden(problem)


def _example() -> list[str]:
    return [column.example for column in COLUMNS]


def _file(content: bytes, kind: str, ending: str) -> Response:
    head = {"content-disposition": f'attachment; filename="pilots-template.{ending}"'}
    return Response(content, media_type=kind, headers=head)
