"""Agreeing a pilot: what moves along, and each thing that can stand in its way."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from challenge.kernel import journal
from challenge.pilots import actions, content
from challenge.pilots.models import Pilot
from challenge.pilots.states import PilotState
from challenge.pilots.workflow import PILOT
from challenge.proposals.models import Commitment, Proposal
from challenge.proposals.states import ProposalState
from challenge.selection.models import Condition, Outcome, Release
from challenge.selection.states import OutcomeState, Verdict
from challenge.submissions.models import Submission
from challenge.submissions.states import SubmissionState
from tests.cast import PEOPLE
from tests.pilots.ready import get, make_ready

S = PilotState


def test_agree_moves_proposal_and_challenges_along(world):
    with world.acting("system") as w:
        pilot = make_ready(w, S.PREPARING)
        code, proposal_id = pilot.code, pilot.proposal_id

    with world.acting("jaan") as w:
        fired = actions.fire(w, get(w, code), "agree")
        assert fired.done
    with world.acting("system") as w:
        pilot = get(w, code)
        assert (pilot.state, pilot.agreed_at) == (S.AGREED, world.now)
        assert w.session.get_one(Proposal, proposal_id).state is ProposalState.PILOTED
        assert w.session.exec(select(Submission.state)).all() == [SubmissionState.PILOTED]
        assert list(journal.faults(w.session)) == []


def test_agree_skips_challenges_that_are_not_behind(world):
    with world.acting("system") as w:
        pilot = make_ready(w, S.PREPARING)
        code = pilot.code
        w.session.exec(select(Submission)).one().state = SubmissionState.PILOTED

    with world.acting("jaan") as w:
        assert actions.fire(w, get(w, code), "agree").done


def no_decision(w, _pilot: Pilot) -> None:
    w.session.delete(w.session.exec(select(Commitment)).first())


def no_signature(_w, pilot: Pilot) -> None:
    pilot.lead_signed_at = pilot.lead_signed_by_id = pilot.lead_signed_revision = None


def other_text(w, pilot: Pilot) -> None:
    pilot.agreement = "We try something else."
    content.keep_agreement(w, pilot)


def no_text(w, pilot: Pilot) -> None:
    pilot.revision = 0


def other_budget(_w, pilot: Pilot) -> None:
    pilot.budget_cents = 5


def turned_down(w, pilot: Pilot) -> None:
    w.session.get_one(Proposal, pilot.proposal_id).state = ProposalState.WITHDRAWN


def condition_open(w, pilot: Pilot) -> None:
    jaan, kadri = PEOPLE["jaan"].id, PEOPLE["kadri"].id
    release = w.add(
        Release(
            round_id=pilot.round_id, round_code=pilot.round_code, at=w.now, asked_by=jaan, approved_by=kadri, funded=1
        )
    )
    outcome = w.add(
        Outcome(
            round_id=pilot.round_id, round_code=pilot.round_code, proposal_id=pilot.proposal_id,
            state=OutcomeState.ANNOUNCED, verdict=Verdict.FUND, amount_cents=120_000_000, reasons="Good.",
            accept_by=w.now + timedelta(days=30), revision_number=1, revision_hash="a" * 64, proposed_by=jaan,
            approved_by=kadri, approved_at=w.now, release_id=release.id, published_at=w.now,
        )
    )  # fmt: skip
    w.add(Condition(outcome_id=outcome.id, place=1, text="A data protection plan."))


AGREE = {
    "commitments": no_decision,
    "signatures": no_signature,
    "no_agreement": no_text,
    "not_the_award": other_budget,
    "award_gone": turned_down,
    "conditions": condition_open,
}


def test_each_guard_of_agree_speaks(world):
    with world.acting("system") as w:
        codes = {}
        for problem, spoil in AGREE.items():
            pilot = make_ready(w, S.PREPARING)
            spoil(w, pilot)
            w.session.flush()
            codes[problem] = pilot.code
        changed = make_ready(w, S.PREPARING)
        other_text(w, changed)
        codes["changed"] = changed.code

    for problem, code in codes.items():
        with world.acting("jaan", writing=False) as w:
            found = {offer.row.name: offer.problem for offer in PILOT.offers(w, get(w, code))}["agree"]
            assert found is not None, problem
            if problem == "changed":  # three cities and the lead organisation signed another text
                assert (found.code, len(found.fields)) == ("signatures", 4)
            else:
                assert found.code == problem
