"""Appeals: who files until when, who hears, and what an upheld one brings back."""

from __future__ import annotations

import pytest

from challenge.kernel.errors import Forbidden, Missing, Refused
from challenge.people.models import Role
from challenge.people.states import RoleName
from challenge.proposals import actions as proposals
from challenge.proposals.asks import Declined, Ineligible, Point
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.rounds.schemas import Rules
from challenge.selection import actions, queries
from challenge.selection.models import Appeal, Outcome
from challenge.selection.schemas import AppealIn, Hearing, Result
from challenge.selection.states import AppealState, OutcomeState, Verdict
from challenge.submissions import actions as submissions
from challenge.submissions.models import Submission
from challenge.submissions.states import SubmissionState
from tests.cast import PEOPLE
from tests.factories.jury import JURY, make_conflict
from tests.factories.proposals import make_challenge
from tests.factories.rounds import make_round
from tests.factories.selection import make_candidate
from tests.selection.steps import announce, approve, decided, propose, states

GROUNDS = AppealIn(grounds="One juror works for a competitor of ours.")
HEARING = Hearing(hearing="The file, the lead and both coordinators.")
RESULT = Result(result="The conflict was known and not recorded.")


def declined(world, verdict: Verdict = Verdict.DECLINE, **fields) -> tuple[int, int]:
    """A told outcome against ravi's proposal; katrin is a third coordinator. Ids of round and proposal."""
    round_id, proposal_id = decided(world, verdict, **fields)
    announce(world, round_id)
    with world.acting() as w:
        w.add(Role(person_id=PEOPLE["katrin"].id, name=RoleName.COORDINATOR))
    return round_id, proposal_id


def file(world, proposal_id: int, who: str = "ravi") -> int:
    with world.acting(who) as w:
        return actions.file(w, w.session.get_one(Proposal, proposal_id), GROUNDS).id


def fire(world, appeal_id: int, name: str, given, who: str = "katrin") -> None:
    with world.acting(who) as w:
        actions.fire_appeal(w, w.session.get_one(Appeal, appeal_id), name, given)


def take(world, appeal_id: int, who: str = "katrin") -> None:
    with world.acting(who) as w:
        actions.take(w, w.session.get_one(Appeal, appeal_id))


def heard(world, proposal_id: int) -> int:
    appeal_id = file(world, proposal_id)
    take(world, appeal_id)
    fire(world, appeal_id, "hear", HEARING)
    return appeal_id


def test_only_the_lead_appeals(world):
    _round_id, proposal_id = declined(world)
    for who in ("eero", "mari", "lena", "jaan", "nobody"):
        with pytest.raises(Forbidden):
            file(world, proposal_id, who)


def test_one_appeals_until_the_end_of_the_last_day_and_the_grace_after_it(world):
    """Told on 5 October with 14 days: until 19 October 23:59 in Tallinn (UTC+3), and 120 seconds of grace."""
    _round_id, proposal_id = declined(world)
    world.now = JURY.replace(day=19, hour=21, minute=1)
    with pytest.raises(Refused) as caught:
        file(world, proposal_id)
    assert caught.value.problem.code == "appeal_over"
    assert "Tue 19 October 2027, 23:59" in str(caught.value.problem.text)
    world.now = JURY.replace(day=19, hour=21, minute=0, second=59)
    file(world, proposal_id)


def test_there_is_nothing_to_appeal_against_before_the_announcement_nor_after_an_award(world):
    round_id, funded, against = decided(world, Verdict.FUND, Verdict.DECLINE)
    for proposal_id in (funded, against):
        with pytest.raises(Refused) as caught:
            file(world, proposal_id)
        assert caught.value.problem.code == "no_appeal"
    announce(world, round_id)
    with pytest.raises(Refused):
        file(world, funded)
    file(world, against)
    with pytest.raises(Refused) as caught:
        file(world, against)
    assert caught.value.problem.code == "appeal_open"


def test_a_round_without_appeals_has_none(world):
    _round_id, proposal_id = declined(world, rules=Rules(appeal_days=0))
    with pytest.raises(Refused):
        file(world, proposal_id)


def test_who_took_part_does_not_handle_it(world):
    _round_id, proposal_id = declined(world)
    appeal_id = file(world, proposal_id)
    for who in ("jaan", "kadri", "ravi", "olev", "lena"):
        with pytest.raises(Forbidden):
            take(world, appeal_id, who)
    with world.acting() as w:
        names = [name for _id, name in queries.handlers(w, w.session.get_one(Appeal, appeal_id))]
    assert names == ["Katrin Kivi"]


def test_a_coordinator_with_a_conflict_does_not_handle_it(world):
    _round_id, proposal_id = declined(world)
    appeal_id = file(world, proposal_id)
    with world.acting() as w:
        make_conflict(w, w.session.get_one(Proposal, proposal_id), "katrin")
    with pytest.raises(Forbidden):
        take(world, appeal_id)
    with pytest.raises(Missing), world.acting("katrin") as w:
        queries.appeal(w, w.session.get_one(Appeal, appeal_id).code)


def test_only_the_handler_hears_and_decides(world):
    _round_id, proposal_id = declined(world)
    appeal_id = file(world, proposal_id)
    for who in ("katrin", "jaan"):
        with pytest.raises(Forbidden):
            fire(world, appeal_id, "hear", HEARING, who)
    take(world, appeal_id)
    with pytest.raises(Refused):
        fire(world, appeal_id, "uphold", RESULT)  # unheard
    fire(world, appeal_id, "hear", HEARING)
    with pytest.raises(Forbidden):
        fire(world, appeal_id, "dismiss", RESULT, "jaan")


