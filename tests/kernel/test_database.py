import threading
from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import select

from challenge.kernel.errors import Busy
from challenge.people.models import Person


def test_a_reading_unit_cannot_write(world):
    with pytest.raises(DBAPIError), world.acting("mari", writing=False) as w:
        w.session.connection().execute(text("UPDATE person SET name = 'x'"))
    with world.acting() as w:
        w.session.connection().execute(text("UPDATE person SET name = 'y' WHERE id = 1"))


def test_a_failed_unit_leaves_nothing(world):
    with pytest.raises(RuntimeError), world.acting("mari") as w:  # noqa: PT012 -- it fails at the very end
        w.session.get_one(Person, 1).name = "Changed"
        w.step("person", "x", "rename", old=None, new=None)
        w.finish()
        raise RuntimeError
    with world.acting(writing=False) as w:
        assert w.session.get_one(Person, 1).name == "Mari Maasikas"
        assert w.session.connection().execute(text("SELECT count(*) FROM step")).scalar() == 0


def test_what_failed_is_said_without_what_was_sent(world):
    with pytest.raises(DBAPIError) as failed, world.acting() as w:
        w.session.connection().execute(text("INSERT INTO nowhere (word) VALUES (:word)"), {"word": "Mari's secret"})
    assert "INSERT INTO nowhere" in str(failed.value)
    assert "secret" not in str(failed.value)


def test_read_then_write_loses_no_update(world):
    def add():
        for _turn in range(20):
            with world.acting() as w:
                query = select(Person).where(Person.id == 1)
                person = w.session.exec(query if world.database.is_sqlite else query.with_for_update()).one()
                person.name = str(int(person.name) + 1)

    with world.acting() as w:
        w.session.get_one(Person, 1).name = "0"
    threads = [threading.Thread(target=add) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with world.acting(writing=False) as w:
        assert w.session.get_one(Person, 1).name == "60"


def test_a_stale_version_is_refused(world):
    with world.acting() as w:
        person = w.session.get_one(Person, 1)
        w.session.connection().execute(text("UPDATE person SET version = version + 1 WHERE id = 1"))
        person.name = "Late"
        with pytest.raises(StaleDataError):
            w.session.flush()
        w.session.rollback()


def test_a_naive_instant_is_refused(world):
    with pytest.raises(StatementError, match="time zone"), world.acting() as w:  # noqa: PT012
        w.session.get_one(Person, 1).disabled_at = datetime(2027, 1, 1)  # noqa: DTZ001
        w.session.flush()


def test_an_instant_comes_back_in_utc(world):
    with world.acting() as w:
        w.session.get_one(Person, 1).disabled_at = world.now
    with world.acting(writing=False) as w:
        found = w.session.get_one(Person, 1).disabled_at
        assert found == world.now
        assert found.utcoffset().total_seconds() == 0


def test_more_than_two_waiting_writers_are_told_to_come_back(world):
    if not world.database.is_sqlite:
        return  # PostgreSQL queues by row
    database, entered, leave = world.database, threading.Event(), threading.Event()
    waiting = threading.Barrier(3)

    def hold():
        with database.session(writing=True):
            entered.set()
            leave.wait(10)

    def wait():
        waiting.wait(10)
        with database.session(writing=True):
            pass

    holder = threading.Thread(target=hold)
    holder.start()
    entered.wait(10)
    waiters = [threading.Thread(target=wait) for _ in range(2)]
    for thread in waiters:
        thread.start()
    waiting.wait(10)
    while database._waiting._value > 0:
        threading.Event().wait(0.005)
    with pytest.raises(Busy), database.session(writing=True):
        pass
    leave.set()
    for thread in (holder, *waiters):
        thread.join()
