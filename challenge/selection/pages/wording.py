"""What a scenario, its rules and its reasons say, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal

from challenge.kernel.i18n import N_, Text, _, _n, gettext, locale
from challenge.kernel.money import euros
from challenge.rounds.schemas import Rules
from challenge.selection.queries import SCALE, Names

HUNDREDTH = SCALE // 100
NOT_ELIGIBLE: Mapping[str, Text] = {
    "quorum": _("Reviews are missing."),
    "threshold": _("Below a threshold."),
    "uncalibrated": _("It has no calibrated score, and calibrated scores rank in this round."),
    "no_budget": _("It has no budget."),
    "pairing": _("Its cities do not meet the pairing rule."),
    "commitments": _("Not every partner city has committed itself."),
    "over_maximum": _("It costs more than the most for its size."),
}


def points(value: int) -> str:
    """A value or a difference of values as people read it."""
    return format_decimal(Decimal(value) / SCALE, format="0.00##", locale=locale())


def higher(by: int) -> Text:
    """By how much a score must rise; a ten-thousandth over a round number is what tells it from an equal."""
    if by == 1:
        return _("any higher score")
    if by % HUNDREDTH == 1:
        return _("a score more than %(points)s higher", points=points(by - 1))
    return _("a score %(points)s higher", points=points(by))


def lower(by: int | None) -> Text:
    """By how much a score must fall."""
    if by is None:
        return _("no fall alone")
    if by == 1:
        return _("any lower score")
    if by % HUNDREDTH == 1:
        return _("more than %(points)s lower", points=points(by - 1))
    return _("%(points)s lower", points=points(by))


def share(value: float) -> str:
    """``93 %``."""
    return f"{round(value * 100)} %"


class Wording:
    """Names of classes, themes, cities and proposals, for the sentences about a round's scenarios."""

    def __init__(self, document: Rules, names: Names) -> None:
        self.names = names
        self.sizes = {size.key: gettext(size.title) for size in document.size_classes}
        self.themes = {
            theme.key: theme.title_et if locale() == "et" and theme.title_et else gettext(theme.title)
            for theme in document.themes
        }

    def why_left_out(self, code: str) -> str:
        """Why a proposal is not among those to choose from."""
        return str(NOT_ELIGIBLE.get(code, _("It cannot be funded as it stands.")))

    def listed(self, ids: Iterable[int]) -> str:
        """Titles of the proposals that may be named."""
        return ", ".join(one.title for one in self.names.of(ids))

    def differences(self, changes: Mapping[str, Any]) -> list[str]:
        """What a scenario changes; empty for the round's own rules."""
        return [str(text) for text in self._differences(changes)]

    def _differences(self, changes: Mapping[str, Any]) -> Iterator[Text | str]:
        if changes.get("reserve"):
            yield _("From the reserve list and who still waits; awards stay as they are")
        if "budget" in changes:
            yield _("Budget %(amount)s", amount=euros(changes["budget"]))
        for key, number in changes.get("planned", {}).items():
            yield _("%(size)s: %(number)s", size=self.sizes.get(key, key), number=number)
        for key, number in changes.get("theme_min", {}).items():
            yield _("%(theme)s: at least %(number)s", theme=self.themes.get(key, key), number=number)
        for key, number in changes.get("theme_max", {}).items():
            yield _("%(theme)s: at most %(number)s", theme=self.themes.get(key, key), number=number)
        for key, number in changes.get("city_cap", {}).items():
            yield _("%(city)s: at most %(number)s", city=self.names.cities.get(key, key), number=number)
        for one in self.names.of(changes.get("must_in", ())):
            yield _("With “%(title)s”", title=one.title)
        for one in self.names.of(changes.get("must_out", ())):
            yield _("Without “%(title)s”", title=one.title)

    def rule(self, rule: Sequence[Any], limits: Mapping[str, Any]) -> str | None:
        """A rule that clashes; None where it would name a proposal that may not be named."""
        kind, key = rule
        number = limits.get(kind, {}).get(str(key)) if isinstance(limits.get(kind), Mapping) else None
        found: dict[str, Text | None] = {
            "budget": _("The budget is %(amount)s.", amount=euros(limits.get("budget") or 0)),
            "planned": _("%(size)s: at most %(number)s.", size=self.sizes.get(key, key), number=number),
            "city_cap": _(
                "%(city)s can carry at most %(number)s.", city=self.names.cities.get(key, key), number=number
            ),
            "theme_min": _("%(theme)s: at least %(number)s.", theme=self.themes.get(key, key), number=number),
            "theme_max": _("%(theme)s: at most %(number)s.", theme=self.themes.get(key, key), number=number),
            "must_in": self._about(key, N_("“%(title)s” must be in.")),
            "must_out": self._about(key, N_("“%(title)s” must be out.")),
            "not_eligible": self._about(key, N_("“%(title)s” must be in but cannot be chosen now.")),
        }
        text = found.get(kind)
        return None if text is None else str(text)

    def _about(self, key: Any, sentence: str) -> Text | None:
        one = self.names.proposals.get(key)
        return None if one is None else _(sentence, title=one.title)

    def change(self, change: Mapping[str, Any]) -> str:
        """What would let a proposal in."""
        (kind, key), by = change["rule"], change["by"]
        found = {
            "value": higher(by),
            "budget": _("%(amount)s more in the budget", amount=euros(by)),
            "planned": _n("one more place for %(size)s", "%(n)s more places for %(size)s", by,
                          size=self.sizes.get(key, key)),
            "city_cap": _n("one more pilot for %(city)s", "%(n)s more pilots for %(city)s", by,
                           city=self.names.cities.get(key, key)),
            "theme_max": _n("one more pilot about %(theme)s", "%(n)s more pilots about %(theme)s", by,
                            theme=self.themes.get(key, key)),
            "must_out": _("not to be kept out by hand"),
        }  # fmt: skip
        return str(found[kind])

    def price(self, price: Mapping[str, Any]) -> str:
        """What is raised."""
        (kind, key), by = price["rule"], price["by"]
        if kind == "budget":
            return str(_("%(amount)s more in the budget", amount=euros(by)))
        return str(_("One more place for %(size)s", size=self.sizes.get(key, key)))
