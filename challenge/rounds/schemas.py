"""The rules of a round: one validated document (design.md §4). Defaults reproduce the 2023 process."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from challenge.kernel.i18n import N_
from challenge.people.states import OrganisationKind
from challenge.rounds.states import Blind, Bound, Gate, Judge, Owed, Pairing, WindowName

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]


class Strict(BaseModel):
    """No unknown keys: a rule that is misspelt is refused, not ignored."""

    model_config = ConfigDict(extra="forbid")


class Theme(Strict):
    """A theme of the round; titles per language."""

    key: Key
    title: str = Field(min_length=1, max_length=80)
    title_et: str = Field(default="", max_length=80)


class Criterion(Strict):
    """What jurors score; ``weight`` orders the ranking only, ``threshold`` is tested unweighted."""

    key: Key
    title: str = Field(min_length=1, max_length=120)
    anchor: str = Field(default="", max_length=600, description=N_("What a high mark means."))
    weight: Decimal = Field(default=Decimal(1), gt=0, le=100)
    threshold: Decimal = Field(default=Decimal(3), ge=0)


class GateRules(Strict):
    """One gate: whether it is on, who judges, and what cities owe."""

    on: bool = True
    judges: set[Judge] = Field(default_factory=lambda: {Judge.JURORS})
    reviews: int = Field(default=3, ge=1, le=9, title=N_("Reviews per proposal"))
    blind: Blind = Blind.JURORS_HIDDEN
    owed: Owed = Owed.SIGN_OFF
    total_threshold: Decimal = Field(default=Decimal("0.667"), ge=0, le=1)
    criteria: list[Criterion] = Field(default_factory=list)


class Scale(Strict):
    """0–5 in half marks with the Horizon labels (domain.md §3.1)."""

    maximum: Decimal = Field(default=Decimal(5), gt=0, le=100)
    step: Decimal = Field(default=Decimal("0.5"), gt=0)


class SizeClass(Strict):
    """A size of pilot. "Approximate" figures warn, "maximum" ones block."""

    key: Key
    title: str = Field(min_length=1, max_length=60)
    months: int = Field(ge=1, le=120)
    budget_cents: int = Field(ge=0)
    planned: int = Field(ge=0, le=50)
    bound: Bound = Bound.APPROXIMATE


IMPACT = Criterion(
    key="impact", title=N_("City need and measurable impact"), weight=Decimal(30),
    anchor=N_("The cities need it, the outcome is measured, residents notice it."),
)  # fmt: skip
SCIENCE = Criterion(
    key="science", title=N_("Scientific quality and novelty"), weight=Decimal(25),
    anchor=N_("New knowledge is needed and the method can give it."),
)  # fmt: skip
TRANSFER = Criterion(
    key="transfer", title=N_("Transferability and market"), weight=Decimal(20),
    anchor=N_("Other cities can take it over and somebody will run it."),
)  # fmt: skip
TEAM = Criterion(
    key="team", title=N_("Team and city commitment"), weight=Decimal(15),
    anchor=N_("Named people in every city with time and a mandate."),
)  # fmt: skip
PLAN = Criterion(
    key="plan", title=N_("Work plan and budget"), weight=Decimal(10),
    anchor=N_("The steps, their order and their cost are believable."),
)  # fmt: skip


def _default_gates() -> dict[Gate, GateRules]:
    return {
        Gate.IDEA: GateRules(judges={Judge.CITIES, Judge.COORDINATORS}, reviews=1, owed=Owed.NOTHING),
        Gate.PILOT_PROPOSAL: GateRules(criteria=[IMPACT, SCIENCE, TRANSFER]),
        Gate.FULL_PROPOSAL: GateRules(criteria=[IMPACT, SCIENCE, TRANSFER, TEAM, PLAN]),
    }


def _default_classes() -> list[SizeClass]:
    return [
        SizeClass(key="large", title=N_("Large"), months=36, budget_cents=126_000_000, planned=2),
        SizeClass(key="mid", title=N_("Mid-size"), months=24, budget_cents=86_000_000, planned=2),
    ]


def _default_themes() -> list[Theme]:
    return [
        Theme(key="energy", title="Energy", title_et="Energia"),
        Theme(key="mobility", title="Mobility", title_et="Liikuvus"),
        Theme(key="circular_economy", title="Circular economy", title_et="Ringmajandus"),
        Theme(key="city_planning", title="City planning", title_et="Linnaplaneerimine"),
        Theme(key="city_maintenance", title="City maintenance", title_et="Linna hooldus"),
        Theme(key="environment", title="Water and environment", title_et="Vesi ja keskkond"),
        Theme(key="data", title="Data", title_et="Andmed"),
        Theme(key="governance", title="Governance", title_et="Valitsemine"),
    ]


class Rules(Strict):
    """Everything a round decides. Frozen from *publish*; changed only by *amend*, with a new version."""

    submitter_kinds: set[OrganisationKind] = Field(
        default_factory=lambda: {OrganisationKind.CITY, OrganisationKind.MUNICIPALITY, OrganisationKind.COUNTY_COUNCIL}
    )
    city_kinds: set[OrganisationKind] = Field(
        default_factory=lambda: {OrganisationKind.CITY, OrganisationKind.MUNICIPALITY, OrganisationKind.COUNTY_COUNCIL}
    )
    submissions_per_city: int = Field(default=3, ge=1, le=20)
    interests_per_city: int = Field(default=5, ge=1, le=50)
    pairing: Pairing = Pairing.MANDATORY
    min_cities: int = Field(default=2, ge=1, le=10)
    home_country: str = Field(default="EE", pattern=r"^[A-Z]{2}$")
    gates: dict[Gate, GateRules] = Field(default_factory=_default_gates)
    decision_before_agreement: bool = Field(
        default=True, title=N_("A formal decision of each city is needed before the pilot is agreed")
    )
    scale: Scale = Field(default_factory=Scale)
    ranking: Literal["raw", "calibrated"] = "raw"
    size_classes: list[SizeClass] = Field(default_factory=_default_classes)
    pilots_per_city: int | None = Field(default=None, ge=1, le=20)
    conflict_years: int = Field(default=3, ge=0, le=20)
    host_organisations: list[str] = Field(default_factory=list)
    grace_seconds: int = Field(default=120, ge=0, le=3600)
    tie_ladder: list[str] = Field(
        default_factory=lambda: ["theme_not_covered", "criterion:impact", "criterion:science", "countries", "panel"]
    )
    spread_alert: Decimal = Field(default=Decimal("1.5"), ge=0)
    reaction_days: int = Field(default=7, ge=0, le=60)
    reaction_pages: int = Field(default=2, ge=1, le=10)
    appeal_days: int = Field(default=14, ge=0, le=90)
    offer_days: int = Field(default=30, ge=1, le=365)
    cure_days: int = Field(default=90, ge=1, le=365)
    retention_years: dict[str, int] = Field(default_factory=lambda: {"drafts": 1, "declined": 2, "funded": 10})
    themes: list[Theme] = Field(default_factory=_default_themes)

    @model_validator(mode="after")
    def _hangs_together(self) -> Rules:
        if set(self.gates) != set(Gate):
            raise ValueError(N_("All three gates must be described, each on or off."))
        if not self.open_gates:
            raise ValueError(N_("At least one gate must be on."))
        for keys in (
            [size.key for size in self.size_classes],
            [theme.key for theme in self.themes],
            *([criterion.key for criterion in gate.criteria] for gate in self.gates.values()),
        ):
            if len(set(keys)) != len(keys):
                raise ValueError(N_("Each key may stand only once."))
        for gate in self.gates.values():
            if gate.on and Judge.JURORS in gate.judges and not gate.criteria:
                raise ValueError(N_("A gate judged by jurors needs at least one criterion."))
        if self.scale.maximum % self.scale.step:
            raise ValueError(N_("The scale's maximum must be a multiple of its step."))
        named = {f"criterion:{criterion.key}" for gate in self.gates.values() for criterion in gate.criteria}
        if unknown := set(self.tie_ladder) - named - {"theme_not_covered", "countries", "panel"}:
            raise ValueError(f"unknown in the tie ladder: {', '.join(sorted(unknown))}")
        return self

    @property
    def open_gates(self) -> frozenset[Gate]:
        """The gates that are on."""
        return frozenset(gate for gate, rules in self.gates.items() if rules.on)

    def size_class(self, key: str | None) -> SizeClass | None:
        """The size class of this key."""
        return next((size for size in self.size_classes if size.key == key), None)

    def theme(self, key: str) -> Theme | None:
        """The theme of this key."""
        return next((theme for theme in self.themes if theme.key == key), None)


class WindowIn(Strict):
    """A window as typed: instants with a zone."""

    name: WindowName
    opens_at: datetime
    closes_at: datetime


class RoundDocument(Strict):
    """A round as YAML: what export writes and import reads."""

    title: str = Field(min_length=1, max_length=120)
    summary: str = Field(default="", max_length=2000)
    zone: str = "Europe/Tallinn"
    budget_cents: int | None = Field(default=None, ge=0)
    windows: list[WindowIn] = Field(default_factory=list)
    rules: Rules = Field(default_factory=Rules)
