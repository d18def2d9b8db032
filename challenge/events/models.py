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


class TalkPlan(Row, table=True):
    """How a matchmaking day is cut into slots of so many minutes; sent or not."""

    __tablename__ = "talk_plan"
    __table_args__ = (
        CheckConstraint("minutes >= 1", name="minutes_from_one"),
        CheckConstraint("tables >= 1", name="tables_from_one"),
    )

    event_id: int = Field(foreign_key="event.id", ondelete="RESTRICT", unique=True)
    minutes: int
    tables: int
    by_id: int = Field(foreign_key="person.id", ondelete="RESTRICT")
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Talk(Record, table=True):
    """A short meeting of a proposal and a city: in which slot, at which table. ``worth`` in tenths, as proposed."""

    __table_args__ = (
        UniqueConstraint("event_id", "slot", "place"),
        UniqueConstraint("event_id", "proposal_id", "city_id"),
        UniqueConstraint("id", "event_id", "slot"),  # what its people refer to
        CheckConstraint("slot >= 1", name="slot_from_one"),
        CheckConstraint("place >= 1", name="place_from_one"),
    )

    event_id: int = Field(foreign_key="event.id", ondelete="RESTRICT")
    round_code: str = Field(max_length=8)
    proposal_id: int = Field(foreign_key="proposal.id", ondelete="RESTRICT", index=True)
    city_id: int = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    slot: int
    place: int
    worth: int = Field(default=0)


class TalkPerson(Row, table=True):
    """Who sits at the table. One talk in a slot for each person; a moved talk takes its people along."""

    __tablename__ = "talk_person"
    __table_args__ = (
        ForeignKeyConstraint(["talk_id", "event_id", "slot"], ["talk.id", "talk.event_id", "talk.slot"],
                             onupdate="CASCADE", ondelete="CASCADE"),
        UniqueConstraint("event_id", "slot", "person_id"),
    )  # fmt: skip

    talk_id: int = Field(index=True)
    event_id: int
    slot: int
    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)


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
refuses(
    "uq_talk_person_event_id_slot_person_id",
    Problem("talks_elsewhere", _("Somebody of this talk has another one at that time. Choose another time.")),
    columns="talk_person.event_id, talk_person.slot, talk_person.person_id",
)
refuses(
    "uq_talk_event_id_slot_place",
    Problem("table_taken", _("Another talk is at this table at that time. Choose another table or time.")),
    columns="talk.event_id, talk.slot, talk.place",
)
refuses(
    "uq_talk_event_id_proposal_id_city_id",
    Problem("talk_there", _("These two have a talk already.")),
    columns="talk.event_id, talk.proposal_id, talk.city_id",
)
