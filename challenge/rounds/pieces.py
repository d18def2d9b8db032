"""The pieces rules are made of: themes, criteria, gates, scale, sizes. Labels and hints are those of the editor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator
from pydantic_core import PydanticCustomError

from challenge.kernel.ask import Ask, Euros, Instant
from challenge.kernel.i18n import N_
from challenge.rounds.states import Blind, Bound, Judge, Owed, WindowName


@dataclass(frozen=True, slots=True)
class Source:
    """Where a default comes from: the FinEst process of 2023, or a proposal of this service."""

    ours: bool


FINEST, OURS = Source(ours=False), Source(ours=True)


def _read_number(value: object) -> object:
    """A person may type a decimal comma."""
    return value.strip().replace(",", ".") if isinstance(value, str) else value


def _read_share(value: object) -> object:
    """``2/3``, ``0.7``; a float as it is written, not as it is kept."""
    value = _read_number(str(value) if isinstance(value, float | Decimal) else value)
    if isinstance(value, str):
        try:
            return Fraction(value)
        except (ValueError, ZeroDivisionError) as error:
            raise PydanticCustomError("decimal_parsing", "not a number") from error
    return value


def _is_plain(value: Fraction) -> Fraction:
    if value.denominator > 1000:  # noqa: PLR2004 -- nobody can check such a threshold by hand
        raise ValueError(N_("Write a simple number such as 2/3 or 0.7."))
    return value


def _in_order(values: set[str]) -> list[str]:
    return sorted(values)


Number = Annotated[Decimal, BeforeValidator(_read_number)]
Share = Annotated[Fraction, BeforeValidator(_read_share), AfterValidator(_is_plain)]
IN_ORDER = PlainSerializer(_in_order, list[str], when_used="json")  # the same text for the same set
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]


class Strict(BaseModel):
    """No unknown keys: a rule that is misspelt is refused, not ignored. Never changed in place."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Theme(Strict):
    """A theme of the round; titles per language."""

    key: Key
    title: Annotated[str, Ask(missing=N_("Name the theme"))] = Field(
        min_length=1, max_length=80, title=N_("Theme in English")
    )
    title_et: str = Field(default="", max_length=80, title=N_("Theme in Estonian"))


class Criterion(Strict):
    """What jurors score; ``weight`` orders the ranking only, ``threshold`` is tested unweighted."""

    key: Key
    title: Annotated[str, Ask(missing=N_("Name the criterion"))] = Field(
        min_length=1, max_length=120, title=N_("Criterion")
    )
    anchor: Annotated[str, Ask("textarea", rows=2)] = Field(
        default="", max_length=600, title=N_("What a high mark means")
    )
    weight: Number = Field(default=Decimal(1), gt=0, le=100, title=N_("Weight"))
    threshold: Number = Field(default=Decimal(3), ge=0, le=100, title=N_("Threshold"))


class GateRules(Strict):
    """One gate: whether it is on, who judges, and what cities owe."""

    on: Annotated[bool, FINEST] = Field(
        default=True,
        title=N_("This gate is on"),
        description=N_("A gate that is off is left out: proposals go on to the next one that is on."),
    )
    judges: Annotated[set[Judge], IN_ORDER, Ask("checkboxes"), OURS] = Field(
        default_factory=lambda: {Judge.JURORS},
        min_length=1,
        title=N_("Who judges here"),
        description=N_("Cities rate (advisory), jurors score by criteria, coordinators check and decide."),
    )
    reviews: Annotated[int, OURS] = Field(
        default=3,
        ge=1,
        le=9,
        title=N_("Reviews per proposal"),
        description=N_("How many jurors score each proposal. Only where jurors judge."),
    )
    blind: Annotated[Blind, Ask("radios"), OURS] = Field(
        default=Blind.JURORS_HIDDEN,
        title=N_("Who knows whom"),
        description=N_(
            "Double-blind: jurors read a copy without names, which a coordinator confirms. Cities are named."
        ),
    )
    owed: Annotated[Owed, Ask("radios"), OURS] = Field(
        default=Owed.SIGN_OFF,
        title=N_("What each partner city owes before the proposal is submitted"),
        description=N_("Asked of every city in the lead or pilot role."),
    )
    total_threshold: Annotated[Share, OURS] = Field(
        default=Fraction(2, 3),
        ge=0,
        le=1,
        title=N_("Threshold of the total, as a part of the unweighted maximum"),
        description=N_("2/3 means 10 of 15 points. 0: no threshold."),
    )
    criteria: Annotated[list[Criterion], OURS] = Field(
        default_factory=list,
        max_length=12,
        title=N_("Criteria"),
        description=N_("Jurors give a mark and a comment for each. Weights order the ranking only."),
    )


class Scale(Strict):
    """0–5 in half marks with the Horizon labels (domain.md §3.1)."""

    maximum: Annotated[Number, OURS] = Field(
        default=Decimal(5), gt=0, le=100, title=N_("Highest mark"), description=N_("Marks begin at 0.")
    )
    step: Annotated[Number, OURS] = Field(
        default=Decimal("0.5"),
        gt=0,
        title=N_("Step between marks"),
        description=N_("0.5 means half marks."),
    )


class SizeClass(Strict):
    """A size of pilot. "Approximate" figures warn, "maximum" ones block."""

    key: Key
    title: Annotated[str, Ask(missing=N_("Name the size"))] = Field(min_length=1, max_length=60, title=N_("Size"))
    months: int = Field(ge=1, le=120, title=N_("Months"))
    budget_cents: Annotated[Euros, Ask("money")] = Field(ge=0, le=10**13, title=N_("Budget of one pilot"))
    planned: int = Field(ge=0, le=50, title=N_("Pilots planned"))
    bound: Annotated[Bound, Ask("select")] = Field(default=Bound.APPROXIMATE, title=N_("The figures are"))


class Retention(Strict):
    """Years data is kept, by class."""

    drafts: Annotated[int, OURS] = Field(
        default=1, ge=1, le=30, title=N_("Drafts are kept"), description=N_("Years after the round is closed.")
    )
    declined: Annotated[int, OURS] = Field(
        default=2,
        ge=1,
        le=30,
        title=N_("What was declined or withdrawn is kept"),
        description=N_("Years after the round is closed."),
    )
    funded: Annotated[int, OURS] = Field(
        default=10,
        ge=1,
        le=50,
        title=N_("What was funded is kept"),
        description=N_("Years after the pilot ends."),
    )


def _in_utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


Exact = Annotated[Instant, AfterValidator(_in_utc)]  # the same text for the same instant


class WindowIn(Strict):
    """A window as typed: instants; a local time is one of the round's zone."""

    name: WindowName
    opens_at: Exact
    closes_at: Exact

    @model_validator(mode="after")
    def _opens_first(self) -> WindowIn:
        if self.opens_at >= self.closes_at:
            raise ValueError(N_("A window opens before it closes."))
        return self

    @property
    def dates(self) -> tuple[datetime, datetime]:
        """When it opens and when it closes."""
        return self.opens_at, self.closes_at
