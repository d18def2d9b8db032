"""The pairing rule while two coordinators remove and replace members at once (design.md §4.1).

Each of the two guards alone must hold: the product's (triggers dropped) and the database's (plain SQL). A third run has
neither; it must break the rule, or the first two would prove nothing. ATTACK_ROUNDS sets how many rounds each plays.
"""

from __future__ import annotations

import os

import pytest

from challenge.pilots.triggers import FUNCTION
from tests.pilots import attack

ROUNDS = int(os.environ.get("ATTACK_ROUNDS", "1000"))


@pytest.mark.abuse(33)
@pytest.mark.slow
def test_pairing_survives_with_the_guard_of_the_product_alone(world):
    pilots = attack.prepare(world.database, ROUNDS)
    attack.drop_triggers(world.database)
    act = attack.Coordinators(world.database, (world.actor("jaan"), world.actor("kadri")))

    result = attack.attack(world.database, pilots, act)

    assert (result.faults, result.violations) == ([], 0)
    assert result.done >= ROUNDS
    assert result.refused > 0


@pytest.mark.abuse(33)
@pytest.mark.slow
def test_pairing_survives_with_the_guard_of_the_database_alone(database):
    pilots = attack.prepare(database, ROUNDS)
    raw = attack.Raw(database)

    result = attack.attack(database, pilots, raw)

    raw.close()
    assert (result.faults, result.violations) == ([], 0)
    assert result.done >= ROUNDS  # the first of the two always gets through
    assert result.refused > 0


@pytest.mark.abuse(33)
@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_pairing_breaks_without_either_guard(database):
    """On SQLite there is one writer at a time: looking and acting cannot be torn apart."""
    pilots = attack.prepare(database, 20)
    attack.drop_triggers(database)
    naive = attack.Naive(database)

    result = attack.attack(database, pilots, naive)

    naive.close()
    assert result.faults == []
    assert result.violations == 16  # all but the one pair in five that is lawful together


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_pairing_breaks_when_the_trigger_does_not_lock(database):
    """The planted bug: the database's guard counts without locking the pilot. Both count before either commits."""
    pilots = attack.prepare(database, 10)
    with database.engine.begin() as connection:
        connection.exec_driver_sql(FUNCTION.replace("PERFORM 1 FROM pilot WHERE id = which FOR NO KEY UPDATE;", ""))
    raw = attack.Unlocked(database)

    result = attack.attack(database, pilots, raw)

    raw.close()
    assert (result.faults, result.violations) == ([], 8)
