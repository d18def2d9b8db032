"""Reports of jurors become readable for the team, all of a proposal in one act."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlmodel import col, select

from challenge.jury.consensus.models import Consensus
from challenge.jury.consensus.states import ConsensusState
from challenge.jury.models import Review
from challenge.jury.queries.standings import counted
from challenge.kernel.work import Work
from challenge.proposals.content import gate_of
from challenge.proposals.models import Proposal
from challenge.rounds.states import Gate


def publish(w: Work, proposals: Iterable[Proposal]) -> int:
    """Stamp the reviews that count at the gate each proposal stands at, and what was agreed; how many reviews.

    Called before the proposals move.
    """
    by_gate: dict[Gate, list[int]] = {}
    for proposal in proposals:
        by_gate.setdefault(gate_of(proposal), []).append(proposal.id)
    codes = [
        review.code
        for gate, ids in by_gate.items()
        for reviews in counted(w, ids, gate).values()
        for review in reviews
        if review.is_eligible
    ]
    found = w.session.exec(select(Review).where(col(Review.code).in_(codes), col(Review.published_at).is_(None))).all()
    for review in found:
        review.published_at = w.now
    for statement in _statements(w, by_gate):
        statement.published_at = w.now
    w.session.flush()
    return len(found)


def _statements(w: Work, by_gate: Mapping[Gate, Collection[int]]) -> list[Consensus]:
    """The agreed consensus of each of these proposals, at the gate it stands at."""
    return [
        consensus
        for gate, ids in by_gate.items()
        for consensus in w.session.exec(
            select(Consensus).where(
                col(Consensus.proposal_id).in_(ids), Consensus.gate == gate, Consensus.state == ConsensusState.AGREED
            )
        )
    ]
