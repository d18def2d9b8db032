"""Comments on the answers of a record in JSON: what was said, saying more, and what becomes of a suggested text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from fastapi import APIRouter, Request
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from challenge.http import mentions, remarks, together
from challenge.http.api import PREFIX, PROBLEMS, check_choices, once
from challenge.http.drafts import Drafts
from challenge.http.remarks import Remark, answer_of
from challenge.http.work import work
from challenge.kernel import comment
from challenge.kernel.comment import Comment
from challenge.kernel.patch import TOKEN
from challenge.kernel.work import Work


class RemarkIn(Remark):
    """A comment, or with ``proposed`` another text for the answer; ``base`` names the text it was made from.

    Who is in ``tell`` (codes of ``people``), or stands in the text after an @, gets a mail.
    """

    base: str = Field(default="", max_length=TOKEN)


class SettleAct(StrEnum):
    """What becomes of a comment."""

    ACCEPT = "accept"
    RESOLVE = "resolve"
    REOPEN = "reopen"


class SettledIn(BaseModel):
    """What becomes of a comment; to accept a suggested text ``base`` names the one that stands."""

    model_config = ConfigDict(extra="forbid")

    act: SettleAct
    base: str = Field(default="", max_length=TOKEN)


class RemarkState(StrEnum):
    """Whether it waits."""

    OPEN = "open"
    RESOLVED = "resolved"
    TAKEN_OVER = "taken_over"


class RemarkOut(BaseModel):
    """A comment; with ``proposed`` a suggested text, made from the one ``base`` names."""

    code: str
    question: str
    by: str
    at: datetime
    text: str
    proposed: str | None
    base: str
    state: RemarkState
    ended_by: str | None
    ended_at: datetime | None


class NamedOut(BaseModel):
    """Somebody of the team who can be named in a comment."""

    code: str
    name: str


class RemarksOut(BaseModel):
    """Everything said of the answers of a record, the oldest first."""

    items: list[RemarkOut]
    people: list[NamedOut]


def add_answer_api(router: APIRouter, drafts: Drafts, tag: str) -> None:
    """``GET /api/v1/{noun}/{code}/comments``, ``POST …/answers/{question}/comments`` and ``…/comments/{comment}``."""
    noun = drafts.acts.noun
    base, at = f"{PREFIX}/{noun}/{{code}}", f"{PREFIX}/{noun}/{{code}}/answers/{{question}}/comments"

    @router.get(f"{base}/comments", tags=[tag], name=f"api.{noun}.comments", response_model=RemarksOut,
                responses=PROBLEMS)  # fmt: skip
    def index(request: Request, code: str, question: str = "") -> Response:
        """What was said of the answers, or of one; to those who work on the record together."""
        with work(request) as w:
            record = drafts.acts.find(w, code)
            together.demand(drafts, w, record)
            rows = comment.of(w, drafts.workflow, record.code, question[:48] or None)
            people = [NamedOut(code=who, name=name) for who, name in drafts.mentions(w, record).items()]
            return _sent(RemarksOut(items=_shown(drafts, w, rows), people=people))

    @router.post(at, tags=[tag], name=f"api.{noun}.remark", status_code=201, response_model=RemarkOut,
                 responses=PROBLEMS)  # fmt: skip
    def remark(request: Request, code: str, question: str, given: RemarkIn) -> Response:
        """Say something of an answer, or suggest another text for it."""
        with work(request) as w:

            def act() -> Response:
                record, answer = answer_of(drafts, w, code, question)
                check_choices(given, mentions.choices(drafts, w, record))
                suggests = "proposed" in given.model_fields_set
                made = remarks.say(drafts, w, record, answer, given, given.base, suggests=suggests)
                return _sent(_shown(drafts, w, [made])[0], 201)

            return once(w, given, act)

    @router.post(f"{at}/{{comment_code}}", tags=[tag], name=f"api.{noun}.settle", response_model=RemarkOut,
                 responses=PROBLEMS)  # fmt: skip
    def settle(request: Request, code: str, question: str, comment_code: str, given: SettledIn) -> Response:
        """Resolve a comment, open it again, or take the suggested text over."""
        with work(request) as w:

            def act() -> Response:
                record, answer = answer_of(drafts, w, code, question)
                found = remarks.settle(drafts, w, record, answer, comment_code, given.act, given.base)
                return _sent(_shown(drafts, w, [found])[0])

            return once(w, given, act)


def _shown(drafts: Drafts, w: Work, rows: Iterable[Comment]) -> list[RemarkOut]:
    rows = list(rows)
    names = drafts.names_of(w, {one for row in rows for one in (row.by_id, row.ended_by_id)})
    return [
        RemarkOut(
            code=row.code, question=row.question, by=names.get(row.by_id, ""), at=row.created_at or w.now,
            text=row.text, proposed=row.proposed, base=row.base, state=_state(row),
            ended_by=names.get(row.ended_by_id, "") if row.ended_by_id is not None else None, ended_at=row.ended_at,
        )
        for row in rows
    ]  # fmt: skip


def _state(row: Comment) -> RemarkState:
    if row.ended_at is None:
        return RemarkState.OPEN
    return RemarkState.TAKEN_OVER if row.accepted else RemarkState.RESOLVED


def _sent(body: BaseModel, status: int = 200) -> Response:
    return JSONResponse(jsonable_encoder(body), status)
