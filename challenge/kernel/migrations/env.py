"""How Alembic reaches the database: through the connection ``kernel.migrate`` hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import AutoString

from challenge.kernel.columns import UtcDateTime
from challenge.kernel.record import metadata
from challenge.kernel.schema import load_models


def render_item(type_: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Render our own types as plain ones, so that a revision needs none of our code."""
    if type_ == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if type_ == "type" and isinstance(item, AutoString):
        return f"sa.String({item.length or ''})"
    if type_ == "type" and isinstance(item, JSONB):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return "postgresql.JSONB(none_as_null=True)"
    return False


load_models()
connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    compare_server_default=True,
    render_item=render_item,
)
context.run_migrations()
