"""Facts the jury pushes down to the proposal, under the proposal's lock."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import col, select, update

from challenge.jury.queries import facts
from challenge.jury.states import JUDGED
from challenge.kernel.work import Work
from challenge.proposals.models import Proposal
from challenge.rounds.models import Round


def locked(w: Work, proposal_id: int) -> Proposal:
    """The proposal as it is now, held until the work ends: two jurors who submit at once are both counted.

    The lock comes before anything of the jury is changed or counted, in every act.
    """
    return w.session.exec(
        select(Proposal)
        .where(Proposal.id == proposal_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def lock_all(w: Work, round_: Round) -> None:
    """Hold every proposal before the jury, in one order: two coordinators at once wait for each other, never both."""
    w.session.exec(
        select(Proposal.id)
        .where(Proposal.round_id == round_.id, col(Proposal.state).in_(JUDGED))
        .order_by(col(Proposal.id))
        .with_for_update(key_share=True)
    ).all()


def push(w: Work, proposal: Proposal) -> None:
    """Eligible reviews, a missed threshold, a missing consensus, at the gate the proposal stands at; else nothing.

    The proposal keeps its version: its team reads that, and would count the reviews as they come.
    """
    w.session.flush()
    found = facts(w, proposal)
    if found is not None:
        pushed = asdict(found)
        one = update(Proposal).where(col(Proposal.id) == proposal.id).values(**pushed)
        w.session.exec(one.execution_options(synchronize_session=False))
        for name, value in pushed.items():
            set_committed_value(proposal, name, value)
