"""A message: what one person is told about one step, in the inbox and by mail."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from challenge.kernel.columns import UtcDateTime
from challenge.kernel.record import Row


class Message(Row, table=True):
    """Rendered once in the reader's language. Unique per step, person and template: telling twice is harmless."""

    __table_args__ = (
        UniqueConstraint("step_id", "person_id", "template"),
        Index("ix_message_inbox", "person_id", "read_at"),
    )

    step_id: int = Field(foreign_key="step.id", ondelete="RESTRICT")
    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT")
    template: str = Field(max_length=80)
    subject: str = Field(max_length=300)
    text: str = Field(max_length=20_000)
    path: str = Field(default="", max_length=200)
    at: datetime = Field(sa_type=UtcDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
