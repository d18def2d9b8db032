"""Documents for the tests of this package."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from challenge.people.states import OrganisationKind
from challenge.rounds.schemas import (
    Criterion,
    GateRules,
    Retention,
    RoundDocument,
    Rules,
    Scale,
    SizeClass,
    Theme,
    WindowIn,
)
from challenge.rounds.states import Blind, Bound, Gate, Judge, Owed, Pairing, WindowName
from tests.factories.rounds import WINDOWS


def rules_with(gates: frozenset[Gate], **changes: object) -> Rules:
    """The default rules with these gates on."""
    default = Rules().gates
    return Rules(gates={gate: default[gate].model_copy(update={"on": gate in gates}) for gate in Gate}, **changes)


def document(title: str = "Round 2028", **changes: object) -> RoundDocument:
    """A complete document with the windows of the factory."""
    windows = [WindowIn(name=name, opens_at=a, closes_at=b) for name, (a, b) in WINDOWS.items()]
    return RoundDocument(**{"title": title, "windows": windows, **changes})


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=40)
titles = words.filter(lambda text: text != "")
keys = st.from_regex(r"^[a-z][a-z0-9_]{0,11}\Z")
numbers = st.decimals(min_value=0, max_value=5, places=2)
weights = st.decimals(min_value="0.01", max_value=100, places=2)
criteria = st.lists(
    st.builds(Criterion, key=keys, title=titles, anchor=words, weight=weights, threshold=numbers),
    min_size=1, max_size=4, unique_by=lambda criterion: criterion.key,
)  # fmt: skip
gate_rules = st.builds(
    GateRules, judges=st.sets(st.sampled_from(Judge), min_size=1), reviews=st.integers(1, 9),
    blind=st.sampled_from(Blind), owed=st.sampled_from(Owed), total_threshold=st.fractions(0, 1, max_denominator=1000),
    criteria=criteria,
)  # fmt: skip
kinds = st.sets(st.sampled_from(OrganisationKind), min_size=1)
sizes = st.builds(
    SizeClass, key=keys, title=titles, months=st.integers(1, 120), budget_cents=st.integers(0, 10**12),
    planned=st.integers(0, 50), bound=st.sampled_from(Bound),
)  # fmt: skip
years = st.integers(1, 30)


@st.composite
def any_rules(draw: st.DrawFn) -> Rules:
    gates = {gate: draw(gate_rules) for gate in Gate}
    ladder = ["theme_not_covered", "countries", "panel", *{f"criterion:{c.key}" for c in gates[Gate.IDEA].criteria}]
    return Rules(
        submitter_kinds=draw(kinds), city_kinds=draw(kinds), submissions_per_city=draw(st.integers(1, 20)),
        interests_per_city=draw(st.integers(1, 50)), pairing=draw(st.sampled_from(Pairing)),
        min_cities=draw(st.integers(1, 10)), home_country=draw(st.sampled_from(["EE", "NO", "FI"])), gates=gates,
        decision_before_agreement=draw(st.booleans()), scale=Scale(),
        ranking=draw(st.sampled_from(["raw", "calibrated"])),
        size_classes=draw(st.lists(sizes, max_size=3, unique_by=lambda size: size.key)),
        pilots_per_city=draw(st.none() | st.integers(1, 20)), conflict_years=draw(st.integers(0, 20)),
        jurors_from_elsewhere=draw(st.booleans()),
        host_organisations=draw(st.lists(titles, max_size=3)), grace_seconds=draw(st.integers(0, 3600)),
        tie_ladder=draw(st.permutations(ladder)), spread_alert=draw(numbers), reaction_days=draw(st.integers(0, 60)),
        appeal_days=draw(st.integers(0, 90)), offer_days=draw(st.integers(1, 365)),
        retention_years=draw(st.builds(Retention, drafts=years, declined=years, funded=years)),
        themes=draw(st.lists(st.builds(Theme, key=keys, title=titles, title_et=words), min_size=1, max_size=4,
                             unique_by=lambda theme: theme.key)),
    )  # fmt: skip


instants = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 -- zoned by timezones
zones = st.sampled_from(["Europe/Tallinn", "Europe/Dublin", "America/Sao_Paulo", "Asia/Kathmandu", "UTC"])


@st.composite
def any_document(draw: st.DrawFn) -> RoundDocument:
    windows = []
    for name in draw(st.sets(st.sampled_from(WindowName))):
        first, second = sorted(draw(st.tuples(instants, instants).filter(lambda pair: pair[0] != pair[1])))
        windows.append(WindowIn(name=name, opens_at=first, closes_at=second))
    return RoundDocument(
        title=draw(titles), summary=draw(words), zone=draw(zones), windows=windows, rules=draw(any_rules()),
        budget_cents=draw(st.none() | st.integers(0, 10**12)),
    )  # fmt: skip
