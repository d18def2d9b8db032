"""What production refuses to start with: every fault named at once, one line each (reliability.md §4)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy.exc import SQLAlchemyError

from challenge.kernel.clock import Clock
from challenge.kernel.database import Database
from challenge.settings import Settings
from challenge.startup import database as on_database
from challenge.startup import environment as on_environment
from challenge.startup import files as on_files
from challenge.startup import postgresql as on_postgresql

UNSAFE = 78  # EX_CONFIG of sysexits.h

ENVIRONMENT = (
    on_environment.has_a_secret,
    on_environment.has_a_public_address,
    on_environment.names_its_hosts,
    on_environment.trusts_named_proxies,
    on_environment.sends_mail,
    on_environment.reaches_the_database_in_private,
    on_environment.finds_its_scanner,
    on_environment.knows_leaked_passwords,
    on_environment.offers_sound_sign_ins,
    on_environment.is_no_demo,
    on_environment.debugs_nothing,
    on_environment.keeps_the_clock,
    on_environment.knows_time_zones,
)
FILES = (on_files.has_room, on_files.is_on_a_disk, on_files.has_a_fixed_sqlite, on_files.runs_one_process)
DATABASE = (on_database.is_migrated, on_database.has_no_example_people)
POSTGRESQL = (
    on_postgresql.role_is_plain, on_postgresql.writes_are_safe, on_postgresql.isolation_is_right,
    on_postgresql.clocks_agree,
)  # fmt: skip


class Unsafe(Exception):  # noqa: N818 -- it is a refusal
    """Production may not start like this; ``faults`` says why, one sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@contextmanager
def safe(settings: Settings, database: Database, clock: Clock) -> Iterator[None]:
    """Run the service inside: raises Unsafe before it begins, holds the SQLite file for this process alone."""
    with ExitStack() as held:
        found = list(faults(settings, database, clock, held))
        if found:
            raise Unsafe(found)
        yield


def faults(settings: Settings, database: Database, clock: Clock, held: ExitStack) -> Iterator[str]:
    """Everything that is unsafe. ``held`` keeps what must stay open while the service runs."""
    for of_settings in ENVIRONMENT:
        yield from of_settings(settings)
    for of_files in FILES:
        yield from of_files(settings, database, held)
    try:
        yield from _of_database(database, clock)
    except SQLAlchemyError as error:
        yield f"The database cannot be used: {str(error).splitlines()[0]}"


def _of_database(database: Database, clock: Clock) -> Iterator[str]:
    if database.is_sqlite and not on_files.exists(database):
        yield "The database is missing: run `challenge migrate`, then add the first person."
        return
    with database.engine.execution_options(writing=False).connect() as connection:
        for check in DATABASE:
            yield from check(connection)
        if not database.is_sqlite:
            for of_postgresql in POSTGRESQL:
                yield from of_postgresql(connection, clock)
