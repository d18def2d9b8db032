"""An event of a round, and who comes to it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from challenge.events.states import EventKind, EventState, Guests
from challenge.kernel.columns import UtcDateTime, one_of
from challenge.kernel.constraints import refuses
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _
from challenge.kernel.record import Record, Row

LIVE = "left_at IS NULL"


class Event(Record, table=True):
    """Something of a round people come to. ``version`` is what calendars know as its sequence."""

    __table_args__ = (
        UniqueConstraint("id", "seats"),  # what registrations refer to
        CheckConstraint("begins_at < ends_at", name="begins_before_it_ends"),
        CheckConstraint("seats >= 1", name="seats_from_one"),
        CheckConstraint("state <> 'announced' OR announced_at IS NOT NULL", name="announced_at"),
        CheckConstraint("(state = 'cancelled') = (reason IS NOT NULL)", name="cancelled_has_reason"),
    )

    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT", index=True)
    round_code: str = Field(max_length=8)
    title: str = Field(max_length=160)
    kind: EventKind = Field(sa_type=one_of(EventKind))
    guests: Guests = Field(sa_type=one_of(Guests))
    text: str = Field(max_length=5000)
    zone: str = Field(max_length=40)
    begins_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    place: str = Field(default="", max_length=200)
    link: str | None = Field(default=None, max_length=500)
    seats: int | None = Field(default=None)  # None: as many as come
    state: EventState = Field(default=EventState.DRAFT, sa_type=one_of(EventState))
    announced_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str | None = Field(default=None, max_length=2000)


class Registration(Row, table=True):
    """Somebody comes, or waits in line (then ``slot`` is empty). A seat is a slot of its own, up to ``slot_cap``.

    ``slot_cap`` is the event's ``seats`` by foreign key: no act can give out more of them than there are.
    """

    __table_args__ = (
        ForeignKeyConstraint(["event_id", "slot_cap"], ["event.id", "event.seats"], onupdate="CASCADE"),
        UniqueConstraint("event_id", "slot"),
        CheckConstraint("slot >= 1 AND slot <= slot_cap", name="within_seats"),
        CheckConstraint("left_at IS NULL OR slot IS NULL", name="who_left_has_no_seat"),
        CheckConstraint("attended IS NULL OR slot IS NOT NULL", name="attended_with_a_seat"),
        Index("uq_registration_live", "event_id", "person_id", unique=True,
              sqlite_where=text(LIVE), postgresql_where=text(LIVE)),
    )  # fmt: skip

    event_id: int = Field(foreign_key="event.id", ondelete="RESTRICT")
    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)
    slot: int | None = Field(default=None)
    slot_cap: int | None = Field(default=None)
    at: datetime = Field(sa_type=UtcDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attended: bool | None = Field(default=None)


class CalendarFeed(Row, table=True):
    """The secret address of a person's calendar, kept as a hash. Renewed by a row in its place."""

    __tablename__ = "calendar_feed"

    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", unique=True)
    token_hash: str = Field(max_length=64, unique=True)
    made_at: datetime = Field(sa_type=UtcDateTime)


refuses(
    "uq_registration_live",
    Problem("registered", _("You are registered already.")),
    columns="registration.event_id, registration.person_id",
)
refuses(
    "uq_registration_event_id_slot",
    Problem("seat_taken", _("Somebody took this seat at the same moment. Try again.")),
    columns="registration.event_id, registration.slot",
)
refuses(
    "ck_registration_within_seats",
    Problem("seats_taken", _("More people have a seat than that.")),
)
