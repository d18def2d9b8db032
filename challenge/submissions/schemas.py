"""What is asked of a city: the challenge form (design.md §4.2)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from challenge.kernel.ask import Ask, Words
from challenge.kernel.i18n import N_, Text, _

TITLE = 120
FIRST_YEAR, LAST_YEAR = 1900, 2100


class Part(StrEnum):
    """The parts of the form."""

    PROBLEM = "problem"
    SITE = "site"
    PEOPLE = "people"


PARTS: dict[str, Text] = {
    Part.PROBLEM: _("Problem and outcome"),
    Part.SITE: _("Site, data, permits"),
    Part.PEOPLE: _("People and consent"),
}
CONSENT = N_("Tick the box: a challenge can only be submitted when it may be published")


class Given(BaseModel):
    """No unknown answers, no blank ones."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class ChallengeForm(Given):
    """A city's challenge, about 1,500 words in all; themes and people to choose from are passed in."""

    title: Annotated[
        str,
        Field(
            min_length=1,
            max_length=TITLE,
            title=N_("Title"),
            description=N_("As a resident would say it. At most 120 characters."),
        ),
        Ask(missing=N_("Give the challenge a title"), part=Part.PROBLEM),
    ]
    summary: Annotated[
        str,
        Field(
            min_length=1,
            title=N_("The problem in two sentences"),
            description=N_("Other cities and researchers read this first."),
        ),
        Words(40),
        Ask("textarea", rows=2, missing=N_("Say in two sentences what the problem is"), part=Part.PROBLEM),
    ]
    themes: Annotated[
        list[str],
        Field(min_length=1, max_length=2, title=N_("Themes"), description=N_("One or two.")),
        Ask("checkboxes", missing=N_("Choose one or two themes"), part=Part.PROBLEM),
    ]
    problem: Annotated[
        str,
        Field(
            min_length=1,
            title=N_("The problem now"),
            description=N_("What happens, where and how often. Facts before causes."),
        ),
        Words(250),
        Ask("textarea", rows=8, missing=N_("Describe the problem as it is now"), part=Part.PROBLEM),
    ]
    since: Annotated[
        int,
        Field(ge=FIRST_YEAR, le=LAST_YEAR, title=N_("Since when"), description=N_("A year, for example 2019.")),
        Ask("number", missing=N_("Say since which year the problem is known"), part=Part.PROBLEM),
    ]
    affected: Annotated[
        int | None,
        Field(
            default=None,
            ge=1,
            le=100_000_000,
            title=N_("How many people are affected"),
            description=N_("A number; your best estimate."),
        ),
        Ask("number", part=Part.PROBLEM),
    ]
    affected_who: Annotated[
        str,
        Field(
            min_length=1,
            max_length=80,
            title=N_("Who they are"),
            description=N_("For example: residents within 80 metres of the junctions."),
        ),
        Ask(missing=N_("Say who is affected"), part=Part.PROBLEM),
    ]
    evidence: Annotated[
        str,
        Field(
            min_length=1,
            title=N_("Evidence"),
            description=N_("Measurements, complaints, costs. Say where the numbers come from."),
        ),
        Words(150),
        Ask("textarea", missing=N_("Give the evidence you have"), part=Part.PROBLEM),
    ]
    tried: Annotated[
        str,
        Field(
            min_length=1,
            title=N_("What was tried"),
            description=N_("Earlier attempts and why they were not enough. Write “nothing yet” if so."),
        ),
        Words(150),
        Ask("textarea", missing=N_("Say what was tried, or write “nothing yet”"), part=Part.PROBLEM),
    ]
    outcome: Annotated[
        str,
        Field(
            min_length=1,
            title=N_("Wished outcome and how it is measured"),
            description=N_("A number, a place, a time. For example: under 55 dB at the nearest window for a year."),
        ),
        Words(150),
        Ask("textarea", missing=N_("Say what should be different, and how that is measured"), part=Part.PROBLEM),
    ]
    measure: Annotated[
        str,
        Field(
            min_length=1,
            max_length=40,
            title=N_("The one number to watch"),
            description=N_("Its name, for example: noise at night."),
        ),
        Ask(missing=N_("Name the number that shows whether the outcome is reached"), part=Part.PROBLEM),
    ]
    measure_now: Annotated[
        str,
        Field(min_length=1, max_length=20, title=N_("This number today"), description=N_("For example: 71 dB.")),
        Ask(missing=N_("Say what this number is today, or write “not known”"), part=Part.PROBLEM),
    ]
    measure_wished: Annotated[
        str,
        Field(min_length=1, max_length=20, title=N_("This number as wished"), description=N_("For example: 55 dB.")),
        Ask(missing=N_("Say what this number should become"), part=Part.PROBLEM),
    ]
    site: Annotated[
        str,
        Field(min_length=1, title=N_("Site"), description=N_("Where a pilot can be tested, and from when.")),
        Words(120),
        Ask("textarea", rows=4, missing=N_("Say where a pilot can be tested"), part=Part.SITE),
    ]
    data: Annotated[
        str,
        Field(
            min_length=1,
            title=N_("Data available"),
            description=N_("Which data exist, in which form, who may use them."),
        ),
        Words(120),
        Ask("textarea", rows=4, missing=N_("Say which data exist, or that there are none"), part=Part.SITE),
    ]
    limits: Annotated[
        str,
        Field(
            min_length=1,
            title=N_("Permits, procurement and data-access limits"),
            description=N_("Who must agree to a test, how long that takes, what may not be bought or shared."),
        ),
        Words(150),
        Ask("textarea", missing=N_("Say which permits and limits apply, or that none do"), part=Part.SITE),
    ]
    departments: Annotated[
        str,
        Field(min_length=1, title=N_("Departments"), description=N_("Which parts of the city take part.")),
        Words(50),
        Ask("textarea", rows=2, missing=N_("Name the departments that take part"), part=Part.PEOPLE),
    ]
    contact: Annotated[
        str,
        Field(min_length=1, title=N_("Contact"), description=N_("A person of the city; not shown to the public.")),
        Ask("select", missing=N_("Choose the contact"), part=Part.PEOPLE),
    ]
    deputy: Annotated[
        str,
        Field(
            min_length=1, title=N_("Deputy"), description=N_("Somebody else, who takes over when the contact is away.")
        ),
        Ask("select", missing=N_("Choose a deputy; the city’s lead can add one"), part=Part.PEOPLE),
    ]
    brings: Annotated[
        str,
        Field(min_length=1, title=N_("What the city brings"), description=N_("People and their hours, sites, money.")),
        Words(120),
        Ask("textarea", rows=4, missing=N_("Say what the city brings"), part=Part.PEOPLE),
    ]
    residents: Annotated[
        str,
        Field(
            min_length=1, title=N_("How residents are involved"), description=N_("Before, during and after the pilot.")
        ),
        Words(100),
        Ask("textarea", rows=4, missing=N_("Say how residents are involved"), part=Part.PEOPLE),
    ]
    partner: Annotated[
        str,
        Field(
            min_length=1,
            title=N_("Kind of partner city wanted"),
            description=N_("For example: a city with trams and frost."),
        ),
        Words(80),
        Ask("textarea", rows=3, missing=N_("Say which kind of city would fit"), part=Part.PEOPLE),
    ]
    thesis: Annotated[
        bool,
        Field(default=False, title=N_("Students may write a thesis on this challenge")),
        Ask("checkbox", part=Part.PEOPLE),
    ]
    consent: Annotated[
        bool,
        Field(title=N_("This text and its files may be published when the challenge is accepted")),
        Ask("checkbox", missing=CONSENT, part=Part.PEOPLE),
    ]

    @field_validator("consent")
    @classmethod
    def _given(cls, value: bool) -> bool:  # noqa: FBT001 -- pydantic calls it
        if not value:
            raise ValueError(CONSENT)
        return value

    @field_validator("deputy")
    @classmethod
    def _somebody_else(cls, value: str, info: ValidationInfo) -> str:
        if value == info.data.get("contact"):
            raise ValueError(N_("Choose somebody other than the contact"))
        return value

    @field_validator("themes")
    @classmethod
    def _once(cls, value: list[str]) -> list[str]:
        return list(dict.fromkeys(value))
