"""Public questions: asked by anybody, published by coordinators, answered by cities and coordinators."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import WebWork, work
from challenge.kernel.i18n import _
from challenge.people.rules import is_coordinator
from challenge.rounds.queries import visible
from challenge.submissions import actions, queries
from challenge.submissions.actions.questions import may_answer, may_ask
from challenge.submissions.asks import Answer, AskQuestion

router = APIRouter()
ASKED = _("Your question was sent. It is published with its answer after a coordinator has read it.")


@router.get("/challenges/{code}/questions", include_in_schema=False)
def about_challenge(request: Request, code: str) -> Response:
    """Ask about a challenge."""
    with work(request) as w:
        return _ask_page(w, Form(AskQuestion), queries.challenge(w, code), None)


@router.post("/challenges/{code}/questions", include_in_schema=False)
def ask_about_challenge(request: Request, code: str, sent: Sent) -> Response:
    """Send it."""
    with work(request) as w:
        found = queries.challenge(w, code)
        form = Form.sent(AskQuestion, sent)
        if not form.valid:
            return _ask_page(w, form, found, None, status=422)
        actions.ask_question(w, visible(w, found.round_code), form.value.text, queries.public_record(w, code))
        return see_other(w, f"/challenges/{code}", say=ASKED)


@router.get("/rounds/{code}/questions", include_in_schema=False)
def about_round(request: Request, code: str) -> Response:
    """Questions on the round as a whole, with their answers, and the form to ask."""
    with work(request) as w:
        return _ask_page(w, Form(AskQuestion), None, visible(w, code))


@router.post("/rounds/{code}/questions", include_in_schema=False)
def ask_about_round(request: Request, code: str, sent: Sent) -> Response:
    """Send it."""
    with work(request) as w:
        round_ = visible(w, code)
        form = Form.sent(AskQuestion, sent)
        if not form.valid:
            return _ask_page(w, form, None, round_, status=422)
        actions.ask_question(w, round_, form.value.text)
        return see_other(w, f"/rounds/{code}/questions", say=ASKED)


def _ask_page(w: WebWork, form: Form[AskQuestion], found: Any, round_: Any, status: int = 200) -> Response:
    of_round = round_ or visible(w, found.round_code)
    base = f"/challenges/{found.code}" if found else f"/rounds/{of_round.code}"
    return page(
        w, "questions/new.html", status=status, form=form, round=of_round, url=f"{base}/questions", base_url=base,
        title=found.title if found else of_round.title, is_of_round=found is None, zone=of_round.zone,
        problem=may_ask(w, of_round),
        questions=queries.published(w, submission_code=found.code) if found else queries.published(w, of_round),
    )  # fmt: skip


@router.get("/questions", include_in_schema=False)
def index(request: Request) -> Response:
    """Questions that wait for me."""
    with work(request) as w:
        return page(w, "questions/index.html", questions=queries.to_handle(w))


@router.get("/questions/{code}", include_in_schema=False)
def show(request: Request, code: str) -> Response:
    """Read, publish or refuse, answer or correct."""
    with work(request) as w:
        return _show(w, code, Form(Answer))


def _show(w: WebWork, code: str, form: Form[Answer], status: int = 200) -> Response:
    found = queries.question(w, code)
    return page(
        w, "questions/show.html", status=status, question=queries.view_of(w, code), form=form,
        can_decide=is_coordinator(w, found) is None and found.published_at is None and found.refused_at is None,
        can_answer=may_answer(w, found) is None and found.refused_at is None,
        zone=visible(w, found.round_code).zone,
    )  # fmt: skip


@router.post("/questions/{code}/publication", include_in_schema=False)
def publish(request: Request, code: str) -> Response:
    """Show it to everybody."""
    with work(request) as w:
        actions.publish_question(w, queries.question(w, code))
        return see_other(w, f"/questions/{code}", say=_("The question is published."))


@router.post("/questions/{code}/refusal", include_in_schema=False)
def refuse(request: Request, code: str) -> Response:
    """Do not show it."""
    with work(request) as w:
        actions.refuse_question(w, queries.question(w, code))
        return see_other(w, "/questions", say=_("The question stays unpublished."))


@router.post("/questions/{code}/answer", include_in_schema=False)
def answer(request: Request, code: str, sent: Sent) -> Response:
    """Answer it; once answered, add a correction."""
    with work(request) as w:
        found = queries.question(w, code)
        form = Form.sent(Answer, sent)
        if not form.valid:
            return _show(w, code, form, status=422)
        if found.answer is None:
            actions.answer_question(w, found, form.value.text)
            return see_other(w, f"/questions/{code}", say=_("The answer is saved."))
        actions.correct_answer(w, found, form.value.text)
        return see_other(w, f"/questions/{code}", say=_("The correction is added."))
