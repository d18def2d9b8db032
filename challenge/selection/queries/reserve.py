"""What became free of what was awarded, and who can lawfully move up from the reserve list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import col, select

from challenge.kernel.errors import Problem
from challenge.kernel.i18n import Text, _
from challenge.kernel.journal import Step, StepText
from challenge.kernel.work import Work
from challenge.proposals import content, money
from challenge.proposals.content import City
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.proposals.workflow import PROPOSAL
from challenge.rounds.document import rules_of
from challenge.rounds.models import Round
from challenge.selection import rules
from challenge.selection.models import Outcome, Scenario
from challenge.selection.queries.outcomes import excluded
from challenge.selection.states import PENDING, OutcomeState, Verdict

LEAVING = ("turn_down", "expire")


@dataclass(frozen=True, slots=True)
class Gone:
    """An award that left its place: ``cents`` of it and its places are free."""

    proposal: Proposal
    cents: int
    at: datetime | None
    reason: str

    @property
    def was_turned_down(self) -> bool:
        """By its team; else its date passed, or its pilot ended before it was agreed."""
        return self.proposal.state is ProposalState.WITHDRAWN

    @property
    def was_piloted(self) -> bool:
        """Its pilot ended early: what it spent stays bound."""
        return self.proposal.released_cents is not None


@dataclass(frozen=True, slots=True)
class Standby:
    """A proposal on the list. ``problem``: why it cannot move up now. ``pending``: an outcome in preparation."""

    proposal: Proposal
    outcome: Outcome
    pending: Outcome | None
    cost: int
    size: Text | str
    cities: tuple[City, ...]
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class ReserveBoard:
    """The list with what is free for it. ``hidden`` counts proposals on it the actor has a conflict with."""

    gone: tuple[Gone, ...]
    lines: tuple[Standby, ...]
    hidden: int
    budget: int | None
    left: int | None
    scenario: Scenario | None

    @property
    def moving(self) -> Standby | None:
        """Who is in preparation to move up: the first of these is dealt with first."""
        return next((line for line in self.lines if line.pending is not None), None)

    @property
    def next(self) -> Standby | None:
        """The first who can move up and of whom nothing is proposed yet."""
        return next((line for line in self.lines if line.pending is None and line.problem is None), None)


def reserve_board(w: Work, round_: Round) -> ReserveBoard:
    """Everything about the list, for those who decide and observe."""
    barred = excluded(w, round_.id)
    waiting = rules.on_reserve(w, round_.id)
    seen = [(proposal, told) for proposal, told in waiting if proposal.id not in barred]
    ids = [proposal.id for proposal, _told in seen]
    cities, asked = content.cities_of(w, ids), money.asked_of(w, ids)
    rows = select(Outcome).where(col(Outcome.proposal_id).in_(ids), col(Outcome.state).in_(PENDING))
    pending = {found.proposal_id: found for found in w.session.exec(rows)}
    lines = tuple(
        Standby(
            proposal, told, pending.get(proposal.id), asked.get(proposal.id, 0),
            _size(round_, proposal), tuple(cities.get(proposal.id, ())), rules.cannot_move_up(w, proposal),
        )
        for proposal, told in seen
    )  # fmt: skip
    budget = round_.budget_cents
    left = None if budget is None else budget - rules.bound_cents(w, round_.id)
    gone = tuple(_gone(w, round_, barred))
    return ReserveBoard(gone, lines, len(waiting) - len(seen), budget, left, _scenario(w, round_))


def _size(round_: Round, proposal: Proposal) -> Text | str:
    size = rules_of(round_).size_class(proposal.size_class)
    return _(size.title) if size else ""


def _gone(w: Work, round_: Round, barred: set[int]) -> Iterable[Gone]:
    rows = w.session.exec(
        select(Proposal, Outcome)
        .join(Outcome, col(Outcome.proposal_id) == Proposal.id)
        .where(
            Proposal.round_id == round_.id,
            or_(col(Proposal.state).in_(rules.FREED), col(Proposal.released_cents).is_not(None)),
            Outcome.state == OutcomeState.ANNOUNCED, Outcome.verdict == Verdict.FUND,
        )
        .order_by(Proposal.title)
    ).all()  # fmt: skip
    codes = [proposal.code for proposal, _outcome in rows]
    steps = w.session.exec(
        select(Step, StepText.given)
        .join(StepText, col(StepText.step_id) == Step.id, isouter=True)
        .where(
            Step.workflow == PROPOSAL.name, col(Step.subject_code).in_(codes), col(Step.transition).in_(LEAVING)
        )
    ).all()  # fmt: skip
    left = {step.subject_code: (step.at, str((given or {}).get("reason", ""))) for step, given in steps}
    for proposal, outcome in rows:
        if proposal.id in barred:
            continue
        if proposal.released_cents is not None:
            yield Gone(proposal, proposal.released_cents, proposal.pilot_ended_at, "")
        else:
            yield Gone(proposal, outcome.amount_cents or 0, *left.get(proposal.code, (None, "")))


def _scenario(w: Work, round_: Round) -> Scenario | None:
    """The latest scenario that chose from the list with the awards as they stand."""
    rows = select(Scenario).where(Scenario.round_id == round_.id).order_by(col(Scenario.id).desc())
    return next((one for one in w.session.exec(rows) if one.changes.get("reserve")), None)
