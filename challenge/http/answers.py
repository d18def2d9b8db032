"""One answer of a long form: its earlier texts, comments on it, and other texts that were suggested."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http import mentions, remarks, saving
from challenge.http.conflicts import said
from challenge.http.forms import Form, ask_of
from challenge.http.pages import page, see_other
from challenge.http.remarks import CHANGED, Answer, Changed, Remark, answer_of
from challenge.http.sent import Sent, SentBody
from challenge.http.work import WebWork, work
from challenge.kernel import comment, diff, looking, patch
from challenge.kernel.comment import Comment
from challenge.kernel.errors import Busy, Invalid, Missing, Problem
from challenge.kernel.i18n import Text, _
from challenge.kernel.patch import Version, token_of
from challenge.kernel.work import Work

if TYPE_CHECKING:
    from challenge.http.drafts import Drafts

MOST_SHOWN = 100
SETTLED = {
    "accept": _("The suggested text stands there now."), "resolve": _("The comment is resolved."),
    "reopen": _("The comment is open again."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment as the page shows it; ``pieces`` lead to the suggested text."""

    row: Comment
    who: str
    ended_by: str
    label: Text
    tone: str
    pieces: list[diff.Piece] | None


def add_answer_pages(router: APIRouter, drafts: Drafts) -> None:
    """Routes ``GET, POST /{noun}/{code}/answers/{question}``, ``…/history`` and ``POST …/comments/{comment}``."""
    noun, base = drafts.acts.noun, f"/{drafts.acts.noun}/{{code}}/answers/{{question}}"

    @router.get(base, include_in_schema=False, name=f"{noun}.answer")
    def show(request: Request, code: str, question: str) -> Response:
        with work(request) as w:
            record, answer = answer_of(drafts, w, code, question)
            is_new = looking.has_news(w, drafts.workflow, record.code, question)
            response = _show(drafts, w, record, answer)
        if is_new:
            with contextlib.suppress(Busy), work(request, writing=True) as w:  # that it was read is not worth a refusal
                record = drafts.acts.find(w, code)
                saving.lock(w, record)
                looking.looked(w, drafts.workflow, record.code, question)
        return response

    @router.post(base, include_in_schema=False, name=f"{noun}.remark")
    def remark(request: Request, code: str, question: str, sent: Sent) -> Response:
        with work(request) as w:
            return _remark(drafts, w, *answer_of(drafts, w, code, question), sent)

    @router.post(f"{base}/comments/{{comment_code}}", include_in_schema=False, name=f"{noun}.settle")
    def settle(request: Request, code: str, question: str, comment_code: str, sent: Sent) -> Response:
        with work(request) as w:
            return _settle(drafts, w, *answer_of(drafts, w, code, question), comment_code, sent)

    @router.get(f"{base}/history", include_in_schema=False, name=f"{noun}.history")
    def history(request: Request, code: str, question: str, new: int = 0, every: bool = False) -> Response:  # noqa: FBT001, FBT002
        with work(request) as w:
            return _history(drafts, w, *answer_of(drafts, w, code, question), new, every=every)

    @router.post(f"{base}/history", include_in_schema=False, name=f"{noun}.restore")
    def restore(request: Request, code: str, question: str, sent: Sent) -> Response:
        with work(request) as w:
            return _restore(drafts, w, *answer_of(drafts, w, code, question), sent)


# Comments and suggestions


def _show(
    drafts: Drafts, w: WebWork, record: Any, answer: Answer, *, form: Form[Remark] | None = None,
    problem: Text | None = None, status: int = 200,
) -> Response:  # fmt: skip
    rows = comment.of(w, drafts.workflow, record.code, answer.field.name)
    names = drafts.names_of(w, {one for row in rows for one in (row.by_id, row.ended_by_id)})
    views = [_view(drafts, w, answer, row, names) for row in rows]
    return page(
        w, "problems/answer.html", status=status, record=record, title=drafts.acts.title(record), answer=answer,
        waiting=[view for view in views if view.row.ended_at is None],
        settled=[view for view in views if view.row.ended_at is not None],
        form=form or Form(Remark, {"proposed": answer.text}, choices=mentions.choices(drafts, w, record)),
        problem=problem, zone=drafts.acts.zone(w, record),
        base_url=drafts.url(record), url=drafts.url(record, "answers", answer.field.name),
        edit_url=edit_url(drafts, w, record, answer.field.name),
        texts=patch.counts(w, drafts.workflow, record.code).get(answer.field.name, 0),
    )  # fmt: skip


def _view(drafts: Drafts, w: Work, answer: Answer, row: Comment, names: Mapping[int, str]) -> CommentView:
    pieces = None
    if row.proposed is not None:
        before: Any = answer.text
        if row.ended_at is not None:  # what stood there when it was suggested
            before = patch.text_of(w, drafts.workflow, row.subject_code, row.question, row.base)
        pieces = diff.words(diff.plain(before), row.proposed)
    label, tone = row.label
    return CommentView(row, names.get(row.by_id, ""), names.get(row.ended_by_id or 0, ""), label, tone, pieces)


