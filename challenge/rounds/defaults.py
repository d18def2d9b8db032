"""What a new round begins with: the process of 2023, and our proposals where FinEst has published no rule."""

from __future__ import annotations

from decimal import Decimal

from challenge.kernel.i18n import N_
from challenge.people.states import OrganisationKind
from challenge.rounds.pieces import Criterion, GateRules, SizeClass, Theme
from challenge.rounds.states import Gate, Judge, Owed

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

TIE_LADDER = ("theme_not_covered", "criterion:impact", "criterion:science", "countries", "panel")


def city_kinds() -> set[OrganisationKind]:
    """Councils of any sort: two Irish county councils are partners of a real pilot."""
    return {OrganisationKind.CITY, OrganisationKind.MUNICIPALITY, OrganisationKind.COUNTY_COUNCIL}


def gates() -> dict[Gate, GateRules]:
    """Ideas are judged with the cities, proposals by jurors."""
    return {
        Gate.IDEA: GateRules(judges={Judge.CITIES, Judge.COORDINATORS}, reviews=1, owed=Owed.NOTHING),
        Gate.PILOT_PROPOSAL: GateRules(criteria=[IMPACT, SCIENCE, TRANSFER]),
        Gate.FULL_PROPOSAL: GateRules(criteria=[IMPACT, SCIENCE, TRANSFER, TEAM, PLAN]),
    }


def size_classes() -> list[SizeClass]:
    """Published as approximate sizes, not as caps (domain.md §6)."""
    return [
        SizeClass(key="large", title=N_("Large"), months=36, budget_cents=126_000_000, planned=2),
        SizeClass(key="mid", title=N_("Mid-size"), months=24, budget_cents=86_000_000, planned=2),
    ]


def themes() -> list[Theme]:
    """Themes of the rounds so far."""
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
