"""Appeals: the applicant's form, the list, one appeal with its handler's acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent, SentBody
from challenge.http.templates import Deadline
from challenge.http.timeline import history
from challenge.http.transitions import buttons
from challenge.http.work import WebWork, work
from challenge.kernel.errors import Forbidden
from challenge.kernel.i18n import _
from challenge.people import queries as people
from challenge.selection import actions, queries, rules
from challenge.selection.pages.shared import APPEAL_ACTS, APPEALS
from challenge.selection.schemas import AppealIn
from challenge.selection.states import APPEAL_LABELS
from challenge.selection.workflow import APPEAL
from challenge.submissions import queries as submissions

router = APIRouter(include_in_schema=False)


@router.get("/appeals")
def index(request: Request) -> Response:
    """One's own, and those of the rounds one runs or observes."""
    with work(request) as w:
        return page(w, "selection/appeals.html", appeals=queries.appeals(w), labels=APPEAL_LABELS)


@router.get("/appeals/{code}")
def show(request: Request, code: str) -> Response:
    """Grounds, hearing, result; for its handler the next act."""
    with work(request) as w:
        appeal = queries.appeal(w, code)
        subject = queries.subject(w, appeal)
        is_inside = queries.may_read(w, appeal)
        names = people.names(w, [appeal.filed_by, appeal.handler_id, appeal.decided_by, appeal.decided_with])
        masked = [] if is_inside else [key for key in names if key not in {appeal.filed_by, appeal.handler_id}]
        return page(
            w, "selection/appeal.html", appeal=appeal, subject=subject, names=names, label=APPEAL_LABELS[appeal.state],
            round=rules.round_of(w, appeal), back=_path_of(appeal, subject), is_inside=is_inside,
            buttons=buttons(APPEALS, w, appeal), may_take=rules.may_handle(w, appeal) is None,
            take_problem=actions.why_not_take(w, appeal),
            handlers=[name for _id, name in queries.handlers(w, appeal)] if is_inside else [],
            timeline=history(w, APPEAL, appeal.code, names_of=people.names, acts=APPEAL_ACTS, masked=masked),
        )  # fmt: skip


def _path_of(appeal: Any, subject: Any) -> str:
    return f"/proposals/{subject.code}/outcome" if appeal.proposal_id is not None else f"/submissions/{subject.code}"


@router.post("/appeals/{code}/handler")
def take(request: Request, code: str) -> Response:
    """Become its handler."""
    with work(request) as w:
        appeal = queries.appeal(w, code)
        actions.take(w, appeal)
        return see_other(
            w, f"/appeals/{code}", say=_("You handle this appeal. Hear both sides, then record the hearing.")
        )


@router.get("/proposals/{code}/appeal")
def new_for_proposal(request: Request, code: str) -> Response:
    """The form, for the lead of a proposal that was declined or found ineligible."""
    with work(request) as w:
        return _form_page(w, queries.heard(w, code), f"/proposals/{code}/appeal")


@router.post("/proposals/{code}/appeal")
def file_for_proposal(request: Request, code: str, sent: Sent) -> Response:
    """File it."""
    return _file(request, sent, lambda w: queries.heard(w, code), f"/proposals/{code}/appeal")


@router.get("/submissions/{code}/appeal")
def new_for_submission(request: Request, code: str) -> Response:
    """The form, for the city whose challenge was rejected."""
    with work(request) as w:
        return _form_page(w, submissions.visible(w, code), f"/submissions/{code}/appeal")


@router.post("/submissions/{code}/appeal")
def file_for_submission(request: Request, code: str, sent: Sent) -> Response:
    """File it."""
    return _file(request, sent, lambda w: submissions.visible(w, code), f"/submissions/{code}/appeal")


def _file(request: Request, sent: SentBody, find: Callable[[WebWork], Any], path: str) -> Response:
    with work(request) as w:
        subject = find(w)
        form = Form.sent(AppealIn, sent)
        if not form.valid:
            return _form_page(w, subject, path, form, status=422)
        appeal = actions.file(w, subject, form.value)
        return see_other(w, f"/appeals/{appeal.code}", say=_("Your appeal is filed."))


def _form_page(w: WebWork, subject: Any, path: str, form: Form[AppealIn] | None = None, status: int = 200) -> Response:
    if problem := actions.may_file(w, subject):
        raise Forbidden(problem)
    round_ = rules.round_of(w, subject)
    problem = actions.why_not_file(w, subject)
    told_at = actions.told_at(w, subject)
    until = rules.appeal_until(round_, told_at) if told_at else None
    return page(
        w, "selection/appeal_new.html", status=status, subject=subject, round=round_, form=form or Form(AppealIn),
        problem=problem, path=path, back=path.removesuffix("/appeal") + ("/outcome" if "/proposals/" in path else ""),
        deadline=Deadline(str(_("Appeals are due")), until, round_.zone, w.now) if until else None,
    )  # fmt: skip
