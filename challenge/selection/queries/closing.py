"""What keeps a round from being closed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, func, select

from challenge.kernel.work import Work
from challenge.proposals.models import Proposal
from challenge.proposals.states import ENDS, ProposalState
from challenge.rounds.models import Round
from challenge.selection.models import Appeal
from challenge.selection.states import OPEN_APPEAL
from challenge.submissions.models import Submission
from challenge.submissions.states import SubmissionState

RELEASABLE = (SubmissionState.ACCEPTED, SubmissionState.CO_DEVELOPMENT, SubmissionState.PILOT_SELECTION)


@dataclass(frozen=True, slots=True)
class Matters:
    """How many of each are open in a round. An award stays open until its pilot is agreed or it has gone."""

    undecided: int
    awards: int
    reserve: int
    appeals: int

    @property
    def count(self) -> int:
        """All of them: what ``round.open_matters`` holds."""
        return self.undecided + self.awards + self.reserve + self.appeals


def matters(w: Work, round_: Round) -> Matters:
    """Proposals without a decision, awards without a pilot, places on the reserve list, appeals without an answer."""
    states = dict(
        w.session.exec(
            select(Proposal.state, func.count())
            .where(Proposal.round_id == round_.id, col(Proposal.state).not_in(ENDS))
            .group_by(col(Proposal.state))
        ).all()
    )
    appeals = w.session.exec(
        select(func.count()).where(Appeal.round_id == round_.id, col(Appeal.state).in_(OPEN_APPEAL))
    ).one()
    awards, reserve = states.pop(ProposalState.SELECTED, 0), states.pop(ProposalState.RESERVE, 0)
    return Matters(undecided=sum(states.values()), awards=awards, reserve=reserve, appeals=appeals)


def releasable(w: Work, round_: Round) -> list[Submission]:
    """The challenges that no proposal rests on any more."""
    found = select(Submission).where(
        Submission.round_id == round_.id, col(Submission.state).in_(RELEASABLE), Submission.live_proposals == 0
    )
    return list(w.session.exec(found.order_by(col(Submission.id))))
