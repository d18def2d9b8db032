"""Two coordinators change the member cities of one pilot at the same moment, round after round, a pilot each.

An act is one change in its own transaction. Both sides meet at a barrier before every round; what is left afterwards
is counted by plain SQL, not by the product.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from challenge.kernel.actor import Actor
from challenge.kernel.database import Database
from challenge.kernel.errors import Refused
from challenge.kernel.work import Work, open_work
from challenge.people.models import Organisation
from challenge.pilots import actions
from challenge.pilots.models import Pilot
from challenge.pilots.states import PilotState
from challenge.pilots.triggers import PAIRING
from challenge.rounds.states import CityRole
from tests.cast import PLACES
from tests.factories.pilots import make_pilot
from tests.world import NOW

CITIES = {"tartu": CityRole.LEAD, "tallinn": CityRole.PILOT, "fingal": CityRole.PILOT, "dlr": CityRole.PILOT}
MEMBER = ("city_id", "country", "role", "joined_at", "site")


@dataclass(frozen=True)
class Change:
    """A member goes; in a replacement another city comes."""

    pilot_id: int
    goes: str
    comes: str | None = None


# What the two do at once. Every pair but the third breaks the rule if neither sees the other.
PAIRS = (
    (("fingal", None), ("dlr", None)),
    (("fingal", "narva"), ("dlr", None)),
    (("fingal", "helsinki"), ("dlr", "narva")),
    (("tartu", None), ("tallinn", "helsinki")),
    (("tartu", "helsinki"), ("tallinn", None)),
)
Act = Callable[[int, Change], None]  # which of the two does what


@dataclass
class Result:
    """How often something was done or refused, what went wrong otherwise, and how many pilots break the rule."""

    done: int = 0
    refused: int = 0
    faults: list[str] = field(default_factory=list)
    violations: int = 0


def prepare(database: Database, rounds: int) -> list[int]:
    """A running pilot of two home cities and two abroad for every round: one made properly, the rest copied from it."""
    with open_work(database, NOW) as w:
        first = make_pilot(w, cities=CITIES, state=PilotState.RUNNING, imported=True)
        columns = [column.name for column in first.__table__.columns if column.name not in {"id", "code", "state"}]
        connection = w.session.connection()
        connection.execute(
            text(
                f"INSERT INTO pilot (code, state, {', '.join(columns)}) "
                f"SELECT :code, 'preparing', {', '.join(columns)} FROM pilot WHERE id = :first"
            ),
            [{"code": f"{number:08}", "first": first.id} for number in range(rounds - 1)],
        )
        connection.execute(
            text(
                f"INSERT INTO member_city (pilot_id, {', '.join(MEMBER)}) SELECT p.id, "
                f"{', '.join(f'm.{name}' for name in MEMBER)} FROM pilot p, member_city m "
                "WHERE m.pilot_id = :first AND p.id <> :first"
            ),
            {"first": first.id},
        )
        connection.execute(text("UPDATE pilot SET state = 'running'"))
        return list(connection.execute(text("SELECT id FROM pilot ORDER BY id")).scalars())


def drop_triggers(database: Database) -> None:
    """Take the database's guard away."""
    with database.engine.begin() as connection:
        for trigger in PAIRING:
            on = "" if database.is_sqlite else f" ON {trigger.name.split('_pairing')[0].split('_no_')[0]}"
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {trigger.name}{on}")


