"""Scenarios as the pages show them: side by side, and one with its reasons. What may not be named is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from challenge.http.curves import Curve, curve
from challenge.http.figures import share
from challenge.kernel.i18n import Text, _
from challenge.kernel.money import euros
from challenge.selection.pages.wording import Wording, lower, points
from challenge.selection.pages.wording import share as percent
from challenge.selection.queries import Named, Names


@dataclass(frozen=True, slots=True)
class Column:
    """A scenario beside the others. Sums are over the proposals that may be seen."""

    scenario: Any
    by: str
    differences: list[str]
    value: str
    cost: int
    budget: int | None
    spent: float  # percent of the largest budget or cost of all
    room: float
    places: list[tuple[str, int, int]]  # size, chosen, planned
    is_proven: bool


def beside(
    listed: Sequence[Any], found: Mapping[int, Any], wording: Wording, people: Mapping[int, str]
) -> list[Column]:
    """All scenarios of a round."""
    seen = {key: _seen(one, wording.names) for key, one in found.items()}
    costs = {key: sum(line["cost"] for line in lines) for key, lines in seen.items()}
    widest = max([*costs.values(), *(one.constraints["budget"] or 0 for one in found.values()), 1])
    return [
        _column(one, found.get(one.id), seen.get(one.id, []), wording, people.get(one.by_id, ""), widest)
        for one in listed
    ]


def _column(
    scenario: Any, selection: Any, lines: list[Mapping[str, Any]], wording: Wording, by: str,
    widest: int,
) -> Column:  # fmt: skip
    limits = selection.constraints if selection else {"budget": None, "planned": {}}
    cost, budget = sum(line["cost"] for line in lines), limits["budget"]
    return Column(
        scenario=scenario, by=by, differences=wording.differences(scenario.changes),
        value=points(sum(line["value"] for line in lines)), cost=cost, budget=budget,
        spent=share(cost, widest), room=share(max((budget or 0) - cost, 0), widest),
        places=[
            (wording.sizes.get(key, key), sum(line["size"] == key for line in lines), number)
            for key, number in limits["planned"].items()
        ],
        is_proven=selection is not None and selection.gap == 0,
    )  # fmt: skip


def _seen(selection: Any, names: Names) -> list[Mapping[str, Any]]:
    """The chosen lines of the inputs that may be seen."""
    chosen = set(selection.chosen)
    return [one for one in selection.inputs["candidates"] if one["id"] in chosen and one["id"] in names.proposals]


@dataclass(frozen=True, slots=True)
class Across:
    """A proposal across the scenarios: chosen, not chosen, or (None) not among the candidates."""

    proposal: Named
    cells: list[bool | None]

    @property
    def times(self) -> int:
        """In how many it is chosen."""
        return sum(cell is True for cell in self.cells)


def matrix(listed: Sequence[Any], found: Mapping[int, Any], names: Names) -> list[Across]:
    """Who is in which, those most often chosen first."""
    ready = [found[one.id] for one in listed if one.id in found]
    rows = []
    for one in names.proposals.values():
        cells = [
            one.id in selection.chosen if any(line["id"] == one.id for line in selection.inputs["candidates"]) else None
            for selection in ready
        ]
        if any(cell is not None for cell in cells):
            rows.append(Across(one, cells))
    return sorted(rows, key=lambda row: -row.times)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A chosen proposal: what pushes it out, and how often it is chosen by juries drawn anew."""

    proposal: Named
    value: str
    cost: int
    drop: str
    share: str
    width: float


@dataclass(frozen=True, slots=True)
class Left:
    """A proposal that is not chosen, and what would let it in."""

    proposal: Named
    value: str
    cost: int
    swap: str
    changes: list[str] | None  # None: they would tell of a proposal that is hidden
    share: str
    width: float


@dataclass(frozen=True, slots=True)
class View:
    """A selection for reading. ``is_whole``: no proposal is hidden, so bound, prices and comparisons may be told."""

    is_whole: bool
    value: str
    bound: str
    gap: str
    cost: int
    budget: int | None
    chosen: list[Chosen]
    left: list[Left]
    left_out: list[tuple[Named, str]]
    reserve: list[Named]
    prices: list[tuple[str, str, str, str]]
    others: list[tuple[str, str, int, str, str]]
    curve: Curve | None
    draws: int


