"""Column types both databases keep the same way."""

from __future__ import annotations

import enum
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Enum
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: refuses a naive one, gives back UTC (SQLite would drop the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002, D102
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"an instant without a time zone: {value!r}"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002, D102
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def one_of(values: type[enum.Enum], name: str = "") -> Any:
    """A column that holds the values (not the names) of an enum, with a CHECK of the same set.

    ``name`` is the CHECK's where two columns of a table hold the same enum.
    """
    return Enum(
        values,
        name=name or values.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


def json_column() -> Any:
    """JSON; on PostgreSQL as JSONB. Assign a new object to change it: edits in place are not seen."""
    return JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


CENTS: type[TypeEngine[int]] = BigInteger
