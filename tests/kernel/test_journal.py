import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from challenge.kernel import journal
from challenge.kernel.journal import Step, StepDelivery
from challenge.kernel.triggers import existing, registered


def write_some(world, count=3):
    with world.acting("mari") as w:
        for number in range(count):
            w.step("thing", "TH1NG001", f"act_{number}", old=str(number), new=str(number + 1), given={"n": number})


def test_a_chain_verifies_and_every_step_waits_for_delivery(world):
    write_some(world)
    with world.acting(writing=False) as w:
        assert list(journal.faults(w.session)) == []
        assert len(w.session.exec(select(StepDelivery)).all()) == 3


@pytest.mark.abuse(35)
@pytest.mark.parametrize("statement", ["UPDATE step SET transition = 'x'", "DELETE FROM step"])
def test_a_step_is_never_changed_or_removed(world, statement):
    write_some(world)
    with pytest.raises(DBAPIError, match="append-only"), world.acting() as w:
        w.session.connection().execute(text(statement))


@pytest.mark.abuse(35)
def test_a_step_is_never_replaced_or_truncated(world):
    write_some(world)
    attack = "INSERT OR REPLACE INTO step SELECT * FROM step" if world.database.is_sqlite else "TRUNCATE step CASCADE"
    with pytest.raises(DBAPIError, match="append-only"), world.acting() as w:
        w.session.connection().execute(text(attack))


COLUMNS = [
    "workflow",
    "subject_code",
    "transition",
    "old_state",
    "new_state",
    "scope",
    "digest",
    "hash",
    "previous_hash",
]


@pytest.mark.abuse(35)
@pytest.mark.parametrize("column", COLUMNS)
def test_tampering_behind_the_triggers_is_found(world, column):
    write_some(world)
    with world.acting() as w:
        connection = w.session.connection()
        if world.database.is_sqlite:
            connection.execute(text("DROP TRIGGER step_no_update"))
        else:
            connection.execute(text("ALTER TABLE step DISABLE TRIGGER USER"))
        connection.execute(text(f"UPDATE step SET {column} = 'forged' WHERE id = 2"))
    with world.acting(writing=False) as w:
        assert any("step 2" in fault for fault in journal.faults(w.session))


@pytest.mark.abuse(35)
def test_changed_words_are_found(world):
    write_some(world)
    with world.acting() as w:
        w.session.connection().execute(text("""UPDATE step_text SET given = '{"n": 7}' WHERE step_id = 2"""))
    with world.acting(writing=False) as w:
        assert [f for f in journal.faults(w.session) if "step 2" in f] == [
            "step 2: the words given with it were changed"
        ]


@pytest.mark.abuse(35)
def test_a_removed_step_is_found(world):
    write_some(world)
    with world.acting() as w:
        connection = w.session.connection()
        connection.execute(text("DELETE FROM step_text"))
        connection.execute(text("DELETE FROM step_delivery"))
        if world.database.is_sqlite:
            connection.execute(text("DROP TRIGGER step_no_delete"))
        else:
            connection.execute(text("ALTER TABLE step DISABLE TRIGGER USER"))
        connection.execute(text("DELETE FROM step WHERE id = 2"))
    with world.acting(writing=False) as w:
        assert any("does not follow" in fault for fault in journal.faults(w.session))


def test_a_jump_of_state_is_found(world):
    with world.acting() as w:
        w.step("thing", "TH1NG001", "a", old=None, new="one")
        w.step("thing", "TH1NG001", "b", old="two", new="three")
    with world.acting(writing=False) as w:
        assert any("the step says two" in fault for fault in journal.faults(w.session))


def test_many_writers_make_one_chain(world):
    def write(number):
        for turn in range(10):
            with world.acting("mari") as w:
                w.step("thing", f"TH1NG{number:03}", f"turn_{turn}", old=str(turn), new=str(turn + 1))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with world.acting(writing=False) as w:
        assert list(journal.faults(w.session)) == []
        assert len(w.session.exec(select(Step)).all()) == 30


def test_every_declared_trigger_exists(world):
    with world.database.engine.connect() as connection:
        have = existing(connection)
    dialect = "sqlite" if world.database.is_sqlite else "postgresql"
    assert {trigger.name for trigger in registered() if getattr(trigger, dialect)} <= have
