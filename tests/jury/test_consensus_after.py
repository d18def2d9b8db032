"""What follows from a consensus: opened again, fallen with a conflict, required for a decision, told by mail."""

import pytest
from sqlmodel import select

from challenge.jury import actions as jury
from challenge.jury.consensus import actions, facts
from challenge.jury.consensus.models import Consensus
from challenge.jury.consensus.schemas import ConsensusIn
from challenge.jury.consensus.states import ConsensusState
from challenge.jury.schemas import Reason, Stepping
from challenge.jury.states import ConflictKind
from challenge.kernel.errors import Refused
from challenge.notifications.actions import tell
from challenge.notifications.models import Message
from challenge.proposals import actions as proposals
from challenge.proposals.asks import Declined
from challenge.proposals.states import ProposalState
from challenge.rounds.schemas import Rules
from challenge.selection.actions import propose_outcome
from challenge.selection.schemas import OutcomeIn
from challenge.selection.states import Verdict
from tests.cast import PEOPLE
from tests.factories.consensus import (
    answer,
    consensus_in,
    consensus_of,
    make_consensus,
    make_panel,
    panel_of,
)
from tests.factories.jury import CRITERIA, FULL, JURY, proposal_of
from tests.factories.rounds import make_round
from tests.jury.test_together import at_once

REOPEN = Reason(reason="A number was wrong.")
STEP_ASIDE = Stepping(kind=ConflictKind.FAMILY, explanation="My sister leads the work in Helsinki.")


def state_of(world, code):
    with world.acting(writing=False) as w:
        return consensus_of(w, code).state


@pytest.mark.abuse(2)
def test_opening_it_again_takes_two_people_and_keeps_what_was_agreed(world):
    codes = consensus_in(world, ConsensusState.AGREED)
    with world.acting("jaan") as w:
        assert not actions.fire(w, consensus_of(w, codes["consensus"]), "reopen", REOPEN).done
    with world.acting("jaan") as w, pytest.raises(Refused):
        actions.fire(w, consensus_of(w, codes["consensus"]), "reopen", REOPEN)
    with world.acting("kadri") as w:
        assert actions.fire(w, consensus_of(w, codes["consensus"]), "reopen").done
    with world.acting() as w:
        old, proposal = consensus_of(w, codes["consensus"]), proposal_of(w, codes["p1"])
        new = facts.live(w, proposal.id, FULL)
        assert (old.state, new.state) == (ConsensusState.SUPERSEDED, ConsensusState.DRAFT)
        assert old.agreed_at is not None
        assert {key: m.tenths for key, m in facts.marks(w, old).items()} == {
            key: m.tenths for key, m in facts.marks(w, new).items()
        }
        assert proposal.consensus_missing is True


@pytest.mark.abuse(9)
@pytest.mark.parametrize("who", ["lena", "oskar"])
def test_a_conflict_of_somebody_who_took_part_lets_it_fall(world, who):
    codes = consensus_in(world, ConsensusState.AGREED)
    with world.acting(who) as w:
        jury.declare_conflict(w, proposal_of(w, codes["p1"]), STEP_ASIDE)
    assert state_of(world, codes["consensus"]) is ConsensusState.SUPERSEDED
    with world.acting(writing=False) as w:
        assert proposal_of(w, codes["p1"]).reviews_eligible == 2


def test_marks_far_apart_are_not_decided_on_before_the_panel_agrees(world):
    codes = panel_of(world)
    declined = OutcomeIn(verdict=Verdict.DECLINE, reasons="Weak.")
    with world.acting("jaan") as w, pytest.raises(Refused) as refused:
        propose_outcome(w, proposal_of(w, codes["p1"]), declined)
    assert refused.value.problem.code == "consensus_missing"
    with world.acting() as w:
        proposal = proposal_of(w, codes["p1"])
        make_consensus(w, proposal, state=ConsensusState.AGREED)
        jury.push(w, proposal)
    with world.acting("jaan") as w:
        assert propose_outcome(w, proposal_of(w, codes["p1"]), declined).verdict is Verdict.DECLINE


