"""The copy without names of one version of a proposal."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from challenge.kernel.columns import UtcDateTime, json_column
from challenge.kernel.record import Record


class RedactedCopy(Record, table=True):
    """What jurors read of a version where neither side may know the other; nothing before it is confirmed.

    ``words`` were added to the names the service knows, ``spared`` taken from them. ``content`` and ``title`` are as
    they were confirmed. ``files``: hash of a file of the version → code of the attachment that stands for it.
    """

    __tablename__ = "redacted_copy"
    __table_args__ = (
        UniqueConstraint("proposal_id", "revision_number"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed_by_somebody"),
        CheckConstraint("confirmed_at IS NULL OR title <> ''", name="confirmed_has_title"),
        CheckConstraint("marked >= 0", name="marked_not_negative"),
    )

    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT", index=True)
    round_code: str = Field(max_length=8)
    proposal_id: int = Field(foreign_key="proposal.id", ondelete="RESTRICT", index=True)
    revision_number: int
    words: list[str] = Field(default_factory=list, sa_type=json_column(), nullable=False)
    spared: list[str] = Field(default_factory=list, sa_type=json_column(), nullable=False)
    files: dict[str, str] = Field(default_factory=dict, sa_type=json_column(), nullable=False)
    content: dict[str, Any] = Field(default_factory=dict, sa_type=json_column(), nullable=False)
    title: str = Field(default="", max_length=800)
    marked: int = Field(default=0)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    confirmed_by_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")
