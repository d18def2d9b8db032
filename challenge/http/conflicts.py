"""Two people edited one form: both texts per question, what differs, and a way to keep either (409)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from challenge.http.forms import FieldView, Form
from challenge.http.pages import page, see_other
from challenge.http.problems import wants_json
from challenge.http.sent import SentBody
from challenge.http.work import WebWork
from challenge.kernel import diff, editing
from challenge.kernel.errors import Forbidden, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work

if TYPE_CHECKING:
    from challenge.http.drafts import Drafts

EMPTY: tuple[Any, ...] = (None, "", [], False)
WAYS = frozenset({"mine", "theirs"})


@dataclass(frozen=True, slots=True)
class Question:
    """An answer with two texts: mine, theirs, the words that differ, and which one is chosen (or "")."""

    name: str
    label: str
    mine: str
    theirs: str
    pieces: list[diff.Piece]
    chosen: str


def same(one: Any, other: Any) -> bool:
    """Whether two answers say the same: all empty ones do, and a number does as typed and as read."""
    return one == other or (one in EMPTY and other in EMPTY) or (_is_short(one, other) and str(one) == str(other))


def _is_short(*answers: Any) -> bool:
    return all(isinstance(answer, str | int) and not isinstance(answer, bool) for answer in answers)


def said(field: FieldView) -> str:
    """An answer as a reader sees it: labels for what was chosen, yes or no for a box."""
    if field.widget == "checkbox":
        return "" if field.value in (None, "") else str(_("Yes") if field.value is True else _("No"))
    if field.choices:
        labels = dict(field.choices)
        values = field.value if isinstance(field.value, list) else [field.value]
        return ", ".join(labels.get(value, str(value)) for value in values if value not in (None, ""))
    return diff.plain(field.value)


def late(
    drafts: Drafts, w: WebWork, record: Any, typed: dict[str, Any], version: int | None, closed: Problem | None = None
) -> Response:
    """What was typed cannot be saved over what stands there (or not at all any more): keep it and show both texts."""
    row = editing.keep(w, drafts.workflow, record, typed, version)
    if wants_json(w.request):
        text = str(closed.text if closed else _("Somebody else changed this. See both texts."))
        return JSONResponse({"url": drafts.url(record, "conflict"), "text": text, "version": record.version}, 409)
    return _page(drafts, w, record, row, {}, status=409)


def show(drafts: Drafts, w: WebWork, record: Any) -> Response:
    """The actor's text that waits, beside what stands there."""
    row = editing.mine(w, drafts.workflow, record)
    if row is None or row.kept is None:
        return see_other(w, drafts.url(record))
    return _page(drafts, w, record, row, {})


def resolve(drafts: Drafts, w: WebWork, record: Any, sent: SentBody) -> Response:
    """Save the texts that were chosen; ask again when one is open or the other text changed once more."""
    w.session.refresh(record, with_for_update={"key_share": True})
    row = editing.mine(w, drafts.workflow, record)
    if row is None or row.kept is None:
        return see_other(w, drafts.url(record, "edit"))
    questions = _questions(drafts, w, record, row, {})
    picked = {question.name: sent.get(f"pick-{question.name}") for question in questions}
    if sent.version != record.version:
        return _page(drafts, w, record, row, picked, status=409)
    if not set(picked.values()) <= WAYS:
        return _page(drafts, w, record, row, picked, status=422)
    kept = row.kept
    if mine := {name: kept[name] for name, way in picked.items() if way == "mine"}:
        drafts.revise(w, record, mine)
    editing.settle(w, drafts.workflow, record)
    return see_other(w, drafts.url(record, "edit"), say=_("Both texts are settled and saved."))


def _questions(drafts: Drafts, w: Work, record: Any, row: editing.Editing, picked: Mapping[str, str]) -> list[Question]:
    """The answers that differ. Where only one of the two changed it since both began, that one is chosen already."""
    stored, kept = drafts.form(w, record), row.kept or {}
    typed: Form[Any] = Form(stored.model, {**record.answers, **kept}, choices=stored.choices, zone=stored.zone)
    found = []
    for name in stored.model.model_fields:
        here = record.answers.get(name)
        if name not in kept or same(kept[name], here):
            continue
        chosen = ""
        if row.base_version is not None:
            began = row.base.get(name)
            chosen = "mine" if same(began, here) else "theirs" if same(began, kept[name]) else ""
        mine, theirs = said(typed.field(name)), said(stored.field(name))
        label = stored.field(name).label
        found.append(Question(name, label, mine, theirs, diff.words(theirs, mine), picked.get(name) or chosen))
    return found


def _page(
    drafts: Drafts, w: WebWork, record: Any, row: editing.Editing, picked: Mapping[str, str], status: int = 200
) -> Response:
    closed: Problem | None = None
    try:
        drafts.editable(w, record.code)
    except (Refused, Forbidden) as refusal:
        closed = refusal.problem
    others = editing.others(w, drafts.workflow, record)
    last = next((other.person_id for other in others if other.saved_at == record.saved_at), None)
    return page(
        w, "problems/conflict.html", status=status, record=record, title=drafts.acts.title(record),
        questions=_questions(drafts, w, record, row, picked), closed=closed, is_open=status == 422,  # noqa: PLR2004
        who=drafts.names_of(w, [last]).get(last or 0, ""), when=record.saved_at, zone=drafts.acts.zone(w, record),
        base_url=drafts.url(record),
    )  # fmt: skip
