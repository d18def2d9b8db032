"""What is kept of a panel, whoever asks: who belongs to it, how the marks stand, consensus, reaction, minutes."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select as sa_select
from sqlmodel import col, select

from challenge.jury.consensus.models import Consensus, ConsensusMark, Minutes, Reaction, Reply
from challenge.jury.consensus.states import ConsensusState
from challenge.jury.models import Conflict, Juror, Review
from challenge.jury.queries.counting import counted, eligible
from challenge.jury.ranking import Entry, Standing, standing
from challenge.jury.states import ConflictState, ReviewState
from challenge.kernel.once import once
from challenge.kernel.work import Work
from challenge.people.models import Person
from challenge.proposals.models import Proposal
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.rounds.schemas import GateRules
from challenge.rounds.states import Gate


def round_of(w: Work, record: Proposal | Consensus | Reaction) -> Round:
    """The round it belongs to."""
    return w.session.get_one(Round, record.round_id)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody whose review of the proposal counts."""

    juror_id: int
    juror_code: str
    person_id: int
    name: str
    review_id: int
    review_code: str


@once
def members(w: Work, proposal_id: int, gate: Gate) -> list[Member]:
    """The panel of a proposal: who has handed in and has no conflict of interest, by name."""
    rows = w.session.execute(
        sa_select(
            col(Juror.id), col(Juror.code), col(Juror.person_id), col(Person.name), col(Review.id), col(Review.code)
        )
        .join(Juror, col(Juror.id) == Review.juror_id)
        .join(Person, col(Person.id) == Juror.person_id)
        .outerjoin(
            Conflict,
            (col(Conflict.person_id) == col(Juror.person_id))
            & (col(Conflict.proposal_id) == col(Review.proposal_id))
            & (col(Conflict.state) != ConflictState.LIFTED),
        )
        .where(
            col(Review.proposal_id) == proposal_id, col(Review.gate) == gate,
            col(Review.state) == ReviewState.SUBMITTED, col(Conflict.id).is_(None),
        )
        .order_by(col(Person.name), col(Juror.id))
    )  # fmt: skip
    return [Member(*row) for row in rows]


@once
def gate_rules(w: Work, proposal: Proposal, gate: Gate) -> GateRules:
    """The rules of the gate."""
    return rules_of(round_of(w, proposal)).gates[gate]


def missing(w: Work, proposal: Proposal, gate: Gate) -> int:
    """How many reviews that count are missing before the discussion opens."""
    return gate_rules(w, proposal, gate).reviews - len(members(w, proposal.id, gate))


def is_open(w: Work, proposal: Proposal, gate: Gate) -> bool:
    """The discussion is open once enough reviews are in, and closed again when there are not."""
    return missing(w, proposal, gate) <= 0


def standing_of(w: Work, proposal: Proposal, gate: Gate) -> Standing:
    """Means and spread of the reviews that count."""
    rules = rules_of(round_of(w, proposal))
    marks_given = eligible(counted(w, [proposal.id], gate).get(proposal.id, ()), rules.gates[gate])
    return standing(Entry(proposal.id, marks_given), rules.gates[gate], rules)


def live(w: Work, proposal_id: int, gate: Gate) -> Consensus | None:
    """The consensus that stands or is under way."""
    return w.session.exec(
        select(Consensus).where(
            Consensus.proposal_id == proposal_id, Consensus.gate == gate, Consensus.state != ConsensusState.SUPERSEDED
        )
    ).first()


@once
def marks(w: Work, consensus: Consensus) -> dict[str, ConsensusMark]:
    """Its marks by criterion."""
    found = w.session.exec(select(ConsensusMark).where(ConsensusMark.consensus_id == consensus.id))
    return {mark.criterion: mark for mark in found}


@once
def replies(w: Work, consensus: Consensus) -> dict[int, Reply]:
    """The answers of the panel, by place on it."""
    found = w.session.exec(select(Reply).where(Reply.consensus_id == consensus.id))
    return {reply.juror_id: reply for reply in found}


@once
def reaction(w: Work, proposal_id: int, gate: Gate) -> Reaction | None:
    """The applicants' right to react, once it was opened."""
    return w.session.exec(
        select(Reaction).where(Reaction.proposal_id == proposal_id, Reaction.gate == gate)
    ).first()  # fmt: skip


def minutes(w: Work, proposal_id: int, gate: Gate) -> Minutes | None:
    """The minutes of the panel on a proposal."""
    return w.session.exec(select(Minutes).where(Minutes.proposal_id == proposal_id, Minutes.gate == gate)).first()
