"""What acts on a round ask for."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from challenge.kernel.ask import Ask, Words
from challenge.kernel.i18n import N_
from challenge.people.schemas import valid_website


class Given(BaseModel):
    """No unknown answers."""

    model_config = ConfigDict(extra="forbid")


class Amendment(Given):
    """Why the rules or dates change: the change itself is what was prepared in the editor."""

    reason: Annotated[str, Ask("textarea", rows=4, missing=N_("Say why the rules or dates change")), Words(300)] = (
        Field(
            min_length=1,
            max_length=3000,
            title=N_("Why the rules or dates change"),
            description=N_("Published with the list of changes."),
        )
    )


class Cancellation(Given):
    """Why a round is cancelled."""

    reason: Annotated[str, Ask("textarea", rows=4, missing=N_("Say why the round is cancelled")), Words(300)] = Field(
        min_length=1,
        max_length=3000,
        title=N_("Why the round is cancelled"),
        description=N_("Published, if the round was."),
    )


class NewRound(Given):
    """A new round begins with a title and our defaults."""

    title: Annotated[str, Ask(missing=N_("Name the round"))] = Field(
        min_length=1, max_length=120, title=N_("Title"), description=N_("For example: Smart City Challenge 2028.")
    )


class CloneOf(NewRound):
    """A new round from an earlier one."""

    years: int = Field(
        default=1,
        ge=0,
        le=20,
        title=N_("Years to add to every date"),
        description=N_("Dates keep their day and hour on the clock. You can change each of them afterwards."),
    )
    opens_on: date | None = Field(
        default=None,
        ge=date(2000, 1, 1),
        le=date(2100, 1, 1),
        title=N_("Or the day the first window opens"),
        description=N_("Then all dates move by the same number of days, and the years above do not count."),
    )


class Upload(Given):
    """A round as YAML."""

    document: Annotated[str, Ask("textarea", rows=20, missing=N_("Paste the document or choose a file"))] = Field(
        min_length=1,
        max_length=200_000,
        title=N_("Document (YAML)"),
        description=N_("What “Download as YAML” of another round gives."),
    )


class News(Given):
    """News of a round."""

    title: Annotated[str, Ask(missing=N_("Give the news a title"))] = Field(
        min_length=1, max_length=160, title=N_("Title")
    )
    text: Annotated[str, Ask("textarea", rows=8, missing=N_("Write what is new")), Words(600)] = Field(
        min_length=1,
        max_length=5000,
        title=N_("Text"),
        description=N_("Everybody reads it. It cannot be taken back, only corrected by further news."),
    )


class LinkIn(Given):
    """Something a coordinator recommends to cities that are new."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    title: Annotated[str, Ask(missing=N_("Give the link a title"))] = Field(
        min_length=1, max_length=160, title=N_("Title")
    )
    href: Annotated[str, Field(max_length=500), AfterValidator(valid_website), Ask(
        "text", missing=N_("Enter the address"))] = Field(
        min_length=1, title=N_("Address"), description=N_("With https:// in front.")
    )  # fmt: skip
    language: Annotated[str, Ask("select", missing=N_("Choose a language"))] = Field(
        min_length=2, max_length=2, title=N_("Language")
    )
    note: Annotated[str, Words(60), Ask("textarea", rows=3)] = Field(
        default="", max_length=500, title=N_("Note"), description=N_("For whom it is good, or how long it takes."),
    )  # fmt: skip
