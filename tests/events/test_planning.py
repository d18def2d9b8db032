"""Coordinators plan, change and cancel; whoever is registered hears of what concerns them, and is reminded once."""

from datetime import timedelta

import pytest
from sqlmodel import select

from challenge.events import actions, queries
from challenge.events.schemas import Cancellation
from challenge.events.states import EventState
from challenge.kernel.errors import Forbidden, Invalid, Missing, Refused
from challenge.notifications.models import Message
from challenge.people.models import Person
from challenge.rounds.states import RoundState
from tests.cast import PEOPLE
from tests.events.steps import act, get, planned, seats
from tests.factories.events import given_of, make_event
from tests.factories.rounds import make_round
from tests.ticking import tick


def told(world):
    """Who was told what, in order."""
    tick(world)
    with world.acting(writing=False) as w:
        rows = w.session.exec(
            select(Person.name, Message.template, Message.subject, Message.text)
            .join(Message, Message.person_id == Person.id)
            .where(Message.template.like("event.%"))
            .order_by(Message.id)
        ).all()
        return [(name.split()[0].lower(), template.split(".")[1], f"{subject} {text}") for name, template, subject, text
                in rows]  # fmt: skip


def revise(world, code, by="jaan", **fields):
    with world.acting(by) as w:
        event = get(w, code)
        was = {name: getattr(event, name) for name in given_of(w).model_dump()}
        actions.revise(w, event, given_of(w, **{**was, **fields}))


def test_only_coordinators_plan_and_others_see_it_once_it_is_announced(world):
    with world.acting() as w:
        round_ = make_round(w)
    for name in ("mari", "olev", "nobody"):
        with world.acting(name) as w, pytest.raises(Forbidden):
            actions.plan(w, round_, given_of(w))
    with world.acting("jaan") as w:
        code = actions.plan(w, round_, given_of(w)).code
    for name in ("mari", "lena", "nobody"):
        with world.acting(name, writing=False) as w, pytest.raises(Missing):
            queries.visible(w, code)
    with world.acting("olev", writing=False) as w:
        assert [one.code for one in queries.events_of(w, round_)] == [code]
    with world.acting("jaan") as w:
        actions.fire(w, get(w, code), "announce")
    with world.acting("nobody", writing=False) as w:
        assert queries.visible(w, code).state is EventState.ANNOUNCED
        assert [one.code for one in queries.events_of(w, round_)] == [code]


def test_no_event_of_a_round_that_is_over_or_a_time_that_is_past(world):
    with world.acting() as w:
        closed = make_round(w, title="Closed", state=RoundState.CLOSED)
        round_ = make_round(w)
    with world.acting("jaan") as w, pytest.raises(Refused):
        actions.plan(w, closed, given_of(w))
    for wrong, field in (
        ({"begins_at": world.now}, "begins_at"),
        ({"ends_at": world.now + timedelta(days=10)}, "ends_at"),
    ):
        with world.acting("jaan") as w, pytest.raises(Invalid) as refused:
            actions.plan(w, round_, given_of(w, **wrong))
        assert list(refused.value.problem.fields) == [field]


def test_who_is_registered_hears_of_another_time_and_not_of_another_word(world):
    code = planned(world, seats=1)
    for name in ("mari", "ravi"):
        act(world, name, code, actions.register)
    revise(world, code, text="We read three challenges together.")
    assert told(world) == []
    moved = world.now + timedelta(days=12, hours=1)
    revise(world, code, begins_at=moved, ends_at=moved + timedelta(hours=2))
    heard = told(world)
    assert [(name, what) for name, what, _text in heard] == [("mari", "move"), ("ravi", "move")]
    assert "22 January 2027, 12:00" in heard[0][2]


def test_who_is_registered_hears_that_it_is_cancelled_and_why(world):
    code = planned(world)
    act(world, "mari", code, actions.register)
    with world.acting("jaan") as w:
        actions.fire(w, get(w, code), "cancel", Cancellation(reason="The speaker is ill."))
    (one,) = told(world)
    assert one[:2] == ("mari", "cancel")
    assert "The speaker is ill." in one[2]
    for do in (actions.register, actions.leave):
        with pytest.raises(Refused):
            act(world, "ravi", code, do)


def test_who_gets_a_free_seat_is_told(world):
    code = planned(world, seats=1)
    for name in ("mari", "ravi"):
        act(world, name, code, actions.register)
    act(world, "mari", code, actions.leave)
    assert [(name, what) for name, what, _text in told(world)] == [("ravi", "take_seat")]


def test_more_seats_are_given_out_and_fewer_only_as_far_as_they_are_free(world):
    code = planned(world, seats=3)
    for name in ("mari", "ravi", "eero", "sofia", "katrin"):
        act(world, name, code, actions.register)
    act(world, "mari", code, actions.leave)
    act(world, "ravi", code, actions.leave)
    assert seats(world, code) == {"eero": 3, "sofia": 1, "katrin": 2}
    act(world, "sofia", code, actions.leave)
    with pytest.raises(Invalid) as refused:
        revise(world, code, seats=1)
    assert list(refused.value.problem.fields) == ["seats"]
    revise(world, code, seats=2)
    assert seats(world, code) == {"eero": 2, "katrin": 1}
    act(world, "mari", code, actions.register)
    assert seats(world, code)["mari"] is None
    revise(world, code, seats=None)
    assert seats(world, code)["mari"] == 3
    revise(world, code, seats=4)
    act(world, "ravi", code, actions.register)
    act(world, "sofia", code, actions.register)
    assert (seats(world, code)["ravi"], seats(world, code)["sofia"]) == (4, None)


def test_who_has_a_seat_is_reminded_once_the_day_before(world):
    code = planned(world, seats=1)
    for name in ("mari", "ravi"):
        act(world, name, code, actions.register)
    world.move(days=8, hours=23)
    assert told(world) == []
    world.move(hours=1)
    assert [(name, what) for name, what, _text in told(world)] == [("mari", "remind")]
    world.move(minutes=30)
    assert len(told(world)) == 1


def test_an_event_that_was_moved_or_cancelled_is_not_reminded_of(world):
    code, other = planned(world), None
    act(world, "mari", code, actions.register)
    with world.acting() as w:
        other = make_event(w, make_round(w, title="Other")).code
    act(world, "ravi", other, actions.register)
    revise(world, code, begins_at=world.now + timedelta(days=20), ends_at=world.now + timedelta(days=21))
    with world.acting("jaan") as w:
        actions.fire(w, get(w, other), "cancel", Cancellation(reason="No room."))
    world.move(days=9)
    assert sorted(what for _name, what, _text in told(world)) == ["cancel", "move"]
    world.move(days=10)
    assert sorted(what for _name, what, _text in told(world)) == ["cancel", "move", "remind"]


def test_who_reads_estonian_reads_the_day_in_estonian(world):
    code = planned(world)
    with world.acting() as w:
        w.session.get_one(Person, PEOPLE["mari"].id).locale = "et"
    act(world, "mari", code, actions.register)
    world.move(days=9)
    ((_name, _what, text),) = told(world)
    assert "20. jaanuar 2027, 11:00" in text
