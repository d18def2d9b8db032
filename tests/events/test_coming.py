"""Seats are never given out twice, a free one goes to who waits longest, and only guests come."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from challenge.events import actions
from challenge.events.models import Registration
from challenge.events.states import Guests
from challenge.kernel.errors import Busy, Forbidden, Refused
from challenge.people.models import Person
from tests.cast import PEOPLE
from tests.events.steps import act, get, planned, seats
from tests.factories.events import make_registration

EVERYBODY = ("mari", "sofia", "aoife", "tiina", "ravi", "eero", "katrin", "peeter")


def come(world, code, *names):
    for name in names:
        act(world, name, code, actions.register)


def test_who_comes_has_a_seat_and_who_is_too_late_waits_in_order(world):
    code = planned(world, seats=2)
    come(world, code, "mari", "sofia", "ravi", "eero")
    assert seats(world, code) == {"mari": 1, "sofia": 2, "ravi": None, "eero": None}
    act(world, "mari", code, actions.leave)
    assert seats(world, code) == {"sofia": 2, "ravi": 1, "eero": None}
    come(world, code, "mari")
    assert seats(world, code) == {"sofia": 2, "ravi": 1, "eero": None, "mari": None}


def test_without_a_limit_everybody_has_a_seat(world):
    code = planned(world, seats=None)
    come(world, code, *EVERYBODY)
    assert sorted(seats(world, code).values()) == list(range(1, len(EVERYBODY) + 1))


def test_nobody_registers_twice_or_after_it_began_or_leaves_what_they_did_not_register_for(world):
    code = planned(world)
    come(world, code, "mari")
    for name, do, why in (
        ("mari", actions.register, "registered"), ("ravi", actions.leave, "not_registered"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            act(world, name, code, do)
        assert refused.value.problem.code == why
    world.move(days=10)
    for name, do in (("ravi", actions.register), ("mari", actions.leave)):
        with pytest.raises(Refused) as refused:
            act(world, name, code, do)
        assert refused.value.problem.code == "event_begun"
    with pytest.raises(Forbidden):
        act(world, "nobody", code, actions.register)


@pytest.mark.parametrize(
    ("guests", "who"), [(Guests.CITIES, {"mari", "jaan"}), (Guests.RESEARCHERS, {"ravi", "jaan"}),
                        (Guests.EVERYBODY, {"mari", "ravi", "lena", "jaan"})],
)  # fmt: skip
def test_an_event_is_for_whom_it_says(world, guests, who):
    code, came = planned(world, guests=guests), set()
    for name in ("mari", "ravi", "lena", "jaan"):
        try:
            act(world, name, code, actions.register)
        except Forbidden:
            continue
        came.add(name)
    assert came == who


def test_eight_at_once_get_three_seats_once_each(world):
    code = planned(world, seats=3)
    barrier, wrong = threading.Barrier(len(EVERYBODY)), []

    def run(name):
        barrier.wait()
        while True:
            try:
                return act(world, name, code, actions.register)
            except Busy:  # so many at once: who is turned away tries again
                continue
            except Exception as error:  # noqa: BLE001 -- told in the main thread
                return wrong.append(error)

    threads = [threading.Thread(target=run, args=(name,)) for name in EVERYBODY]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = seats(world, code)
    assert wrong == []
    assert (len(found), sorted(slot for slot in found.values() if slot)) == (len(EVERYBODY), [1, 2, 3])


def test_the_database_gives_out_no_seat_that_is_not_there(world):
    code = planned(world, seats=2)
    come(world, code, "mari")

    def put(**values):
        with world.acting() as w:
            event = get(w, code)
            row = {"event_id": event.id, "person_id": PEOPLE["ravi"].id, "slot": 2, "slot_cap": 2, "at": w.now}
            w.session.execute(sa.insert(Registration).values(**row | values))
            w.session.rollback()

    put()
    for values in ({"slot": 1}, {"slot": 3}, {"slot": 3, "slot_cap": 3}, {"slot": 0}, {"person_id": PEOPLE["mari"].id}):
        with pytest.raises(IntegrityError):
            put(**values)


def test_a_seat_that_became_free_by_itself_is_given_out_by_the_hour(world):
    code = planned(world, seats=1)
    come(world, code, "mari", "sofia", "ravi")
    with world.acting() as w:
        mine = w.session.exec(select(Registration).where(Registration.person_id == PEOPLE["mari"].id)).one()
        w.session.delete(mine)
        w.session.get_one(Person, PEOPLE["sofia"].id).disabled_at = w.now
    with world.acting() as w:
        actions.fill_all(w)
    assert seats(world, code) == {"sofia": None, "ravi": 1}


def test_who_came_is_recorded_once_it_has_begun(world):
    code = planned(world, seats=2)
    come(world, code, "mari", "sofia", "ravi")
    present = [PEOPLE["sofia"], PEOPLE["ravi"]]
    with world.acting(writing=False) as w:
        codes = [w.session.get_one(Person, one.id).code for one in present]
    with pytest.raises(Refused):
        act(world, "jaan", code, actions.attend, codes)
    world.move(days=10)
    with pytest.raises(Forbidden):
        act(world, "olev", code, actions.attend, codes)
    assert act(world, "jaan", code, actions.attend, codes) == 1
    with world.acting(writing=False) as w:
        rows = w.session.exec(select(Registration.person_id, Registration.attended)).all()
    assert dict(rows) == {PEOPLE["mari"].id: False, PEOPLE["sofia"].id: True, PEOPLE["ravi"].id: None}


def test_a_registration_of_the_factory_keeps_to_the_seats(world):
    code = planned(world, seats=1)
    with world.acting() as w:
        assert make_registration(w, get(w, code), "mari", slot=1).slot_cap == 1
    world.move(minutes=timedelta(hours=1).seconds / 60)
    come(world, code, "ravi")
    assert seats(world, code) == {"mari": 1, "ravi": None}
