"""One answer of a long form: its earlier texts, comments on it, and other texts that were suggested."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from challenge.http import mentions, saving, together
from challenge.http.conflicts import WRITTEN, said
from challenge.http.forms import FieldView, Form, ask_of
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent, SentBody
from challenge.http.work import WebWork, work
from challenge.kernel import comment, diff, looking, patch
from challenge.kernel.ask import Ask
from challenge.kernel.comment import MOST_PROPOSED, MOST_TEXT, Comment
from challenge.kernel.errors import Busy, Forbidden, Missing, Problem, Refused
from challenge.kernel.i18n import N_, Text, _
from challenge.kernel.patch import Origin, Version, token_of
from challenge.kernel.work import Work

if TYPE_CHECKING:
    from challenge.http.drafts import Drafts

MOST_SHOWN = 100
CHANGED = _("The text changed in the meantime. Look at what differs now, then choose.")
ACTS = frozenset({"accept", "resolve", "reopen"})


class Remark(BaseModel):
    """What somebody says of an answer."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    text: Annotated[str, Field(max_length=MOST_TEXT, title=N_("Comment")), Ask("textarea", rows=4)] = ""
    proposed: Annotated[
        str,
        Field(max_length=MOST_PROPOSED, title=N_("The text you suggest"),
              description=N_("Change what stands there. Somebody who may write takes it over, or not.")),
        Ask("textarea", rows=8),
    ] = ""  # fmt: skip
    tell: Annotated[
        list[str],
        Field(max_length=60, title=N_("Who hears of it"),
              description=N_("They get a mail. Or write @ and the name in the comment.")),
        Ask("checkboxes"),
    ] = []  # fmt: skip


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment as the page shows it; ``pieces`` lead to the suggested text."""

    row: Comment
    who: str
    ended_by: str
    label: Text
    tone: str
    pieces: list[diff.Piece] | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with the answer that stands."""

    field: FieldView
    text: str
    token: str
    can_write: bool

    @property
    def is_text(self) -> bool:
        """Whether another text can be suggested."""
        return self.field.widget in WRITTEN


def add_answer_pages(router: APIRouter, drafts: Drafts) -> None:
    """Routes ``GET, POST /{noun}/{code}/answers/{question}``, ``…/history`` and ``POST …/comments/{comment}``."""
    noun, base = drafts.acts.noun, f"/{drafts.acts.noun}/{{code}}/answers/{{question}}"

    @router.get(base, include_in_schema=False, name=f"{noun}.answer")
    def show(request: Request, code: str, question: str) -> Response:
        with work(request) as w:
            record, answer = _found(drafts, w, code, question)
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
            return _remark(drafts, w, *_found(drafts, w, code, question), sent)

    @router.post(f"{base}/comments/{{comment_code}}", include_in_schema=False, name=f"{noun}.settle")
    def settle(request: Request, code: str, question: str, comment_code: str, sent: Sent) -> Response:
        with work(request) as w:
            return _settle(drafts, w, *_found(drafts, w, code, question), comment_code, sent)

    @router.get(f"{base}/history", include_in_schema=False, name=f"{noun}.history")
    def history(request: Request, code: str, question: str, new: int = 0, every: bool = False) -> Response:  # noqa: FBT001, FBT002
        with work(request) as w:
            return _history(drafts, w, *_found(drafts, w, code, question), new, every=every)

    @router.post(f"{base}/history", include_in_schema=False, name=f"{noun}.restore")
    def restore(request: Request, code: str, question: str, sent: Sent) -> Response:
        with work(request) as w:
            return _restore(drafts, w, *_found(drafts, w, code, question), sent)


def _found(drafts: Drafts, w: Work, code: str, question: str) -> tuple[Any, Answer]:
    """The record and its question, for whoever works on it. Raises Missing, Forbidden."""
    record = drafts.acts.find(w, code)
    together.demand(drafts, w, record)
    form = drafts.form(w, record)
    if question not in form.model.model_fields:
        raise Missing
    field = form.field(question)
    return record, Answer(field, said(field), token_of(record.answers.get(question)), _can_write(drafts, w, record))


def _can_write(drafts: Drafts, w: Work, record: Any) -> bool:
    try:
        drafts.editable(w, record.code)
    except (Refused, Forbidden):
        return False
    return True


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
    base, given = sent.get("base")[: patch.TOKEN], form.value
    suggests = answer.is_text and "proposed" in sent.fields and token_of(given.proposed) != base
    if not given.text and not suggests:
        form.say("text", _("Write a comment, or change the text you suggest"))
        return _show(drafts, w, record, answer, form=form, status=422)
    comment.add(
        w, drafts.workflow, record, answer.field.name, text=given.text,
        proposed=given.proposed if suggests else None, base=base,
    )  # fmt: skip
    mentions.tell(drafts, w, record, answer.field, given.text, given.tell)
    return see_other(w, drafts.url(record, "answers", answer.field.name), say=_("Your comment is there for the team."))


def _settle(drafts: Drafts, w: WebWork, record: Any, answer: Answer, code: str, sent: SentBody) -> Response:
    saving.lock(w, record)
    act, name = sent.get("act"), answer.field.name
    if act not in ACTS:
        raise Missing
    found = comment.one(w, drafts.workflow, record, name, code)
    url = drafts.url(record, "answers", name)
    if act == "reopen":
        comment.reopen(w, found)
        return see_other(w, url, say=_("The comment is open again."))
    if act == "resolve":
        comment.close(w, found)
        return see_other(w, url, say=_("The comment is resolved."))
    drafts.editable(w, record.code)
    if found.proposed is None:
        raise Missing
    if sent.get("base") != token_of(record.answers.get(name)):
        return _show(drafts, w, record, answer, problem=CHANGED, status=409)
    comment.close(w, found, accepted=True)
    drafts.revise(w, record, {name: found.proposed}, Origin(suggested_by_id=found.by_id))
    return see_other(w, url, say=_("The suggested text stands there now."))


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
        changed = Problem("changed", CHANGED)
        return _history(drafts, w, record, answer, found.patch.number, every=False, problem=changed, status=409)
    drafts.revise(w, record, {name: found.text}, patch.HERE)
    return see_other(w, drafts.url(record, "answers", name, "history"), say=_("The earlier text stands there again."))
