"""Long forms on the web: saved while one types, checked before they are handed in, nothing lost when two people edit.

A package says how its records are found, shown and revised (``Drafts``); the pages are written once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from challenge.http import answers, conflicts, saving, together
from challenge.http.conflicts import said
from challenge.http.forms import Choices, Form, ask_of
from challenge.http.pages import page, see_other
from challenge.http.problems import wants_json
from challenge.http.saving import as_fields, saved_text
from challenge.http.sent import Sent, SentBody
from challenge.http.together import here_too, talk
from challenge.http.transitions import Acts, buttons
from challenge.http.work import WebWork, work
from challenge.kernel import editing
from challenge.kernel.errors import Busy, Forbidden, Problem, Refused
from challenge.kernel.i18n import Text, _
from challenge.kernel.patch import Origin, token_of
from challenge.kernel.work import Work

NONE: Mapping[str, Any] = {}
CONTENT: Mapping[str, Text] = {"files": _("Files"), "cities": _("Cities"), "budget": _("Budget")}


def _nothing(_w: Work, _record: Any) -> Mapping[str, Any]:
    return NONE


def _as_sent(sent: SentBody) -> SentBody:
    return sent


def _no_more(_w: Work, _record: Any) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Drafts:
    """How a workflow's long form is found, kept and shown; the sister of ``Acts``.

    ``editable(w, code)`` answers Missing, Forbidden or Refused, else the record (with ``answers``, ``saved_at`` and
    ``version``). ``revise(w, record, answers, origin)`` keeps answers as typed. ``parts`` are the values of
    ``Ask.part`` with their titles; where the form is ``paged``, each is a page of its own. ``context`` gives the
    templates more names (a package's own extend ours); ``content_labels`` name what a revision holds besides the
    answers. ``reads`` puts together an answer that is sent as several fields, ``spread`` takes it apart; ``filed`` is
    told when a file was added or removed. ``discusses`` says who works on it together: they see who is here, earlier
    texts, comments (http/answers.py). ``mentions`` are those who can be named in a comment and hear of it: code → name.
    """

    acts: Acts
    model: Callable[[Work, Any], type[BaseModel]]
    editable: Callable[[Work, str], Any]
    revise: Callable[[Work, Any, Mapping[str, Any], Origin], None]
    names_of: Callable[[Work, Iterable[int | None]], Mapping[int, str]]
    parts: Mapping[str, Text]
    paged: bool = False
    choices: Callable[[Work, Any], Mapping[str, Choices]] = _nothing
    context: Callable[[Work, Any], Mapping[str, Any]] = _nothing
    submits: tuple[str, ...] = ("submit",)
    content_labels: Mapping[str, Text] = field(default_factory=lambda: CONTENT)
    reads: Callable[[SentBody], SentBody] = _as_sent
    spread: Callable[[str, Any], list[tuple[str, str]]] = as_fields
    filed: Callable[[Work, Any], None] = _no_more
    discusses: Callable[[Work, Any], Problem | None] | None = None
    mentions: Callable[[Work, Any], Mapping[str, str]] = _nothing
    files_hint: Text | None = None  # what is said where a file is added; as a rule: published with the text
    edit_template: str = "problems/edit.html"
    check_template: str = "problems/check.html"

    @property
    def workflow(self) -> str:
        """Under which name the journal knows the records."""
        return self.acts.workflow.name

    def url(self, record: Any, *more: str) -> str:
        """A page of the record."""
        return "/".join([f"/{self.acts.noun}/{record.code}", *more])

    def form(self, w: Work, record: Any, *, checked: bool = False) -> Form[Any]:
        """The form with the answers as they are kept."""
        return Form(
            self.model(w, record), record.answers,
            choices=self.choices(w, record), zone=self.acts.zone(w, record), checked=checked,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PartView:
    """A part of the form: where it is, and what it still needs."""

    key: str
    title: str
    href: str
    state: str
    tone: str
    is_here: bool


def keys_of(drafts: Drafts, model: type[BaseModel]) -> list[str]:
    """The parts of which the form asks something, in order: a form that grows asks less at first."""
    asked = {ask_of(info).part for info in model.model_fields.values()}
    return [key for key in drafts.parts if key in asked]


def part_views(drafts: Drafts, form: Form[Any], record: Any, here: str = "") -> list[PartView]:
    """Every part with "Done", "Needs you" or "Not begun"."""
    views = []
    for key in keys_of(drafts, form.model):
        title = drafts.parts[key]
        names = [name for name, info in form.model.model_fields.items() if ask_of(info).part == key]
        begun = any(form.data.get(name) not in (None, "", [], False) for name in names)
        needs = any(name in form.errors for name in names)
        state, tone = (_("Needs you"), "sun") if begun else (_("Not begun"), "off")
        if not needs:
            state, tone = _("Done"), "moss"
        href = drafts.url(record, f"edit?part={key}") if drafts.paged else drafts.url(record, f"edit#part-{key}")
        views.append(PartView(key, str(title), href, str(state), tone, is_here=key == here))
    return views


def add_draft_pages(router: APIRouter, drafts: Drafts) -> None:
    """Routes ``GET, POST /{noun}/{code}/edit``, ``…/conflict`` and ``GET …/check``; where people discuss, more."""
    noun, base = drafts.acts.noun, f"/{drafts.acts.noun}/{{code}}"
    if drafts.discusses is not None:
        together.add_presence(router, drafts)
        answers.add_answer_pages(router, drafts)

    @router.get(f"{base}/edit", include_in_schema=False, name=f"{noun}.edit")
    def edit(request: Request, code: str, part: str = "", checked: bool = False) -> Response:  # noqa: FBT001, FBT002
        with work(request) as w:
            record = drafts.editable(w, code)
            seen = editing.is_noted(w, drafts.workflow, record, None, within=editing.PRESENT / 3)
            response = _edit_page(drafts, w, record, part, checked=checked)
        if not seen:
            with contextlib.suppress(Busy), work(request, writing=True) as w:  # being seen is not worth a refusal
                record = drafts.editable(w, code)
                saving.lock(w, record)
                editing.opened(w, drafts.workflow, record)
        return response

    @router.post(f"{base}/edit", include_in_schema=False, name=f"{noun}.update")
    def update(request: Request, code: str, sent: Sent, part: str = "") -> Response:
        with work(request) as w:
            return _save(drafts, w, drafts.acts.find(w, code), sent, part)

    @router.get(f"{base}/conflict", include_in_schema=False, name=f"{noun}.conflict")
    def conflict(request: Request, code: str) -> Response:
        with work(request) as w:
            return conflicts.show(drafts, w, drafts.acts.find(w, code))

    @router.post(f"{base}/conflict", include_in_schema=False, name=f"{noun}.resolve")
    def resolve(request: Request, code: str, sent: Sent) -> Response:
        with work(request) as w:
            return conflicts.resolve(drafts, w, drafts.acts.find(w, code), sent)

    @router.get(f"{base}/check", include_in_schema=False, name=f"{noun}.check")
    def check(request: Request, code: str) -> Response:
        with work(request) as w:
            return _check_page(drafts, w, drafts.acts.find(w, code))


def _save(drafts: Drafts, w: WebWork, record: Any, sent: SentBody, part: str) -> Response:
    """Keep what was typed; where another text stands by now, keep it aside and show both."""
    save = saving.read_save(drafts, w, record, sent, part)
    saved = saving.take(drafts, w, record, save)
    if wants_json(w.request):
        return saving.told(drafts, w, record, save, saved)
    if saved.merged.late or saved.closed:
        return conflicts.late_page(drafts, w, record)
    return see_other(w, _next(drafts, w, record, sent, part))


def _next(drafts: Drafts, w: Work, record: Any, sent: SentBody, part: str) -> str:
    """Where a pressed button leads: on to the next part, to the check, or out."""
    if sent.get("step") == "leave":
        return drafts.url(record)
    keys = keys_of(drafts, drafts.model(w, record))
    if drafts.paged and part in keys[:-1] and sent.get("step") != "check":
        return drafts.url(record, f"edit?part={keys[keys.index(part) + 1]}")
    return drafts.url(record, "check")


def _edit_page(drafts: Drafts, w: WebWork, record: Any, part: str, *, checked: bool) -> Response:
    form = drafts.form(w, record, checked=checked)
    keys = keys_of(drafts, form.model)
    here = (part if part in keys else keys[0]) if drafts.paged else ""
    parts = part_views(drafts, form, record, here)
    here_fields = [asked for asked in form.fields if (not here or asked.part == here) and asked.errors]
    summary = [(f"#{asked.name}", f"{asked.label}: {'. '.join(asked.errors)}") for asked in here_fields]
    return page(
        w, drafts.edit_template, record=record, form=form, summary=summary, title=drafts.acts.title(record),
        parts=parts,
        shown_parts=[view for view in parts if not here or view.key == here], is_last=not here or parts[-1].is_here,
        url=drafts.url(record, f"edit?part={here}" if here else "edit"), base_url=drafts.url(record),
        saved_text=saved_text(drafts, w, record), has_kept=bool(conflicts.waiting(drafts, w, record)),
        bases={name: token_of(record.answers.get(name)) for name in form.model.model_fields},
        sitting=saving.new_sitting(), key=saving.browser_key(w), there=here_too(drafts, w, record),
        talk=talk(drafts, w, record), **drafts.context(w, record),
    )  # fmt: skip


def _check_page(drafts: Drafts, w: WebWork, record: Any) -> Response:
    form = drafts.form(w, record, checked=True)
    try:
        drafts.editable(w, record.code)
        can_edit = True
    except (Refused, Forbidden):
        can_edit = False
    rows = []
    for view in part_views(drafts, form, record):
        fields = [asked for asked in form.fields if asked.part == view.key]
        edit = (
            drafts.url(record, f"edit?part={view.key}&checked=1")
            if drafts.paged
            else drafts.url(record, "edit?checked=1")
        )
        answers = [(f, said(f), f"{edit}#{f.name}" if can_edit else None, ". ".join(f.errors)) for f in fields]
        rows.append((view, answers))
    acts = [button for button in buttons(drafts.acts, w, record) if button.name in drafts.submits]
    return page(
        w, drafts.check_template, record=record, form=form, title=drafts.acts.title(record), rows=rows, acts=acts,
        can_edit=can_edit, base_url=drafts.url(record), saved_text=saved_text(drafts, w, record),
        talk=talk(drafts, w, record), **drafts.context(w, record),
    )  # fmt: skip
