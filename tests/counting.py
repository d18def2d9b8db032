"""The statements a database is asked, counted one way by every test."""

import contextlib

from sqlalchemy import event


@contextlib.contextmanager
def counted(world):
    """``with counted(world) as asked``: the statements meanwhile, without what opens a transaction.

    Whether a part of the service is frozen is asked every ten seconds for all requests together: no page pays for it.
    """
    asked = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("BEGIN", "PRAGMA", "SET ")) and "FROM freeze" not in statement.replace('"', ""):
            asked.append(statement)

    event.listen(world.database.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(world.database.engine, "before_cursor_execute", note)
