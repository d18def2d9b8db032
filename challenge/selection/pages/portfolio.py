"""What the adopted portfolio proposes, beside what people have drafted."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.pages import page
from challenge.http.work import work
from challenge.people.rules import is_coordinator
from challenge.rounds.queries import rules_of
from challenge.selection import queries
from challenge.selection.pages.shared import tabs, verdict_words
from challenge.selection.pages.wording import Wording
from challenge.selection.states import OUTCOME_LABELS

router = APIRouter(include_in_schema=False)


@router.get("/rounds/{code}/portfolio")
def show(request: Request, code: str) -> Response:
    """Who is funded as computed, what was decided otherwise, and why."""
    with work(request) as w:
        round_ = queries.inside(w, code)
        found = queries.beside_outcomes(w, round_)
        return page(
            w, "selection/portfolio.html", round=round_, found=found, tabs=tabs(round_, "portfolio"),
            words=verdict_words, labels=OUTCOME_LABELS, may_decide=is_coordinator(w, round_) is None,
            wording=Wording(rules_of(round_), found.names) if found else None,
            is_stale=found is not None and queries.is_stale(w, round_, found.selection),
        )  # fmt: skip
