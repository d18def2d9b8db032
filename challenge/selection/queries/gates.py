"""Proposals that wait at a gate for a decision of the coordinators."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import select

from challenge.kernel.i18n import Text
from challenge.kernel.work import Work
from challenge.kernel.workflow import Transition
from challenge.proposals import content
from challenge.proposals.content import City, gate_of
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.proposals.workflow import PROPOSAL
from challenge.rounds.models import Round
from challenge.rounds.states import Gate
from challenge.selection.queries.outcomes import excluded

FORWARD = ("invite", "invite_to_full", "name_finalist", "to_jury")
AT = {Gate.IDEA: ProposalState.IN_REVIEW, Gate.PILOT_PROPOSAL: ProposalState.SHORTLISTING}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal at the gate. ``label`` is the next step; ``why_not`` blocks it."""

    proposal: Proposal
    cities: tuple[City, ...]
    label: Text | None
    why_not: Text | None


@dataclass(frozen=True, slots=True)
class GateBoard:
    """What waits at a gate; ``hidden`` counts proposals the actor has a conflict with."""

    lines: tuple[Waiting, ...]
    hidden: int


def forward(proposal: Proposal) -> Transition | None:
    """The step by which the proposal would go on."""
    return next((row for row in PROPOSAL.rows_from(proposal) if row.name in FORWARD), None)


def gate(w: Work, round_: Round, at: Gate) -> GateBoard:
    """The proposals waiting at this gate, by title."""
    if at not in AT:
        return GateBoard((), 0)
    found = w.session.exec(
        select(Proposal).where(Proposal.round_id == round_.id, Proposal.state == AT[at]).order_by(Proposal.title)
    ).all()
    here = [proposal for proposal in found if gate_of(proposal) is at]
    barred = excluded(w, round_.id)
    mine = [proposal for proposal in here if proposal.id not in barred]
    cities = content.cities_of(w, [proposal.id for proposal in mine])
    lines = []
    for proposal in mine:
        row = forward(proposal)
        problem = row.blocked(w, proposal) if row is not None else None
        lines.append(Waiting(
            proposal, tuple(cities.get(proposal.id, ())), row.label if row else None,
            problem.text if problem else None,
        ))  # fmt: skip
    return GateBoard(tuple(lines), len(here) - len(mine))
