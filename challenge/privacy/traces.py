"""Where else a person's name and address stand: in words about them that were written for others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, case, delete, literal, or_, select, update

from challenge.kernel.record import metadata
from challenge.kernel.work import Work
from challenge.people.models import Person

SHORTEST = 4  # a name shorter than this is a word of its own in too many places
GONE = "…"
WORDS = {
    "message": ("subject", "text"), "letter": ("subject", "text", "html", "error"), "attachment": ("name",),
}  # fmt: skip
OBJECTS = {"step_text": "given", "idempotency_key": "body"}


def known_as(w: Work, person: Person) -> list[str]:
    """Every spelling of name and address that was used for this person, the longest first."""
    rows = [(person.name, person.email)]
    for table, mine in (
        ("team_member", ("person_id", person.id)),
        ("team_member", ("email_key", person.email_key)),
        ("seat_invitation", ("person_id", person.id)),
    ):
        target = metadata.tables[table]
        rows += [(name, email) for name, email in w.session.execute(
            select(target.c.name, target.c.email).where(target.c[mine[0]] == mine[1])
        )]  # fmt: skip
    found = {one for row in rows for one in row}
    return sorted((one for one in found if len(one) >= SHORTEST), key=lambda one: (-len(one), one))


def wipe(w: Work, names: list[str]) -> None:
    """Take the names out of messages and letters to others; destroy the words of steps in which they stand."""
    if not names:
        return
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names), re.IGNORECASE)
    for name, columns in WORDS.items():
        _replace(w, metadata.tables[name], columns, names, pattern)
    for name, column in OBJECTS.items():
        _remove(w, metadata.tables[name], column, pattern)


def _replace(w: Work, table: Table, columns: Iterable[str], names: list[str], pattern: re.Pattern[str]) -> None:
    shown: list[Column[Any]] = [table.c[column] for column in columns]
    holding = or_(*(column.contains(name, autoescape=True) for column in shown for name in names))
    for row_id, *texts in w.session.execute(select(table.c.id, *shown).where(holding)).all():
        values = {
            column.name: pattern.sub(GONE, text)
            for column, text in zip(shown, texts, strict=True)
            if isinstance(text, str)
        }
        w.session.execute(update(table).where(table.c.id == row_id).values(values))


def _remove(w: Work, table: Table, column: str, pattern: re.Pattern[str]) -> None:
    rows = w.session.execute(select(table.c.id, table.c[column]).execution_options(yield_per=1000))
    gone = [row_id for row_id, value in rows if any(pattern.search(text) for text in _texts(value))]
    for start in range(0, len(gone), 500):
        w.session.execute(delete(table).where(table.c.id.in_(gone[start : start + 500])))


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for entry in value.values():
            yield from _texts(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _texts(entry)


def kept_if_any(column: Column[Any], word: str) -> ColumnElement[str]:
    """The word where something was written, else nothing: a CHECK asks for words where something was decided."""
    return case((column == "", literal("")), else_=literal(word))
