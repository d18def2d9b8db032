"""What the database refuses by itself, on both; and what two threads may not do together."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from challenge.kernel.constraints import problem_of
from challenge.kernel.errors import Refused
from challenge.kernel.work import open_work
from challenge.people.models import Organisation
from challenge.rounds.models import Round
from challenge.rounds.schemas import Rules
from challenge.rounds.states import WindowName
from challenge.submissions import actions
from challenge.submissions.models import Interest, Question, Submission
from challenge.submissions.states import COUNTED, PUBLIC
from challenge.submissions.states import SubmissionState as S
from tests.cast import PLACES
from tests.factories.rounds import WINDOWS, make_round
from tests.factories.submissions import find, make_interest, make_submission


def bites(world, change, name, problem=None):
    """``change(w)`` breaks the constraint of this name, on both databases."""
    with pytest.raises(IntegrityError) as error:
        committed(world, change)
    said = str(error.value.orig)
    assert name in said or "UNIQUE constraint failed" in said or "FOREIGN KEY constraint failed" in said
    if problem is not None:
        assert problem_of(error.value).code == problem


def committed(world, change):
    with world.acting() as w:
        change(w)


@pytest.fixture
def code(world):
    with world.acting() as w:
        return make_submission(w, make_round(w), state=S.SUBMITTED).code


def test_a_submission_without_city_must_be_imported(world, code):
    bites(world, lambda w: setattr(find(w, code), "city_id", None), "has_lead_city")


@pytest.mark.parametrize("slot", [0, 4, -1])
def test_a_place_is_within_the_cap(world, code, slot):
    bites(world, lambda w: setattr(find(w, code), "slot", slot), "within_cap")


@pytest.mark.parametrize("state", COUNTED)
def test_what_counts_has_a_place(world, code, state):
    def change(w):
        submission = find(w, code)
        submission.state, submission.slot, submission.published_at = state, None, w.now

    bites(world, change, "counted_has_slot")


def test_a_place_is_taken_once(world, code):
    def change(w):
        first = find(w, code)
        round_ = w.session.get_one(Round, first.round_id)
        make_submission(w, round_, state=S.SUBMITTED, title="Other", slot=first.slot)

    bites(world, change, "uq_submission_round_id_city_id_slot", "cap_reached")


def test_a_title_is_taken_once_in_a_round(world, code):
    def change(w):
        round_ = w.session.get_one(Round, find(w, code).round_id)
        make_submission(w, round_, city=PLACES["helsinki"], state=S.SUBMITTED)

    bites(world, change, "uq_submission_round_id_title_key", "title_taken")


@pytest.mark.parametrize("state", PUBLIC)
def test_what_is_public_was_published(world, code, state):
    def change(w):
        find(w, code).state = state

    bites(world, change, "published_at_once_accepted")


def test_what_was_submitted_says_when(world, code):
    bites(world, lambda w: setattr(find(w, code), "submitted_at", None), "submitted_at_once_submitted")


def test_proposals_are_never_fewer_than_none(world, code):
    bites(world, lambda w: setattr(find(w, code), "live_proposals", -1), "live_proposals_not_negative")


def test_interest_is_never_in_ones_own(world, code):
    bites(world, lambda w: make_interest(w, find(w, code), PLACES["tartu"]), "ck_interest_never_own", None)


def test_interest_names_the_lead_city_truly(world, code):
    def change(w):
        shown = make_interest(w, find(w, code))
        shown.lead_city_id = PLACES["tallinn"].id

    bites(world, change, "fk_interest_submission_id_lead_city_id_submission")


def test_interest_is_live_once(world, code):
    def change(w):
        make_interest(w, find(w, code))
        make_interest(w, find(w, code))

    bites(world, change, "uq_interest_live", "already_shown")


def test_interest_has_a_reason_and_a_place_within_the_cap(world, code):
    bites(world, lambda w: make_interest(w, find(w, code), reason=""), "has_reason")

    def change(w):
        make_interest(w, find(w, code)).slot = 6

    bites(world, change, "within_cap")


def test_a_place_of_interest_is_taken_once_and_free_after_a_withdrawal(world, code):
    with world.acting() as w:
        first = find(w, code)
        round_ = w.session.get_one(Round, first.round_id)
        other = make_submission(w, round_, state=S.SUBMITTED, title="Other").code
        make_interest(w, first)

    def change(w):
        make_interest(w, find(w, other)).slot = 1

    bites(world, change, "uq_interest_slot", "interest_cap_reached")
    with world.acting() as w:
        w.session.exec(select(Interest)).one().withdrawn_at = w.now
    with world.acting() as w:
        change(w)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"answer": "Yes"}, "answered_at_with_answer"),
        ({"published_at": 1, "refused_at": 1}, "published_or_refused"),
        ({"text": ""}, "has_text"),
    ],
)
def test_questions_hang_together(world, code, fields, name):
    def change(w):
        submission = find(w, code)
        given = {key: w.now if value == 1 else value for key, value in fields.items()}
        row = {"text": "Is it open?", "asked_at": w.now, **given}
        w.add(Question(round_id=submission.round_id, round_code=submission.round_code, **row))

    bites(world, change, name)


# Two at once


def at_once(*acts):
    """Run the acts in threads that start together; give back what each raised, or None."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        barrier.wait()
        try:
            act()
        except (Refused, IntegrityError) as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def submitting(world, code):
    actor, secret = world.actor("mari"), world.settings.secret

    def act():
        with open_work(world.database, world.now, actor, secret=secret) as w:
            actions.fire(w, find(w, code), "submit")

    return act


def test_of_two_that_submit_the_last_place_at_once_exactly_one_wins(world):
    with world.acting() as w:
        round_ = make_round(w)
        for number in range(2):
            make_submission(w, round_, state=S.SUBMITTED, title=f"Number {number}")
        codes = [make_submission(w, round_, title=f"Last {number}").code for number in range(2)]
    results = at_once(*(submitting(world, code) for code in codes))
    lost = [result for result in results if result is not None]
    assert len(lost) == 1
    assert isinstance(lost[0], Refused)
    assert lost[0].problem.code == "cap_reached"
    with world.acting() as w:
        assert sorted(w.session.exec(select(Submission.slot).where(Submission.state == S.SUBMITTED))) == [1, 2, 3]


def test_of_two_that_submit_with_room_for_both_both_win(world):
    with world.acting() as w:
        round_ = make_round(w)
        codes = [make_submission(w, round_, title=f"First {number}").code for number in range(2)]
    assert at_once(*(submitting(world, code) for code in codes)) == [None, None]


def test_of_two_interests_in_the_last_place_exactly_one_wins(world):
    with world.acting() as w:
        round_ = make_round(w, rules=Rules(submissions_per_city=10))
        codes = [make_submission(w, round_, state=S.ACCEPTED, title=f"Number {n}").code for n in range(6)]
        for code in codes[:4]:
            make_interest(w, find(w, code))
    world.now = WINDOWS[WindowName.INTERESTS][0]
    actor = world.actor("sofia")

    def showing(code):
        def act():
            with open_work(world.database, world.now, actor) as w:
                helsinki = w.session.get_one(Organisation, PLACES["helsinki"].id)
                actions.show_interest(w, find(w, code), helsinki, "The same problem.")

        return act

    results = at_once(*(showing(code) for code in codes[4:]))
    lost = [result for result in results if result is not None]
    assert [type(result) for result in lost] == [Refused]
    assert lost[0].problem.code == "interest_cap_reached"
