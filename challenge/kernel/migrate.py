"""Bring a database to the newest schema, or back; say whether it is there."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from challenge.kernel.database import Database

FOLDER = Path(__file__).parent / "migrations"


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration; there is no ini file."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def upgrade(database: Database, revision: str = "head") -> None:
    """Run the missing migrations, in one transaction."""
    with database.engine.execution_options(writing=True).begin() as connection:
        command.upgrade(config(connection), revision)


def downgrade(database: Database, revision: str) -> None:
    """Take migrations back down to ``revision`` ("base" for an empty database)."""
    with database.engine.execution_options(writing=True).begin() as connection:
        command.downgrade(config(connection), revision)


def head() -> str | None:
    """The newest revision this code knows."""
    return ScriptDirectory.from_config(config()).get_current_head()


def current(database: Database) -> str | None:
    """The revision the database is at."""
    with database.engine.execution_options(writing=False).begin() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_current(database: Database) -> bool:
    """Whether nothing is missing."""
    return current(database) == head()


def grant(database: Database, role: str) -> None:
    """Let a plain PostgreSQL role serve: it reads and writes rows, owns nothing, and only adds to the journal."""
    with database.engine.execution_options(writing=True).begin() as connection:
        name = connection.dialect.identifier_preparer.quote(role)
        for statement in (
            f"GRANT USAGE ON SCHEMA public TO {name}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}",
            f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {name}",
            f"REVOKE UPDATE, DELETE ON step, receipt, revision FROM {name}",
        ):
            connection.exec_driver_sql(statement)
