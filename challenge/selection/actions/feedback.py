"""Reports of jurors become readable for the team, all of a proposal in one act."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import col, select

from challenge.jury.models import Review
from challenge.jury.queries.counting import counted
from challenge.kernel.work import Work
from challenge.proposals.content import gate_of
from challenge.proposals.models import Proposal
from challenge.rounds.states import Gate


def publish(w: Work, proposals: Iterable[Proposal]) -> int:
    """Stamp the reviews that count at the gate each proposal stands at; how many. Called before the proposals move."""
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
    w.session.flush()
    return len(found)
