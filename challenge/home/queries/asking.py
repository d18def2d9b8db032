"""What asks something of a person, as rows of one query.

Each kind of thing is a SELECT of the same columns; ``asked`` joins them with UNION ALL, so that a home page costs one
query however many kinds there are. Words, links and order are the page's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, String, cast, literal, null, type_coerce, union_all
from sqlmodel import col, select

from challenge.home.queries.sql import columns
from challenge.kernel.columns import UtcDateTime
from challenge.kernel.work import Work
from challenge.rounds.models import Extension

TEXTS = ("code", "title", "note", "extra", "day", "city")


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that waits. ``at`` is a date of its own (an extension, an offer's end) or, for counts, the oldest's."""

    kind: str
    code: str | None
    title: str | None
    note: str | None
    extra: str | None
    day: str | None
    city: str | None
    at: datetime | None
    round_id: int | None
    n: int


def need(kind: str, *, at: Any = None, round_id: Any = None, n: Any = None, **texts: Any) -> Select[Any]:
    """A SELECT of the columns of ``Asked``; what is not given is NULL, ``n`` is 1."""
    shown: list[ColumnElement[Any]] = [literal(kind, String).label("kind")]
    for name in TEXTS:
        given = texts.pop(name, None)
        shown.append((cast(null(), String) if given is None else type_coerce(given, String)).label(name))
    when = cast(null(), UtcDateTime) if at is None else type_coerce(at, UtcDateTime)
    where = cast(null(), Integer) if round_id is None else type_coerce(round_id, Integer)
    count = literal(1, Integer) if n is None else type_coerce(n, Integer)
    assert not texts, texts  # noqa: S101 -- a name that is no column
    return columns(*shown, when.label("at"), where.label("round_id"), count.label("n"))


def extension(workflow: str, code: Any) -> Any:
    """The later due date given to this record alone: the last one stands."""
    return (
        select(Extension.until)
        .where(Extension.workflow == workflow, Extension.subject_code == code)
        .order_by(col(Extension.id).desc())
        .limit(1)
        .scalar_subquery()
    )


def asked(w: Work, branches: Iterable[Select[Any]]) -> list[Asked]:
    """All of it, in one query; counts of nothing are left out."""
    wanted = list(branches)
    if not wanted:
        return []
    rows = w.session.execute(union_all(*wanted)).all()
    return [Asked(*row) for row in rows if row.n]
