"""What the database says of itself, whichever it is."""

from __future__ import annotations

from collections.abc import Iterator

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from challenge.kernel import migrate

NOWHERE = ("%@example.com", "%@example.net", "%@example.org", "%.example", "%.invalid", "%.test", "%@localhost")


def is_migrated(connection: Connection) -> Iterator[str]:
    """Code and schema belong together."""
    found, newest = MigrationContext.configure(connection).get_current_revision(), migrate.head()
    if found != newest:
        yield f"Migrations are pending (the schema is {found or 'empty'}, newest {newest}): run `challenge migrate`."


def has_no_example_people(connection: Connection) -> Iterator[str]:
    """Addresses no letter can reach (RFC 2606) belong to example people, of whom others know how to sign in."""
    if not inspect(connection).has_table("person"):
        return
    clauses = " OR ".join(f"lower(email) LIKE :p{number}" for number in range(len(NOWHERE)))
    asked = text(f"SELECT count(*) FROM person WHERE erased_at IS NULL AND disabled_at IS NULL AND ({clauses})")
    count = connection.execute(asked, {f"p{number}": like for number, like in enumerate(NOWHERE)}).scalar_one()
    if count:
        yield f"{count} people have addresses that cannot exist (example.org and the like): this is example data."
