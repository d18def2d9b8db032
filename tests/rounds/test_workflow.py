from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from challenge.kernel import journal, revision
from challenge.kernel.approval import Approval
from challenge.kernel.errors import Forbidden, Invalid, Missing, Refused
from challenge.kernel.workflow import faults
from challenge.rounds import actions, queries
from challenge.rounds.asks import Amendment, Cancellation
from challenge.rounds.document import in_force, prepared
from challenge.rounds.models import Announcement, Round
from challenge.rounds.schemas import Rules
from challenge.rounds.states import Gate, RoundState, WindowName
from challenge.rounds.workflow import ROUND
from tests.factories.rounds import WINDOWS, make_round
from tests.rounds.documents import document, rules_with

S = RoundState
WHY = Amendment(reason="The ferry strike kept three teams away.")
ENOUGH = Cancellation(reason="The ministry has withdrawn the money.")


@pytest.fixture
def code(world):
    with world.acting() as w:
        return make_round(w).code


def later_ideas(round_document, days=7):
    return round_document.model_copy(
        update={
            "windows": [
                window.model_copy(update={"closes_at": window.closes_at + timedelta(days=days)})
                if window.name is WindowName.IDEAS
                else window
                for window in round_document.windows
            ]
        }
    )


def prepare(world, code, name="jaan", change=later_ideas):
    with world.acting(name) as w:
        round_ = queries.visible(w, code)
        actions.revise(w, round_, change(in_force(w, round_)))


def fire(world, code, name, transition, given=None):
    with world.acting(name) as w:
        return actions.fire(w, queries.visible(w, code), transition, given)


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


def test_an_amendment_is_nothing_until_two_people_agree(world, code):
    prepare(world, code)
    assert not fire(world, code, "jaan", "amend", WHY).done
    with world.acting("jaan") as w:
        round_ = queries.visible(w, code)
        assert in_force(w, round_) != prepared(w, round_)
        assert queries.windows(w, round_)[WindowName.IDEAS].closes_at == WINDOWS[WindowName.IDEAS][1]
        assert round_.rules_version == 1
        assert queries.news(w, round_) == []

    assert fire(world, code, "kadri", "amend").done
    with world.acting("nobody") as w:
        round_ = queries.visible(w, code)
        assert queries.windows(w, round_)[WindowName.IDEAS].closes_at == WINDOWS[WindowName.IDEAS][1] + timedelta(
            days=7
        )
        assert (round_.rules_version, round_.amendment, round_.state) == (2, None, S.PUBLISHED)
        news = queries.news(w, round_)
        assert [item.rules_version for item in news] == [2]
        assert news[0].text == (
            "The ferry strike kept three teams away.\n\n"
            "- Ideas close: Wed 7 April 2027, 17:00 (Tallinn) (before: Wed 31 March 2027, 17:00 (Tallinn))"
        )
        assert revision.at(w, "round", code, 1).content == in_force(w, round_).model_dump(mode="json")


def test_an_amendment_of_rules_is_in_force_for_everybody(world, code):
    prepare(world, code, change=lambda old: old.model_copy(update={"rules": Rules(grace_seconds=0)}))
    fire(world, code, "jaan", "amend", WHY)
    fire(world, code, "kadri", "amend")
    with world.acting("nobody") as w:
        round_ = queries.visible(w, code)
        assert queries.rules_of(round_).grace_seconds == 0
        assert "Seconds of grace after a deadline: 0 (before: 120)" in queries.news(w, round_)[0].text


def test_nobody_turns_both_keys(world, code):
    prepare(world, code)
    fire(world, code, "jaan", "amend", WHY)
    with world.acting("jaan") as w, pytest.raises(Refused) as refused:
        actions.fire(w, queries.visible(w, code), "amend", WHY)
    assert refused.value.problem.code == "second_person"


def test_a_second_key_for_something_else_opens_nothing(world, code):
    """What was asked for holds for the version it was asked for: a change in between asks anew."""
    prepare(world, code)
    fire(world, code, "jaan", "amend", WHY)
    prepare(world, code, name="kadri", change=lambda old: later_ideas(old, days=30))

    assert not fire(world, code, "kadri", "amend", WHY).done
    with world.acting("nobody") as w:
        assert queries.visible(w, code).rules_version == 1
    with world.acting() as w:
        asked = w.session.exec(select(Approval).order_by(Approval.id)).all()
        assert [approval.dropped_at is None for approval in asked] == [False, True]


def test_a_request_ends_after_fourteen_days(world, code):
    prepare(world, code)
    fire(world, code, "jaan", "amend", WHY)
    world.move(days=14)
    assert not fire(world, code, "kadri", "amend", WHY).done


def test_counting_open_matters_leaves_a_request_standing(world, code):
    prepare(world, code)
    fire(world, code, "jaan", "amend", WHY)
    with world.acting() as w:
        round_ = queries.visible(w, code)
        before = round_.version
        actions.count_open(w, round_, 3)
        assert (round_.open_matters, round_.version) == (3, before)
    assert fire(world, code, "kadri", "amend").done


def test_amend_needs_something_prepared(world, code):
    with world.acting("jaan") as w:
        (problem,) = [offer.problem for offer in ROUND.offers(w, queries.visible(w, code)) if offer.row.name == "amend"]
        assert problem.code == "nothing_prepared"


def test_what_people_rely_on_cannot_be_amended(world, code):
    world.now = WINDOWS[WindowName.IDEAS][0] - timedelta(days=1)
    changes = [
        ({"rules": rules_with(frozenset({Gate.IDEA}))}, {"rules.gates"}),
        ({"rules": Rules(themes=Rules().themes[1:])}, {"rules.themes"}),
        ({"rules": Rules(size_classes=[])}, {"rules.size_classes"}),
        ({"windows": []}, {f"windows.{name}" for name in WindowName} - {"windows.interests", "windows.preferences"}),
    ]
    with world.acting("jaan") as w:
        round_ = queries.visible(w, code)
        old = in_force(w, round_)
        for change, fields in [*changes, ({"windows": later_ideas(old, -100).windows}, {"windows.ideas"})]:
            with pytest.raises(Invalid) as refused:
                actions.revise(w, round_, old.model_copy(update=change))
            assert set(refused.value.problem.fields) == fields


def test_criteria_stay_once_their_gate_has_opened(world, code):
    gate = Gate.PILOT_PROPOSAL
    gates = Rules().gates
    fewer = gates | {gate: gates[gate].model_copy(update={"criteria": gates[gate].criteria[:2]})}

    def change(old):
        return old.model_copy(update={"rules": Rules(gates=fewer)})

    prepare(world, code, change=change)
    world.now = WINDOWS[WindowName.PILOT_PROPOSALS][0]
    with world.acting("jaan") as w:
        round_ = queries.visible(w, code)
        (offer,) = [offer for offer in ROUND.offers(w, round_) if offer.row.name == "amend"]
        assert set(offer.problem.fields) == {"rules.gates.pilot_proposal.criteria"}


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


def test_every_step_is_journalled_in_its_round(world, code):
    prepare(world, code)
    fire(world, code, "jaan", "amend", WHY)
    fire(world, code, "kadri", "amend")
    with world.acting() as w:
        steps = w.session.exec(select(journal.Step).where(journal.Step.subject_code == code)).all()
        assert [step.transition for step in steps] == ["prepare_amendment", "ask_amend", "amend"]
        assert {step.scope for step in steps} == {code}
        assert list(journal.faults(w.session)) == []


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
