"""How a value of a round's document reads: its label, its choices, and the value itself, by its path."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from challenge.kernel.ask import Ask
from challenge.kernel.i18n import Text, _, _n
from challenge.people.states import KINDS, OrganisationKind
from challenge.rounds.pieces import Criterion, GateRules, SizeClass, Source, Theme
from challenge.rounds.schemas import LADDER_FACTS, RoundDocument, Rules
from challenge.rounds.states import (
    BLINDS,
    BOUNDS,
    CLOSES,
    GATES,
    JUDGES,
    OPENS,
    OWED,
    PAIRINGS,
    Blind,
    Bound,
    Gate,
    Judge,
    Owed,
    Pairing,
    WindowName,
)
from challenge.rounds.words import Country, Figure, Listed, Moment, Money, Told

RANKING_WORDS: Mapping[str, Text] = {
    "raw": _("The raw mean of the reviews"),
    "calibrated": _("The calibrated score, corrected for severe and mild jurors"),
}
LADDER_WORDS: Mapping[str, Text] = {
    "theme_not_covered": _("A theme no higher-ranked proposal covers"),
    "countries": _("The number of countries"),
    "panel": _("A recorded decision of the panel"),
}
WORDS: Mapping[type[Enum], Mapping[Any, Text]] = {
    OrganisationKind: KINDS, Pairing: PAIRINGS, Judge: JUDGES, Blind: BLINDS, Owed: OWED, Bound: BOUNDS,
}  # fmt: skip
assert set(LADDER_WORDS) == set(LADDER_FACTS)  # noqa: S101 -- a new fact needs its word


_GATES = frozenset(str(gate) for gate in Gate)


def field_at(path: str) -> FieldInfo:
    """The field a path names: ``rules.gates.idea.reviews``."""
    *way, name = path.split(".")
    return model_at(".".join(way)).model_fields[name]


def model_at(path: str) -> type[BaseModel]:
    """The model a path leads to; a gate's name stands for what holds for a gate."""
    model: type[BaseModel] = RoundDocument
    for name in path.split(".") if path else []:
        if name in _GATES:
            continue
        model = GateRules if name == "gates" else _model_in(model.model_fields[name])
    return model


def _model_in(info: FieldInfo) -> type[BaseModel]:
    if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
        return info.annotation
    raise KeyError(info)


def ask_of(info: FieldInfo) -> Ask | None:
    """How the field is asked for, where it says so."""
    return next((entry for entry in info.metadata if isinstance(entry, Ask)), None)


def source_of(info: FieldInfo) -> Source | None:
    """Where its default comes from, where it says so."""
    return next((entry for entry in info.metadata if isinstance(entry, Source)), None)


def label_of(path: str) -> Text:
    """What a value is called in a list of changes."""
    parts = path.split(".")
    if parts[0] == "windows":
        return (OPENS if parts[-1] == "opens_at" else CLOSES)[WindowName(parts[1])]
    label = Told(field_at(path).title or parts[-1].replace("_", " "))
    if parts[:2] == ["rules", "gates"]:
        return _("%(gate)s: %(label)s", gate=GATES[Gate(parts[2])], label=label)
    return Text("%(label)s", names={"label": label})


def choices_of(info: FieldInfo) -> list[tuple[str, object]]:
    """What may be chosen, with words; empty for a field that is typed."""
    for kind in _kinds(info.annotation):
        if isinstance(kind, type) and issubclass(kind, Enum) and kind in WORDS:
            return [(str(member.value), WORDS[kind][member]) for member in kind]
        if kind in RANKING_WORDS:
            return [(key, text) for key, text in RANKING_WORDS.items()]
    return []


def _kinds(annotation: Any) -> list[Any]:
    inner = get_args(annotation)
    return [annotation, *(kind for part in inner for kind in _kinds(part))] if inner else [annotation]


def worded(path: str, value: Any, document: RoundDocument) -> object:
    """A value as people read it (a text, or something that becomes one)."""
    if value is None or value in ("", [], set()):
        return _("none")
    if path.endswith("_cents"):
        return Money(value)
    if path == "rules.home_country":
        return Country(value)
    if path == "rules.tie_ladder":
        return Listed(tuple(ladder_word(word, document.rules) for word in value))
    if isinstance(value, list | set | tuple):
        return Listed(tuple(_entry(path, entry, document) for entry in _ordered(value)))
    return _single(value, document.zone)


def _single(value: Any, zone: str) -> object:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return Moment(value, zone)
    if isinstance(value, Decimal | Fraction | int):
        return Figure(value)
    if isinstance(value, Enum):
        return WORDS[type(value)][value]
    return RANKING_WORDS.get(value, Told(str(value)))


def _ordered(values: Any) -> list[Any]:
    """A set in the order of its enum, a list as it is."""
    if isinstance(values, set):
        return [member for member in type(next(iter(values))) if member in values]
    return list(values)


def _entry(path: str, entry: Any, document: RoundDocument) -> object:
    if isinstance(entry, dict):
        return summed(model_of_list(path).model_validate(entry))
    return _single(entry, document.zone)


def model_of_list(path: str) -> type[BaseModel]:
    """The model of the entries of a list."""
    return next(
        kind for kind in _kinds(field_at(path).annotation) if isinstance(kind, type) and issubclass(kind, BaseModel)
    )


def summed(entry: BaseModel) -> object:
    """A criterion, theme or size in a few words."""
    if isinstance(entry, Criterion):
        return _(
            "%(title)s (weight %(weight)s, threshold %(threshold)s)",
            title=Told(entry.title), weight=Figure(entry.weight), threshold=Figure(entry.threshold),
        )  # fmt: skip
    if isinstance(entry, SizeClass):
        return _(
            "%(title)s (%(months)s months, %(budget)s, %(planned)s planned; %(bound)s)",
            title=Told(entry.title), months=entry.months, budget=Money(entry.budget_cents), planned=entry.planned,
            bound=BOUND_WORDS[entry.bound],
        )  # fmt: skip
    return Told(entry.title) if isinstance(entry, Theme) else str(entry)


BOUND_WORDS = {Bound.APPROXIMATE: _("approximate"), Bound.MAXIMUM: _("maximum")}


def ladder_word(word: str, rules: Rules) -> object:
    """A rung of the tie ladder."""
    if word in LADDER_WORDS:
        return LADDER_WORDS[word]
    criterion = rules.criterion(word.removeprefix("criterion:"))
    return Told(criterion.title) if criterion else word


def months(number: int) -> Text:
    """``36 months``."""
    return _n("one month", "%(n)s months", number)


DEFAULTS = RoundDocument(title="-")


def default_at(path: str) -> Any:
    """The value a new round has there."""
    value: Any = DEFAULTS
    for name in path.split("."):
        value = value[Gate(name)] if isinstance(value, dict) else getattr(value, name)
    return value


def changes(
    differences: Mapping[str, tuple[Any, Any]], old: RoundDocument, new: RoundDocument
) -> list[tuple[object, object, object]]:
    """(what, before, after) of each difference, in words."""
    return [
        (label_of(path), worded(path, before, old), worded(path, after, new))
        for path, (before, after) in differences.items()
    ]
