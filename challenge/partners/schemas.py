"""What is asked for when a city is invited and when it answers."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from challenge.kernel.ask import Ask, Instant, Words
from challenge.kernel.i18n import N_
from challenge.rounds.states import CityRole


class Given(BaseModel):
    """Strict input: an unknown answer is refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class InvitationIn(Given):
    """An invitation as the team writes it."""

    role: Annotated[CityRole, Ask("radios", missing=N_("Choose a role"))] = Field(title=N_("Role of the city"))
    message: Annotated[str, Words(250), Ask("textarea", rows=8, missing=N_("Tell the city what it is about"))] = Field(
        min_length=1, max_length=2000, title=N_("What the city reads"),
        description=N_("The city sees the title, the challenges and this text; not the proposal, and no address."),
    )  # fmt: skip
    answer_by: Annotated[Instant, Ask("datetime", missing=N_("Say until when the city can answer"))] = Field(
        title=N_("Answer by"), description=N_("In the round’s time zone. At most 60 days from now."),
    )  # fmt: skip


class Refusal(Given):
    """Why a city does not take part."""

    reason: Annotated[str, Words(150), Ask("textarea", rows=4, missing=N_("Say why, in a sentence"))] = Field(
        min_length=1,
        max_length=2000,
        title=N_("Reason"),
        description=N_("The team reads it, and those who run the round."),
    )


class InvitationsIn(BaseModel):
    """What all cities of a matching read that are invited at once; the ticks beside it are the page's."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    message: Annotated[str, Words(250), Ask("textarea", rows=6, missing=N_("Tell the city what it is about"))] = Field(
        min_length=1, max_length=2000, title=N_("What the cities read"),
        description=N_("The same text for all. Each city sees the title and the challenges of its proposal besides."),
    )  # fmt: skip
    answer_by: Annotated[Instant, Ask("datetime", missing=N_("Say until when the cities can answer"))] = Field(
        title=N_("Answer by"), description=N_("In the round’s time zone. At most 60 days from now."),
    )  # fmt: skip