def test_nor_told_that_it_goes_on_or_not(world):
    """At a gate before the last: naming finalists and declining wait alike."""
    world.now = JURY
    with world.acting() as w:
        proposal = make_panel(w, make_round(w), state=ProposalState.SHORTLISTING)
        proposal.consensus_missing, proposal.below_threshold, proposal.reviews_eligible = True, False, 3
        code, round_code = proposal.code, proposal.round_code
    for name in ("name_finalist", "decline"):
        with world.acting("jaan") as w, pytest.raises(Refused, match="consensus_missing"):
            proposals.fire(w, proposal_of(w, code), name, Declined(reason="Weak.") if name == "decline" else None)
    board = world.client("jaan").post(f"/rounds/{round_code}/gates?gate=pilot_proposal", data={
        f"verdict-{code}": "decline", f"reasons-{code}": "Weak."})  # fmt: skip
    assert board.status_code in (409, 422)
    with world.acting() as w:
        assert proposal_of(w, code).state is ProposalState.SHORTLISTING


def test_who_must_act_is_written_to(world):
    codes = panel_of(world)
    with world.acting("jaan") as w:
        code = actions.name_moderator(w, proposal_of(w, codes["p1"]), FULL, codes["juror_lena"]).code
    with world.acting("lena") as w:
        consensus = consensus_of(w, code)
        actions.save_consensus(
            w, consensus, ConsensusIn(marks=dict.fromkeys(CRITERIA, 3), note="So.", statement="Good cities.")
        )
        actions.fire(w, consensus, "propose")
    with world.acting() as w:
        while tell(w, "http://127.0.0.1:8000"):
            pass
        told = {(message.template, message.person_id) for message in w.session.exec(select(Message))}
    assert {(name, person) for name, person in told if name.startswith("consensus")} == {
        ("consensus.name_moderator.moderator", PEOPLE["lena"].id),
        ("consensus.propose.panel", PEOPLE["oskar"].id), ("consensus.propose.panel", PEOPLE["ilse"].id),
    }  # fmt: skip


def test_where_the_rules_give_no_time_to_react_nothing_is_waited_for(world):
    world.now = JURY
    with world.acting() as w:
        proposal = make_panel(w, make_round(w, rules=Rules(reaction_days=0)))
        consensus = make_consensus(w, proposal)
        for name in ("oskar", "ilse"):
            answer(w, consensus, name)
        consensus.state = ConsensusState.PROPOSED
        code = consensus.code
    with world.acting("lena") as w:
        assert actions.fire(w, consensus_of(w, code), "agree").done


def test_two_coordinators_who_name_a_moderator_at_once_name_one(world):
    codes = panel_of(world)

    def name(who, juror):
        def act():
            with world.acting(who) as w:
                actions.name_moderator(w, proposal_of(w, codes["p1"]), FULL, codes[f"juror_{juror}"])

        return act

    assert at_once(name("jaan", "lena"), name("kadri", "oskar")) == [None, None]
    with world.acting() as w:
        assert len(w.session.exec(select(Consensus)).all()) == 1


@pytest.mark.abuse(9)
def test_a_consensus_is_not_agreed_past_a_conflict_of_the_same_moment(world):
    codes = consensus_in(world, ConsensusState.PROPOSED)

    def agree():
        with world.acting("lena") as w:
            actions.fire(w, consensus_of(w, codes["consensus"]), "agree")

    def step_aside():
        with world.acting("oskar") as w:
            jury.declare_conflict(w, proposal_of(w, codes["p1"]), STEP_ASIDE)

    at_once(agree, step_aside)
    with world.acting() as w:
        assert consensus_of(w, codes["consensus"]).state is ConsensusState.SUPERSEDED
