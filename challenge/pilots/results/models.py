"""Outputs, the kit, news, who reuses it, which cities would like to, and who may be asked."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from challenge.kernel.columns import UtcDateTime, one_of
from challenge.kernel.constraints import refuses
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _
from challenge.kernel.record import Record, Row

LIVE = "withdrawn_at IS NULL"


class OutputKind(StrEnum):
    """What an output is."""

    SOFTWARE = "software"
    DATA = "data"
    DESIGN = "design"
    REPORT = "report"
    PUBLICATION = "publication"
    SERVICE = "service"


class Output(Record, table=True):
    """Something a pilot made, under a licence that says what others may do with it."""

    __table_args__ = (
        CheckConstraint("title <> ''", name="has_title"),
        CheckConstraint("licence <> ''", name="has_licence"),
    )

    pilot_id: int = Field(foreign_key="pilot.id", ondelete="RESTRICT", index=True)
    kind: OutputKind = Field(sa_type=one_of(OutputKind))
    title: str = Field(max_length=160)
    description: str = Field(default="", max_length=1000)
    licence: str = Field(max_length=80)
    url: str = Field(default="", max_length=400)


class Kit(Record, table=True):
    """What the next city needs to know: the lessons, and how to do the same."""

    __tablename__ = "replication_kit"

    pilot_id: int = Field(foreign_key="pilot.id", ondelete="RESTRICT", unique=True)
    lessons: str = Field(default="", max_length=4000)
    needs: str = Field(default="", max_length=4000)
    steps: str = Field(default="", max_length=4000)
    costs: str = Field(default="", max_length=2000)


class News(Record, table=True):
    """Something that happened, told to everybody."""

    __tablename__ = "pilot_news"
    __table_args__ = (CheckConstraint("title <> '' AND text <> ''", name="says_something"),)

    pilot_id: int = Field(foreign_key="pilot.id", ondelete="RESTRICT", index=True)
    title: str = Field(max_length=160)
    text: str = Field(max_length=4000)
    published_on: date
    by_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)


class Reuse(Record, table=True):
    """Somebody uses what the pilot made."""

    __table_args__ = (CheckConstraint("who <> ''", name="has_who"),)

    pilot_id: int = Field(foreign_key="pilot.id", ondelete="RESTRICT", index=True)
    who: str = Field(max_length=160)
    how: str = Field(default="", max_length=600)
    url: str = Field(default="", max_length=400)
    since: date
    by_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)


class ReuseInterest(Record, table=True):
    """A city would like to do the same."""

    __tablename__ = "reuse_interest"
    __table_args__ = (
        Index("uq_reuse_interest_live", "pilot_id", "city_id", unique=True,
              sqlite_where=text(LIVE), postgresql_where=text(LIVE)),
        CheckConstraint("reason <> ''", name="has_reason"),
    )  # fmt: skip

    pilot_id: int = Field(foreign_key="pilot.id", ondelete="RESTRICT")
    city_id: int = Field(foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    reason: str = Field(max_length=1000)
    by_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Contact(Row, table=True):
    """A person agreed to be named, with their address, on the public page. Taking it back removes the row."""

    __tablename__ = "pilot_contact"
    __table_args__ = (UniqueConstraint("pilot_id", "person_id"),)

    pilot_id: int = Field(foreign_key="pilot.id", ondelete="RESTRICT")
    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)
    consented_at: datetime = Field(sa_type=UtcDateTime)


refuses(
    "uq_reuse_interest_live",
    Problem("interested_already", _("Your city has said so already.")),
    columns="reuse_interest.pilot_id, reuse_interest.city_id",
)
