"""The reserve list: what became free, who moves up next, and the choice made again with the rest fixed."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.pages import page, see_other
from challenge.http.templates import day
from challenge.http.work import work
from challenge.kernel.i18n import _
from challenge.people.rules import is_coordinator
from challenge.selection import actions, queries, rules
from challenge.selection.pages.shared import tabs, verdict_words
from challenge.selection.states import OUTCOME_LABELS, OutcomeState, ScenarioState

router = APIRouter(include_in_schema=False)


@router.get("/rounds/{code}/reserve")
def show(request: Request, code: str) -> Response:
    """The next step first; then the list in its order, each with why it can move up or cannot."""
    with work(request) as w:
        round_ = queries.inside(w, code)
        return page(
            w, "selection/reserve.html", round=round_, board=queries.reserve_board(w, round_),
            tabs=tabs(round_, "reserve"), words=verdict_words, labels=OUTCOME_LABELS, states=OutcomeState,
            computing=ScenarioState, may_decide=is_coordinator(w, round_) is None,
            may_run=rules.may_run(w, round_) is None and queries.last_gate(round_) is not None,
        )  # fmt: skip


@router.post("/rounds/{code}/reserve/scenario")
def choose_again(request: Request, code: str) -> Response:
    """Have it computed who of the list is worth most, the awards that stand staying as they are."""
    with work(request) as w:
        round_ = queries.inside(w, code)
        name = str(_("Who moves up, %(date)s", date=day(w.now.date())))
        made = actions.ask_for_scenario(w, round_, name, {"reserve": True})
        return see_other(w, f"/rounds/{code}/scenarios/{made.code}")
