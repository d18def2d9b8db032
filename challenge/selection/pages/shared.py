"""What the pages of this package share: the workflows on the web, words for an outcome, who stands where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal

from challenge.http.forms import Choices
from challenge.http.templates import Deadline
from challenge.http.transitions import Acts
from challenge.jury import queries as jury
from challenge.jury.pages.acts import MARK
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import Text, _, locale
from challenge.kernel.money import euros
from challenge.kernel.work import Work
from challenge.proposals import content, money
from challenge.proposals import rules as proposal_rules
from challenge.proposals.content import City
from challenge.rounds.queries import rules_of
from challenge.rounds.schemas import SizeClass
from challenge.rounds.states import Bound, Gate
from challenge.selection import actions, queries, rules
from challenge.selection.states import VERDICTS, Verdict
from challenge.selection.workflow import APPEAL, OUTCOME

MILLION = 100_000_000  # in cents


def _title_of(outcome: Any) -> str:
    return str(_("Outcome %(code)s", code=outcome.code))


OUTCOMES = Acts(
    workflow=OUTCOME, noun="outcomes", find=queries.visible, fire=actions.fire,
    show=lambda outcome: f"/outcomes/{outcome.code}", title=_title_of,
)  # fmt: skip
APPEALS = Acts(
    workflow=APPEAL, noun="appeals", find=queries.appeal, fire=actions.fire_appeal,
    show=lambda appeal: f"/appeals/{appeal.code}", title=lambda _appeal: str(_("Appeal")),
)  # fmt: skip
OUTCOME_ACTS: Mapping[str, Text] = {
    "propose": _("Outcome proposed"),
    "meet_condition": _("Condition met"),
    "reopen_condition": _("Condition open again"),
}
APPEAL_ACTS: Mapping[str, Text] = {"file": _("Appeal filed"), "take": _("Handler found")}


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of the round's selection."""

    title: Text
    href: str
    is_here: bool


def tabs(round_: Any, here: str) -> list[Tab]:
    """The pages of a round's selection, in the order they are used."""
    titles = {
        "gates": _("Gates"), "scenarios": _("Scenarios"), "portfolio": _("Portfolio"),
        "outcomes": _("Outcomes"), "announce": _("Announce"), "results": _("Results"),
        "reserve": _("Reserve list"),
        "dossier": _("Dossier"), "closing": _("Close the round"),
    }  # fmt: skip
    return [Tab(title, f"/rounds/{round_.code}/{key}", key == here) for key, title in titles.items()]


def verdict_words(outcome: Any) -> str:
    """``Fund with €1,200,000``, ``Reserve, place 2``, ``Decline``."""
    if outcome.verdict is Verdict.FUND:
        return str(_("Fund with %(amount)s", amount=euros(outcome.amount_cents or 0)))
    if outcome.verdict is Verdict.RESERVE:
        return str(_("Reserve, place %(place)s", place=outcome.reserve_rank))
    return str(VERDICTS[outcome.verdict].team)


def verdict_choices() -> Choices:
    """What can be proposed."""
    return [(str(verdict), label.team) for verdict, label in VERDICTS.items()]


def offer_clock(w: Work, record: Any, at: Any) -> Deadline | None:
    """Until when an offer stands."""
    return Deadline(str(_("The offer ends")), at, rules.round_of(w, record).zone, w.now) if at else None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the jury says about a proposal, as the pages show it."""

    place: str
    total: str
    reviews: str
    is_below: bool | None

    @property
    def has_place(self) -> bool:
        """Whether the ranking gives it one."""
        return self.place.isdigit()


def jury_facts(w: Work, round_: Any) -> tuple[dict[int, Facts], str]:
    """Proposal id → its facts from the ranking of the last gate, and the most one can reach. Empty without jurors."""
    gates = jury.jury_gates(round_)
    if not gates or gates[-1] is not _last_gate(round_):
        return {}, ""
    ranking = jury.ranking(w, round_, gates[-1])
    found = {
        row.id: Facts(
            place=str(row.standing.place or "–"),
            total=MARK.shown(row.standing.total),
            reviews=str(_("%(done)s of %(all)s", done=len(row.standing.entry.marks), all=ranking.quorum)),
            is_below=row.standing.below_threshold,
        )
        for row in ranking.rows
    }
    return found, MARK.plain(ranking.maximum)


def _last_gate(round_: Any) -> Gate:
    return [gate for gate in Gate if gate in rules_of(round_).open_gates][-1]


@dataclass(frozen=True, slots=True)
class Known:
    """What a decision rests on, beside the text: the jury, the pair, the money."""

    facts: Facts | None
    most: str
    cities: tuple[City, ...]
    pairing: Problem | None
    asked: int
    size_words: str
    left: int | None


def known_of(w: Work, proposal: Any) -> Known:
    """The facts about one proposal; ``left`` is the budget without its own award."""
    round_ = rules.round_of(w, proposal)
    facts, most = jury_facts(w, round_)
    size = rules_of(round_).size_class(proposal.size_class)
    budget = round_.budget_cents
    return Known(
        facts=facts.get(proposal.id), most=most, cities=tuple(content.cities(w, proposal)),
        pairing=proposal_rules.pairing_holds(w, proposal),
        asked=money.asked(w, proposal), size_words=_size_words(size) if size else "",
        left=None if budget is None else budget - rules.bound_cents(w, round_.id, but=proposal.id),
    )  # fmt: skip


def _size_words(size: SizeClass) -> str:
    title, amount = str(_(size.title)), euros(size.budget_cents)
    if size.bound is Bound.MAXIMUM:
        return str(_("%(title)s: at most %(amount)s", title=title, amount=amount))
    return str(_("%(title)s: about %(amount)s", title=title, amount=amount))


def large(cents: int) -> str:
    """``€1.26 m`` for numbers that stand large on a page; below a million in full."""
    if cents < MILLION:
        return euros(cents)
    exact = format_decimal(Decimal(cents) / MILLION, format="0.##", locale=locale())
    return str(_("€%(millions)s m", millions=exact))
