"""What every record people edit has: an id for the database, a code for people, a version against lost updates."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import MetaData
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

from challenge.kernel.codes import new_code
from challenge.kernel.columns import UtcDateTime

SQLModel.metadata.naming_convention = {  # named constraints: migrations and error messages need the names
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata: MetaData = SQLModel.metadata


class Row(SQLModel):
    """A row of a table without a life of its own (a link, a line, a token).

    ``stamp`` names the column, if any, that ``Work.add`` fills with the time of the unit of work.
    """

    stamp: ClassVar[str | None] = None

    id: int = Field(default=None, primary_key=True)


class Record(Row):
    """A row people know by its code and may edit at the same time: ``version`` is its optimistic lock."""

    stamp: ClassVar[str | None] = "created_at"

    code: str = Field(default_factory=new_code, max_length=8, unique=True, nullable=False)
    version: int = Field(default=None, nullable=False)
    created_at: datetime | None = Field(default=None, sa_type=UtcDateTime, nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.__table__.c.version} if hasattr(cls, "__table__") else {}
