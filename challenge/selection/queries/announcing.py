"""What an announcement would tell now, and what it would hold back: the preview and the act read the same."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, select

from challenge.kernel import approval
from challenge.kernel.approval import Approval
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import Text, _
from challenge.kernel.journal import digest
from challenge.kernel.work import Work
from challenge.people.models import Person
from challenge.proposals import content
from challenge.proposals.content import City
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.selection import rules
from challenge.selection.models import Outcome
from challenge.selection.queries.outcomes import excluded, recipients
from challenge.selection.states import PENDING, OutcomeState, Verdict

ANNOUNCE, PROMOTE = "announce", "promote"
# The transition that tells an outcome to its proposal.
STEPS: dict[Verdict, str] = {
    Verdict.FUND: "award",
    Verdict.RESERVE: "put_on_reserve",
    Verdict.DECLINE: "turn_away",
    Verdict.INELIGIBLE: "find_ineligible",
}


@dataclass(frozen=True, slots=True)
class Keys:
    """What two keys are turned for: the results of a round. It has a code of its own kind and no state."""

    code: str
    round_code: str
    version: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """An outcome in the batch. ``is_hidden``: the actor has a conflict and reads neither it nor its letters."""

    outcome: Outcome
    proposal: Proposal
    people: tuple[Person, ...]
    cities: tuple[City, ...] = ()
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A proposal the batch goes on without, and why."""

    proposal: Proposal
    outcome: Outcome | None
    why: Text
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """``digest`` names exactly this batch: both keys are turned for the same one."""

    items: tuple[Item, ...]
    held: tuple[Held, ...]
    digest: str
    asked: Approval | None
    budget: int | None
    bound: int

    @property
    def letters(self) -> int:
        """How many mails leave."""
        return sum(len(item.people) for item in self.items)

    @property
    def left(self) -> int | None:
        """The budget after the announcement."""
        return None if self.budget is None else self.budget - self.bound

    def count(self, verdict: Verdict) -> int:
        """How many of the batch have this verdict."""
        return sum(item.outcome.verdict is verdict for item in self.items)

    @property
    def awards(self) -> int:
        """How many awards it holds."""
        return self.count(Verdict.FUND)

    @property
    def funded_cents(self) -> int:
        """The money the batch awards."""
        return sum(item.outcome.amount_cents or 0 for item in self.items)


def batch(w: Work, round_: Round) -> Batch:
    """Every outcome in preparation, and every proposal in jury that has none."""
    rows = w.session.exec(
        select(Proposal, Outcome)
        .join(Outcome, (col(Outcome.proposal_id) == Proposal.id) & col(Outcome.state).in_(PENDING), isouter=True)
        .where(
            Proposal.round_id == round_.id,
            (col(Proposal.state) == ProposalState.IN_JURY) | col(Outcome.id).is_not(None),
        )
        .order_by(col(Outcome.reserve_rank), Proposal.title)
    ).all()
    barred = excluded(w, round_.id)
    tell, held = list[tuple[Proposal, Outcome]](), list[Held]()
    for proposal, outcome in rows:
        if outcome is not None and (problem := held_back(w, outcome)) is None:
            tell.append((proposal, outcome))
        else:
            why = problem.text if outcome is not None and problem is not None else _("No outcome is proposed yet.")
            held.append(Held(proposal, outcome, why, proposal.id in barred))
    people = recipients(w, [proposal for proposal, _outcome in tell]) if tell else {}
    cities = content.cities_of(w, [proposal.id for proposal, _outcome in tell])
    items = tuple(
        Item(outcome, proposal, tuple(people[proposal.id]), tuple(cities.get(proposal.id, ())), proposal.id in barred)
        for proposal, outcome in sorted(tell, key=lambda entry: _order(*entry, is_hidden=entry[0].id in barred))
    )
    held.sort(key=lambda one: one.is_hidden)  # its place among the titles would tell how it begins
    named = digest(sorted((item.outcome.code, item.outcome.version) for item in items))
    asked = approval.open_for(w, "outcome", round_.code).get(ANNOUNCE)
    if asked is not None and not (asked.holds_for(0, w.now) and asked.given.get("batch") == named):
        asked = None
    return Batch(items, tuple(held), named, asked, round_.budget_cents, rules.bound_cents(w, round_.id))


def step_of(proposal: Proposal, outcome: Outcome) -> str:
    """The transition by which its proposal moves when this outcome is told."""
    return PROMOTE if proposal.state is ProposalState.RESERVE else STEPS[outcome.verdict]


def _order(proposal: Proposal, outcome: Outcome, *, is_hidden: bool) -> tuple[int, bool, int, str]:
    return (list(Verdict).index(outcome.verdict), is_hidden, outcome.reserve_rank or 0, proposal.title)


def held_back(w: Work, outcome: Outcome) -> Problem | None:
    """Why an outcome is not told now. The act asks the same, so the preview is what happens."""
    if outcome.state is not OutcomeState.APPROVED:
        return Problem("not_approved", _("Not approved yet."))
    return (
        rules.proposal_waits(w, outcome)
        or rules.same_revision(w, outcome)
        or rules.offer_is_ahead(w, outcome)
        or rules.evaluated(w, outcome)
        or rules.follows_portfolio(w, outcome)
        or rules.follows_reserve(w, outcome)
        or rules.award_holds(w, outcome)
    )
