"""The journal as people read it, and its check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.home.acts import ACTED
from challenge.home.queries import journal as queries
from challenge.home.queries import sights
from challenge.home.queries.journal import Filters, StepRow
from challenge.home.tables import TABLES, kind_of, path_of
from challenge.http.pages import page
from challenge.http.timeline import reason_in, title_of
from challenge.http.work import work

router = APIRouter()
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Line:
    """A step as a row of the table."""

    at: datetime
    who: str
    act: str
    kind: str
    title: str
    href: str
    old: Any
    new: Any
    reason: str


@router.get("/journal", include_in_schema=False)
def index(request: Request) -> Response:
    """The steps of one's rounds, the newest first."""
    given = {name: value[:LONGEST] for name, value in request.query_params.items()}
    filters = Filters(
        given.get("kind", ""), given.get("subject", ""), given.get("person", ""),
        day_in(given.get("since", "")), day_in(given.get("until", "")),
    )  # fmt: skip
    with work(request) as w:
        found = queries.steps(w, filters, given.get("after") or None)
        kept = {name: given[name] for name in ("kind", "subject", "person", "since", "until") if given.get(name)}
        more = f"/journal?{urlencode({**kept, 'after': found.following})}" if found.following else None
        first = f"/journal?{urlencode(kept)}" if given.get("after") else None
        return page(
            w, "home/journal.html", lines=[line(row) for row in found.rows], filters=filters, following=more,
            first=first, is_narrowed=bool(kept), given=given, may_see_reads=sights.may_read(w),
            kinds=[(name, str(kind_of(name))) for name in queries.workflows(w)],
        )  # fmt: skip


@router.get("/journal/check", include_in_schema=False)
def check(request: Request) -> Response:
    """Whether the chain verifies."""
    with work(request) as w:
        noted = request.query_params.get("head", "")[:LONGEST].strip().lower()
        found = queries.check(w, noted)
        return page(w, "home/journal_check.html", check=found, noted=noted, most=queries.MOST_CHECKED)


def line(row: StepRow) -> Line:
    """In the words of the step's workflow."""
    table = TABLES.get(row.workflow)
    labels = table.labels if table is not None else {}
    moved = row.old != row.new
    return Line(
        row.at, row.who, str(title_of(table, row.act, ACTED)), str(kind_of(row.workflow)), row.title,
        path_of(row.workflow, row.code) if row.title else "",
        labels.get(row.old) if moved else None, labels.get(row.new) if moved else None,
        reason_in(row.given),
    )  # fmt: skip


def day_in(text: str) -> date | None:
    """A day as a date field sends it; anything else narrows nothing."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
