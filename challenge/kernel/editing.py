"""Who is at work on a record, and how what several people type into it becomes one text.

A save names, for each question, the text it was typed over. What still stands there is changed; where another text
stands by now, the sender's is set aside for them, with what it began from, until they have chosen. Typing is saved
every few seconds; the history (kernel/patch.py) holds every text, the journal one step per sitting, not one per key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, col, select
from sqlmodel.sql.expression import SelectOfScalar

from challenge.kernel import patch
from challenge.kernel.columns import UtcDateTime, json_column
from challenge.kernel.patch import HERE, TOKEN, Origin, token_of
from challenge.kernel.record import Row
from challenge.kernel.work import Work

PRESENT = timedelta(minutes=15)  # so long after the last sign of life somebody counts as being there
SITTING = timedelta(minutes=30)  # a pause as long as this begins a new one
OWN_STEPS = 200  # so many lost answers of one page are bridged


class Editing(Row, table=True):
    """A person at work on a record, and the question they are at. ``saved_at`` is when they last changed something."""

    __table_args__ = (UniqueConstraint("workflow", "subject_code", "person_id"),)

    workflow: str = Field(max_length=32)
    subject_code: str = Field(max_length=8)
    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    saved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    question: str | None = Field(default=None, max_length=48)


class Aside(Row, table=True):
    """A text that came too late, typed on one open page over the text ``base`` names: its writer's until they chose."""

    __table_args__ = (UniqueConstraint("workflow", "subject_code", "person_id", "question", "sitting"),)

    workflow: str = Field(max_length=32)
    subject_code: str = Field(max_length=8)
    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)
    question: str = Field(max_length=48)
    sitting: str = Field(default="", max_length=32)
    base: str = Field(max_length=TOKEN)
    text: Any = Field(default=None, sa_type=json_column(), nullable=True)
    at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of a save, by question: taken in (or there already), or set aside: another text stands there."""

    taken: tuple[str, ...] = ()
    late: tuple[str, ...] = ()


Revise = Callable[[Mapping[str, Any], Origin], None]


class Fate(Enum):
    """What is to become of a text."""

    CHANGE = "change"
    THERE = "there"
    LATE = "late"


# A save


def merge(
    w: Work, workflow: str, record: Any, typed: Mapping[str, Any], bases: Mapping[str, str], *, sitting: str,
    revise: Revise,
) -> Merged:  # fmt: skip
    """Take what was typed over the text that stands; set the rest aside. What was not touched is not looked at.

    The caller holds the record's lock. ``bases`` names by question the text the page showed; where it says nothing,
    the page showed an empty answer.
    """
    meant = touched(typed, bases)
    fates = {name: _fate(w, workflow, record, name, meant[name], bases.get(name, ""), sitting) for name in meant}
    if changes := {name: meant[name] for name, fate in fates.items() if fate is Fate.CHANGE}:
        revise(changes, Origin(sitting))
    stands = {name for name, text in meant.items() if token_of(text) == token_of(record.answers.get(name))}
    for one in aside(w, workflow, record):
        if one.sitting == sitting and one.question in stands:  # the same page has written on, and it fits now
            settle(w, one)
    late = {name: meant[name] for name, fate in fates.items() if fate is Fate.LATE}
    waiting = set_aside(w, workflow, record, late, bases, sitting)
    return Merged(tuple(name for name in fates if name not in late), tuple(waiting))


def touched(typed: Mapping[str, Any], bases: Mapping[str, str]) -> dict[str, Any]:
    """The answers that are not what their page showed."""
    return {name: text for name, text in typed.items() if token_of(text) != bases.get(name, "")}


def _fate(w: Work, workflow: str, record: Any, question: str, text: Any, base: str, sitting: str) -> Fate:
    """An answer lost on the way is no conflict: the text was taken before, or only this page has changed it since."""
    here, made = token_of(record.answers.get(question)), token_of(text)
    if here == made:
        return Fate.THERE
    if here == base:
        return Fate.CHANGE
    known = patch.back(w, workflow, record.code, question, most=OWN_STEPS)
    of_page = [one.by_id == w.actor.id and bool(sitting) and one.sitting == sitting for one in known]
    mine = [one for one in known if one.by_id == w.actor.id and one.token == made]
    if any(one.base == base or (sitting and one.sitting == sitting) for one in mine):
        return Fate.THERE
    since = next((place for place, one in enumerate(known) if one.base == base), None)
    return Fate.CHANGE if since is not None and all(of_page[: since + 1]) else Fate.LATE


def write(w: Work, workflow: str, record: Any, answers: Mapping[str, Any], origin: Origin = HERE) -> None:
    """Put the answers into the record's: a patch for each that changes, one step per sitting.

    ``record`` has ``answers`` and ``saved_at``. Columns that mirror an answer are set before, by the caller.
    """
    given = storable(dict(answers))
    patch.record_changes(w, workflow, record, record.answers, given, origin)
    record.answers = {**record.answers, **given}
    record.saved_at = w.now
    w.session.flush()
    if w.actor.id is None:
        w.note(workflow, record, "revise")
        return
    row = _row(w, workflow, record)
    if row.saved_at is None or w.now - row.saved_at > SITTING:
        w.note(workflow, record, "revise")
    row.seen_at = row.saved_at = w.now
    w.session.flush()


def storable(value: Any) -> Any:
    """The same without what no database column holds: NUL, halves of surrogate pairs."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {storable(key): storable(entry) for key, entry in value.items()}
    return [storable(entry) for entry in value] if isinstance(value, list) else value


