"""The round's outcomes at a glance: every proposal that is decided on, the money, the places. For those inside."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, or_, select

from challenge.kernel.errors import Problem
from challenge.kernel.i18n import Text, _
from challenge.kernel.work import Work
from challenge.people import queries as people
from challenge.proposals import content
from challenge.proposals.content import City
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.document import rules_of
from challenge.rounds.models import Round
from challenge.rounds.pairing import pairing
from challenge.selection import rules
from challenge.selection.models import Outcome
from challenge.selection.queries.outcomes import excluded
from challenge.selection.states import BINDING, PENDING, OutcomeState, Verdict

CURRENT = (*PENDING, OutcomeState.ANNOUNCED)
WAITING = (ProposalState.IN_JURY, ProposalState.RESERVE)


@dataclass(frozen=True, slots=True)
class Line:
    """One proposal on the board. ``pending`` is in preparation, ``told`` stands; ``why_not`` blocks approving."""

    proposal: Proposal
    cities: tuple[City, ...]
    size_class: str
    pairing: Problem | None
    pending: Outcome | None
    told: Outcome | None
    proposed_by: str
    approved_by: str
    why_not: Text | None

    @property
    def may_propose(self) -> bool:
        """Whether an outcome can be proposed for it now."""
        return self.proposal.state in WAITING

    @property
    def outcome(self) -> Outcome | None:
        """What counts on the board: the one in preparation, else the one that stands."""
        return self.pending or self.told


@dataclass(frozen=True, slots=True)
class Money:
    """The round's budget in cents: approved binds, proposed would bind. ``budget`` None: not known."""

    budget: int | None
    approved: int
    proposed: int

    @property
    def left(self) -> int | None:
        """What is left when everything proposed is approved; below zero when it is too much."""
        return None if self.budget is None else self.budget - self.approved - self.proposed


@dataclass(frozen=True, slots=True)
class Places:
    """Places of a size class: planned, and awarded once everything in preparation is announced."""

    title: str
    planned: int
    awarded: int

    @property
    def is_short(self) -> bool:
        """Fewer than planned, which is a valid result."""
        return self.awarded < self.planned


@dataclass(frozen=True, slots=True)
class Board:
    """What coordinators and observers see. ``hidden`` counts proposals the actor has a conflict with.

    ``free`` counts awards that were not taken up, or whose pilot ended early.
    """

    lines: tuple[Line, ...]
    money: Money
    places: tuple[Places, ...]
    hidden: int
    free: int = 0


def board(w: Work, round_: Round) -> Board:
    """Every proposal in jury or with an outcome. The money counts all of them, also those one may not see."""
    proposals = list(w.session.exec(
        select(Proposal)
        .where(
            Proposal.round_id == round_.id,
            or_(
                col(Proposal.state).in_(WAITING),
                col(Proposal.id).in_(select(Outcome.proposal_id).where(Outcome.round_id == round_.id)),
            ),
        )
        .order_by(Proposal.title)
    ))  # fmt: skip
    current = list(
        w.session.exec(select(Outcome).where(Outcome.round_id == round_.id, col(Outcome.state).in_(CURRENT)))
    )
    barred = excluded(w, round_.id)
    cities = content.cities_of(w, [found.id for found in proposals])
    names = people.names(w, [key for found in current for key in (found.proposed_by, found.approved_by)])
    pending = {found.proposal_id: found for found in current if found.state in PENDING}
    told = {found.proposal_id: found for found in current if found.state is OutcomeState.ANNOUNCED}
    binding = [
        (found, proposal) for proposal in proposals
        if (found := pending.get(proposal.id) or told.get(proposal.id)) is not None
        and found.verdict is Verdict.FUND and proposal.state not in rules.FREED
    ]  # fmt: skip
    money = Money(
        budget=round_.budget_cents,
        approved=sum(
            (found.amount_cents or 0) - (proposal.released_cents or 0)
            for found, proposal in binding
            if found.state in BINDING
        ),
        proposed=sum(found.amount_cents or 0 for found, _p in binding if found.state is OutcomeState.PROPOSED),
    )
    document = rules_of(round_)
    places = tuple(
        Places(
            str(_(size.title)),
            size.planned,
            sum(proposal.size_class == size.key for _found, proposal in binding if not rules.is_free(proposal)),
        )
        for size in document.size_classes
    )
    lines = tuple(
        _line(w, round_, proposal, tuple(cities.get(proposal.id, [])), pending.get(proposal.id),
              told.get(proposal.id), names, money)
        for proposal in proposals if proposal.id not in barred
    )  # fmt: skip
    free = sum(
        line.told is not None and line.told.verdict is Verdict.FUND and rules.is_free(line.proposal)
        for line in lines
    )  # fmt: skip
    return Board(lines, money, places, len(proposals) - len(lines), free)


def _line(
    w: Work, round_: Round, proposal: Proposal, cities: tuple[City, ...], pending: Outcome | None,
    told: Outcome | None, names: dict[int, str], money: Money,
) -> Line:  # fmt: skip
    document = rules_of(round_)
    size = document.size_class(proposal.size_class)
    pair = pairing(((city.country, city.role, city.id) for city in cities), document)
    shown = pending or told
    return Line(
        proposal=proposal, cities=cities, size_class=str(_(size.title)) if size else "", pairing=pair,
        pending=pending, told=told,
        proposed_by=names.get(shown.proposed_by, "") if shown else "",
        approved_by=names.get(shown.approved_by or 0, "") if shown else "",
        why_not=_why_not(w, proposal, pending, pair, money) if pending else None,
    )  # fmt: skip


def _why_not(w: Work, proposal: Proposal, outcome: Outcome, pair: Problem | None, money: Money) -> Text | None:
    """Why approving is blocked, as far as the lists at hand tell; the outcome's own page asks every guard."""
    if outcome.state is not OutcomeState.PROPOSED:
        return None
    if problem := rules.waits_for(proposal, outcome.verdict) or rules.is_ahead(w, outcome.accept_by):
        return problem.text
    if problem := rules.departs(w, proposal, outcome.verdict, outcome.deviation):
        return problem.text
    if outcome.verdict is Verdict.FUND:
        if pair is not None:
            return pair.text
        if money.budget is not None and money.approved + (outcome.amount_cents or 0) > money.budget:
            return _("The budget does not cover this award.")
    if outcome.proposed_by == w.actor.id:
        return _("You proposed this. Another coordinator without a conflict approves it.")
    return None
