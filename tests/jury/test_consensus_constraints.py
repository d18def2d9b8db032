"""What the database itself refuses about a consensus, on both databases, whoever asks it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from challenge.jury.consensus.models import Consensus, ConsensusMark, Minutes, Reaction
from challenge.jury.consensus.states import ConsensusState
from tests.cast import PEOPLE
from tests.factories.consensus import answer, make_consensus, make_note, make_panel, make_reaction
from tests.factories.jury import FULL, JURY
from tests.factories.rounds import make_round

MARK = {"criterion": "more", "tenths": 35, "max_tenths": 50, "step_tenths": 5}


@pytest.fixture
def panel(world):
    """A unit of work with a proposal on which the panel has handed in."""
    world.now = JURY
    with world.acting() as w:
        yield w, make_panel(w, make_round(w))
        w.session.rollback()


OFF = (
    {"tenths": -5}, {"tenths": 55}, {"tenths": 33}, {"tenths": 35, "step_tenths": 10}, {"step_tenths": 0, "tenths": 0},
)  # fmt: skip


def test_an_agreed_mark_is_on_the_scale_and_stands_once(panel):
    w, proposal = panel
    consensus = make_consensus(w, proposal)
    for wrong in OFF:
        with pytest.raises(IntegrityError), w.session.begin_nested():
            w.add(ConsensusMark(consensus_id=consensus.id, **{**MARK, **wrong}))
    w.add(ConsensusMark(consensus_id=consensus.id, **MARK))
    with pytest.raises(IntegrityError), w.session.begin_nested():
        w.add(ConsensusMark(consensus_id=consensus.id, **MARK))


def test_a_proposal_has_one_consensus_at_a_gate_and_any_number_of_superseded_ones(panel):
    w, proposal = panel
    for _time in range(2):
        make_consensus(w, proposal).state = ConsensusState.SUPERSEDED
        w.session.flush()
    make_consensus(w, proposal)
    make_consensus(w, proposal, marks=None, gate="pilot_proposal")
    with pytest.raises(IntegrityError), w.session.begin_nested():
        make_consensus(w, proposal)


def test_what_is_agreed_has_a_statement_and_a_date_and_only_that_is_published(panel):
    w, proposal = panel
    make_consensus(w, proposal, statement="", saved_at=w.now)
    for change in ("state = 'agreed', agreed_at = saved_at", "state = 'agreed', statement = 'Good.'",
                   "published_at = created_at"):  # fmt: skip
        with pytest.raises(IntegrityError), w.session.begin_nested():
            w.session.connection().execute(text(f"UPDATE consensus SET {change}"))


FIXED = (
    "UPDATE consensus SET statement = 'Other.'", "UPDATE consensus SET note = 'Other.'",
    "UPDATE consensus SET state = 'draft'", "UPDATE consensus SET moderator_id = moderator_id + 1",
    "UPDATE consensus SET agreed_at = NULL, state = 'superseded'", "DELETE FROM consensus",
    "UPDATE consensus_mark SET tenths = 50", "DELETE FROM consensus_mark",
    "UPDATE consensus_reply SET reason = 'Other.'", "DELETE FROM consensus_reply",
)  # fmt: skip


@pytest.mark.parametrize("state", [ConsensusState.AGREED, ConsensusState.SUPERSEDED])
def test_what_was_agreed_is_never_rewritten(panel, state):
    w, proposal = panel
    consensus = make_consensus(w, proposal)
    answer(w, consensus, "oskar")
    consensus.state, consensus.agreed_at = ConsensusState.AGREED, w.now
    w.session.flush()
    consensus.state = state
    w.session.flush()
    for statement in FIXED:
        with pytest.raises(IntegrityError, match="consensus_is_fixed"), w.session.begin_nested():
            w.session.connection().execute(text(statement))
    with pytest.raises(IntegrityError, match="consensus_is_fixed"), w.session.begin_nested():
        w.add(ConsensusMark(consensus_id=consensus.id, **MARK))
    with pytest.raises(IntegrityError, match="consensus_is_fixed"), w.session.begin_nested():
        answer(w, consensus, "ilse")


def test_a_draft_can_be_rewritten(panel):
    """The same statements get through as long as nothing is agreed, but removing: the test above can fail."""
    w, proposal = panel
    answer(w, make_consensus(w, proposal), "oskar")
    for statement in FIXED:
        if not any(word in statement for word in ("DELETE FROM consensus", "moderator_id", "superseded")):
            w.session.connection().execute(text(statement))


def test_a_superseded_one_does_not_come_back(panel):
    w, proposal = panel
    make_consensus(w, proposal).state = ConsensusState.SUPERSEDED
    w.session.flush()
    with pytest.raises(IntegrityError, match="consensus_is_fixed"), w.session.begin_nested():
        w.session.connection().execute(text("UPDATE consensus SET state = 'agreed', agreed_at = saved_at"))


def test_notes_are_only_ever_added(panel):
    w, proposal = panel
    make_note(w, proposal, "lena", "I read the budget otherwise.")
    for statement in ("UPDATE discussion_note SET text = 'Other.'", "DELETE FROM discussion_note"):
        with pytest.raises(IntegrityError, match="append-only"), w.session.begin_nested():
            w.session.connection().execute(text(statement))


def test_an_objection_says_why_and_everybody_answers_once(panel):
    w, proposal = panel
    consensus = make_consensus(w, proposal)
    with pytest.raises(IntegrityError), w.session.begin_nested():
        answer(w, consensus, "oskar", agrees=False)
    answer(w, consensus, "oskar", agrees=False, reason="Too low.")
    with pytest.raises(IntegrityError), w.session.begin_nested():
        answer(w, consensus, "oskar")


def test_the_comments_are_opened_once_and_answered_whole(panel):
    w, proposal = panel
    nobody = {"answered_at": None, "answered_by_id": None}
    for wrong in (
        {"days": 0}, {"text": "We answer.", **nobody}, {"answered_at": JURY, "answered_by_id": PEOPLE["ravi"].id},
        {"answered_by_id": PEOPLE["ravi"].id},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), w.session.begin_nested():
            make_reaction(w, proposal, **wrong)
    make_reaction(w, proposal)
    with pytest.raises(IntegrityError), w.session.begin_nested():
        make_reaction(w, proposal)


def test_a_proposal_has_one_text_of_minutes_at_a_gate(panel):
    w, proposal = panel
    row = {
        "round_id": proposal.round_id, "round_code": proposal.round_code, "proposal_id": proposal.id, "gate": FULL,
        "saved_at": w.now, "saved_by_id": PEOPLE["jaan"].id,
    }  # fmt: skip
    w.add(Minutes(**row))
    with pytest.raises(IntegrityError), w.session.begin_nested():
        w.add(Minutes(**row))


def test_every_check_is_tested_here():
    found = {
        str(constraint.name)
        for table in (Consensus, ConsensusMark, Reaction)
        for constraint in table.__table__.constraints
        if str(constraint.name).startswith("ck_")
    }
    enums = {"ck_consensus_gate", "ck_consensus_consensusstate", "ck_reaction_gate"}
    assert found - enums == {
        "ck_consensus_agreed_says_what", "ck_consensus_published_was_agreed", "ck_consensus_mark_on_the_scale",
        "ck_consensus_mark_step_positive", "ck_reaction_ends_after_it_opens", "ck_reaction_answered_has_text",
        "ck_reaction_answered_by_somebody",
    }  # fmt: skip
