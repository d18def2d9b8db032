"""What keeps a round from being closed."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, func, select

from challenge.kernel.work import Work
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState as S
from challenge.rounds.models import Round
from challenge.selection.models import Appeal, Outcome
from challenge.selection.states import OPEN_APPEAL, OutcomeState, Verdict
from challenge.submissions.models import Submission
from challenge.submissions.states import SubmissionState

UNDECIDED = (
    S.SUBMITTED, S.IN_REVIEW, S.RETURNED, S.CO_DEVELOPMENT, S.SHORTLISTING, S.FINALIST, S.IN_JURY,
)  # fmt: skip
RELEASABLE = (SubmissionState.ACCEPTED, SubmissionState.CO_DEVELOPMENT, SubmissionState.PILOT_SELECTION)


@dataclass(frozen=True, slots=True)
class Matters:
    """How many of each are open in a round."""

    undecided: int
    offers: int
    reserve: int
    appeals: int

    @property
    def count(self) -> int:
        """All of them."""
        return self.undecided + self.offers + self.reserve + self.appeals


def matters(w: Work, round_: Round) -> Matters:
    """Proposals without a decision, offers without an answer, places on the reserve list, appeals."""
    states = dict(
        w.session.exec(
            select(Proposal.state, func.count()).where(Proposal.round_id == round_.id).group_by(col(Proposal.state))
        ).all()
    )
    accepted = w.session.exec(
        select(func.count())
        .select_from(Proposal)
        .join(Outcome, col(Outcome.proposal_id) == Proposal.id)
        .where(
            Proposal.round_id == round_.id,
            Proposal.state == S.SELECTED,
            Outcome.state == OutcomeState.ANNOUNCED,
            Outcome.verdict == Verdict.FUND,
            col(Outcome.accepted_at).is_not(None),
        )
    ).one()
    appeals = w.session.exec(
        select(func.count()).where(Appeal.round_id == round_.id, col(Appeal.state).in_(OPEN_APPEAL))
    ).one()
    return Matters(
        undecided=sum(states.get(state, 0) for state in UNDECIDED),
        offers=states.get(S.SELECTED, 0) - accepted,
        reserve=states.get(S.RESERVE, 0),
        appeals=appeals,
    )


def releasable(w: Work, round_: Round) -> list[Submission]:
    """The challenges that no proposal rests on any more."""
    found = select(Submission).where(
        Submission.round_id == round_.id, col(Submission.state).in_(RELEASABLE), Submission.live_proposals == 0
    )
    return list(w.session.exec(found.order_by(col(Submission.id))))
