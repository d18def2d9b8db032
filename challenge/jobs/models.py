"""A slot: one run of one job. Its key is unique, so that any number of nodes make one effect."""

from datetime import datetime

from sqlmodel import Field

from challenge.kernel.columns import UtcDateTime
from challenge.kernel.record import Row


class Slot(Row, table=True):
    """``key`` says what is due when, for example ``window:4F7Q2KXD:ideas:closes_in_7_days:2027-03-31``."""

    key: str = Field(max_length=160, unique=True)
    due_at: datetime = Field(sa_type=UtcDateTime)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    failures: int = Field(default=0)
    error: str = Field(default="", max_length=500)