@pytest.mark.parametrize(
    ("verdict", "back_to"), [(Verdict.DECLINE, ProposalState.IN_JURY), (Verdict.INELIGIBLE, ProposalState.SUBMITTED)]
)
def test_an_upheld_appeal_brings_the_proposal_back(world, verdict, back_to):
    _round_id, proposal_id = declined(world, verdict)
    fire(world, heard(world, proposal_id), "uphold", RESULT)

    assert states(world, [proposal_id]) == [back_to]
    with world.acting() as w:
        proposal = w.session.get_one(Proposal, proposal_id)
        assert queries.announced(w, proposal) is None
        assert [outcome.state for outcome in queries.history(w, proposal)] == [OutcomeState.SUPERSEDED]


def test_after_an_upheld_appeal_awards_stand_and_the_budget_is_checked_again(world):
    round_id, funded, against = decided(world, Verdict.FUND, Verdict.DECLINE, budget_cents=120_000_000)
    announce(world, round_id)
    with world.acting() as w:
        w.add(Role(person_id=PEOPLE["katrin"].id, name=RoleName.COORDINATOR))
    fire(world, heard(world, against), "uphold", RESULT)

    assert states(world, [funded, against]) == [ProposalState.SELECTED, ProposalState.IN_JURY]
    with pytest.raises(Refused) as caught:
        propose(world, "jaan", against, amount_cents=100_000_000)
    assert caught.value.problem.code == "over_budget"
    approve(world, "kadri", propose(world, "jaan", against, amount_cents=20_000_000))
    announce(world, round_id)
    assert states(world, [funded, against]) == [ProposalState.SELECTED, ProposalState.SELECTED]


def test_a_dismissed_appeal_changes_nothing_else(world):
    round_id, proposal_id = declined(world)
    appeal_id = heard(world, proposal_id)
    with world.acting() as w:
        assert w.session.get_one(Round, round_id).open_matters == 1
    fire(world, appeal_id, "dismiss", RESULT)
    assert states(world, [proposal_id]) == [ProposalState.DECLINED]
    with world.acting() as w:
        found = w.session.get_one(Appeal, appeal_id)
        assert (found.state, found.result) == (AppealState.DISMISSED, RESULT.result)
        assert w.session.get_one(Round, round_id).open_matters == 0


@pytest.mark.parametrize("name", ["decline", "find_ineligible"])
def test_a_decision_at_a_gate_can_be_appealed_against(world, name):
    world.now = JURY
    with world.acting() as w:
        proposal_id = make_candidate(w, make_round(w), state=ProposalState.SHORTLISTING).id
        w.add(Role(person_id=PEOPLE["katrin"].id, name=RoleName.COORDINATOR))
    given = {
        "decline": Declined(reason="The plan is too thin."),
        "find_ineligible": Ineligible(points=[Point.TEAM], reason="No city signed."),
    }[name]
    with world.acting("jaan") as w:
        proposals.fire(w, w.session.get_one(Proposal, proposal_id), name, given)
    appeal_id = file(world, proposal_id)
    with pytest.raises(Forbidden):
        take(world, appeal_id, "jaan")
    take(world, appeal_id, "kadri")
    fire(world, appeal_id, "hear", HEARING, "kadri")
    fire(world, appeal_id, "uphold", RESULT, "kadri")
    back_to = ProposalState.SHORTLISTING if name == "decline" else ProposalState.SUBMITTED
    assert states(world, [proposal_id]) == [back_to]


def test_a_city_appeals_against_the_rejection_of_its_challenge(world):
    world.now = JURY
    with world.acting() as w:
        round_ = make_round(w)
        submission = make_challenge(w, round_, state=SubmissionState.IN_REVIEW, published_at=None)
        submission_id = submission.id
    with world.acting("jaan") as w:
        row = next(row for row in actions.closing.SUBMISSION.rows if row.name == "reject")
        given = row.asks.model_validate({"reason": "It is not a challenge of the city."})
        submissions.fire(w, w.session.get_one(Submission, submission_id), "reject", given)
    with pytest.raises(Forbidden), world.acting("sofia") as w:
        actions.file(w, w.session.get_one(Submission, submission_id), GROUNDS)
    with world.acting("peeter") as w:
        appeal_id = actions.file(w, w.session.get_one(Submission, submission_id), GROUNDS).id
    take(world, appeal_id, "kadri")
    fire(world, appeal_id, "hear", HEARING, "kadri")
    fire(world, appeal_id, "uphold", RESULT, "kadri")
    with world.acting() as w:
        assert w.session.get_one(Submission, submission_id).state is SubmissionState.IN_REVIEW


def test_an_outcome_appealed_against_stays_readable_as_it_was(world):
    _round_id, proposal_id = declined(world)
    with world.acting() as w:
        before = queries.announced(w, w.session.get_one(Proposal, proposal_id)).model_dump(
            exclude={"state", "version", "superseded_at"}
        )
    fire(world, heard(world, proposal_id), "uphold", RESULT)
    with world.acting() as w:
        after = w.session.get_one(Outcome, before["id"]).model_dump(exclude={"state", "version", "superseded_at"})
    assert after == before
