"""What the database itself refuses, on both databases."""

import pytest
from sqlalchemy.exc import IntegrityError

from challenge.jury.models import Score
from challenge.jury.states import ConflictState, ReviewState
from challenge.kernel.record import metadata
from challenge.rounds.models import Round
from tests.factories.jury import JURY, make_conflict, make_judged, make_juror, make_review
from tests.factories.rounds import make_round

SCORE = {"criterion": "impact", "tenths": 35, "max_tenths": 50, "step_tenths": 5}


@pytest.fixture
def jury(world):
    """A unit of work with a round, a proposal and a juror in it."""
    world.now = JURY
    with world.acting() as w:
        round_ = make_round(w)
        yield w, make_judged(w, round_), make_juror(w, round_)
        w.session.rollback()


OFF = (
    {"tenths": -5}, {"tenths": 55}, {"tenths": 33}, {"tenths": 35, "step_tenths": 10},
    {"step_tenths": 0, "tenths": None},
)  # fmt: skip


def test_a_mark_off_the_scale_is_refused(jury):
    w, proposal, juror = jury
    review_id = make_review(w, proposal, juror).id
    for tenths in (0, 35, 50, None):
        w.add(Score(review_id=review_id, **{**SCORE, "criterion": f"c{tenths}", "tenths": tenths}))
    for wrong in OFF:
        with pytest.raises(IntegrityError), w.session.begin_nested():
            w.add(Score(review_id=review_id, **{**SCORE, **wrong}))


def test_a_criterion_has_one_mark(jury):
    w, proposal, juror = jury
    review = make_review(w, proposal, juror)
    w.add(Score(review_id=review.id, **SCORE))

    with pytest.raises(IntegrityError):
        w.add(Score(review_id=review.id, **SCORE))


def test_a_juror_reviews_a_proposal_once_at_a_gate(jury):
    w, proposal, juror = jury
    make_review(w, proposal, juror)
    make_review(w, proposal, juror, gate="pilot_proposal")

    with pytest.raises(IntegrityError):
        make_review(w, proposal, juror)


def test_what_is_submitted_says_when_and_which_version(jury):
    w, proposal, juror = jury
    for missing in ("submitted_at", "revision_number"):
        with pytest.raises(IntegrityError), w.session.begin_nested():
            make_review(w, proposal, juror, state=ReviewState.SUBMITTED, **{missing: None})


def test_confidence_is_low_to_high(jury):
    w, proposal, juror = jury
    for confidence in (0, 4):
        with pytest.raises(IntegrityError), w.session.begin_nested():
            make_review(w, proposal, juror, confidence=confidence)


def test_a_person_has_one_live_conflict_with_a_proposal_and_any_number_of_lifted_ones(jury):
    w, proposal, _juror = jury
    for _time in range(2):
        make_conflict(w, proposal, state=ConflictState.LIFTED)
    make_conflict(w, proposal, state=ConflictState.INFERRED)

    with pytest.raises(IntegrityError):
        make_conflict(w, proposal, state=ConflictState.CONFIRMED)


def test_a_lifted_conflict_says_why(jury):
    w, proposal, _juror = jury
    with pytest.raises(IntegrityError):
        make_conflict(w, proposal, state=ConflictState.LIFTED, lift_reason="")


def test_a_decision_on_a_conflict_has_its_person(jury):
    w, proposal, _juror = jury
    with pytest.raises(IntegrityError):
        make_conflict(w, proposal, decided_at=w.now)


def test_the_load_is_in_order(jury):
    w, proposal, _juror = jury
    for wrong in ({"load_min": 5, "load_max": 4}, {"load_min": -1}):
        with pytest.raises(IntegrityError), w.session.begin_nested():
            make_juror(w, w.session.get_one(Round, proposal.round_id), "oskar", **wrong)


def test_an_invitation_is_accepted_or_declined(jury):
    w, _proposal, juror = jury
    juror.declined_at = w.now
    with pytest.raises(IntegrityError):
        w.session.flush()


def test_every_check_of_the_jury_is_tested_here():
    found = {
        str(constraint.name)
        for table in ("juror", "conflict", "review", "score")
        for constraint in metadata.tables[table].constraints
        if constraint.name and str(constraint.name).startswith("ck_")
    }
    enums = {"ck_conflict_conflictkind", "ck_conflict_conflictsource", "ck_conflict_conflictstate", "ck_review_gate",
             "ck_review_reviewstate"}  # fmt: skip
    assert found - enums == {
        "ck_juror_load_ordered", "ck_juror_accepted_or_declined", "ck_conflict_lifted_has_reason",
        "ck_conflict_decided_by_somebody", "ck_review_submitted_names_revision", "ck_review_confidence_low_to_high",
        "ck_score_on_the_scale", "ck_score_step_positive",
    }  # fmt: skip
