from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from challenge.kernel import journal, revision
from challenge.kernel.approval import Approval
from challenge.kernel.errors import Invalid, Refused
from challenge.rounds import actions, queries
from challenge.rounds.asks import Amendment
from challenge.rounds.document import in_force, prepared
from challenge.rounds.schemas import Rules, Theme
from challenge.rounds.states import Gate, RoundState, WindowName
from challenge.rounds.workflow import ROUND
from tests.factories.rounds import WINDOWS, make_round
from tests.rounds.acting import WHY, fire, later_ideas, prepare
from tests.rounds.documents import rules_with

S = RoundState


@pytest.fixture
def code(world):
    with world.acting() as w:
        return make_round(w).code


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


def test_a_long_amendment_is_told_as_far_as_there_is_room(world, code):
    themes = [*Rules().themes, *(Theme(key=f"theme_{number}", title="x" * 80) for number in range(20))]
    sizes = [size.model_copy(update={"title": "y" * 60}) for size in Rules().size_classes]
    rules = Rules(themes=themes, size_classes=sizes, host_organisations=["z" * 120] * 20, appeal_days=1)
    prepare(world, code, change=lambda old: old.model_copy(update={"rules": rules}))
    fire(world, code, "jaan", "amend", Amendment(reason="w" * 2000))
    fire(world, code, "kadri", "amend")
    with world.acting("nobody") as w:
        (item,) = queries.news(w, queries.visible(w, code))
        assert len(item.text) <= 5000
        assert item.text.endswith("- Days to appeal: 1 (before: 14)\n\nOne more change is in the rules.")


@pytest.mark.abuse(34)
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


def test_every_step_is_journalled_in_its_round(world, code):
    prepare(world, code)
    fire(world, code, "jaan", "amend", WHY)
    fire(world, code, "kadri", "amend")
    with world.acting() as w:
        steps = w.session.exec(select(journal.Step).where(journal.Step.subject_code == code)).all()
        assert [step.transition for step in steps] == ["prepare_amendment", "ask_amend", "amend"]
        assert {step.scope for step in steps} == {code}
        assert list(journal.faults(w.session)) == []
