"""What cities say about themselves, and what the programme keeps about them."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from challenge.kernel.ask import Ask, Words
from challenge.kernel.i18n import N_
from challenge.people.schemas import Name, Strict, Website, valid_country, visible
from challenge.people.states import OrganisationKind

OTHER_THEMES = 10


def few_themes(text: str) -> str:
    """A short list, each entry short."""
    entries = [entry.strip() for entry in visible(text).split(",") if entry.strip()]
    if len(entries) > OTHER_THEMES or any(len(entry) > 32 for entry in entries):  # noqa: PLR2004 -- a key's length
        raise ValueError(N_("Name at most ten themes, each in a word or two, with commas between them"))
    return ", ".join(entries)


class Profile(Strict):
    """What the city's own people describe: it decides whom the partner finder brings together."""

    offers: Annotated[str, Ask("textarea", rows=6), Words(300)] = Field(
        default="", title=N_("What the city offers"), max_length=4000,
        description=N_("Test sites, a data platform, hours of staff, experience from earlier projects."),
    )  # fmt: skip
    wants: Annotated[str, Ask("textarea", rows=6), Words(300)] = Field(
        default="", title=N_("What the city looks for"), max_length=4000,
        description=N_("Problems you want to solve with others, and the kind of city or team you want beside you."),
    )  # fmt: skip
    themes: Annotated[list[str], Ask("checkboxes")] = Field(
        default_factory=list, title=N_("Themes of interest"), max_length=20
    )
    other_themes: Annotated[str, AfterValidator(few_themes), Ask("text")] = Field(
        default="", title=N_("Other themes"), description=N_("With commas between them."), max_length=400
    )
    networks: Annotated[list[str], Ask("checkboxes")] = Field(
        default_factory=list, title=N_("Networks the city belongs to"), max_length=20
    )
    languages: Annotated[list[str], Ask("checkboxes")] = Field(
        default_factory=list, title=N_("Languages the team can work in"), max_length=40
    )
    capacity: Annotated[int | None, Ask("number")] = Field(
        default=None, title=N_("Pilots the city can carry at once"), ge=0, le=50,
        description=N_("Counts over all rounds. Leave it empty if there is no limit."),
    )  # fmt: skip
    website: Annotated[Website | None, Ask("text")] = Field(
        default=None, title=N_("Website"), description=N_("With https:// in front.")
    )


class Facts(Strict):
    """What only the programme changes, because rules rest on it."""

    kind: Annotated[OrganisationKind, Ask("radios", missing=N_("Choose a kind"))] = Field(title=N_("Kind"))
    name: Annotated[Name, Ask("text", missing=N_("Enter the name of the city"))] = Field(title=N_("Name"))
    country: Annotated[
        str,
        Field(min_length=2, max_length=2),
        AfterValidator(valid_country),
        Ask("select", missing=N_("Choose a country")),
    ] = Field(title=N_("Country"), description=N_("Fixed once the city is in a pilot."))
    region: Annotated[str, AfterValidator(visible), Ask("text")] = Field(default="", title=N_("Region"), max_length=80)
    population: Annotated[int | None, Ask("number")] = Field(default=None, title=N_("Population"), ge=0, le=50_000_000)
    latitude: Annotated[float | None, Ask("text")] = Field(
        default=None, title=N_("Latitude"), description=N_("In degrees, for example 58.3806."), ge=-90, le=90
    )
    longitude: Annotated[float | None, Ask("text")] = Field(
        default=None, title=N_("Longitude"), description=N_("In degrees, for example 26.7251."), ge=-180, le=180
    )
