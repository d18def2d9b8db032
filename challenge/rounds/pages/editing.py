"""The editor of a round's rules, part by part. Of a published round it prepares an amendment for two people."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.transitions import buttons
from challenge.http.work import WebWork, work
from challenge.kernel.errors import Invalid, Missing
from challenge.kernel.i18n import Text, _, _n
from challenge.rounds import actions, queries, wording
from challenge.rounds.document import differences, in_force, prepared
from challenge.rounds.editor import BY_SLUG, PARTS, Part
from challenge.rounds.forms import PartForm, asks_for_rows, seen
from challenge.rounds.pages.acts import ACTS, changes_of
from challenge.rounds.rules import lacking
from challenge.rounds.schemas import RoundDocument
from challenge.rounds.states import LABELS, WINDOWS, RoundState

router = APIRouter()


@router.get("/rounds/{code}/edit", include_in_schema=False)
def edit(request: Request, code: str) -> Response:
    """The parts, what each still needs, and what comes next."""
    with work(request) as w:
        round_ = queries.editable(w, code)
        document = prepared(w, round_)
        label = LABELS[round_.state]
        return page(
            w, "rounds/edit.html", round=round_, label=label.team, tone=label.tone,
            is_draft=round_.state is RoundState.DRAFT, tasks=_tasks(in_force(w, round_), document, round_),
            changes=changes_of(w, round_), offers=buttons(ACTS, w, round_),
        )  # fmt: skip


def _tasks(old: RoundDocument, new: RoundDocument, round_: Any) -> list[tuple[object, str, object, str, str]]:
    lacks, changed = lacking(new), differences(old, new)
    return [
        (part.title, f"/rounds/{round_.code}/edit/{part.slug}", part.lead, *_status(part, list(lacks), list(changed)))
        for part in PARTS
    ]


def _status(part: Part, lacks: list[str], changed: list[str]) -> tuple[str, str]:
    if any(part.holds(path) for path in lacks):
        return str(_("Needs you")), "sun"
    count = sum(part.holds(path) for path in changed)
    if count:
        return str(_n("One change prepared", "%(n)s changes prepared", count)), "plum"
    return str(_("Filled in")), ""


@router.get("/rounds/{code}/edit/{slug}", include_in_schema=False)
def edit_part(request: Request, code: str, slug: str) -> Response:
    """One part of the rules."""
    with work(request) as w:
        round_, part = queries.editable(w, code), _part(slug)
        return _page(w, round_, PartForm.shown(part, prepared(w, round_)))


@router.post("/rounds/{code}/edit/{slug}", include_in_schema=False)
def save_part(request: Request, code: str, slug: str, sent: Sent) -> Response:
    """Save a part, or give it a row more or less. What was typed stays, whatever is wrong with it."""
    with work(request) as w:
        round_, part = queries.editable(w, code), _part(slug)
        document = prepared(w, round_)
        form = PartForm.sent(part, document, sent)
        if asks_for_rows(sent):
            return _page(w, round_, form, seen_before=sent.get("seen"))
        new = form.result()
        if new is None:
            return _page(w, round_, form, status=422, seen_before=sent.get("seen"))
        if sent.get("seen") != seen(part, document) and new != document:
            return _page(w, round_, form, status=409, conflict=_conflict(document, new))
        try:
            actions.revise(w, round_, new)
        except Invalid as error:  # raised before anything is written
            form.say_problem(error.problem)
            return _page(w, round_, form, status=422, seen_before=sent.get("seen"))
        return see_other(w, _next(code, part, sent.get("then")), say=_saved(round_))


def _part(slug: str) -> Part:
    if slug not in BY_SLUG:
        raise Missing
    return BY_SLUG[slug]


def _next(code: str, part: Part, then: str) -> str:
    place = PARTS.index(part) + 1
    if then == "next" and place < len(PARTS):
        return f"/rounds/{code}/edit/{PARTS[place].slug}"
    return f"/rounds/{code}/edit"


def _saved(round_: Any) -> Text:
    if round_.state is RoundState.DRAFT:
        return _("Saved")
    return _("Prepared. It is in force only when two people have agreed to the amendment.")


def _conflict(stored: RoundDocument, typed: RoundDocument) -> list[tuple[object, object, object]]:
    return wording.changes(differences(stored, typed), stored, typed)


def _page(
    w: WebWork,
    round_: Any,
    form: PartForm,
    *,
    status: int = 200,
    seen_before: str = "",
    conflict: list[tuple[object, object, object]] | None = None,
) -> Response:
    place = PARTS.index(form.part)
    return page(
        w, "rounds/part.html", status=status, round=round_, form=form, part=form.part, conflict=conflict,
        seen=seen_before or seen(form.part, form.document), is_draft=round_.state is RoundState.DRAFT,
        window_titles=WINDOWS, has_next=place + 1 < len(PARTS), others=[(part.title, part.slug) for part in PARTS],
        lacks={path: str(text) for path, text in lacking(form.document).items() if form.part.holds(path)},
    )  # fmt: skip


@router.post("/rounds/{code}/amendment/drop", include_in_schema=False)
def drop_amendment(request: Request, code: str) -> Response:
    """Forget what was prepared."""
    with work(request) as w:
        round_ = queries.editable(w, code)
        actions.drop_amendment(w, round_)
        return see_other(w, f"/rounds/{code}/edit", say=_("The rules stay as they are."))
