from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from challenge.kernel import revision
from challenge.kernel.errors import Forbidden, Missing, Refused
from challenge.kernel.workflow import faults
from challenge.rounds import actions, queries
from challenge.rounds.asks import Cancellation
from challenge.rounds.models import Announcement, Round
from challenge.rounds.states import Gate, RoundState, WindowName
from challenge.rounds.workflow import ROUND
from tests.factories.rounds import WINDOWS, make_round
from tests.rounds.acting import WHY, fire, prepare
from tests.rounds.documents import document, rules_with

S = RoundState
ENOUGH = Cancellation(reason="The ministry has withdrawn the money.")


@pytest.fixture
def code(world):
    with world.acting() as w:
        return make_round(w).code


def test_the_table_has_no_faults():
    assert faults(ROUND) == []


def test_publish_shows_the_round_and_keeps_a_revision(world):
    with world.acting() as w:
        code = make_round(w, state=S.DRAFT).code
    fire(world, code, "jaan", "publish")
    with world.acting("nobody") as w:
        round_ = queries.visible(w, code)
        assert (round_.state, round_.published_at, round_.rules_version) == (S.PUBLISHED, w.now, 1)
        assert revision.at(w, "round", code, 1).content["title"] == round_.title


def test_publish_names_what_is_missing(world):
    windows = {name: dates for name, dates in WINDOWS.items() if name is not WindowName.IDEAS}
    with world.acting("jaan") as w:
        round_ = make_round(w, state=S.DRAFT, windows=windows)
        with pytest.raises(Refused) as refused:
            actions.fire(w, round_, "publish")
        assert {name: str(text) for name, text in refused.value.problem.fields.items()} == {
            "windows.ideas": "Give dates for “Ideas”."
        }


def test_publish_wants_no_dates_for_a_gate_that_is_off(world):
    rules = rules_with(frozenset({Gate.FULL_PROPOSAL}))
    names = {WindowName.CHALLENGES, WindowName.FULL_PROPOSALS, WindowName.JURY}
    with world.acting("jaan") as w:
        round_ = make_round(w, state=S.DRAFT, rules=rules, windows={name: WINDOWS[name] for name in names})
        assert actions.fire(w, round_, "publish").done


def test_publish_wants_windows_in_order(world):
    swapped = WINDOWS | {
        WindowName.IDEAS: WINDOWS[WindowName.FULL_PROPOSALS],
        WindowName.FULL_PROPOSALS: WINDOWS[WindowName.IDEAS],
    }
    with world.acting("jaan") as w:
        round_ = make_round(w, state=S.DRAFT, windows=swapped)
        with pytest.raises(Refused) as refused:
            actions.fire(w, round_, "publish")
        assert set(refused.value.problem.fields) == {"windows.pilot_proposals", "windows.full_proposals"}


def test_only_coordinators_run_a_round(world, code):
    for name in ["mari", "ravi", "lena", "olev", "anna", "nobody"]:
        with world.acting(name) as w:
            round_ = queries.visible(w, code)
            assert ROUND.offers(w, round_) == []
            for transition in ["amend", "close", "cancel"]:
                with pytest.raises(Forbidden):
                    actions.fire(w, round_, transition, WHY)


def test_close_waits_until_nothing_is_open(world, code):
    with world.acting("jaan") as w:
        round_ = queries.visible(w, code)
        actions.count_open(w, round_, 2)
        with pytest.raises(Refused) as refused:
            actions.fire(w, round_, "close")
        assert str(refused.value.problem.text).startswith("2 matters are open")
        actions.count_open(w, round_, -2)
        actions.fire(w, round_, "close")
        actions.fire(w, round_, "archive")
        assert round_.state is S.ARCHIVED


def test_close_forgets_an_amendment_nobody_approved(world, code):
    prepare(world, code)
    fire(world, code, "jaan", "close")
    with world.acting("nobody") as w:
        assert queries.visible(w, code).amendment is None


def test_cancel_takes_two_and_tells_why(world, code):
    assert not fire(world, code, "jaan", "cancel", ENOUGH).done
    with world.acting("jaan") as w, pytest.raises(Refused):
        actions.fire(w, queries.visible(w, code), "cancel", ENOUGH)
    assert fire(world, code, "kadri", "cancel").done
    with world.acting("nobody") as w:
        round_ = queries.visible(w, code)
        assert round_.state is S.CANCELLED
        assert [item.text for item in queries.news(w, round_)] == [ENOUGH.reason]


def test_cancelling_a_draft_takes_two_and_tells_nobody(world):
    with world.acting() as w:
        code = make_round(w, state=S.DRAFT).code
    fire(world, code, "jaan", "cancel", ENOUGH)
    fire(world, code, "kadri", "cancel")
    with world.acting() as w:
        assert queries.visible(w, code).state is S.CANCELLED
        assert w.session.exec(select(Announcement)).all() == []
    with world.acting("nobody") as w, pytest.raises(Missing):
        queries.visible(w, code)


PEOPLE = ["jaan", "kadri", "mari", "lena", "olev", "anna", "nobody"]
GIVEN = {"amend": WHY, "cancel": ENOUGH}


@given(data=st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_button_is_offered_exactly_when_firing_works(world, data):
    state = data.draw(st.sampled_from(S), "state")
    name, transition = data.draw(st.sampled_from(PEOPLE), "name"), data.draw(st.sampled_from(ROUND.names), "transition")
    whole, opened = data.draw(st.booleans(), "whole"), data.draw(st.integers(0, 1), "opened")
    asked_by = data.draw(st.sampled_from([None, "jaan", "kadri"]), "asked_by")
    amendment = document().model_dump(mode="json") if state is S.PUBLISHED and data.draw(st.booleans()) else None
    with world.acting() as w:
        for old in w.session.exec(select(Round)):
            old.title = old.code
        made = make_round(
            w, title="Round 2028", state=state, windows=None if whole else {}, amendment=amendment,
            open_matters=0 if state is S.CLOSED else opened,
        )  # fmt: skip
        code = made.code
    if asked_by:
        with world.acting(asked_by) as w:
            round_ = queries.visible(w, code)
            for offer in ROUND.offers(w, round_):
                if offer.row.name == transition and offer.row.keys > 1 and offer.problem is None:
                    actions.fire(w, round_, transition, GIVEN[transition])
    with world.acting("system" if state in {S.DRAFT, S.CANCELLED} else name) as w:
        queries.visible(w, code)
    with world.acting(name) as w:
        round_ = w.session.exec(select(Round).where(Round.code == code)).one()
        open_now = {offer.row.name for offer in ROUND.offers(w, round_) if offer.problem is None}
        before = round_.state

        happened = tried(w, round_, transition)

        assert happened == (transition in open_now)
        assert happened or round_.state == before


def tried(w, round_, transition):
    try:
        actions.fire(w, round_, transition, GIVEN.get(transition))
    except (Refused, Forbidden):
        return False
    return True
