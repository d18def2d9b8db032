"""Who asks for too much that is not theirs, or reads too many reviews, is told to the administrators, once."""

from datetime import timedelta

import pytest
from sqlmodel import select

from challenge.http.watch import MOST, Watch
from challenge.kernel.journal import Step
from challenge.notifications import actions
from challenge.notifications.models import Message
from tests.cast import PEOPLE
from tests.world import NOW


@pytest.fixture
def watch():
    return Watch()


@pytest.mark.parametrize("kind", MOST)
def test_it_is_told_once_over_the_limit_and_again_ten_minutes_later(watch, kind):
    most = MOST[kind]
    told = [watch.note(1, kind, f"/x/{number}", NOW) for number in range(most + 40)]
    assert [count for count in told if count] == [most + 1]
    later = [watch.note(1, kind, f"/x/{n}", NOW + timedelta(minutes=10)) for n in range(most + 1)]
    assert [count for count in later if count] == [most + 1]


def test_the_same_object_again_and_other_people_do_not_add_up(watch):
    for person in range(1, 60):
        assert watch.note(person, "denials", "/x/1", NOW) == 0
    assert {watch.note(1, "denials", "/x/1", NOW) for _again in range(100)} == {0}


def test_slow_reading_is_nobodys_business(watch):
    for minute in range(300):
        assert watch.note(1, "denials", f"/x/{minute}", NOW + timedelta(minutes=minute)) == 0


@pytest.mark.abuse(27)
def test_trying_addresses_is_journalled_and_administrators_are_told(world):
    mari = world.client("mari")
    for number in range(51):
        assert mari.get(f"/submissions/ZZZZZZ{number:02}").status_code == 404
    with world.acting() as w:
        (step,) = w.session.exec(select(Step).where(Step.transition == "denials_alert"))
        while actions.tell(w, "http://127.0.0.1:8000"):
            pass
        (message,) = w.session.exec(select(Message).where(Message.template.like("person.denials_alert.%")))
    assert (step.workflow, step.actor_id) == ("person", None)
    assert message.person_id == PEOPLE["anna"].id
    assert "Mari Maasikas asked for more than 50 records" in message.text
    assert mari.get("/submissions/ZZZZZZZZ").status_code == 404


def test_visitors_and_wrong_addresses_are_not_watched(world):
    for number in range(60):
        world.client().get(f"/challenges/ZZZZZZ{number:02}")
        world.client("mari").get(f"/nowhere/{number}")
    with world.acting() as w:
        assert w.session.exec(select(Step).where(Step.workflow == "person")).all() == []
