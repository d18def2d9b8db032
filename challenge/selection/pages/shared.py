"""What the pages of this package share: the workflows on the web, words for an outcome, who stands where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from challenge.http.forms import Choices
from challenge.http.templates import Deadline
from challenge.http.transitions import Acts
from challenge.jury import queries as jury
from challenge.jury.pages.acts import MARK
from challenge.kernel.i18n import Text, _
from challenge.kernel.money import euros
from challenge.kernel.work import Work
from challenge.rounds.queries import rules_of
from challenge.rounds.states import Gate
from challenge.selection import actions, queries, rules
from challenge.selection.states import VERDICTS, Verdict
from challenge.selection.workflow import APPEAL, OUTCOME


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
        "gates": _("Gates"), "outcomes": _("Outcomes"), "announce": _("Announce"), "results": _("Results"),
        "closing": _("Close the round"),
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
    return Deadline(str(_("The offer stands until")), at, rules.round_of(w, record).zone, w.now) if at else None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the jury says about a proposal, as the pages show it."""

    place: str
    total: str
    reviews: str
    is_below: bool | None


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
