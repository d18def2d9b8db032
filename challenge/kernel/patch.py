"""The history of a form: every accepted change of an answer, who made it, when, and over which text.

A patch holds what changed between two texts, not the text: whoever types for an hour is saved hundreds of times. The
texts are put together again from the first patch on, and each patch names the text it made, so that a fault shows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint, func
from sqlmodel import Field, col, select

from challenge.kernel.columns import UtcDateTime, json_column
from challenge.kernel.diff import alike
from challenge.kernel.journal import canonical
from challenge.kernel.record import Row
from challenge.kernel.triggers import append_only, register
from challenge.kernel.work import Work

TOKEN = 16  # hex digits of SHA-256: nobody gains by making two texts of their own look the same
EMPTY: tuple[Any, ...] = (None, "", [], False)


class Patch(Row, table=True):
    """How the text ``number`` of an answer came from the one before: ``head`` and ``tail`` characters of that stay.

    ``base`` and ``token`` name the text before and the text made. An answer that is no text stands in ``put`` whole.
    Never changed; removed only with the draft it belongs to.
    """

    __table_args__ = (
        UniqueConstraint("workflow", "subject_code", "question", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("head >= 0 AND tail >= 0", name="stays_not_negative"),
    )

    workflow: str = Field(max_length=32)
    subject_code: str = Field(max_length=8)
    question: str = Field(max_length=48)
    number: int
    by_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT", index=True)
    suggested_by_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT", index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    sitting: str = Field(default="", max_length=32)  # the open page it was typed on
    base: str = Field(max_length=TOKEN)
    token: str = Field(max_length=TOKEN)
    head: int = Field(default=0)
    tail: int = Field(default=0)
    put: Any = Field(default=None, sa_type=json_column(), nullable=True)


for _trigger in append_only("patch"):
    if _trigger.name == "patch_no_update":
        register(_trigger)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a change comes from: the open page it was typed on, and who proposed the text if it was somebody else."""

    sitting: str = ""
    suggested_by_id: int | None = None


HERE = Origin()


@dataclass(frozen=True, slots=True)
class Version:
    """A text of an answer as it once stood, with the patch that made it."""

    patch: Patch
    text: Any


def plain(answer: Any) -> Any:
    """An answer as the history keeps it: a number as it is typed, no space around it, "" for every empty one."""
    if isinstance(answer, str | int) and not isinstance(answer, bool):
        answer = str(answer).replace("\r\n", "\n").strip()
    return "" if answer in EMPTY else answer


def token_of(answer: Any) -> str:
    """What names a text: the same for two that say the same, "" for every empty one."""
    text = plain(answer)
    return "" if text == "" else hashlib.sha256(canonical(text).encode()).hexdigest()[:TOKEN]


def record_changes(
    w: Work, workflow: str, record: Any, before: Mapping[str, Any], after: Mapping[str, Any], origin: Origin = HERE
) -> None:
    """Keep what differs between two states of the answers, a patch for each question."""
    for question, text in after.items():
        old, base = before.get(question), token_of(before.get(question))
        if base == token_of(text):
            continue
        last = latest(w, workflow, record.code, question)
        if (last.token if last else "") != base:  # written before there was a history, or by a procedure
            last = _add(w, workflow, record, question, last, None, old, at=record.saved_at or w.now)
        _add(w, workflow, record, question, last, old, text, at=w.now, origin=origin, by_id=w.actor.id)


def latest(w: Work, workflow: str, subject_code: str, question: str) -> Patch | None:
    """The patch that made the text that stands."""
    return next(iter(back(w, workflow, subject_code, question, most=1)), None)


def back(w: Work, workflow: str, subject_code: str, question: str, most: int | None = None) -> list[Patch]:
    """The patches of a question, the newest first."""
    found = select(Patch).where(
        Patch.workflow == workflow, Patch.subject_code == subject_code, Patch.question == question
    )
    return list(w.session.exec(found.order_by(col(Patch.number).desc()).limit(most)))


def versions(w: Work, workflow: str, subject_code: str, question: str) -> list[Version]:
    """Every text the answer ever had, the oldest first."""
    found, text = list[Version](), None
    for patch in reversed(back(w, workflow, subject_code, question)):
        text = _applied(patch, text)
        found.append(Version(patch, text))
    return found


def text_of(w: Work, workflow: str, subject_code: str, question: str, token: str) -> Any:
    """The text a token names: None when it never stood there, "" for an empty answer."""
    if not token:
        return ""
    known = versions(w, workflow, subject_code, question)
    return next((version.text for version in reversed(known) if version.patch.token == token), None)


def counts(w: Work, workflow: str, subject_code: str) -> dict[str, int]:
    """How many texts each answer has had."""
    found = (
        select(Patch.question, func.max(Patch.number))
        .where(Patch.workflow == workflow, Patch.subject_code == subject_code)
        .group_by(Patch.question)
    )
    return dict(w.session.exec(found).all())


def _add(
    w: Work, workflow: str, record: Any, question: str, last: Patch | None, before: Any, after: Any, *,
    at: datetime, origin: Origin = HERE, by_id: int | None = None,
) -> Patch:  # fmt: skip
    head, tail, put = _cut(plain(before), plain(after))
    return w.add(
        Patch(
            workflow=workflow, subject_code=record.code, question=question, number=last.number + 1 if last else 1,
            by_id=by_id, suggested_by_id=origin.suggested_by_id, at=at, sitting=origin.sitting,
            base=last.token if last else "", token=token_of(after), head=head, tail=tail, put=put,
        )
    )  # fmt: skip


def _cut(before: Any, after: Any) -> tuple[int, int, Any]:
    """What stays in front, what stays behind, what is put between."""
    if not isinstance(before, str) or not isinstance(after, str):
        return 0, 0, after
    head = alike(before, after)
    tail = alike(before[head:][::-1], after[head:][::-1])
    return head, tail, after[head : len(after) - tail]


def _applied(patch: Patch, before: Any) -> Any:
    if not isinstance(before, str) or not isinstance(patch.put, str):
        return patch.put
    return before[: patch.head] + patch.put + before[len(before) - patch.tail :]
