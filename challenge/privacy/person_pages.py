"""Data protection, for administrators: holds, erasing who asked for it in another way, retention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import WebWork, work
from challenge.kernel import proof
from challenge.kernel.errors import Forbidden, Invalid
from challenge.kernel.i18n import _
from challenge.people import directory, queries
from challenge.people.rules import is_administrator
from challenge.privacy import duties, erasure, holds, retention
from challenge.privacy.schemas import ErasureAsk, HoldAsk

if TYPE_CHECKING:
    from challenge.people.models import Person

router = APIRouter(include_in_schema=False)


@router.get("/people/{code}/data")
def show(request: Request, code: str) -> Response:
    """Holds, duties and erasure; never the data itself."""
    with work(request) as w:
        return _page(w, _person(w, code))


@router.get("/retention")
def upcoming(request: Request) -> Response:
    """What the next run removes, and what is on hold."""
    with work(request) as w:
        if problem := is_administrator(w, None):
            raise Forbidden(problem)
        return page(w, "privacy/retention.html", classes=retention.preview(w), holds=holds.everybody(w))


@router.post("/people/{code}/hold")
def hold(request: Request, code: str, sent: Sent) -> Response:
    """Set a legal hold."""
    with work(request) as w:
        person, form = _person(w, code), Form.sent(HoldAsk, sent)
        if not form.valid:
            return _page(w, person, hold=form)
        holds.set_hold(w, person, form.value.reason)
        return see_other(w, f"/people/{code}/data", say=_("The hold stands. The person sees it and its reason."))


@router.post("/people/{code}/hold/lift")
def lift(request: Request, code: str, sent: Sent) -> Response:
    """Lift it."""
    with work(request) as w:
        person, form = _person(w, code), Form.sent(HoldAsk, sent)
        if not form.valid:
            return _page(w, person, hold=form)
        holds.lift(w, person, form.value.reason)
        return see_other(w, f"/people/{code}/data", say=_("The hold is lifted."))


@router.post("/people/{code}/erasure")
def erase(request: Request, code: str, sent: Sent) -> Response:
    """Erase somebody for good."""
    with work(request) as w:
        person, form = _person(w, code), Form.sent(ErasureAsk, sent)
        if not form.valid:
            return _page(w, person, ask=form)
        try:
            erasure.erase(w, person, form.value.name)
        except Invalid as error:
            form.say_problem(error.problem)
            return _page(w, person, ask=form)
        return see_other(w, "/people", say=_("The person is erased. What is left is number %(code)s.", code=code))


def _person(w: WebWork, code: str) -> Person:
    person = directory.person_by_code(w, code)
    if problem := is_administrator(w, person):
        raise Forbidden(problem)
    return person


def _page(
    w: WebWork, person: Person, *, hold: Form[HoldAsk] | None = None, ask: Form[ErasureAsk] | None = None
) -> Response:
    every = holds.every(w, person.id)
    return page(
        w, "privacy/person.html", status=422 if hold or ask else 200, wrong=hold or ask, person=person,
        holds=every, names=queries.names(w, [who for one in every for who in (one.set_by, one.lifted_by)]),
        standing=holds.standing(w, person.id), reasons=duties.reasons(w, person), is_me=person.id == w.actor.id,
        unproven=proof.missing(w), hold=hold or Form(HoldAsk), ask=ask or Form(ErasureAsk),
    )  # fmt: skip
