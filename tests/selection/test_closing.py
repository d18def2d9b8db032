"""A round is closed when no appeal can come any more, and its button says so."""

from datetime import timedelta

import pytest
from sqlmodel import func, select

from challenge.kernel.errors import Refused
from challenge.kernel.journal import Step
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.rounds.rules import appeal_until, grace, no_appeal_can_come
from challenge.rounds.workflow import ROUND
from challenge.selection.actions import fire_round
from challenge.submissions.models import Submission
from challenge.submissions.states import SubmissionState
from tests.factories.proposals import proposal_in
from tests.factories.submissions import submission_in

DECISIONS = (
    (Proposal, proposal_in, ProposalState.DECLINED), (Proposal, proposal_in, ProposalState.INELIGIBLE),
    (Submission, submission_in, SubmissionState.REJECTED),
)  # fmt: skip


def round_of(w, model, code):
    return w.session.exec(select(Round).join(model, model.round_id == Round.id).where(model.code == code)).one()


@pytest.mark.parametrize(("model", "made", "state"), DECISIONS, ids=[str(state) for *_made, state in DECISIONS])
def test_a_round_stays_open_as_long_as_a_decision_can_be_appealed(world, model, made, state):
    code = made(world, state)
    with world.acting("jaan") as w:
        round_ = round_of(w, model, code)
        (problem,) = [offer.problem for offer in ROUND.offers(w, round_) if offer.row.name == "close"]
        assert problem.code == "appeals_may_come"
        with pytest.raises(Refused, match="appeals_may_come"):
            fire_round(w, round_, "close")

    with world.acting("jaan", writing=False) as w:
        round_ = round_of(w, model, code)
        told = w.session.exec(select(func.max(Step.at)).where(Step.subject_code == code)).one()
        over = appeal_until(round_, told) + grace(round_)
    world.now = over - timedelta(microseconds=1)
    with world.acting("jaan", writing=False) as w:
        assert no_appeal_can_come(w, round_of(w, model, code)).code == "appeals_may_come"
    world.now = over
    with world.acting("jaan") as w:
        assert fire_round(w, round_of(w, model, code), "close").done
