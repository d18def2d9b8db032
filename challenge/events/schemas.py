"""What is asked for when an event is planned or cancelled."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from challenge.events.states import EventKind, Guests
from challenge.kernel.ask import Ask, Instant, Words
from challenge.kernel.i18n import N_
from challenge.people.schemas import valid_website

MOST_SEATS = 10_000


def valid_zone(zone: str) -> str:
    """A time zone there is."""
    if zone not in available_timezones():
        raise ValueError(N_("Choose from the list"))
    return zone


WebAddress = Annotated[str, Field(max_length=500), AfterValidator(valid_website)]
Zone = Annotated[str, Field(max_length=40), AfterValidator(valid_zone)]


class Given(BaseModel):
    """Strict input: an unknown answer is refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class EventIn(Given):
    """An event as a coordinator plans it."""

    title: Annotated[str, Ask(missing=N_("Name the event"))] = Field(min_length=1, max_length=160, title=N_("Title"))
    kind: Annotated[EventKind, Ask("radios", missing=N_("Choose a kind"))] = Field(title=N_("Kind"))
    guests: Annotated[Guests, Ask("radios", missing=N_("Say for whom the event is"))] = Field(title=N_("For whom"))
    text: Annotated[str, Words(600), Ask("textarea", rows=6, missing=N_("Say what people will learn or do"))] = Field(
        min_length=1, max_length=5000, title=N_("What it is about"), description=N_("Everybody reads it."),
    )  # fmt: skip
    zone: Annotated[Zone, Ask("select", missing=N_("Choose a time zone"))] = Field(
        title=N_("Time zone"), description=N_("Beginning and end are hours on the clock there."),
    )  # fmt: skip
    begins_at: Annotated[Instant, Ask("datetime", missing=N_("Say when it begins"))] = Field(title=N_("Begins"))
    ends_at: Annotated[Instant, Ask("datetime", missing=N_("Say when it ends"))] = Field(title=N_("Ends"))
    place: Annotated[str, Ask()] = Field(
        default="", max_length=200, title=N_("Place"), description=N_("Address and room. Everybody reads it."),
    )  # fmt: skip
    link: Annotated[WebAddress | None, Ask("text")] = Field(
        default=None, title=N_("Link to take part"), description=N_("Only those who have a seat see it."),
    )  # fmt: skip
    seats: int | None = Field(
        default=None, ge=1, le=MOST_SEATS, title=N_("Seats"), description=N_("Leave it empty if there is no limit."),
    )  # fmt: skip


class Cancellation(Given):
    """Why an event does not take place."""

    reason: Annotated[str, Words(150), Ask("textarea", rows=4, missing=N_("Say why, in a sentence"))] = Field(
        min_length=1, max_length=2000, title=N_("Reason"),
        description=N_("It stands on the page of the event, and everybody who is registered gets it by mail."),
    )  # fmt: skip


class PlanIn(Given):
    """How the matchmaking day is cut up."""

    minutes: int = Field(ge=5, le=120, title=N_("Minutes of a talk"), description=N_("From 5 to 120."))
    tables: int = Field(ge=1, le=100, title=N_("Tables"), description=N_("So many talks can be held at once."))


class TalkIn(Given):
    """A talk a coordinator adds; proposal and city by their codes."""

    proposal: Annotated[str, Ask("select", missing=N_("Choose a proposal"))] = Field(
        min_length=1, max_length=8, title=N_("Proposal")
    )
    city: Annotated[str, Ask("select", missing=N_("Choose a city"))] = Field(
        min_length=1, max_length=8, title=N_("City")
    )
    slot: Annotated[int, Ask("select", missing=N_("Choose a time"))] = Field(title=N_("Begins"))
    place: int = Field(title=N_("Table"))
