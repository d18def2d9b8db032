"""The conflicts of interest of a round: decide on those that were declared or inferred, set those one knows of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Choices, Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.transitions import buttons
from challenge.http.work import WebWork, work
from challenge.jury import actions, queries
from challenge.jury.pages.acts import CONFLICTS, jury_tabs
from challenge.jury.schemas import ConflictIn
from challenge.jury.states import CONFLICT_KINDS, CONFLICT_LABELS, SOURCES
from challenge.kernel.errors import Forbidden, Refused
from challenge.kernel.i18n import _, _n
from challenge.people.rules import is_coordinator

router = APIRouter(include_in_schema=False)


@router.get("/rounds/{code}/conflicts")
def index(request: Request, code: str) -> Response:
    """All of them, those that wait for a decision first."""
    with work(request) as w:
        return _index(w, code)


@router.post("/rounds/{code}/conflicts")
def create(request: Request, code: str, sent: Sent) -> Response:
    """Set one."""
    with work(request) as w:
        round_ = queries.round_of_jury(w, code)
        if problem := is_coordinator(w, round_):
            raise Forbidden(problem)
        form = Form.sent(ConflictIn, sent, choices=_choices(w, round_))
        if not form.valid:
            return _index(w, code, form, status=422)
        given = form.value
        person, proposal = queries.person_and_proposal(w, round_, given.person, given.proposal)
        try:
            actions.set_conflict(w, proposal, person, given.kind, given.reason)
        except Refused as refusal:
            form.say_problem(refusal.problem)
            return _index(w, code, form, status=422)
        say = _("Set. The proposal is closed for %(name)s, and no score of theirs counts.", name=person.name)
        return see_other(w, f"/rounds/{code}/conflicts", say=say)


@router.post("/rounds/{code}/conflicts/inferred")
def infer(request: Request, code: str) -> Response:
    """Look for what speaks for a conflict."""
    with work(request) as w:
        found = actions.infer(w, queries.round_of_jury(w, code))
        say = _n("One conflict was found. Confirm or lift it.", "%(n)s conflicts were found. Confirm or lift them.",
                 len(found)) if found else _("Nothing new was found.")  # fmt: skip
        return see_other(w, f"/rounds/{code}/conflicts", say=say)


def _choices(w: WebWork, round_: Any) -> Mapping[str, Choices]:
    return {
        "person": [(choice.code, choice.name) for choice in queries.people_of_jury(w, round_)],
        "proposal": [(choice.code, choice.name) for choice in queries.proposals_of_round(w, round_)],
        "kind": [(str(kind), text) for kind, text in CONFLICT_KINDS.items()],
    }


def _index(w: WebWork, code: str, form: Form[ConflictIn] | None = None, status: int = 200) -> Response:
    round_ = queries.round_of_jury(w, code)
    found = queries.every(w, round_)
    return page(
        w, "jury/conflicts.html", status=status, round=round_, found=found, kinds=CONFLICT_KINDS, sources=SOURCES,
        labels=CONFLICT_LABELS, acts={known.conflict.code: buttons(CONFLICTS, w, known.conflict) for known in found},
        form=form or Form(ConflictIn, choices=_choices(w, round_)), may_set=is_coordinator(w, round_) is None,
        tabs=jury_tabs(round_, "conflicts"),
    )  # fmt: skip