def attack(database: Database, pilots: list[int], act: Act) -> Result:
    """Let both sides act on every pilot, at once."""
    result, lock, start = Result(), threading.Lock(), threading.Barrier(2, timeout=60)

    def side(number: int) -> None:
        for place, pilot_id in enumerate(pilots):
            change = Change(pilot_id, *PAIRS[place % len(PAIRS)][number])
            start.wait()
            try:
                act(number, change)
            except (IntegrityError, Refused, StaleDataError):
                with lock:
                    result.refused += 1
            except Exception as error:  # noqa: BLE001 -- whatever it is, the test names it
                with lock:
                    result.faults.append(f"{type(error).__name__}: {error}")
            else:
                with lock:
                    result.done += 1

    threads = [threading.Thread(target=side, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    result.violations = violations(database)
    return result


def violations(database: Database) -> int:
    """Running pilots without a lead or pilot city at home and one abroad."""
    counted = "SELECT 1 FROM member_city m WHERE m.pilot_id = p.id AND m.role IN ('lead', 'pilot')"
    query = (
        "SELECT count(*) FROM pilot p WHERE p.state = 'running' AND NOT "
        f"(EXISTS ({counted} AND m.country = 'EE') AND EXISTS ({counted} AND m.country <> 'EE'))"
    )
    with database.engine.connect() as connection:
        return connection.execute(text(query)).scalar_one()


class Raw:
    """Plain SQL by two connections that know nothing of the product's guard."""

    def __init__(self, database: Database) -> None:
        self.connections = [database.engine.connect() for _side in range(2)]

    def __call__(self, number: int, change: Change) -> None:
        connection = self.connections[number]
        with connection.begin():
            if change.comes:
                insert(connection, change)
            delete(connection, change)

    def close(self) -> None:
        for connection in self.connections:
            connection.close()


class Coordinators:
    """The product's own acts, by two coordinators."""

    def __init__(self, database: Database, actors: tuple[Actor, Actor]) -> None:
        self.database, self.actors = database, actors

    def __call__(self, number: int, change: Change) -> None:
        with self.database.session(writing=True) as session:  # without the journal, whose lock comes last anyway
            w = Work(session, self.actors[number], NOW)
            pilot = w.session.get_one(Pilot, change.pilot_id)
            goes = w.session.get_one(Organisation, PLACES[change.goes].id)
            if change.comes is None:
                actions.remove_member(w, pilot, goes)
            else:
                actions.replace_member(w, pilot, goes, w.session.get_one(Organisation, PLACES[change.comes].id))
            session.commit()


class Naive(Raw):
    """A guard that looks first and then acts, without a lock: the planted bug. Both look before either acts."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.seen = threading.Barrier(2, timeout=60)

    def __call__(self, number: int, change: Change) -> None:
        connection = self.connections[number]
        with connection.begin():
            left = set(countries(connection, change))
            self.seen.wait()
            if "EE" not in left or left == {"EE"}:
                return
            if change.comes:
                insert(connection, change)
            delete(connection, change)


class Unlocked(Raw):
    """Plain SQL again; each side has its constraints checked before either commits."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.checked = threading.Barrier(2, timeout=60)

    def __call__(self, number: int, change: Change) -> None:
        connection = self.connections[number]
        with connection.begin():
            if change.comes:
                insert(connection, change)
            delete(connection, change)
            connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
            self.checked.wait()


def countries(connection: Connection, change: Change) -> Iterator[str]:
    """The countries there would be after the change."""
    yield from connection.execute(
        text("SELECT country FROM member_city WHERE pilot_id = :pilot AND city_id <> :city"),
        {"pilot": change.pilot_id, "city": PLACES[change.goes].id},
    ).scalars()
    if change.comes:
        yield PLACES[change.comes].country


def insert(connection: Connection, change: Change) -> None:
    city = PLACES[change.comes or ""]
    connection.execute(
        text(
            "INSERT INTO member_city (pilot_id, city_id, country, role, joined_at, site) "
            "VALUES (:pilot, :city, :country, 'pilot', :at, '')"
        ),
        {"pilot": change.pilot_id, "city": city.id, "country": city.country, "at": "2027-01-10 09:00:00.000000+00"},
    )


def delete(connection: Connection, change: Change) -> None:
    connection.execute(
        text("DELETE FROM member_city WHERE pilot_id = :pilot AND city_id = :city"),
        {"pilot": change.pilot_id, "city": PLACES[change.goes].id},
    )