def told(selection: Any, wording: Wording) -> View:
    """The selection with its reasons in words."""
    names, reasons, inputs = wording.names, selection.reasons, selection.inputs
    lines = {one["id"]: one for one in inputs["candidates"]}
    whole = names.tells(lines)
    drops = {one["id"]: one["drop"] for one in reasons.get("in", ())}
    shares: Mapping[str, float] = reasons.get("shares", {})
    seen = _seen(selection, names)
    outs = {one["id"]: one for one in reasons.get("out", ())}
    return View(
        is_whole=whole, value=points(sum(line["value"] for line in seen)), bound=points(selection.bound),
        gap=f"{selection.gap * 100:.2f} %", cost=sum(line["cost"] for line in seen),
        budget=selection.constraints["budget"],
        chosen=[
            Chosen(names.proposals[one["id"]], points(one["value"]), one["cost"],
                   str(lower(drops.get(one["id"]))) if whole else "–", *_share(shares, one["id"]))
            for one in seen
        ],
        left=[
            Left(names.proposals[key], points(line["value"]), line["cost"], *_why(outs.get(key), selection, wording),
                 *_share(shares, key))
            for key, line in lines.items() if key not in selection.chosen and key in names.proposals
        ],
        left_out=[
            (names.proposals[one["id"]], wording.why_left_out(one["why"]))
            for one in inputs["left_out"] if one["id"] in names.proposals
        ],
        reserve=names.of(selection.reserve),
        prices=[_price(one, wording) for one in reasons.get("prices", ())] if whole else [],
        others=_others(selection, wording) if whole and reasons else [],
        curve=_curve(selection) if whole else None, draws=reasons.get("draws", 0),
    )  # fmt: skip


def _share(shares: Mapping[str, float], key: int) -> tuple[str, float]:
    found = shares.get(str(key))
    return ("–", 0.0) if found is None else (percent(found), round(found * 100, 1))


def _why(out: Mapping[str, Any] | None, selection: Any, wording: Wording) -> tuple[str, list[str] | None]:
    """What choosing it anyway costs, and each change that would let it in alone."""
    if out is None:
        return "", None
    swap, changes = out["swap"], [wording.change(one) for one in out["changes"]]
    if swap is None:
        rules = [text for rule in out["clash"] if (text := wording.rule(rule, selection.constraints))]
        return str(_("It cannot be had: %(rules)s", rules=" ".join(rules))), changes
    if not wording.names.tells([*swap["enters"], *swap["leaves"]]):
        return str(_("It would take the place of a proposal that is not shown to you.")), None
    return f"{_exchange(out, wording)} {_loss(swap['lost'])}", changes


def _exchange(out: Mapping[str, Any], wording: Wording) -> Text:
    """Who would leave, and who would come in with it."""
    swap = out["swap"]
    leaves, others = wording.listed(swap["leaves"]), wording.listed(one for one in swap["enters"] if one != out["id"])
    if not leaves:
        return _("Nothing would leave.")
    if others:
        return _("%(leaves)s would leave, %(others)s would come in as well.", leaves=leaves, others=others)
    return _("%(leaves)s would leave.", leaves=leaves)


def _loss(lost: int) -> Text:
    """What choosing it anyway costs."""
    if lost > 0:
        return _("The value falls by %(points)s.", points=points(lost))
    if lost < 0:
        return _("The value rises by %(points)s.", points=points(-lost))
    return _("The value stays the same: the order between equals decides.")


def _price(price: Mapping[str, Any], wording: Wording) -> tuple[str, str, str, str]:
    """What is raised, the value gained, who comes in, who leaves."""
    return (
        wording.price(price), points(price["gain"]), wording.listed(price["enters"]) or "–",
        wording.listed(price["leaves"]) or "–",
    )  # fmt: skip


def _others(selection: Any, wording: Wording) -> list[tuple[str, str, int, str, str]]:
    """Name, value, money, who is chosen, which rules are broken: the portfolio and the two usual ways."""
    best = _seen(selection, wording.names)
    rows = [(
        str(_("This portfolio")), points(selection.objective), sum(line["cost"] for line in best),
        wording.listed(selection.chosen), "",
    )]  # fmt: skip
    titles = {"greedy": _("Down the ranking, leaving out what does not fit"), "cut": _("Down the ranking, then cut")}
    for key, title in titles.items():
        other = selection.reasons["others"][key]
        wrong = [text for rule in other["broken"] if (text := wording.rule(rule, selection.constraints))]
        rows.append((
            str(title), points(other["value"]), other["cost"], wording.listed(other["chosen"]) or "–", " ".join(wrong),
        ))  # fmt: skip
    return rows


def _curve(selection: Any) -> Curve | None:
    found: Iterable[tuple[int, int]] = [tuple(pair) for pair in selection.reasons.get("curve", ())]
    return curve(
        [(budget, value, euros(budget), points(value)) for budget, value in found],
        selection.constraints["budget"] or 0,
    )  # fmt: skip
