from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck as H
from hypothesis import given, settings
from hypothesis import strategies as st

from challenge.kernel.errors import Forbidden, Missing, Refused
from challenge.kernel.journal import faults as journal_faults
from challenge.kernel.workflow import faults
from challenge.rounds.schemas import Rules
from challenge.submissions import actions, rules
from challenge.submissions.states import SubmissionState as S
from challenge.submissions.workflow import SUBMISSION
from tests.cast import PEOPLE
from tests.factories.rounds import make_round
from tests.factories.submissions import GIVEN, find, path_to, submission_in
from tests.submissions.marks import on_sqlite
from tests.submissions.matrix import MATRIX, computed

ROWS = [row for row in SUBMISSION.rows if row.offered]


def test_the_table_has_no_faults():
    assert faults(SUBMISSION) == []


@on_sqlite
@pytest.mark.parametrize("state", list(S))
def test_every_state_is_reached_by_real_steps(world, state):
    code = submission_in(world, state)
    with world.acting() as w:
        assert find(w, code).state is state
        assert list(journal_faults(w.session)) == []


def test_the_way_to_a_state_is_the_shortest():
    assert path_to(S.DRAFT) == []
    assert path_to(S.ACCEPTED) == ["submit", "review", "accept"]
    assert path_to(S.PILOTED) == ["submit", "review", "accept", "pilot"]


@on_sqlite
def test_who_may_do_what_is_as_reviewed(world):
    """Role × state × transition: whom each row of the table lets, by its who-rule alone."""
    assert computed(world) == MATRIX


@pytest.fixture
def states(world):
    """One round with a submission of Tartu in every state; the cap is raised, so that all fit."""
    with world.acting() as w:
        code = make_round(w, rules=Rules(submissions_per_city=20)).code
    return world, {state: submission_in(world, state, code, title=f"In {state}") for state in S}


@settings(max_examples=150, deadline=None, suppress_health_check=[H.function_scoped_fixture], derandomize=True)
@given(
    state=st.sampled_from(list(S)),
    name=st.sampled_from(sorted(PEOPLE)),
    row=st.sampled_from(ROWS),
    day=st.sampled_from([-10, 0, 21, 22, 40, 400]),
)
def test_a_button_is_offered_exactly_when_firing_works(states, state, name, row, day):
    world, codes = states
    now = world.now
    world.now = now + timedelta(days=day)
    try:
        with world.acting(name) as w:
            submission = find(w, codes[state])
            offers = {offer.row.name: offer.problem for offer in SUBMISSION.offers(w, submission)}
            open_now = {offered for offered, problem in offers.items() if problem is None}
            try:
                actions.fire(w, submission, row.name, GIVEN.get(row.name))
            except Forbidden:
                assert row.name not in offers
                assert submission.state is state
            except Refused:
                assert row.name not in open_now
                assert submission.state is state
            else:
                assert row.name in open_now
                assert submission.state is row.target
            w.session.rollback()
            w._entries.clear()
    finally:
        world.now = now


@on_sqlite
@pytest.mark.parametrize("name", ["develop", "enter_selection", "pilot", "reinstate"])
def test_what_a_higher_act_does_is_no_button(world, name):
    code = submission_in(world, S.REJECTED if name == "reinstate" else S.ACCEPTED)
    with world.acting("jaan") as w, pytest.raises(Missing):
        actions.fire(w, find(w, code), name)
    path = f"/submissions/{code}/transitions/{name}"
    assert world.client("jaan").post(path, data={}).status_code == 404


def test_sending_back_gives_more_time_and_keeps_the_place(world):
    code = submission_in(world, S.RETURNED)
    world.now = datetime(2027, 6, 1, tzinfo=UTC)  # long after the window, within the extension
    with world.acting("mari") as w:
        returned = find(w, code)
        assert returned.slot == 1
        actions.fire(w, returned, "submit")
        assert returned.state is S.SUBMITTED
    page = world.client("mari").get(f"/submissions/{code}").text
    assert "More time given" in page


def test_sending_back_needs_a_date_ahead(world):
    code = submission_in(world, S.IN_REVIEW)
    path = f"/submissions/{code}/transitions/send_back"
    jaan = world.client("jaan")
    assert jaan.get(path).status_code == 200
    assert jaan.post(path, data={"reason": "Why", "until": ""}).status_code == 422
    assert jaan.post(path, data={"reason": "Why", "until": "2020-01-01T10:00"}).status_code == 422
    with world.acting() as w:
        assert find(w, code).state is S.IN_REVIEW
    assert jaan.post(path, data={"reason": "Why", "until": "2027-03-01T10:00"}).status_code == 303


def test_releasing_waits_until_nothing_rests_on_it(world):
    code = submission_in(world, S.CO_DEVELOPMENT)
    with world.acting() as w:
        find(w, code).live_proposals = 2
    with world.acting("jaan") as w, pytest.raises(Refused) as refused:
        actions.fire(w, find(w, code), "release")
    assert str(refused.value.problem.text) == "2 proposals still rest on it."
    page = world.client("jaan").get(f"/submissions/{code}").text
    assert "2 proposals still rest on it." in page


def test_the_service_lets_overdue_drafts_lapse_and_releases_what_nobody_answers(world):
    draft = submission_in(world, S.DRAFT)
    with world.acting() as w:
        round_code = find(w, draft).round_code
    accepted = submission_in(world, S.ACCEPTED, round_code, title="Another")
    with world.acting() as w:
        assert actions.lapse_overdue(w, _round(w, draft)) == []
    world.move(days=22)
    with world.acting() as w:
        assert [one.code for one in actions.lapse_overdue(w, _round(w, draft))] == [draft]
        assert [one.code for one in actions.release_all(w, _round(w, draft))] == [accepted]
        assert actions.lapse_overdue(w, _round(w, draft)) == []


def _round(w, code):
    return rules.round_of(w, find(w, code))
