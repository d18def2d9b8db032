"""What is known of a round of the past: numbers, breakdowns, dates, sources. The rest is "not known"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from babel.dates import format_date

from challenge.kernel.i18n import Text, _, locale
from challenge.rounds.words import Figure, Money

EUROS = "_eur"
# The keys of a round's facts, in the order they are shown; those of ALWAYS are shown even where nobody knows them.
LABELS: Mapping[str, Text] = {
    "challenges": _("Challenges"),
    "challenges_candidate": _("Candidate challenges"),
    "cities": _("Cities"),
    "countries": _("Countries"),
    "municipalities_answering_survey": _("Municipalities that answered the survey"),
    "municipalities_rating": _("Municipalities that rated challenges"),
    "ideas": _("Ideas"),
    "ideas_naming_other_european_cities": _("Ideas that named cities of other countries"),
    "estonian_cities_named_as_pilot_sites": _("Estonian cities named as sites"),
    "shortlist_phase3": _("Ideas in the last phase"),
    "finalists": _("Finalists"),
    "pilots_planned": _("Pilots planned"),
    "pilots_selected": _("Pilots selected"),
    "programme_budget_eur": _("Budget announced"),
    "max_budget_per_pilot_eur": _("Most for one pilot"),
    "pilot_duration_months": _("Months of a pilot"),
    "funding_rate_percent": _("Funding rate, percent"),
    "min_challenges_per_city": _("Challenges of a city, at least"),
    "max_challenges_per_city": _("Challenges of a city, at most"),
    "max_interest": _("Challenges of other cities, at most"),
    "foreign_city_rule": _("Rule on cities of other countries"),
}
ALWAYS = frozenset({"challenges", "ideas", "finalists", "pilots_planned", "pilots_selected", "programme_budget_eur"})
BREAKDOWNS: Mapping[str, Text] = {
    "challenges_by_theme": _("Challenges by theme"),
    "ideas_by_theme": _("Ideas by theme"),
    "ideas_by_origin": _("Ideas by origin"),
}
NOT_KNOWN = _("not known")


@dataclass(frozen=True, slots=True)
class Fact:
    """A label, the value in words, whether it is known, and what makes it doubtful."""

    label: Text
    value: str
    is_known: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything known of a past round."""

    facts: list[Fact]
    breakdowns: list[tuple[Text, list[tuple[str, int]], str]]
    steps: list[tuple[str, str]]
    sizes: list[Text]
    sources: list[str] = field(default_factory=list)


def known(facts: Mapping[str, Any]) -> Facts:
    """The facts in words. Only http addresses are sources."""
    found = dict(facts)
    if "pilots_planned" not in found and "pilots_planned_max" in found:
        least, most = found.get("pilots_planned_min"), found["pilots_planned_max"]
        found["pilots_planned"] = f"{least}–{most}" if least is not None and least != most else most
    return Facts(
        facts=[
            _fact(key, label, found) for key, label in LABELS.items() if key in ALWAYS or found.get(key) is not None
        ],
        breakdowns=[
            (label, [(str(name), int(count)) for name, count in found[key].items()], str(found.get(f"{key}_note", "")))
            for key, label in BREAKDOWNS.items()
            if isinstance(found.get(key), Mapping)
        ],
        steps=[(str(step.get("name", "")), _dates(step)) for step in found.get("steps", [])],
        sizes=[_size(size) for size in found.get("pilot_types", [])],
        sources=[source for source in found.get("sources", []) if str(source).startswith(("https://", "http://"))],
    )


def _fact(key: str, label: Text, facts: Mapping[str, Any]) -> Fact:
    value = facts.get(key)
    stem = key.removesuffix(EUROS)
    notes = (facts.get(f"{name}_{kind}") for name in dict.fromkeys((key, stem)) for kind in ("note", "conflict"))
    note = "; ".join(str(text) for text in notes if text)
    if value is None:
        return Fact(label, str(NOT_KNOWN), is_known=False, note=note)
    if key.endswith(EUROS):
        return Fact(label, str(Money(round(value * 100))), is_known=True, note=note)
    return Fact(label, str(Figure(value)) if isinstance(value, int) else str(value), is_known=True, note=note)


def _size(size: Mapping[str, Any]) -> Text:
    return _(
        "%(size)s: %(planned)s planned, %(months)s months, about %(budget)s each",
        size=str(size.get("type", "")), planned=size.get("planned", NOT_KNOWN),
        months=size.get("duration_months", NOT_KNOWN), budget=Money(round(size.get("budget_eur_approx", 0) * 100)),
    )  # fmt: skip


def _dates(step: Mapping[str, Any]) -> str:
    ends = [_date(str(step[name])) for name in ("date", "start", "end") if step.get(name)]
    return " – ".join(ends) or str(NOT_KNOWN)


def _date(text: str) -> str:
    """``2023-09-30`` as a day, ``2023-11`` as a month, anything else as it is."""
    whole = re.fullmatch(r"(\d{4})-(\d{2})(-\d{2})?", text)
    if whole is None:
        return text
    try:
        found = date.fromisoformat(text if whole[3] else f"{text}-01")
    except ValueError:
        return text
    if whole[3]:
        return format_date(found, "d MMMM y" if locale() == "en" else "d. MMMM y", locale=locale())
    return format_date(found, "LLLL y", locale=locale())
