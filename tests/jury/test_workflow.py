"""The tables: what is offered is what fires, by whom, and nothing else."""

import contextlib
import itertools
import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from challenge.jury import actions
from challenge.jury.models import Conflict, Review
from challenge.jury.rules import is_the_juror
from challenge.jury.schemas import Reason, Reopening, Stepping
from challenge.jury.states import ConflictKind, ConflictState, ReviewState
from challenge.jury.workflow import CONFLICT, REVIEW
from challenge.kernel import approval, revision
from challenge.kernel.errors import Forbidden, Missing, Refused
from challenge.kernel.workflow import faults
from challenge.rounds.states import WindowName
from tests.cast import PEOPLE
from tests.factories.jury import (
    CRITERIA,
    JURY,
    juror_of,
    jury_of,
    make_conflict,
    make_judged,
    make_juror,
    make_review,
    make_submitted,
    proposal_of,
    put_marks,
    review_of,
    written,
)
from tests.factories.rounds import WINDOWS, make_round

GIVEN = {
    "reopen": Reopening(reason="Two comments were swapped."),
    "recuse": Stepping(kind=ConflictKind.FAMILY, explanation="My sister leads the work in Helsinki."),
    "release": None,
    "lift": Reason(reason="They never met."),
}
GIVEN["release"] = REVIEW.rows[[row.name for row in REVIEW.rows].index("release")].asks()
MATRIX = Path(__file__).parent / "matrix.json"
PERSONS = (*PEOPLE, "system", "nobody")


@pytest.mark.parametrize("workflow", [REVIEW, CONFLICT], ids=lambda workflow: workflow.name)
def test_the_tables_have_no_dead_states_and_every_state_can_end(workflow):
    assert faults(workflow) == []


def test_who_may_do_what_is_the_reviewed_matrix(database, world):
    """Every row of both tables × everybody of the cast; lena is the juror, katrin the person of the conflict."""
    world.now = JURY
    with world.acting() as w:
        round_ = make_round(w)
        proposal = make_judged(w, round_)
        review = make_review(w, proposal, make_juror(w, round_))
        conflict = make_conflict(w, proposal, "katrin", state=ConflictState.INFERRED)
        ids = review.id, conflict.id
    rows = [
        (f"{workflow.name}: {source} --{row.name}--> {row.target}", row, model, key)
        for workflow, model, key in ((REVIEW, Review, ids[0]), (CONFLICT, Conflict, ids[1]))
        for row in workflow.rows
        for source in row.source
    ]
    found = {name: [] for name, *_rest in rows}
    for person in PERSONS:
        with world.acting(person, writing=False) as w:
            for name, row, model, key in rows:
                if row.who(w, w.session.get_one(model, key)) is None:
                    found[name].append(person)

    assert found == json.loads(MATRIX.read_text())


def every_review(world):
    """A review in each state, complete and incomplete, in time and late, with and without conflict."""
    world.now = JURY
    with world.acting() as w:
        round_ = make_round(w)
        jurors = {"lena": make_juror(w, round_, "lena"), "oskar": make_juror(w, round_, "oskar", accepted=False)}
        codes = []
        kinds = [("lena", "plain"), ("lena", "marked"), ("lena", "conflict"), ("lena", "over"), ("oskar", "marked")]
        some = {ReviewState.ASSIGNED, ReviewState.DRAFT, ReviewState.SUBMITTED}
        for (name, kind), state in itertools.product(kinds, ReviewState):
            if kind in ("conflict", "over") and state not in some:
                continue
            proposal = make_judged(w, round_)
            if kind == "over":
                proposal.state = "selected"
                proposal.award_cents = 1
            made = make_review(w, proposal, jurors[name], state=state)
            if kind != "plain":
                put_marks(w, made, 35)
            if kind == "conflict":
                make_conflict(w, proposal, name)
            codes.append(made.code)
    return codes


