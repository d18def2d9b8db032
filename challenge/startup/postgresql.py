"""What PostgreSQL must promise before it is believed."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text

from challenge.kernel import skew
from challenge.kernel.clock import Clock

SAFE_WRITES = ("fsync", "synchronous_commit", "full_page_writes")
ROLE = """
    SELECT rolname, rolsuper, rolbypassrls,
      EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema() AND pg_has_role(tableowner, 'MEMBER')) AS owns
    FROM pg_roles WHERE rolname = current_user
"""


def role_is_plain(connection: Connection, _clock: Clock) -> Iterator[str]:
    """Who owns a table may switch off the triggers that keep journal and pairing rule."""
    role = connection.execute(text(ROLE)).one()
    if role.rolsuper:
        yield f"The database role {role.rolname} is a superuser: use a plain one."
        return
    if role.rolbypassrls:
        yield f"The database role {role.rolname} may bypass row security: use a plain one."
    if role.owns:
        yield (
            f"The database role {role.rolname} owns the tables and could switch off what protects them: migrate with "
            "the owner (`challenge migrate --grant-to ROLE`), serve with ROLE."
        )


def writes_are_safe(connection: Connection, _clock: Clock) -> Iterator[str]:
    """What was answered "received" must survive a power cut."""
    for name in SAFE_WRITES:
        if connection.execute(text(f"SHOW {name}")).scalar_one() == "off":
            yield f"PostgreSQL runs with {name} = off: what was received could be lost."


def isolation_is_right(connection: Connection, _clock: Clock) -> Iterator[str]:
    """REPEATABLE READ breaks the pairing rule (design.md §4.1)."""
    found = connection.execute(text("SHOW default_transaction_isolation")).scalar_one()
    if found == "repeatable read":
        yield "PostgreSQL's default_transaction_isolation is REPEATABLE READ, which breaks the pairing rule."


def clocks_agree(connection: Connection, clock: Clock) -> Iterator[str]:
    """Nodes decide deadlines by their own clocks."""
    found = skew.of(connection, clock)
    if found > skew.MOST:
        yield f"The clock is {found.total_seconds():.1f} s away from the database's: at most 1 s is allowed."
