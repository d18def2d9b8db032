"""What the jury's tests share."""

import contextlib

import pytest
from sqlalchemy import event


@pytest.fixture
def counted():
    """``with counted(world) as asked: …``: the statements the database was asked, in order."""

    @contextlib.contextmanager
    def counting(world):
        asked = []

        def on_execute(_connection, _cursor, statement, *_more):
            if not statement.startswith(("BEGIN", "PRAGMA", "SET ")):
                asked.append(statement)

        event.listen(world.database.engine, "before_cursor_execute", on_execute)
        try:
            yield asked
        finally:
            event.remove(world.database.engine, "before_cursor_execute", on_execute)

    return counting
