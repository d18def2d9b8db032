"""The rules of a round: one validated document (design.md §4). Defaults reproduce the 2023 process."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Literal, get_args
from zoneinfo import available_timezones

from pydantic import Field, field_validator, model_validator

from challenge.kernel.ask import Ask, Euros
from challenge.kernel.i18n import N_
from challenge.people.states import OrganisationKind
from challenge.rounds import defaults
from challenge.rounds.pieces import (
    FINEST,
    IN_ORDER,
    OURS,
    Criterion,
    GateRules,
    Key,
    Number,
    Retention,
    Scale,
    SizeClass,
    Source,
    Strict,
    Theme,
    WindowIn,
)
from challenge.rounds.states import Gate, Judge, Pairing

__all__ = [
    "FINEST", "OURS", "Criterion", "GateRules", "Key", "Number", "Retention", "RoundDocument", "Rules", "Scale",
    "SizeClass", "Source", "Strict", "Theme", "WindowIn",
]  # fmt: skip

MOST_MARKS = 21  # a scale people can hit with a finger
Ranking = Literal["raw", "calibrated"]
Name = Annotated[str, Field(min_length=1, max_length=120)]
LADDER_FACTS = ("theme_not_covered", "countries", "panel")


class Rules(Strict):
    """Everything a round decides. Frozen from *publish*; changed only by *amend*, with a new version."""

    submitter_kinds: Annotated[set[OrganisationKind], IN_ORDER, Ask("checkboxes"), FINEST] = Field(
        default_factory=defaults.city_kinds,
        min_length=1,
        title=N_("Who may submit challenges"),
        description=N_("The round of 2024 also let campuses submit."),
    )
    city_kinds: Annotated[set[OrganisationKind], IN_ORDER, Ask("checkboxes"), OURS] = Field(
        default_factory=defaults.city_kinds,
        min_length=1,
        title=N_("What counts as a city in a pilot"),
        description=N_("Only these count for the pairing rule."),
    )
    submissions_per_city: Annotated[int, FINEST] = Field(
        default=3, ge=1, le=20, title=N_("Challenges a city may submit"), description=N_("At most this many.")
    )
    interests_per_city: Annotated[int, FINEST] = Field(
        default=5,
        ge=1,
        le=50,
        title=N_("Challenges of other cities a city may show interest in"),
        description=N_("At most this many, never its own."),
    )
    pairing: Annotated[Pairing, Ask("radios"), FINEST] = Field(
        default=Pairing.MANDATORY,
        title=N_("Pairing"),
        description=N_("Shown from the first draft of a proposal, enforced from the pilot proposal on."),
    )
    min_cities: Annotated[int, FINEST] = Field(
        default=2,
        ge=1,
        le=10,
        title=N_("Cities a pilot needs"),
        description=N_("At least this many in the lead or pilot role. Followers do not count."),
    )
    home_country: Annotated[str, Ask("select"), FINEST] = Field(
        default="EE", pattern=r"^[A-Z]{2}$", title=N_("Home country")
    )
    gates: dict[Gate, GateRules] = Field(default_factory=defaults.gates)
    decision_before_agreement: Annotated[bool, OURS] = Field(
        default=True,
        title=N_("Each member city decides formally before the pilot is agreed"),
        description=N_("The decision names the body, its date and the document."),
    )
    scale: Scale = Field(default_factory=Scale)
    ranking: Annotated[Ranking, Ask("radios"), OURS] = Field(
        default="raw",
        title=N_("Which score ranks"),
        description=N_("The other one is always shown beside it. Thresholds are tested on raw scores."),
    )
    size_classes: Annotated[list[SizeClass], FINEST] = Field(
        default_factory=defaults.size_classes,
        max_length=8,
        title=N_("Sizes of pilots"),
        description=N_("Fewer pilots than planned is a valid result."),
    )
    pilots_per_city: Annotated[int | None, OURS] = Field(
        default=None,
        ge=1,
        le=20,
        title=N_("Pilots a city may take part in"),
        description=N_("In the lead or pilot role, in this round. Empty: no limit."),
    )
    conflict_years: Annotated[int, OURS] = Field(
        default=3,
        ge=0,
        le=20,
        title=N_("Years common publications, proposals and pilots are a conflict of interest"),
    )
    host_organisations: Annotated[list[Name], OURS] = Field(
        default_factory=list,
        max_length=20,
        title=N_("Hosts of the programme"),
        description=N_(
            "Names of organisations. Their people are in conflict by unit and team, not by organisation, because the"
            " host is a partner in most pilots."
        ),
    )
    jurors_from_elsewhere: Annotated[bool, OURS] = Field(
        default=False,
        title=N_("Jurors judge no proposal of their own country"),
        description=N_("The countries of its partner cities and of the organisations in its team."),
    )
    grace_seconds: Annotated[int, OURS] = Field(
        default=120,
        ge=0,
        le=3600,
        title=N_("Seconds of grace after a deadline"),
        description=N_("Published and equal for all. What arrives within it is accepted and marked."),
    )
    tie_ladder: Annotated[list[str], OURS] = Field(
        default_factory=lambda: list(defaults.TIE_LADDER),
        max_length=12,
        title=N_("What decides between equals"),
        description=N_("Asked in this order. The time of submission never decides."),
    )
    spread_alert: Annotated[Number, OURS] = Field(
        default=Decimal("1.5"),
        ge=0,
        le=100,
        title=N_("Two marks this far apart need a consensus note"),
        description=N_("Marks two jurors give on the same criterion."),
    )
    reaction_days: Annotated[int, OURS] = Field(
        default=7,
        ge=0,
        le=60,
        title=N_("Days to react to the reviews"),
        description=N_("Applicants correct facts before the consensus. 0: no reaction."),
    )
    reaction_pages: Annotated[int, OURS] = Field(default=2, ge=1, le=10, title=N_("Pages of a reaction"))
    appeal_days: Annotated[int, OURS] = Field(
        default=14,
        ge=0,
        le=90,
        title=N_("Days to appeal"),
        description=N_("From the announcement, on the procedure only. 0: no appeals."),
    )
    offer_days: Annotated[int, OURS] = Field(default=30, ge=1, le=365, title=N_("Days to accept an offer"))
    cure_days: Annotated[int, OURS] = Field(
        default=90,
        ge=1,
        le=365,
        title=N_("Days to find another city when one leaves a pilot"),
        description=N_("The pilot is suspended meanwhile."),
    )
    transfer_percent: Annotated[int, OURS] = Field(
        default=15,
        ge=0,
        le=100,
        title=N_("Percent of a budget line one coordinator may move"),
        description=N_("Within a pilot, with what was moved out of the line before. More needs two. 0: always two."),
    )
    retention_years: Retention = Field(default_factory=Retention)
    themes: Annotated[list[Theme], FINEST] = Field(
        default_factory=defaults.themes, min_length=1, max_length=30, title=N_("Themes")
    )

    @model_validator(mode="after")
    def _hangs_together(self) -> Rules:
        if set(self.gates) != set(Gate):
            raise ValueError(N_("All three gates must be described, each on or off."))
        if not self.open_gates:
            raise ValueError(N_("At least one gate must be on."))
        self._has_each_key_once()
        self._has_a_sound_scale()
        for gate in self.gates.values():
            if gate.on and Judge.JURORS in gate.judges and not gate.criteria:
                raise ValueError(N_("A gate judged by jurors needs at least one criterion."))
        if set(self.tie_ladder) - self.ladder_words:
            raise ValueError(N_("What decides between equals names a criterion that is in no gate. Change it there."))
        if len(set(self.tie_ladder)) != len(self.tie_ladder):
            raise ValueError(N_("What decides between equals names one thing twice."))
        return self

    def _has_each_key_once(self) -> None:
        for keys in (
            [size.key for size in self.size_classes],
            [theme.key for theme in self.themes],
            *([criterion.key for criterion in gate.criteria] for gate in self.gates.values()),
        ):
            if len(set(keys)) != len(keys):
                raise ValueError(N_("Each key may stand only once."))

    def _has_a_sound_scale(self) -> None:
        if self.scale.maximum % self.scale.step:
            raise ValueError(N_("The scale's maximum must be a multiple of its step."))
        if self.scale.maximum / self.scale.step >= MOST_MARKS:
            raise ValueError(N_("The scale has more than 21 marks: make the step larger."))
        thresholds = [criterion.threshold for gate in self.gates.values() for criterion in gate.criteria]
        if any(threshold > self.scale.maximum for threshold in thresholds):
            raise ValueError(N_("A criterion's threshold is above the highest mark."))

    @property
    def open_gates(self) -> frozenset[Gate]:
        """The gates that are on."""
        return frozenset(gate for gate, rules in self.gates.items() if rules.on)

    @property
    def ladder_words(self) -> set[str]:
        """What the tie ladder may name."""
        named = {f"criterion:{criterion.key}" for gate in self.gates.values() for criterion in gate.criteria}
        return named | set(LADDER_FACTS)

    def total_floor(self, gate: Gate) -> Fraction:
        """The points a proposal needs in all at a gate, exactly: threshold × highest mark × number of criteria."""
        rules = self.gates[gate]
        return rules.total_threshold * Fraction(self.scale.maximum) * len(rules.criteria)

    def size_class(self, key: str | None) -> SizeClass | None:
        """The size class of this key."""
        return next((size for size in self.size_classes if size.key == key), None)

    def theme(self, key: str) -> Theme | None:
        """The theme of this key."""
        return next((theme for theme in self.themes if theme.key == key), None)

    def criterion(self, key: str) -> Criterion | None:
        """The criterion of this key, as the last gate that has it words it."""
        gates = [self.gates[gate] for gate in reversed(Gate)]
        return next((criterion for gate in gates for criterion in gate.criteria if criterion.key == key), None)


class RoundDocument(Strict):
    """A round as YAML: what export writes and import reads, and what the editor edits."""

    title: Annotated[str, Ask(missing=N_("Name the round"))] = Field(
        min_length=1, max_length=120, title=N_("Title"), description=N_("For example: Smart City Challenge 2028.")
    )
    summary: Annotated[str, Ask("textarea", rows=5)] = Field(
        default="",
        max_length=2000,
        title=N_("Summary"),
        description=N_("What the round is for, in words a resident understands. Shown to everybody."),
    )
    zone: Annotated[str, Ask("select")] = Field(
        default="Europe/Tallinn",
        title=N_("Time zone"),
        description=N_("Deadlines are typed and shown in it, with UTC beside."),
    )
    budget_cents: Annotated[Euros | None, Ask("money")] = Field(
        default=None,
        ge=0,
        le=10**13,
        title=N_("Budget of the round"),
        description=N_("Awards never exceed it. Empty: not known yet."),
    )
    windows: list[WindowIn] = Field(default_factory=list)
    rules: Rules = Field(default_factory=Rules)

    @field_validator("zone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(N_("This is not a time zone. Write one such as Europe/Tallinn."))
        return value

    @model_validator(mode="after")
    def _has_each_window_once(self) -> RoundDocument:
        names = [window.name for window in self.windows]
        if len(set(names)) != len(names):
            raise ValueError(N_("Each window may stand only once."))
        return self


RANKINGS = get_args(Ranking)
