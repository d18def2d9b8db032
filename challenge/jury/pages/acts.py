"""Both workflows on the web, and the words several pages share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from babel.numbers import format_decimal, get_decimal_symbol

from challenge.http.forms import Choices
from challenge.http.templates import Deadline
from challenge.http.transitions import Acts
from challenge.jury import actions, queries, rules
from challenge.jury.states import CONFLICT_ANSWERS, ReviewState
from challenge.jury.workflow import CONFLICT, REVIEW
from challenge.kernel.errors import Forbidden, Missing
from challenge.kernel.i18n import Text, _, locale
from challenge.kernel.work import Work
from challenge.people.rules import is_coordinator
from challenge.rounds.schemas import Rules
from challenge.rounds.states import Gate

if TYPE_CHECKING:
    from challenge.rounds.models import Round


def kinds(rules_: Rules) -> list[tuple[str, Text]]:
    """The kinds of conflict as a juror says them; the years are the round's."""
    return [(str(kind), _(text, years=rules_.conflict_years)) for kind, text in CONFLICT_ANSWERS.items()]


def _kinds_of(w: Work, review: Any) -> Mapping[str, Choices]:
    return {"kind": kinds(rules.rules_of(w, review))}


def _zone_of(w: Work, record: Any) -> str:
    return str(rules.round_of(w, record).zone)


def _show(review: Any) -> str:
    """A review that was stepped aside from is not shown to its juror: back to the queue."""
    return "/reviews" if review.state is ReviewState.RECUSED else f"/reviews/{review.code}"


REVIEWS = Acts(
    workflow=REVIEW, noun="reviews", find=queries.visible, fire=actions.fire, show=_show,
    title=lambda _review: str(_("Review")), choices=_kinds_of, zone=_zone_of,
)  # fmt: skip
CONFLICTS = Acts(
    workflow=CONFLICT, noun="conflicts", find=queries.conflict, fire=actions.fire_conflict,
    show=lambda conflict: f"/rounds/{conflict.round_code}/conflicts", title=lambda _conflict: str(_("Conflicts")),
    zone=_zone_of,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mark:
    """The decimal sign of the reader's language, and numbers written with it."""

    @property
    def point(self) -> str:
        """The decimal sign."""
        return str(get_decimal_symbol(locale()))

    def shown(self, value: Fraction | None, places: int = 2) -> str:
        """A mean or total as people read it; the arithmetic never uses this."""
        if value is None:
            return "–"
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return format_decimal(exact, format="0." + "0" * places, locale=locale(), decimal_quantization=True)

    def plain(self, value: Fraction) -> str:
        """As short as it can be: ``10``, ``3.5``, ``16.67``."""
        exact = Decimal(value.numerator) / Decimal(value.denominator)
        return format_decimal(exact, format="0.##", locale=locale())


MARK = Mark()


def due(w: Work, item: queries.Item) -> Deadline | None:
    """When an item of the queue is due."""
    return Deadline(str(_("Reviews are due")), item.due_at, item.zone, w.now) if item.due_at else None


def due_of(w: Work, review: Any) -> Deadline | None:
    """When a review is due."""
    round_, at = rules.round_of(w, review), rules.due_at(w, review)
    grace = rules.rules_of(w, review).grace_seconds
    return Deadline(str(_("Reviews are due")), at, round_.zone, w.now, grace) if at else None


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of the round's jury."""

    title: Text
    href: str
    is_here: bool


def jury_tabs(round_: Any, here: str) -> list[Tab]:
    """The pages of a round's jury."""
    titles = {
        "jurors": _("Panel"), "assignment": _("Assignment"), "conflicts": _("Conflicts"), "ranking": _("Ranking"),
        "meeting": _("Meeting"), "common": _("Common item"), "briefing": _("Briefing"),
    }  # fmt: skip
    return [Tab(title, f"/rounds/{round_.code}/{key}", key == here) for key, title in titles.items()]


def gate_of(w: Work, round_: Any, asked: str) -> Gate | None:
    """The gate asked for, else the one the jury is at; None where jurors judge at none."""
    return next((gate for gate in queries.jury_gates(round_) if gate == asked), queries.gate_now(w, round_))


def gate_to_run(w: Work, code: str, asked: str) -> tuple[Round, Gate]:
    """The round and the gate, for a coordinator who changes something there. Raises Missing, Forbidden."""
    round_ = queries.round_of_jury(w, code)
    if problem := is_coordinator(w, round_):
        raise Forbidden(problem)
    gate = gate_of(w, round_, asked)
    if gate is None:
        raise Missing
    return round_, gate