def edit_url(drafts: Drafts, w: Work, record: Any, question: str) -> str:
    """Where the question is answered."""
    part = ask_of(drafts.model(w, record).model_fields[question]).part
    return drafts.url(record, f"edit?part={part}#{question}" if drafts.paged else f"edit#{question}")


def _remark(drafts: Drafts, w: WebWork, record: Any, answer: Answer, sent: SentBody) -> Response:
    body = SentBody({name: sent.fields[name] for name in Remark.model_fields if name in sent.fields})
    form = Form.sent(Remark, body, choices=mentions.choices(drafts, w, record))
    if not form.valid:
        return _show(drafts, w, record, answer, form=form, status=422)
    try:
        base, suggests = sent.get("base")[: patch.TOKEN], "proposed" in sent.fields
        remarks.say(drafts, w, record, answer, form.value, base, suggests=suggests)
    except Invalid as refusal:
        form.say_problem(refusal.problem)
        return _show(drafts, w, record, answer, form=form, status=422)
    return see_other(w, drafts.url(record, "answers", answer.field.name), say=_("Your comment is there for the team."))


def _settle(drafts: Drafts, w: WebWork, record: Any, answer: Answer, code: str, sent: SentBody) -> Response:
    act = sent.get("act")
    try:
        remarks.settle(drafts, w, record, answer, code, act, sent.get("base"))
    except Changed as refusal:
        return _show(drafts, w, record, answer, problem=refusal.problem.text, status=409)
    return see_other(w, drafts.url(record, "answers", answer.field.name), say=SETTLED[act])


# History


@dataclass(frozen=True, slots=True)
class Line:
    """A text in the history."""

    version: Version
    who: str
    suggested_by: str
    before: Version | None


def _history(
    drafts: Drafts, w: WebWork, record: Any, answer: Answer, new: int, *, every: bool, problem: Problem | None = None,
    status: int = 200,
) -> Response:  # fmt: skip
    name = answer.field.name
    known = patch.versions(w, drafts.workflow, record.code, name)
    names = drafts.names_of(w, {one for it in known for one in (it.patch.by_id, it.patch.suggested_by_id)})
    lines, before = list[Line](), None
    for place, version in enumerate(known):
        following = known[place + 1] if place + 1 < len(known) else None
        if not every and following is not None and version.patch.number != new and _is_one(version, following):
            continue  # typed on one page, without a pause by anybody else: its last text stands for all
        row = version.patch
        lines.append(Line(version, names.get(row.by_id or 0, ""), names.get(row.suggested_by_id or 0, ""), before))
        before = version
    shown = next((line for line in lines if line.version.patch.number == new), None)
    return page(
        w, "problems/history.html", status=status, record=record, title=drafts.acts.title(record), answer=answer,
        lines=lines[::-1][:MOST_SHOWN], shown=shown, every=every, total=len(known), problem=problem,
        text=_as_read(drafts, w, record, name, shown.version.text) if shown else "",
        pieces=_pieces(drafts, w, record, name, shown) if shown else [],
        zone=drafts.acts.zone(w, record), base_url=drafts.url(record), url=drafts.url(record, "answers", name),
    )  # fmt: skip


def _is_one(version: Version, following: Version) -> bool:
    first, second = version.patch, following.patch
    return bool(first.sitting) and (first.by_id, first.sitting) == (second.by_id, second.sitting)


def _as_read(drafts: Drafts, w: Work, record: Any, name: str, text: Any) -> str:
    stored = drafts.form(w, record)
    return said(Form(stored.model, {name: text}, choices=stored.choices, zone=stored.zone).field(name))


def _pieces(drafts: Drafts, w: Work, record: Any, name: str, line: Line) -> list[diff.Piece]:
    before = _as_read(drafts, w, record, name, line.before.text) if line.before else ""
    return diff.words(before, _as_read(drafts, w, record, name, line.version.text))


def _restore(drafts: Drafts, w: WebWork, record: Any, answer: Answer, sent: SentBody) -> Response:
    saving.lock(w, record)
    drafts.editable(w, record.code)
    name, number = answer.field.name, sent.get("number")
    known = patch.versions(w, drafts.workflow, record.code, name)
    found = next((one for one in known if str(one.patch.number) == number), None)
    if found is None:
        raise Missing
    if sent.get("base") != token_of(record.answers.get(name)):
        return _history(drafts, w, record, answer, found.patch.number, every=False, problem=CHANGED, status=409)
    drafts.revise(w, record, {name: found.text}, patch.HERE)
    return see_other(w, drafts.url(record, "answers", name, "history"), say=_("The earlier text stands there again."))
