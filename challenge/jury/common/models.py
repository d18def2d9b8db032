"""The item, and what each juror gave it. Tables of their own: nothing that counts ever reads them as reviews."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from challenge.kernel.columns import UtcDateTime, json_column, one_of
from challenge.kernel.record import Record
from challenge.rounds.states import Gate


class CommonItem(Record, table=True):
    """A proposal as a copy without names: prepared, opened to the panel, its marks shown; or taken back.

    ``content`` and ``title`` are the copy as it was chosen; the proposal may change or go on.
    """

    __tablename__ = "common_item"
    __table_args__ = (
        Index("uq_common_item_live", "round_id", "gate", unique=True,
              sqlite_where=text("dropped_at IS NULL"), postgresql_where=text("dropped_at IS NULL")),
        CheckConstraint("shown_at IS NULL OR opened_at IS NOT NULL", name="shown_was_opened"),
    )  # fmt: skip

    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT", index=True)
    round_code: str = Field(max_length=8)
    gate: Gate = Field(sa_type=one_of(Gate))
    proposal_id: int = Field(foreign_key="proposal.id", ondelete="RESTRICT", index=True)
    words: list[str] = Field(default_factory=list, sa_type=json_column(), nullable=False)
    content: dict[str, Any] = Field(default_factory=dict, sa_type=json_column(), nullable=False)
    title: str = Field(max_length=800)
    by_id: int = Field(foreign_key="person.id", ondelete="RESTRICT")
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    shown_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    dropped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CommonReview(Record, table=True):
    """What a juror gave: ``marks`` by criterion as ``{"tenths": …, "comment": …}``."""

    __tablename__ = "common_review"
    __table_args__ = (UniqueConstraint("item_id", "juror_id"),)

    item_id: int = Field(foreign_key="common_item.id", ondelete="RESTRICT")
    juror_id: int = Field(foreign_key="juror.id", ondelete="RESTRICT", index=True)
    marks: dict[str, Any] = Field(default_factory=dict, sa_type=json_column(), nullable=False)
    comment: str = Field(default="", max_length=8000)
    confidence: int | None = Field(default=None)
    saved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