def test_a_button_is_offered_exactly_when_firing_works(world):
    codes = every_review(world)
    fired = blocked = 0
    late = WINDOWS[WindowName.JURY][1] + timedelta(seconds=120)
    for now, person in ((JURY, "lena"), (JURY, "oskar"), (JURY, "jaan"), (JURY, "olev"), (late, "lena")):
        world.now = now
        with contextlib.suppress(TakenBackError), world.acting(person) as w:
            reviews = w.session.exec(select(Review).where(col(Review.code).in_(codes))).all()
            for review, name in itertools.product(reviews, REVIEW.names):
                before = review.state
                offer = next((one for one in REVIEW.offers(w, review) if one.row.name == name), None)
                works = offer is not None and offer.problem is None
                assert tried(w, review, name) == works, (person, before, name)
                assert review.state == before
                fired, blocked = fired + works, blocked + (not works)
            raise TakenBackError
    assert fired > 20
    assert blocked > 100


class TakenBackError(Exception):
    pass


def tried(w, review, name):
    """Whether it fires; whatever it did is taken back, so that the next button finds the rows as they were."""
    saved = w.session.begin_nested()
    before = review.state
    try:
        fired = REVIEW.fire(w, review, name, GIVEN.get(name))
    except (Refused, Forbidden, Missing):
        assert review.state == before
        return False
    else:
        assert review.state == (fired.row.target if fired.done else before)
        return True
    finally:
        saved.rollback()


def test_from_assignment_to_submission_each_step_is_journalled(world):
    codes = jury_of(world, "lena")
    with world.acting("lena") as w:
        actions.fire(w, review_of(w, codes["lena1"]), "declare")
    with world.acting("lena") as w:
        actions.save_review(w, review_of(w, codes["lena1"]), written(CRITERIA, confidence=3, comment="Fund it."))
    with world.acting("lena") as w:
        actions.fire(w, review_of(w, codes["lena1"]), "submit")

    with world.acting() as w:
        review = review_of(w, codes["lena1"])
        assert review.state is ReviewState.SUBMITTED
        assert review.submitted_at == JURY
        kept = revision.at(w, "review", review.code, review.revision)
        assert kept.content["marks"]["impact"]["mark"] == "4"
        assert kept.content["proposal_revision"] == 1
        assert proposal_of(w, codes["p1"]).reviews_eligible == 1


def test_submitting_names_each_mark_and_comment_that_is_missing(world):
    codes = jury_of(world, "lena", state=ReviewState.DECLARED)
    with world.acting("lena") as w:
        review = review_of(w, codes["lena1"])
        given = written(("impact", "science"))
        given.marks["science"].comment = " "
        actions.save_review(w, review, given)
        with pytest.raises(Refused) as refused:
            actions.fire(w, review, "submit")

    assert set(refused.value.problem.fields) == {
        "science.comment", "transfer", "transfer.comment", "team", "team.comment", "plan", "plan.comment",
    }  # fmt: skip
    assert str(refused.value.problem.fields["plan"]) == "Choose a mark for “Work plan and budget”"


@pytest.mark.abuse(2)
def test_reopening_needs_two_people_and_keeps_what_was_submitted(world):
    world.now = JURY
    with world.acting() as w:
        round_ = make_round(w)
        proposal = make_judged(w, round_)
        review = make_submitted(w, proposal, make_juror(w, round_), 40)
        code, title = review.code, proposal.code
    with world.acting("jaan") as w:
        assert not actions.fire(w, review_of(w, code), "reopen", GIVEN["reopen"]).done
        assert proposal_of(w, title).reviews_eligible == 1
    with world.acting("jaan") as w, pytest.raises(Refused):
        actions.fire(w, review_of(w, code), "reopen", GIVEN["reopen"])
    with world.acting("kadri") as w:
        assert actions.fire(w, review_of(w, code), "reopen").done
        assert review_of(w, code).state is ReviewState.REOPENED
        assert proposal_of(w, title).reviews_eligible == 0
        assert not approval.open_for(w, "review", code)
    with world.acting("lena") as w:
        review = review_of(w, code)
        actions.save_review(w, review, written(CRITERIA, "2.5"))
        actions.fire(w, review, "submit")

    with world.acting() as w:
        kept = revision.every(w, "review", code)
        assert [one.content["marks"]["plan"]["mark"] for one in kept] == ["2.5", "4"]
        assert proposal_of(w, title).reviews_eligible == 1


