"""Triggers on both databases: declared beside the models, created with the schema, compared after migrations."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, event, text

from challenge.kernel.record import metadata


@dataclass(frozen=True, slots=True)
class Trigger:
    """``name`` is unique; each dialect has the statements that make it, in order, and those that drop it."""

    name: str
    sqlite: tuple[str, ...]
    postgresql: tuple[str, ...]


_registered: dict[str, Trigger] = {}


def register(trigger: Trigger) -> None:
    """Have the trigger made whenever the schema is made."""
    if trigger.name in _registered:
        message = f"two triggers named {trigger.name}"
        raise ValueError(message)
    _registered[trigger.name] = trigger


def registered() -> list[Trigger]:
    """All declared triggers, by name."""
    return [_registered[name] for name in sorted(_registered)]


@event.listens_for(metadata, "after_create")
def _create(_target: object, connection: Connection, **_: object) -> None:
    for trigger in registered():
        for statement in getattr(trigger, connection.dialect.name):
            connection.exec_driver_sql(statement)


def existing(connection: Connection) -> set[str]:
    """Names of the triggers the database has now."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
    else:
        rows = connection.execute(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"))
    return {name for (name,) in rows}


def append_only(table: str, erases: str = "") -> tuple[Trigger, ...]:
    """The triggers that let rows of ``table`` be added and never changed, removed or truncated.

    ``erases`` says, of OLD and NEW, which change is none of what a row proves, and lawful.
    On SQLite this needs ``recursive_triggers=ON``, or ``INSERT OR REPLACE`` would get around it.
    """
    refuse = f"{table} is append-only"
    made = []
    for act in ("update", "delete"):
        name = f"{table}_no_{act}"
        when = f"WHEN (NOT ({erases})) " if erases and act == "update" else ""
        made.append(
            Trigger(
                name,
                sqlite=(
                    f"CREATE TRIGGER {name} BEFORE {act.upper()} ON {table} {when}"
                    f"BEGIN SELECT RAISE(ABORT, '{refuse}'); END",
                ),
                postgresql=(
                    f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                    f"$$ BEGIN RAISE EXCEPTION '{refuse}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
                    f"CREATE TRIGGER {name} BEFORE {act.upper()} ON {table} FOR EACH ROW {when}"
                    f"EXECUTE FUNCTION {name}()",
                ),
            )
        )
    name = f"{table}_no_truncate"
    made.append(
        Trigger(
            name,
            sqlite=(),
            postgresql=(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{refuse}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
                f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
            ),
        )
    )
    return tuple(made)
