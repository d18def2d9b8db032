"""New rounds, clones, documents and news."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent, SentBody
from challenge.http.turns import Turn
from challenge.http.work import WebWork, work
from challenge.kernel.errors import Forbidden, Invalid, Problem, Refused
from challenge.kernel.i18n import _
from challenge.people.rules import is_coordinator
from challenge.rounds import actions, queries
from challenge.rounds.asks import CloneOf, NewRound, News, Upload
from challenge.rounds.schemas import RoundDocument
from challenge.rounds.states import RoundState

router = APIRouter()
_CONTROLS = frozenset(map(chr, [*range(9), 11, 12, *range(14, 32), 127]))  # what no page and no document can hold
NOT_PUBLISHED = actions.NOT_PUBLISHED


@router.get("/rounds/new", include_in_schema=False)
def new(request: Request) -> Response:
    """Three ways to begin a round."""
    with work(request) as w:
        _demand_start(w)
        return _new(w, Form(NewRound))


@router.post("/rounds", include_in_schema=False)
def create(request: Request, sent: Sent) -> Response:
    """A draft with the defaults."""
    with work(request) as w:
        _demand_start(w)
        form = Form.sent(NewRound, sent)
        if form.valid:
            try:
                made = actions.start(w, RoundDocument(title=form.value.title))
            except Invalid as error:  # raised before anything is written
                form.say_problem(error.problem)
            else:
                return see_other(
                    w, f"/rounds/{made.code}/edit", say=_("The round is a draft: only coordinators see it.")
                )
        return _new(w, form, status=422)


def _new(w: WebWork, form: Form[Any], status: int = 200) -> Response:
    others = [entry for entry in queries.listed(w) if not entry.imported]
    return page(w, "rounds/new.html", status=status, form=form, others=others)


def _demand_start(w: WebWork) -> None:
    if problem := actions.may_start(w):
        raise Forbidden(problem)


@router.get("/rounds/{code}/clone", include_in_schema=False)
def clone(request: Request, code: str) -> Response:
    """A new round from this one."""
    with work(request) as w:
        source = _source(w, code)
        return page(w, "rounds/clone.html", round=source, form=Form(CloneOf))


@router.post("/rounds/{code}/clone", include_in_schema=False)
def clone_round(request: Request, code: str, sent: Sent) -> Response:
    """Copy the rules, shift the dates."""
    with work(request) as w:
        source = _source(w, code)
        form = Form.sent(CloneOf, sent, zone=source.zone)
        if form.valid:
            given = form.value
            try:
                made = actions.clone(w, source, given.title, given.opens_on, years=given.years)
            except Invalid as error:  # raised before anything is written
                form.say_problem(error.problem)
            else:
                return see_other(w, f"/rounds/{made.code}/edit", say=_("Cloned. Look at the dates first."))
        return page(w, "rounds/clone.html", status=422, round=source, form=form)


def _source(w: WebWork, code: str) -> Any:
    source = queries.visible(w, code)
    _demand_start(w)
    if source.imported:
        raise Refused(actions.NO_RULES)
    return source


@router.get("/rounds/import", include_in_schema=False)
def upload(request: Request) -> Response:
    """A new round from a document."""
    with work(request) as w:
        _demand_start(w)
        return page(w, "rounds/upload.html", round=None, form=Form(Upload))


@router.post("/rounds/import", include_in_schema=False)
def import_round(request: Request, sent: Sent, _turn: Turn) -> Response:
    """Read the document; each complaint names its line."""
    with work(request, writing=False) as w:
        _demand_start(w)
    problem = _take_file(request, sent)
    with work(request) as w:
        _demand_start(w)
        form = _form(sent, problem)
        if form.valid:
            try:
                made = actions.import_yaml(w, form.value.document)
            except Invalid as error:  # raised before anything is written
                _complain(form, error)
            else:
                return see_other(
                    w, f"/rounds/{made.code}/edit", say=_("The round is a draft: only coordinators see it.")
                )
        return page(w, "rounds/upload.html", status=422, round=None, form=form)


@router.get("/rounds/{code}/import", include_in_schema=False)
def replacement(request: Request, code: str) -> Response:
    """This round from a document."""
    with work(request) as w:
        round_ = queries.editable(w, code)
        text = actions.export_yaml(w, round_)
        return page(w, "rounds/upload.html", round=round_, form=Form(Upload, {"document": text}))


@router.post("/rounds/{code}/import", include_in_schema=False)
def replace_round(request: Request, code: str, sent: Sent, _turn: Turn) -> Response:
    """Take the document over: into the draft, or as the amendment of a published round."""
    with work(request, writing=False) as w:
        queries.editable(w, code)
    problem = _take_file(request, sent)
    with work(request) as w:
        round_ = queries.editable(w, code)
        form = _form(sent, problem)
        if form.valid:
            try:
                actions.replace_by_yaml(w, round_, form.value.document)
            except Invalid as error:  # raised before anything is written
                _complain(form, error)
            else:
                return see_other(w, f"/rounds/{code}/edit", say=_("Taken over. Look at each part."))
        return page(w, "rounds/upload.html", status=422, round=round_, form=form)


def _take_file(request: Request, sent: SentBody) -> Problem | None:
    """A chosen file stands for the text; gives back what the scanner has against it. Outside of work."""
    if (file := sent.files.get("file")) is not None:
        try:
            text = file.scanned(request).decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
        except Refused as refusal:
            return refusal.problem
        sent.fields["document"] = ["".join("\ufffd" if mark in _CONTROLS else mark for mark in text)]
    return None


def _form(sent: SentBody, problem: Problem | None) -> Form[Upload]:
    form = Form.sent(Upload, sent)
    if problem is not None:
        form.say("document", problem.text)
    return form


def _complain(form: Form[Any], error: Invalid) -> None:
    for text in error.problem.fields.values():
        form.say("document", text)


@router.get("/rounds/{code}/news/new", include_in_schema=False)
def new_news(request: Request, code: str) -> Response:
    """Write news."""
    with work(request) as w:
        return page(w, "rounds/news_new.html", round=_announceable(w, code), form=Form(News))


@router.post("/rounds/{code}/news", include_in_schema=False)
def post_news(request: Request, code: str, sent: Sent) -> Response:
    """Tell everybody."""
    with work(request) as w:
        round_ = _announceable(w, code)
        form = Form.sent(News, sent)
        if not form.valid:
            return page(w, "rounds/news_new.html", status=422, round=round_, form=form)
        made = actions.announce(w, round_, form.value)
        return see_other(w, f"/rounds/{code}/news#{made.code}", say=_("Posted"))


def _announceable(w: WebWork, code: str) -> Any:
    round_ = queries.visible(w, code)
    if problem := is_coordinator(w, round_):
        raise Forbidden(problem)
    if round_.state is RoundState.DRAFT:
        raise Refused(NOT_PUBLISHED)
    return round_
