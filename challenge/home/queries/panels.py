"""What the panel of a proposal asks of a juror, and its comments of a team."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select
from sqlmodel import col, select

from challenge.home.queries.asking import need
from challenge.jury.blind.copies import title_for_jurors
from challenge.jury.consensus.models import Consensus, Reaction, Reply
from challenge.jury.consensus.states import ConsensusState
from challenge.jury.models import Juror, Review
from challenge.jury.queries.reviews import panel_places
from challenge.jury.states import JUDGED, ReviewState
from challenge.kernel.work import Work
from challenge.people.states import RoleName
from challenge.proposals.models import Exclusion, Proposal


def of_panels(w: Work) -> Iterator[Select[Any]]:
    """A consensus to write or to answer, comments of the jury to read."""
    if w.actor.holds_anywhere(RoleName.JUROR):
        yield to_moderate(w)
        yield to_confirm(w)
    yield comments(w)


def to_moderate(w: Work) -> Select[Any]:
    """A consensus the person writes."""
    return _of_juror(w, "moderate").where(
        col(Consensus.state) == ConsensusState.DRAFT, col(Consensus.moderator_id) == Review.juror_id
    )


def to_confirm(w: Work) -> Select[Any]:
    """A consensus that waits for the person's answer."""
    answered = select(Reply.id).where(Reply.consensus_id == Consensus.id, Reply.juror_id == Review.juror_id)
    return _of_juror(w, "confirm_consensus").where(
        col(Consensus.state) == ConsensusState.PROPOSED,
        col(Consensus.moderator_id) != Review.juror_id,
        ~answered.exists(),
    )


def _of_juror(w: Work, kind: str) -> Select[Any]:
    """Of proposals before the jury on which the person has handed in, and has no conflict of interest."""
    barred = select(Exclusion.proposal_id).where(Exclusion.person_id == w.actor.id)
    return (
        need(
            kind, code=Consensus.code, title=title_for_jurors(Consensus.proposal_id, Proposal.title),
            round_id=Consensus.round_id,
        )
        .join(Proposal, col(Proposal.id) == Consensus.proposal_id)
        .join(Review, (col(Review.proposal_id) == Consensus.proposal_id) & (col(Review.gate) == Consensus.gate))
        .where(
            col(Review.state) == ReviewState.SUBMITTED, col(Review.juror_id).in_(panel_places(w, Juror.id)),
            col(Proposal.state).in_(JUDGED), col(Proposal.id).not_in(barred),
        )
    )  # fmt: skip


def comments(w: Work) -> Select[Any]:
    """The right to react, while it lasts; for the lead."""
    return (
        need("comments", code=Proposal.code, title=Proposal.title, at=Reaction.until, round_id=Proposal.round_id)
        .join(Reaction, col(Reaction.proposal_id) == Proposal.id)
        .where(
            col(Proposal.lead_id) == w.actor.id, col(Proposal.state).in_(JUDGED),
            col(Reaction.answered_at).is_(None), col(Reaction.until) > w.now,
        )
    )  # fmt: skip
