"""What is in the database: every row of every table."""

from __future__ import annotations

from typing import Any

from challenge.kernel import schema
from challenge.kernel.record import metadata


def rows(database: Any, *, but: frozenset[str] = frozenset()) -> dict[str, list[dict[str, Any]]]:
    """Table → its rows, in the order of what they hold."""
    schema.load_models()
    with database.session(writing=False) as session:
        connection = session.connection()
        found = {
            table.name: [dict(row) for row in connection.execute(table.select()).mappings()]
            for table in metadata.sorted_tables
            if table.name not in but
        }
    return {name: sorted(kept, key=repr) for name, kept in found.items()}


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """Names of the tables in which something is different."""
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
