"""A workflow on the web: its buttons, the page that asks, and the post that fires. Written once for all workflows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from challenge.http.forms import Choices, Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import WebWork, work
from challenge.kernel.errors import Problem, Refused, Stale
from challenge.kernel.i18n import Text, _
from challenge.kernel.work import Work
from challenge.kernel.workflow import Fired, Offer, Transition, Workflow


def _no_choices(_w: Work, _record: Any) -> Mapping[str, Choices]:
    return {}


@dataclass(frozen=True, slots=True)
class Detail:
    """What a page that asks shows besides the form: a template and, as ``detail``, what it needs."""

    template: str
    names: Mapping[str, Any]


def _no_detail(_w: Work, _record: Any, _transition: str) -> Detail | None:
    return None


@dataclass(frozen=True, slots=True)
class Acts:
    """How a workflow's records are found, fired and shown.

    ``find(w, code)`` answers Missing to whoever may not know of the record. ``fire`` is the workflow's own, or the
    package's action where a transition touches more than its record. ``show(record)`` is the page's path. ``detail``
    says what a page that asks shows about what would happen.
    """

    workflow: Workflow
    noun: str
    find: Callable[[Work, str], Any]
    fire: Callable[[Work, Any, str, BaseModel | None], Fired]
    show: Callable[[Any], str]
    title: Callable[[Any], str]
    choices: Callable[[Work, Any], Mapping[str, Choices]] = _no_choices
    zone: Callable[[Work, Any], str] = lambda _w, _record: "Europe/Tallinn"
    detail: Callable[[Work, Any, str], Detail | None] = _no_detail


@dataclass(frozen=True, slots=True)
class Button:
    """An offer as the page shows it (templates/parts/transitions.html)."""

    name: str
    label: str
    reason: str | None
    url: str
    asks: bool
    tone: str
    fields: Mapping[str, str]
    note: str = ""
    remedy: str = ""  # the words of a link that puts the reason right, and its address
    remedy_url: str = ""


def buttons(acts: Acts, w: Work, record: Any) -> list[Button]:
    """The actor's buttons on this record; a blocked one carries its reason."""
    return [_button(acts, record, offer) for offer in acts.workflow.offers(w, record)]


def _button(acts: Acts, record: Any, offer: Offer) -> Button:
    row, problem = offer.row, offer.problem
    label = str(_("Approve: %(act)s", act=row.label)) if offer.asked is not None and problem is None else str(row.label)
    fields = {name: str(text) for name, text in problem.fields.items() if text != problem.text} if problem else {}
    remedy = problem.remedy if problem else None
    return Button(
        name=row.name,
        label=label,
        reason=str(problem.text) if problem else None,
        url=f"/{acts.noun}/{record.code}/transitions/{row.name}",
        asks=row.asks is not None or row.keys > 1 or row.tone == "warning",
        tone=row.tone,
        fields=fields,
        note=str(_("Needs two people.")) if row.keys > 1 else "",
        remedy=str(remedy.text) if remedy else "",
        remedy_url=remedy.href(acts.show(record)) if remedy else "",
    )


def add_pages(router: APIRouter, acts: Acts) -> None:
    """Routes ``GET`` and ``POST /{noun}/{code}/transitions/{name}``."""

    @router.get(f"/{acts.noun}/{{code}}/transitions/{{name}}", include_in_schema=False, name=f"{acts.noun}.transition")
    def ask(request: Request, code: str, name: str) -> Response:
        with work(request) as w:
            record = acts.find(w, code)
            row, offer = _offered(acts, w, record, name)
            form = None
            if row.asks is not None:
                given = offer.asked.given if offer.asked is not None else {}
                form = Form(row.asks, given, choices=acts.choices(w, record), zone=acts.zone(w, record))
            return _ask_page(acts, w, record, row, offer, form)

    @router.post(f"/{acts.noun}/{{code}}/transitions/{{name}}", include_in_schema=False, name=f"{acts.noun}.fire")
    def fire(request: Request, code: str, name: str, sent: Sent) -> Response:
        with work(request) as w:
            record = acts.find(w, code)
            row, offer = _offered(acts, w, record, name)
            if sent.version is not None and sent.version != record.version:
                raise Stale
            given = None
            if row.asks is not None and offer.asked is None:
                form = Form.sent(row.asks, sent, choices=acts.choices(w, record), zone=acts.zone(w, record))
                if not form.valid:
                    return _ask_page(acts, w, record, row, offer, form, status=422)
                given = form.value
                if offer.problem is not None and offer.problem.remedy is not None:
                    return _ask_page(acts, w, record, row, offer, form, status=403)  # what was typed stays
                if offer.problem is None and (problem := row.blocked(w, record)) is not None:
                    raise Refused(problem)
            fired = acts.fire(w, record, name, given)
            return see_other(w, acts.show(record), say=said(fired))


def said(fired: Fired) -> Text:
    """What the next page says."""
    if not fired.done:
        return _("Asked for: %(act)s. A second person must approve it.", act=fired.row.label)
    return fired.row.told or _("Done: %(act)s", act=fired.row.label)


def _offered(acts: Acts, w: WebWork, record: Any, name: str) -> tuple[Transition, Offer]:
    row = acts.workflow.permitted(w, record, name)
    offer = next(offer for offer in acts.workflow.offers(w, record) if offer.row is row)
    return row, offer


def _ask_page(
    acts: Acts,
    w: WebWork,
    record: Any,
    row: Transition,
    offer: Offer,
    form: Form[Any] | None,
    status: int = 200,
) -> Response:
    problem: Problem | None = offer.problem
    return page(
        w, "problems/transition.html", status=status, record=record, title=acts.title(record), row=row,
        back=acts.show(record), form=form, problem=problem, waiting=offer.asked,
        detail=acts.detail(w, record, row.name),
        url=f"/{acts.noun}/{record.code}/transitions/{row.name}",
    )  # fmt: skip