def test_a_coordinator_with_a_conflict_neither_reopens_nor_releases(world):
    codes = jury_of(world, "lena")
    with world.acting() as w:
        make_conflict(w, proposal_of(w, codes["p1"]), "jaan")
    with world.acting("jaan") as w, pytest.raises(Forbidden):
        actions.fire(w, review_of(w, codes["lena1"]), "release", GIVEN["release"])
    with world.acting("kadri") as w:
        assert actions.fire(w, review_of(w, codes["lena1"]), "release", GIVEN["release"]).done


def test_nobody_decides_on_their_own_conflict(world):
    codes = jury_of(world)
    with world.acting() as w:
        conflict_id = make_conflict(w, proposal_of(w, codes["p1"]), "jaan", state=ConflictState.DECLARED).id
    with world.acting("jaan") as w, pytest.raises(Forbidden):
        actions.fire_conflict(w, w.session.get_one(Conflict, conflict_id), "lift", GIVEN["lift"])
    with world.acting("kadri") as w:
        assert actions.fire_conflict(w, w.session.get_one(Conflict, conflict_id), "lift", GIVEN["lift"]).done


@pytest.mark.parametrize(("seconds", "accepted"), [(119, True), (120, False)])
def test_the_due_date_holds_to_the_end_of_its_grace_and_no_longer(world, seconds, accepted):
    codes = jury_of(world, "lena", state=ReviewState.DRAFT)
    with world.acting() as w:
        put_marks(w, review_of(w, codes["lena1"]), 40)
    world.now = WINDOWS[WindowName.JURY][1]
    world.move(seconds=seconds)
    with world.acting("lena") as w:
        if accepted:
            assert actions.fire(w, review_of(w, codes["lena1"]), "submit").done
        else:
            with pytest.raises(Refused, match="deadline_over"):
                actions.fire(w, review_of(w, codes["lena1"]), "submit")


def test_a_review_may_have_a_due_date_of_its_own(world):
    codes = jury_of(world, "lena", state=ReviewState.DRAFT)
    with world.acting() as w:
        review = put_marks(w, review_of(w, codes["lena1"]), 40)
        review.due_at = JURY
    world.move(days=1)
    with world.acting("lena") as w, pytest.raises(Refused, match="deadline_over"):
        actions.fire(w, review_of(w, codes["lena1"]), "submit")


def test_a_newer_version_must_be_read_before_submitting(world):
    codes = jury_of(world, "lena", state=ReviewState.DRAFT)
    with world.acting() as w:
        put_marks(w, review_of(w, codes["lena1"]), 40)
        proposal_of(w, codes["p1"]).revision = 2
    with world.acting("lena") as w, pytest.raises(Refused, match="newer_version"):
        actions.fire(w, review_of(w, codes["lena1"]), "submit")
    with world.acting("lena") as w:
        review = review_of(w, codes["lena1"])
        actions.save_review(w, review, written(CRITERIA, revision=2))
        assert actions.fire(w, review, "submit").done


def test_the_gate_of_the_review_must_be_the_one_the_proposal_stands_at(world):
    codes = jury_of(world, "lena", state=None)
    with world.acting() as w:
        proposal = proposal_of(w, codes["p1"])
        code = make_review(w, proposal, juror_of(w, codes["juror_lena"]), gate="pilot_proposal").code
    with world.acting("lena") as w, pytest.raises(Refused, match="not_judged_now"):
        actions.fire(w, review_of(w, code), "declare")


def test_the_juror_is_the_person_of_that_review(world):
    codes = jury_of(world, "lena", "oskar")
    with world.acting("oskar", writing=False) as w:
        assert is_the_juror(w, review_of(w, codes["lena1"])) is not None
        assert is_the_juror(w, review_of(w, codes["oskar1"])) is None
