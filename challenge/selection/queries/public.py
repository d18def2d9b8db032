"""The results of a round for everybody: nothing before an announcement, nobody named who was not chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from challenge.kernel.work import Work
from challenge.proposals import content
from challenge.proposals.content import City
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.document import rules_of
from challenge.rounds.models import Round
from challenge.selection.models import Outcome, Release
from challenge.selection.states import OutcomeState, Verdict

STANDING = (ProposalState.SELECTED, ProposalState.PILOTED)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A selected proposal whose team agreed to publish."""

    code: str
    title: str
    summary: str
    size_class: str
    months: int | None
    cities: tuple[City, ...]
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Size:
    """A size class: pilots planned and awarded."""

    title: str
    planned: int
    awarded: int


@dataclass(frozen=True, slots=True)
class Results:
    """What was announced, in numbers and in the selected proposals. ``unpublished`` count those that stay unnamed."""

    announced_at: tuple[datetime, ...]
    chosen: tuple[Chosen, ...]
    unpublished: int
    sizes: tuple[Size, ...]
    awarded: int
    awarded_cents: int
    not_taken_up: int
    reserve: int
    not_selected: int

    @property
    def decided(self) -> int:
        """How many proposals were decided on."""
        return self.awarded + self.not_taken_up + self.reserve + self.not_selected

    @property
    def planned(self) -> int:
        """How many pilots were planned."""
        return sum(size.planned for size in self.sizes)


def results(w: Work, round_: Round) -> Results | None:
    """None until something was announced: whether anything is decided cannot be told from it."""
    told = tuple(w.session.exec(
        select(Release.at).where(Release.round_id == round_.id).order_by(col(Release.id))
    ).all())  # fmt: skip
    if not told:
        return None
    rows = w.session.exec(
        select(Proposal, Outcome)
        .join(Outcome, col(Outcome.proposal_id) == Proposal.id)
        .where(Outcome.round_id == round_.id, Outcome.state == OutcomeState.ANNOUNCED)
        .order_by(Proposal.title)
    ).all()
    awards = [(proposal, outcome) for proposal, outcome in rows if outcome.verdict is Verdict.FUND]
    standing = [(proposal, outcome) for proposal, outcome in awards if proposal.state in STANDING]
    cities = content.cities_of(w, [proposal.id for proposal, _outcome in standing if proposal.publish])
    sizes = rules_of(round_).size_classes
    titles = {size.key: size.title for size in sizes}
    return Results(
        announced_at=told,
        chosen=tuple(
            Chosen(
                proposal.code, proposal.title, proposal.summary, titles.get(proposal.size_class or "", ""),
                proposal.months, tuple(cities.get(proposal.id, ())), outcome.amount_cents or 0,
            )
            for proposal, outcome in standing if proposal.publish
        ),
        unpublished=sum(not proposal.publish for proposal, _outcome in standing),
        sizes=tuple(
            Size(size.title, size.planned, sum(proposal.size_class == size.key for proposal, _o in standing))
            for size in sizes
        ),
        awarded=len(standing),
        awarded_cents=sum(outcome.amount_cents or 0 for _proposal, outcome in standing),
        not_taken_up=len(awards) - len(standing),
        reserve=sum(
            outcome.verdict is Verdict.RESERVE and proposal.state is ProposalState.RESERVE for proposal, outcome in rows
        ),
        not_selected=sum(outcome.verdict in {Verdict.DECLINE, Verdict.INELIGIBLE} for _proposal, outcome in rows),
    )  # fmt: skip
