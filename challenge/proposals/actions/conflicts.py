"""Whom a conflict of interest keeps away: a fact the jury pushes down."""

from __future__ import annotations

from sqlmodel import select

from challenge.kernel.work import Work
from challenge.proposals.models import Exclusion, Proposal


def exclude(w: Work, proposal: Proposal, person_id: int) -> None:
    """From now on no role in the round shows this person the proposal. Called when a conflict is set."""
    if _row(w, proposal, person_id) is None:
        w.add(Exclusion(proposal_id=proposal.id, person_id=person_id))


def readmit(w: Work, proposal: Proposal, person_id: int) -> None:
    """The last conflict of this person with the proposal was lifted."""
    row = _row(w, proposal, person_id)
    if row is not None:
        w.session.delete(row)
        w.session.flush()


def _row(w: Work, proposal: Proposal, person_id: int) -> Exclusion | None:
    return w.session.exec(
        select(Exclusion).where(Exclusion.proposal_id == proposal.id, Exclusion.person_id == person_id)
    ).first()
