"""Databases for the tests: made once per run with the cast in them, then copied per test (never truncated)."""

from __future__ import annotations

import contextlib
import gc
import itertools
import shutil

import psycopg
import pytest
from sqlalchemy import event

from challenge.kernel import migrate
from challenge.kernel.database import Database
from challenge.kernel.work import open_work
from challenge.settings import Settings
from tests import cast, postgres
from tests.world import NOW, World

_numbers = itertools.count(1)
_engines = {True: [], False: []}  # those free again: of SQLite, of PostgreSQL


def pytest_collection_finish():
    """What is imported stays: no collection need walk through it again before each few tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 1_000)


def prepared(database: Database) -> None:
    """The schema, made by the migrations, and the cast."""
    migrate.upgrade(database)
    with open_work(database, NOW) as w:
        cast.seed(w)
        if not database.is_sqlite:  # the cast has ids of its own: the sequences must go on after them
            for table in ("person", "organisation"):
                w.session.connection().exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
                )


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    prepared(database)
    database.close()  # the last connection writes the log back into the file
    return path


@pytest.fixture(scope="session")
def postgres_socket():
    with postgres.server() as socket:
        with psycopg.connect(host=str(socket), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE template_city")
        database = Database(f"postgresql+psycopg://postgres@/template_city?host={socket}")
        prepared(database)
        database.close()
        yield socket


@pytest.fixture(scope="session")
def production_postgres():
    """A server that loses nothing: ``city`` is migrated and empty, ``owner`` owns it, ``plain`` serves it.

    Yields the address for a role of it.
    """
    with postgres.server(production=True) as socket:
        with psycopg.connect(host=str(socket), user="postgres", dbname="postgres", autocommit=True) as connection:
            for role in ("owner", "plain"):
                connection.execute(f"CREATE ROLE {role} LOGIN")
            connection.execute("CREATE DATABASE city OWNER owner")
        owners = Database(f"postgresql+psycopg://owner@/city?host={socket}")
        migrate.upgrade(owners)
        migrate.grant(owners, "plain")
        owners.close()
        yield lambda role="plain": f"postgresql+psycopg://{role}@/city?host={socket}"


@contextlib.contextmanager
def opened(url):
    """A database on an engine of an earlier test, where one is free: what that compiled need not be compiled again."""
    made = Database(url, pool_size=2)
    free = _engines[made.is_sqlite]
    engine = free.pop() if free else _movable(made.engine)
    engine.url, made.engine = made.url, engine
    yield made
    made.close()
    free.append(engine)


def _movable(engine):
    @event.listens_for(engine, "do_connect")
    def connect(dialect, _record, args, options):
        args[:], more = dialect.create_connect_args(engine.url)
        options.update(more)

    return engine


BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@contextlib.contextmanager
def fresh_database(kind, request, folder):
    """A copy of the prepared database, gone afterwards."""
    if kind == "sqlite":
        path = folder / "test.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        with opened(f"sqlite:///{path}") as made:
            yield made
        return
    socket = request.getfixturevalue("postgres_socket")
    name = f"t{next(_numbers)}"
    with psycopg.connect(host=str(socket), user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template_city STRATEGY file_copy")
    with opened(f"postgresql+psycopg://postgres@/{name}?host={socket}") as made:
        yield made
    with psycopg.connect(host=str(socket), user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=BOTH)
def database(request, tmp_path):
    """A fresh database with the cast; each test that uses it runs on both."""
    with fresh_database(request.param, request, tmp_path) as made:
        yield made


@pytest.fixture
def world(database, tmp_path) -> World:
    """The cast on a fresh database, at NOW."""
    settings = Settings(
        secret_key="a secret for the tests only, long enough",
        files=tmp_path / "files",
        public_url="http://127.0.0.1:8000",
    )
    return World(database, settings)
