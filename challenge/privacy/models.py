"""Legal holds, and the list of who was erased."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from challenge.kernel.columns import UtcDateTime
from challenge.kernel.constraints import refuses
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _
from challenge.kernel.record import Record, Row

STANDING = "lifted_at IS NULL"


class LegalHold(Record, table=True):
    """Why a person's data must not be destroyed yet (GDPR Art. 17(3)). Shown to the person; one stands at a time."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="has_reason"),
        CheckConstraint("(lifted_at IS NULL) = (lift_reason = '')", name="lifted_with_reason"),
        Index(
            "uq_legal_hold_standing", "person_id", unique=True,
            sqlite_where=text(STANDING), postgresql_where=text(STANDING),
        ),
    )  # fmt: skip

    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)
    reason: str = Field(max_length=1000)
    set_at: datetime = Field(sa_type=UtcDateTime)
    set_by: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")
    lift_reason: str = Field(default="", max_length=1000)
    lifted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lifted_by: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")


class Erasure(Row, table=True):
    """That somebody was erased, by the number they have left. A restored backup is brought up to this list."""

    person_code: str = Field(max_length=8, unique=True)
    at: datetime = Field(sa_type=UtcDateTime)


refuses(
    "uq_legal_hold_standing",
    Problem("held_already", _("A hold stands already. Lift it first.")),
    columns="legal_hold.person_id",
)
