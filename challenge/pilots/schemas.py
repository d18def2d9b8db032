"""What is asked for on the pages and in JSON; a pilot's plan and life as people enter them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from challenge.kernel.ask import Ask, Euros, Words
from challenge.kernel.i18n import N_
from challenge.pilots.asks import Given
from challenge.pilots.states import PilotState, ReportKind
from challenge.rounds.states import CityRole, Pairing


def _read_number(value: object) -> object:
    """A decimal comma is as good as a point."""
    return value.replace("\u00a0", "").replace(" ", "").replace(",", ".") if isinstance(value, str) else value


Quantity = Annotated[Decimal, Field(max_digits=14, decimal_places=4), BeforeValidator(_read_number)]
Code = Annotated[str, Field(min_length=8, max_length=8)]


# The pilot itself


class PilotIn(Given):
    """What coordinators keep about a pilot."""

    title: Annotated[
        str,
        Field(min_length=1, max_length=120, title=N_("Title"), description=N_("As a resident would say it.")),
        Ask("text", missing=N_("Give the pilot a title")),
    ]
    full_title: Annotated[str, Field(max_length=240, title=N_("Full title"))] = ""
    summary: Annotated[
        str,
        Field(min_length=1, max_length=600, title=N_("Summary"), description=N_("One or two sentences for everybody.")),
        Words(60),
        Ask("textarea", rows=3, missing=N_("Say in one or two sentences what is tried")),
    ]
    budget_cents: Annotated[
        Euros | None,
        Field(
            ge=0,
            le=10**13,
            title=N_("Budget"),
            description=N_("Must be the amount awarded before the pilot is agreed."),
        ),
        Ask("money"),
    ] = None
    months: Annotated[int | None, Field(ge=1, le=120, title=N_("Length in months")), Ask("number")] = None
    starts_on: Annotated[date | None, Field(title=N_("First day")), Ask("date")] = None
    ends_on: Annotated[date | None, Field(title=N_("Last day")), Ask("date")] = None
    mentor: Annotated[
        str,
        Field(max_length=254, title=N_("Mentor"), description=N_("E-mail address of a person who has an account.")),
        Ask("email"),
    ] = ""
    notes: Annotated[str, Field(max_length=8000, title=N_("Notes"),
        description=N_("For coordinators, observers and the pilot’s own people. Never public.")),
        Ask("textarea", rows=5)] = ""  # fmt: skip

    @model_validator(mode="after")
    def _in_order(self) -> PilotIn:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValueError(N_("The last day lies before the first day."))
        return self


class Results(Given):
    """What the pilot leaves behind."""

    public_summary: Annotated[
        str,
        Field(
            max_length=8000,
            title=N_("Public summary"),
            description=N_("What was tried, what came out, what others can use. Everybody reads it."),
        ),
        Words(500),
        Ask("textarea", rows=8),
    ] = ""
    replication_plan: Annotated[str, Field(max_length=8000, title=N_("Replication plan"),
        description=N_("Which cities come next, what they need, and what you hand over.")), Words(500),
        Ask("textarea", rows=8)] = ""  # fmt: skip


class AgreementIn(Given):
    """The text everybody signs."""

    agreement: Annotated[str, Field(min_length=1, max_length=40_000, title=N_("Text of the agreement"),
        description=N_("Cities, roles, budget and dates come from the pilot. Begin headings with ###.")),
        Ask("textarea", rows=16, missing=N_("Write the text of the agreement"))]  # fmt: skip


class SignatureIn(Given):
    """Exactly what is signed."""

    revision: Annotated[int, Field(ge=1), Ask("hidden")]


# Members


class MemberIn(Given):
    """A city that joins."""

    city: Annotated[Code, Field(title=N_("City")), Ask("hidden", missing=N_("Choose a city"))]
    role: Annotated[CityRole, Field(title=N_("Role"), description=N_("Followers do not count for the pairing rule.")),
        Ask("radios", missing=N_("Choose a role"))] = CityRole.PILOT  # fmt: skip


class RoleIn(Given):
    """Another role for a member."""

    role: Annotated[CityRole, Field(title=N_("Role"), description=N_("Followers do not count for the pairing rule.")),
        Ask("radios", missing=N_("Choose a role"))]  # fmt: skip


class SiteIn(Given):
    """Where and what is tried in the city."""

    site: Annotated[str, Field(max_length=600, title=N_("What happens here"),
        description=N_("The place, its size, since when. Everybody reads it.")), Words(80),
        Ask("textarea", rows=3)] = ""  # fmt: skip


# The plan


class MilestoneIn(Given):
    """A step of the plan."""

    title: Annotated[
        str, Field(min_length=1, max_length=160, title=N_("Milestone")), Ask("text", missing=N_("Name the milestone"))
    ]
    starts_on: Annotated[date, Field(title=N_("Starts on")), Ask("date", missing=N_("Say when work on it starts"))]
    due_on: Annotated[date, Field(title=N_("Due on")), Ask("date", missing=N_("Say when it is due"))]
    done_on: Annotated[date | None, Field(title=N_("Done on")), Ask("date")] = None
    evidence: Annotated[str, Field(max_length=2000, title=N_("What shows it"),
        description=N_("Needed once it is done: a link, a measurement, a place to see it.")), Words(150),
        Ask("textarea", rows=3)] = ""  # fmt: skip

    @model_validator(mode="after")
    def _in_order(self) -> MilestoneIn:
        if self.due_on < self.starts_on:
            raise ValueError(N_("A milestone ends after it starts."))
        if self.done_on and not self.evidence:
            raise ValueError(N_("Say what shows that the milestone is done."))
        return self


class IndicatorIn(Given):
    """What is measured, from where to where."""

    title: Annotated[
        str,
        Field(min_length=1, max_length=160, title=N_("Indicator")),
        Ask("text", missing=N_("Name what is measured")),
    ]
    unit: Annotated[str, Field(max_length=40, title=N_("Unit"))] = ""
    city: Annotated[
        str,
        Field(max_length=8, title=N_("City"), description=N_("Leave empty for all cities together.")),
        Ask("select"),
    ] = ""
    baseline: Annotated[
        Quantity | None,
        Field(title=N_("Baseline"), description=N_("Where it stands before the pilot; needed before the start.")),
        Ask("text"),
    ] = None
    target: Annotated[Quantity | None, Field(title=N_("Target")), Ask("text")] = None
    source: Annotated[str, Field(max_length=400, title=N_("How it is measured"))] = ""  # fmt: skip


class MeasurementIn(Given):
    """Where an indicator stands now; closing it says that it is measured for the last time."""

    actual: Annotated[Quantity, Field(title=N_("Measured")), Ask("text", missing=N_("Enter what was measured"))]
    measured_on: Annotated[date, Field(title=N_("Measured on")), Ask("date", missing=N_("Say when it was measured"))]
    source: Annotated[str, Field(max_length=400, title=N_("Where the value comes from"),
        description=N_("A sensor, a survey, a register. Everybody reads it."))] = ""  # fmt: skip
    closed: Annotated[bool, Field(title=N_("This is the final value")), Ask("checkbox")] = False


class ReportIn(Given):
    """A report that is owed."""

    kind: Annotated[ReportKind, Field(title=N_("Kind")), Ask("radios", missing=N_("Choose what it reports on"))]
    due_on: Annotated[date, Field(title=N_("Due on")), Ask("date", missing=N_("Say when it is due"))]


class ReportForm(Given):
    """Base of what reports say."""


class ActivityReport(ReportForm):
    """Interim and final reports."""

    done: Annotated[
        str,
        Field(
            min_length=1,
            title=N_("What was done"),
            description=N_("Against the milestones: what stands, where it can be seen."),
        ),
        Words(800),
        Ask("textarea", rows=10, missing=N_("Say what was done"), part="report"),
    ]
    measured: Annotated[
        str,
        Field(
            min_length=1,
            title=N_("What was measured"),
            description=N_("Against the indicators: the values, and what they show in each city."),
        ),
        Words(500),
        Ask("textarea", rows=7, missing=N_("Say what was measured and what it shows"), part="report"),
    ]
    differs: Annotated[
        str,
        Field(title=N_("What is late or went otherwise, and why")),
        Words(400),
        Ask("textarea", rows=5, part="report"),
    ] = ""
    follows: Annotated[str, Field(min_length=1, title=N_("What comes next")), Words(300),
        Ask("textarea", rows=4, missing=N_("Say what comes next"), part="report")]  # fmt: skip


class FinancialReport(ReportForm):
    """Financial reports."""

    spent: Annotated[
        str,
        Field(
            min_length=1,
            title=N_("What was spent"),
            description=N_("By partner and kind of cost, since the last report and in all."),
        ),
        Words(500),
        Ask("textarea", rows=8, missing=N_("Say what was spent"), part="report"),
    ]
    differs: Annotated[str, Field(title=N_("Where spending differs from the plan, and why")), Words(300),
        Ask("textarea", rows=5, part="report")] = ""  # fmt: skip


REPORT_FORMS: dict[ReportKind, type[ReportForm]] = {
    ReportKind.INTERIM: ActivityReport,
    ReportKind.FINAL: ActivityReport,
    ReportKind.FINANCIAL: FinancialReport,
}


# Past pilots


class ImportedCity(Given):
    """A member of a past pilot, by the code of the city."""

    city: Code
    role: CityRole = CityRole.PILOT
    site: str = Field(default="", max_length=600)


class ImportedPilot(Given):
    """A real pilot from before. None is "not known"; ``facts`` says what else is known, and what is a guess."""

    title: str = Field(min_length=1, max_length=120)
    full_title: str = Field(default="", max_length=240)
    summary: str = Field(default="", max_length=600)
    state: PilotState
    themes: list[str] = Field(default_factory=list)
    cities: list[ImportedCity] = Field(default_factory=list)
    challenges: list[Code] = Field(default_factory=list)
    pairing: Pairing | None = None  # None: as its round says
    min_cities: int | None = Field(default=None, ge=1, le=10)
    budget_cents: int | None = Field(default=None, ge=0)
    months: int | None = Field(default=None, ge=1, le=120)
    starts_on: date | None = None
    ends_on: date | None = None
    public_summary: str = Field(default="", max_length=8000)
    replication_plan: str = Field(default="", max_length=8000)
    notes: str = Field(default="", max_length=8000)
    sources: list[str] = Field(default_factory=list)
    facts: dict[str, Any] = Field(default_factory=dict)
