"""What one may know of a panel's discussion. Scope first: what one may not know of is Missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy import select as sa_select
from sqlmodel import col, select

from challenge.jury.blind import copies
from challenge.jury.consensus import facts
from challenge.jury.consensus.models import Consensus, Note, Reply
from challenge.jury.consensus.states import ConsensusState
from challenge.jury.models import Conflict, Juror, Review
from challenge.jury.queries.panel import jury_gates
from challenge.jury.queries.reviews import panel_places, runs_round
from challenge.jury.states import JUDGED, ConflictState, ReviewState
from challenge.kernel.errors import Missing
from challenge.kernel.work import Work
from challenge.people.models import Person
from challenge.proposals.content import gate_of
from challenge.proposals.models import Proposal
from challenge.rounds.models import Round
from challenge.rounds.states import Gate, RoundState


def sees(w: Work, gate: Gate) -> ColumnElement[bool]:
    """The one predicate: the discussion of which proposals, at a gate, the actor may know of.

    A juror whose own review of it is handed in (and not open again); coordinators and observers of the round who do
    not judge there. Nobody who has a live conflict of interest with the proposal.
    """
    own = (
        select(Review.id)
        .where(
            Review.proposal_id == Proposal.id,
            Review.gate == gate,
            Review.state == ReviewState.SUBMITTED,
            col(Review.juror_id).in_(panel_places(w, Juror.id)),
        )
        .exists()
    )
    return and_(or_(own, runs_round(w, col(Proposal.round_id))), ~_barred(w))


def visible(w: Work, code: str, asked: str = "") -> tuple[Proposal, Gate]:
    """A proposal and the gate at which its discussion is asked for. Raises Missing."""
    proposal = w.session.exec(select(Proposal).where(Proposal.code == code)).first()
    if proposal is None or w.actor.id is None:
        raise Missing
    gates = jury_gates(w.session.get_one(Round, proposal.round_id))
    here = gate_of(proposal) if proposal.state in JUDGED else None
    gate = next((one for one in gates if one == asked), None)
    gate = gate or (here if here in gates else next(reversed(gates), None))
    if gate is None:
        raise Missing
    found = w.session.exec(select(Proposal.id).where(Proposal.id == proposal.id, sees(w, gate))).first()
    if found is None:
        raise Missing
    return proposal, gate


def one(w: Work, code: str) -> Consensus:
    """A consensus of a discussion the actor may know of, which is open. Raises Missing."""
    found = w.session.exec(select(Consensus).where(Consensus.code == code)).first()
    if found is None:
        raise Missing
    proposal, gate = visible(w, w.session.get_one(Proposal, found.proposal_id).code, found.gate)
    if gate != found.gate or not (facts.is_open(w, proposal, gate) or sees_as_insider(w, proposal)):
        raise Missing
    return found


def sees_as_insider(w: Work, proposal: Proposal) -> bool:
    """Whether the actor coordinates or observes the round, judges nothing there and has no conflict here."""
    found = select(Proposal.id).where(Proposal.id == proposal.id, runs_round(w, col(Proposal.round_id)), ~_barred(w))
    return w.session.exec(found).first() is not None


def title(w: Work, proposal: Proposal, gate: Gate) -> str:
    """What the actor is told the proposal is called: jurors of a double-blind gate read it without names."""
    return proposal.title if sees_as_insider(w, proposal) else copies.title_at(w, proposal, gate)


def as_read(w: Work, proposal: Proposal, gate: Gate, text: str) -> str:
    """What somebody wrote who knows the names (the applicants, a coordinator), as the actor may read it."""
    if not text or sees_as_insider(w, proposal):
        return text
    mark = copies.marks_for_jurors(w, proposal, gate)
    return mark(text) if mark else text


def _barred(w: Work) -> ColumnElement[bool]:
    """The actor has a live conflict of interest with the proposal."""
    return (
        select(Conflict.id)
        .where(
            Conflict.proposal_id == Proposal.id,
            Conflict.person_id == w.actor.id,
            Conflict.state != ConflictState.LIFTED,
        )
        .exists()
    )


def taken_part_in(w: Work, person_id: int, proposal_id: int) -> list[Consensus]:
    """The consensus of a proposal, at each gate, that the person moderates or has answered to."""
    places = select(Juror.id).where(Juror.person_id == person_id)
    answered = select(Reply.consensus_id).where(col(Reply.juror_id).in_(places))
    found = select(Consensus).where(
        Consensus.proposal_id == proposal_id, Consensus.state != ConsensusState.SUPERSEDED,
        col(Consensus.moderator_id).in_(places) | col(Consensus.id).in_(answered),
    )  # fmt: skip
    return list(w.session.exec(found.order_by(col(Consensus.id))))


def panels(w: Work) -> dict[str, str]:
    """Code → title of the rounds under way on whose panel the actor is."""
    found = select(Round.code, Round.title).where(
        col(Round.id).in_(panel_places(w, Juror.round_id)), Round.state == RoundState.PUBLISHED
    )
    return dict(w.session.exec(found.order_by(col(Round.id).desc())).all())


@dataclass(frozen=True, slots=True)
class Said:
    """A note of the discussion. ``in_conflict``: who said it has a conflict of interest now."""

    name: str
    at: datetime
    text: str
    in_conflict: bool


def notes(w: Work, proposal: Proposal, gate: Gate) -> list[Said]:
    """The discussion, in the order in which it was led.

    What somebody said who has a conflict now is read by coordinators and observers only: the panel goes on without it.
    """
    rows = w.session.execute(
        sa_select(col(Person.name), col(Note.at), col(Note.text), col(Conflict.id).is_not(None))
        .join(Juror, col(Juror.id) == Note.juror_id)
        .join(Person, col(Person.id) == Juror.person_id)
        .outerjoin(
            Conflict,
            (col(Conflict.person_id) == col(Juror.person_id))
            & (col(Conflict.proposal_id) == col(Note.proposal_id))
            & (col(Conflict.state) != ConflictState.LIFTED),
        )
        .where(col(Note.proposal_id) == proposal.id, col(Note.gate) == gate)
        .order_by(col(Note.id))
    )
    found = [Said(*row) for row in rows]
    return found if sees_as_insider(w, proposal) else [said for said in found if not said.in_conflict]