# Texts set aside


def set_aside(
    w: Work, workflow: str, record: Any, answers: Mapping[str, Any], bases: Mapping[str, str], sitting: str
) -> list[str]:
    """Hold what the actor typed until they have chosen; which questions wait. What they decided against does not."""
    there = {one.question: one for one in _asides(w, workflow, record) if one.sitting == sitting}
    waiting = []
    for question, text in storable(dict(answers)).items():
        row = there.get(question)
        if row is not None and row.settled_at is not None and token_of(row.text) == token_of(text):
            continue
        if row is None:
            row = Aside(
                workflow=workflow, subject_code=record.code, person_id=writer(w), question=question, sitting=sitting,
                base="", at=w.now,
            )  # fmt: skip
        row.base, row.text, row.at, row.settled_at = bases.get(question, ""), text, w.now, None
        w.add(row)
        waiting.append(question)
    return waiting


def aside(w: Work, workflow: str, record: Any) -> list[Aside]:
    """The actor's texts that wait, the oldest first."""
    return [one for one in _asides(w, workflow, record) if one.settled_at is None]


def settle(w: Work, one: Aside) -> None:
    """The actor has chosen between this text and the one that stands."""
    one.settled_at = w.now
    w.session.flush()


def _asides(w: Work, workflow: str, record: Any) -> list[Aside]:
    found = select(Aside).where(
        Aside.workflow == workflow, Aside.subject_code == record.code, Aside.person_id == w.actor.id
    )
    return list(w.session.exec(found.order_by(col(Aside.id))))


# Who is there


def mine(w: Work, workflow: str, record: Any) -> Editing | None:
    """The actor's own row, if there is one."""
    return w.session.exec(_of(workflow, record).where(Editing.person_id == w.actor.id)).first()


def others(w: Work, workflow: str, record: Any) -> list[Editing]:
    """The rows of everybody else who is there now, the latest sign of life first."""
    there = _of(workflow, record).where(Editing.person_id != w.actor.id, col(Editing.seen_at) > w.now - PRESENT)
    return list(w.session.exec(there.order_by(col(Editing.seen_at).desc())))


def is_noted(w: Work, workflow: str, record: Any, question: str | None, *, within: timedelta) -> bool:
    """Whether the actor was seen at this question just now: then it need not be written again."""
    row = mine(w, workflow, record)
    return row is not None and row.question == question and w.now - row.seen_at < within


def opened(w: Work, workflow: str, record: Any, question: str | None = None) -> None:
    """The actor looks at the form, at this question. The caller holds the record's lock."""
    row = _row(w, workflow, record)
    row.seen_at, row.question = w.now, question
    w.session.flush()


def left(w: Work, workflow: str, record: Any) -> None:
    """The actor has closed the page."""
    if (row := mine(w, workflow, record)) is not None:
        row.seen_at, row.question = w.now - PRESENT, None
        w.session.flush()


def end(w: Work, workflow: str, record: Any) -> None:
    """The form is handed in: nobody is at work on it; what still waits to be chosen stays."""
    for row in w.session.exec(_of(workflow, record)):
        w.session.delete(row)
    settled = select(Aside).where(
        Aside.workflow == workflow, Aside.subject_code == record.code, col(Aside.settled_at).is_not(None)
    )
    for one in w.session.exec(settled):
        w.session.delete(one)
    w.session.flush()


def _of(workflow: str, record: Any) -> SelectOfScalar[Editing]:
    return select(Editing).where(Editing.workflow == workflow, Editing.subject_code == record.code)


def _row(w: Work, workflow: str, record: Any) -> Editing:
    found = mine(w, workflow, record)
    return found or w.add(Editing(workflow=workflow, subject_code=record.code, person_id=writer(w), seen_at=w.now))


def writer(w: Work) -> int:
    """The person who acts."""
    if w.actor.id is None:
        message = "only a person edits"
        raise ValueError(message)
    return w.actor.id
