"""Importing past pilots in JSON: the rows by column, looked at or imported."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from challenge.http.api import PREFIX, PROBLEMS, once
from challenge.http.work import work
from challenge.kernel.errors import Forbidden
from challenge.kernel.sheets import MOST_ROWS
from challenge.people import rules as people
from challenge.pilots.past.actions import import_all
from challenge.pilots.past.checking import Checked, Verdict, check
from challenge.pilots.past.columns import NAMES, rows_of

router = APIRouter()
Cell = Annotated[str, Field(max_length=8000)]


class PastPilotsIn(BaseModel):
    """Rows by column, as in the template. With ``dry_run`` nothing is written."""

    model_config = ConfigDict(extra="forbid")

    rows: list[dict[str, Cell]] = Field(min_length=1, max_length=MOST_ROWS)
    dry_run: bool = True


class CheckedOut(BaseModel):
    """What becomes of a row, and why not; the first row is number 2, as in a file with a head."""

    row: int
    key: str
    title: str
    verdict: Verdict
    reasons: dict[str, str]


class PastPilotsOut(BaseModel):
    """Every row with its verdict."""

    imported: int
    rows: list[CheckedOut]


@router.post(f"{PREFIX}/pilots/import", tags=["pilots"], response_model=PastPilotsOut, responses=PROBLEMS)
def import_rows(request: Request, given: PastPilotsIn) -> Response:
    """Look at past pilots, or import them: all or none. A key that is there already is left as it is."""
    with work(request) as w:

        def act() -> Response:
            if problem := people.is_some_coordinator(w, None):
                raise Forbidden(problem)
            head = list(dict.fromkeys([*NAMES, *(name for row in given.rows for name in row)]))
            rows = rows_of([head, *([row.get(name, "") for name in head] for row in given.rows)])
            checked = check(w, rows)
            bad = any(row.verdict is Verdict.BAD for row in checked)
            done = not bad and not given.dry_run
            if done:
                import_all(w, rows)
            made = sum(row.verdict is Verdict.NEW for row in checked) if done else 0
            body = PastPilotsOut(imported=made, rows=[shown(row) for row in checked])
            return JSONResponse(jsonable_encoder(body), 422 if bad and not given.dry_run else 200)

        return once(w, given, act)


def shown(row: Checked) -> CheckedOut:
    """A row as JSON."""
    return CheckedOut(
        row=row.number, key=row.key, title=row.title, verdict=row.verdict, reasons=dict(row.reasons),
    )  # fmt: skip
