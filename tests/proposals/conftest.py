"""Counting queries."""

from __future__ import annotations

import contextlib

import pytest
from sqlalchemy import event


@pytest.fixture
def counted():
    """``with counted(world) as n``: afterwards ``n[0]`` is the number of SELECTs."""

    @contextlib.contextmanager
    def counting(world):
        found = [0]

        def on_execute(_connection, _cursor, statement, *_more):
            found[0] += statement.lstrip().upper().startswith("SELECT")

        event.listen(world.database.engine, "before_cursor_execute", on_execute)
        try:
            yield found
        finally:
            event.remove(world.database.engine, "before_cursor_execute", on_execute)

    return counting
