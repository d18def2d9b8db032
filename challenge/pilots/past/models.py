"""Under which key a past pilot was imported, so that the same file can be sent again."""

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from challenge.kernel.constraints import refuses
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _
from challenge.kernel.record import Row


class PastPilot(Row, table=True):
    """The key of an imported pilot, and the digest of the row it came from."""

    __tablename__ = "past_pilot"
    __table_args__ = (CheckConstraint("key <> ''", name="has_key"),)

    pilot_id: int = Field(foreign_key="pilot.id", ondelete="RESTRICT", unique=True)
    key: str = Field(max_length=60, unique=True)
    digest: str = Field(max_length=64)


refuses(
    "uq_past_pilot_key",
    Problem("imported_already", _("Somebody imported these pilots at the same moment. Check the file again.")),
    columns="past_pilot.key",
)
