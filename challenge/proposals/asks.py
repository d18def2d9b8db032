"""What the steps of a proposal and of a commitment ask for; texts here are read by those they concern."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from challenge.kernel.ask import Ask, Euros, Instant, Words
from challenge.kernel.i18n import N_, Text, _

Codeword = Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{8,9}$")]


class Point(StrEnum):
    """The eligibility checklist: each point is shown with the fact the service has computed."""

    CHALLENGE = "challenge"
    COMPLETE = "complete"
    IN_TIME = "in_time"
    TEAM = "team"
    UNDERSTANDABLE = "understandable"
    ORIGINAL = "original"


POINTS: dict[Point, Text] = {
    Point.CHALLENGE: _("It answers an accepted challenge"),
    Point.COMPLETE: _("Every question is answered within its limit"),
    Point.IN_TIME: _("It arrived in time"),
    Point.TEAM: _("The lead organisation may take part"),
    Point.UNDERSTANDABLE: _("It is written in the language of the round and can be understood"),
    Point.ORIGINAL: _("It is not the same as another proposal, and not funded elsewhere"),
}


Doer = Annotated[str, Field(max_length=9, title=N_("Who does it")), Ask("select")]
DueDay = Annotated[date | None, Field(title=N_("By when")), Ask("date")]


class Assigned(BaseModel):
    """Who of the team does something, by when; neither need be known yet."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    person: Doer = ""
    due_on: DueDay = None


class NewTask(BaseModel):
    """A task of the team's own."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    title: Annotated[
        str, Field(min_length=1, max_length=160, title=N_("What is to be done")),
        Ask(missing=N_("Say what is to be done")),
    ]  # fmt: skip
    person: Doer = ""
    due_on: DueDay = None


class Given(BaseModel):
    """Base of what steps ask for."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Reason(Given):
    """Why."""

    reason: Annotated[
        str,
        Field(min_length=1, title=N_("Reason"), description=N_("Everybody the proposal concerns reads this.")),
        Words(200),
        Ask("textarea", rows=5, missing=N_("Say why")),
    ]


class Screening(Given):
    """The checklist, every point ticked."""

    points: Annotated[
        list[Point],
        Field(title=N_("Checked"), description=N_("What the service has found stands beside each point.")),
        Ask("checkboxes", missing=N_("Check every point")),
    ] = []

    @field_validator("points")
    @classmethod
    def _every_point(cls, points: list[Point]) -> list[Point]:
        if set(points) != set(Point):
            raise ValueError(N_("Check every point. If one fails, send the proposal back or find it ineligible."))
        return points


class Ineligible(Reason):
    """The failed points and why."""

    points: Annotated[
        list[Point],
        Field(min_length=1, title=N_("Points that failed")),
        Ask("checkboxes", missing=N_("Choose the points that failed")),
    ]


class Until(Reason):
    """Why, and until when the team has time."""

    until: Annotated[
        Instant,
        Field(title=N_("New deadline"), description=N_("In the time zone of the round.")),
        Ask("datetime", missing=N_("Say until when")),
    ]


class Declined(Reason):
    """The reasons; they are told with the gate's batch, to all at once."""

    advice: Annotated[
        str,
        Field(title=N_("Advice"), description=N_("What the team could do next: send it again, join another, stop.")),
        Words(100),
        Ask("textarea", rows=3),
    ] = ""


class MergeInto(Given):
    """Which proposal this one shall become part of."""

    into: Annotated[
        Codeword,
        Field(title=N_("Code of the other proposal"), description=N_("Its lead can tell you; eight characters.")),
        Ask("text", missing=N_("Give the code of the other proposal")),
    ]


class Award(Given):
    """Given by the announcement of a selection: until when the offer stands."""

    offer_until: Instant | None = None


# Commitments


class Signature(Given):
    """Exactly what is signed: the revision's number and hash as the signer saw them."""

    revision_number: Annotated[int, Field(ge=1), Ask("hidden")]
    revision_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$"), Ask("hidden")]


class Decision(Given):
    """A formal decision of a city's body."""

    body: Annotated[
        str,
        Field(
            min_length=1, max_length=160, title=N_("Which body decided"), description=N_("For example: City Council")
        ),
        Ask("text", missing=N_("Name the body that decided")),
    ]
    decided_on: Annotated[date, Field(title=N_("Date of the decision")), Ask("date", missing=N_("Give the date"))]
    bridge_cents: Annotated[
        Euros | None,
        Field(ge=0, title=N_("Bridge financing"), description=N_("What the city advances until payments come.")),
        Ask("money"),
    ] = None


class Voided(Given):
    """What was changed after the signature: questions of the form, or budget, cities, challenges, files."""

    changed: list[str]


class Ended(Given):
    """Why a commitment no longer counts."""

    why: Annotated[
        str,
        Field(min_length=1, max_length=400, title=N_("Reason"), description=N_("The team reads it.")),
        Ask("textarea", rows=4, missing=N_("Say why")),
    ]
