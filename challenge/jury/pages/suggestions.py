"""A suggestion of who reads what: asked for, waited for, looked at; what is ticked goes through the board's own act."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.figures import share
from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import work
from challenge.jury import actions, queries
from challenge.jury.fit import LANGUAGE, TEXT, THEME
from challenge.jury.pages.acts import gate_to_run, jury_tabs
from challenge.jury.pages.assignment import Due, board_page
from challenge.jury.pages.remedies import asked_for, remedies, why
from challenge.jury.schemas import Suggesting
from challenge.jury.states import SuggestionState
from challenge.rounds.queries import windows
from challenge.rounds.states import GATES, WindowName

router = APIRouter(include_in_schema=False)


@router.post("/rounds/{code}/assignment/suggestions")
def ask(request: Request, code: str, sent: Sent, gate: str = "") -> Response:
    """Have one computed, and go where it will stand."""
    with work(request) as w:
        round_, chosen = gate_to_run(w, code, gate)
        form = Form.sent(Suggesting, sent)
        if not form.valid:
            return board_page(w, code, gate, Form(Due), asking=form, status=422)
        made = actions.ask_for_suggestion(w, round_, chosen, form.value)
        return see_other(w, f"/rounds/{code}/assignment/suggestions/{made.code}")


@router.get("/rounds/{code}/assignment/suggestions/{item}")
def show(request: Request, code: str, item: str) -> Response:
    """Before and after, why each juror, and the proof; or why there is no answer, and what helps."""
    with work(request) as w:
        round_ = queries.round_of_jury(w, code)
        found = queries.shown(w, round_, queries.suggestion(w, code, item))
        waits = found.suggestion.state is SuggestionState.WAITING
        period = windows(w, round_).get(WindowName.JURY)
        stuck = found.suggestion.state is SuggestionState.IMPOSSIBLE
        response = page(
            w, "jury/suggestion.html", round=round_, found=found, suggestion=found.suggestion, states=SuggestionState,
            gate=found.suggestion.gate, gate_words=GATES, form=Form(Due), share=share, weights=(THEME, TEXT, LANGUAGE),
            is_by_meaning=found.suggestion.result.get("words_by") == "meaning",
            why=why(found) if stuck else "", remedies=list(remedies(found, round_)) if stuck else [],
            asked_for=asked_for(found, round_) if stuck else [],
            closes_at=period.closes_at if period else None, tabs=jury_tabs(round_, "assignment"),
        )  # fmt: skip
        if waits:
            response.headers["Refresh"] = "3"
        return response
