"""Two people wrote another text over the same one: yours, theirs, what both began from, and three ways on (409)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from challenge.http import saving
from challenge.http.forms import FieldView, Form, ask_of
from challenge.http.pages import page, see_other
from challenge.http.sent import SentBody
from challenge.http.work import WebWork
from challenge.kernel import diff, editing, patch
from challenge.kernel.editing import Aside
from challenge.kernel.errors import Forbidden, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.patch import Origin, token_of
from challenge.kernel.work import Work

if TYPE_CHECKING:
    from challenge.http.drafts import Drafts

WRITTEN = frozenset({"text", "textarea"})  # widgets whose two texts can be made one


@dataclass(frozen=True, slots=True)
class Question:
    """An answer with three texts. ``began`` is None where what both began from is not known."""

    name: str
    label: str
    sitting: str
    at: datetime
    base: str
    who: str
    when: datetime | None
    mine: str
    theirs: str
    began: str | None
    my_pieces: list[diff.Piece]
    their_pieces: list[diff.Piece]
    both: str | None
    words: int | None


def said(field: FieldView) -> str:
    """An answer as a reader sees it: labels for what was chosen, yes or no for a box."""
    if field.widget == "checkbox":
        return "" if field.value in (None, "") else str(_("Yes") if field.value is True else _("No"))
    if field.choices:
        labels = dict(field.choices)
        values = field.value if isinstance(field.value, list) else [field.value]
        return ", ".join(labels.get(value, str(value)) for value in values if value not in (None, ""))
    return diff.plain(field.value)


def waiting(drafts: Drafts, w: Work, record: Any) -> list[Aside]:
    """The actor's texts that wait for a choice: of questions that are asked, and not what stands there anyway."""
    asked = drafts.model(w, record).model_fields
    return [
        one
        for one in editing.aside(w, drafts.workflow, record)
        if one.question in asked and token_of(one.text) != token_of(record.answers.get(one.question))
    ]


def late_page(drafts: Drafts, w: WebWork, record: Any) -> Response:
    """What was typed could not be saved over what stands there (or not at all any more)."""
    return _page(drafts, w, record, status=409)


def show(drafts: Drafts, w: WebWork, record: Any) -> Response:
    """The actor's texts that wait, beside what stands there."""
    if not waiting(drafts, w, record):
        return see_other(w, drafts.url(record))
    return _page(drafts, w, record)


def resolve(drafts: Drafts, w: WebWork, record: Any, sent: SentBody) -> Response:
    """Save the text that was chosen, or both made one; ask again when the other text changed once more."""
    saving.lock(w, record)
    name, sitting, choice = sent.get("question"), sent.get("sitting"), sent.get("choice")
    found = [one for one in waiting(drafts, w, record) if (one.question, one.sitting) == (name, sitting)]
    if not found:
        return see_other(w, drafts.url(record, "edit"))
    one = found[0]
    if choice == "both":
        one.text = editing.storable(sent.get("text"))  # theirs by now, whatever comes of it
    try:
        drafts.editable(w, record.code)
    except Refused:  # handed in or lapsed in the meantime
        return _page(drafts, w, record, status=409)
    if choice not in {"mine", "theirs", "both"}:
        return _page(drafts, w, record, status=422)
    if sent.get("base") != token_of(record.answers.get(name)):
        return _page(drafts, w, record, status=409, again=name)
    if choice != "theirs":
        drafts.revise(w, record, {name: one.text}, Origin(sitting))
    editing.settle(w, one)
    if waiting(drafts, w, record):
        return see_other(w, drafts.url(record, "conflict"))
    part = ask_of(drafts.model(w, record).model_fields[name]).part
    back = f"edit?part={part}#{name}" if drafts.paged else f"edit#{name}"
    return see_other(w, drafts.url(record, back), say=_("Settled. Every text that was saved stays in the history."))


def _questions(drafts: Drafts, w: Work, record: Any) -> list[Question]:
    stored, rows = drafts.form(w, record), waiting(drafts, w, record)
    last = {one.question: patch.latest(w, drafts.workflow, record.code, one.question) for one in rows}
    names = drafts.names_of(w, [row.by_id for row in last.values() if row is not None])
    found = []
    for one in rows:
        row, field = last[one.question], stored.field(one.question)

        def as_read(answer: Any, name: str = one.question) -> str:
            return said(Form(stored.model, {name: answer}, choices=stored.choices, zone=stored.zone).field(name))

        began_as = patch.text_of(w, drafts.workflow, record.code, one.question, one.base)
        began = None if began_as is None else as_read(began_as)
        mine, theirs = as_read(one.text), said(field)
        written = field.widget in WRITTEN
        found.append(
            Question(
                one.question, field.label, one.sitting, one.at, token_of(record.answers.get(one.question)),
                names.get(row.by_id or 0, "") if row is not None else "", row.at if row is not None else None,
                mine, theirs, began, diff.words(began if began is not None else theirs, mine),
                diff.words(began, theirs) if began is not None else [],
                _both(began, theirs, mine) if written else None, field.words,
            )
        )  # fmt: skip
    return found


def _both(began: str | None, theirs: str, mine: str) -> str:
    return diff.both(began, theirs, mine) if began else "\n\n".join(text for text in (theirs, mine) if text)


def _page(drafts: Drafts, w: WebWork, record: Any, status: int = 200, again: str = "") -> Response:
    closed: Problem | None = None
    try:
        drafts.editable(w, record.code)
    except (Refused, Forbidden) as refusal:
        closed = refusal.problem
    return page(
        w, "problems/conflict.html", status=status, record=record, title=drafts.acts.title(record),
        questions=_questions(drafts, w, record), closed=closed, is_open=status == 422, again=again,  # noqa: PLR2004
        zone=drafts.acts.zone(w, record), base_url=drafts.url(record),
    )  # fmt: skip
