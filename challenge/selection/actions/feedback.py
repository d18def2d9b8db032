"""What jurors said becomes readable for the team, in one act: reports, and the quarter of the field it stood in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlmodel import col, delete, select

from challenge.jury.consensus.models import Consensus
from challenge.jury.consensus.states import ConsensusState
from challenge.jury.models import Review
from challenge.jury.queries import field_of
from challenge.jury.queries.counting import counted
from challenge.jury.ranking import quarters
from challenge.kernel.work import Work
from challenge.proposals.content import gate_of
from challenge.proposals.models import Proposal
from challenge.rounds.models import Round
from challenge.rounds.states import Gate
from challenge.selection.models import RankBand


def publish(w: Work, proposals: Iterable[Proposal]) -> int:
    """Release what counts at the gate each proposal stands at, and what was agreed there; how many reviews.

    Called before the proposals move.
    """
    by_gate: dict[tuple[int, Gate], list[int]] = {}
    for proposal in proposals:
        by_gate.setdefault((proposal.round_id, gate_of(proposal)), []).append(proposal.id)
    codes: list[str] = []
    for (round_id, gate), ids in by_gate.items():
        eligible = [
            review.code for reviews in counted(w, ids, gate).values() for review in reviews if review.is_eligible
        ]
        if eligible:
            _band(w, w.session.get_one(Round, round_id), gate, ids)
        codes += eligible
    found = w.session.exec(select(Review).where(col(Review.code).in_(codes), col(Review.published_at).is_(None))).all()
    for review in found:
        review.published_at = w.now
    for statement in _statements(w, by_gate):
        statement.published_at = w.now
    w.session.flush()
    return len(found)


def _band(w: Work, round_: Round, gate: Gate, ids: list[int]) -> None:
    """Write down in which quarter of the gate's field these stand now; what was told before is replaced."""
    field = quarters(field_of(w, round_, gate))
    w.session.exec(delete(RankBand).where(col(RankBand.proposal_id).in_(ids), col(RankBand.gate) == gate))
    for key in ids:
        if key in field:
            w.add(RankBand(proposal_id=key, gate=gate, quarter=field[key], at=w.now))


def _statements(w: Work, by_gate: Mapping[tuple[int, Gate], Collection[int]]) -> list[Consensus]:
    """The agreed consensus of each of these proposals, at the gate it stands at."""
    return [
        consensus
        for (_round, gate), ids in by_gate.items()
        for consensus in w.session.exec(
            select(Consensus).where(
                col(Consensus.proposal_id).in_(ids), Consensus.gate == gate, Consensus.state == ConsensusState.AGREED
            )
        )
    ]
