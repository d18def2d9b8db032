"""What the database refuses, in words: a constraint's name (or a trigger's message) → the problem people read."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError, OperationalError

from challenge.kernel.errors import Problem

_known: dict[str, Problem] = {}


def refuses(phrase: str, problem: Problem, *, columns: str | None = None) -> None:
    """Register: when the database names ``phrase`` (a constraint or the start of a trigger's message).

    SQLite names a broken UNIQUE by its columns only: ``columns`` is that list, ``"table.a, table.b"``.
    """
    _known[phrase] = problem
    if columns:
        _known[f"UNIQUE constraint failed: {columns}"] = problem


def problem_of(error: IntegrityError | OperationalError) -> Problem | None:
    """The problem registered for what the database said, if any; the longest phrase wins."""
    said = str(error.orig)
    for phrase in sorted(_known, key=len, reverse=True):
        if phrase in said:
            return _known[phrase]
    return None
