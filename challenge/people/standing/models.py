"""Who stands in for whom, where, from when until when."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from challenge.kernel.columns import UtcDateTime
from challenge.kernel.record import Record


class StandIn(Record, table=True):
    """A member acts as a deputy in the lead's place. Whether that is in force is asked at each request."""

    __tablename__ = "stand_in"
    __table_args__ = (
        CheckConstraint("until > begins_at", name="ends_after_it_begins"),
        CheckConstraint("person_id <> stands_for_id", name="two_people"),
    )

    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)
    stands_for_id: int = Field(foreign_key="person.id", ondelete="RESTRICT")
    organisation_id: int = Field(foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    begins_at: datetime = Field(sa_type=UtcDateTime)
    until: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
