"""What the database must be before production starts."""

import contextlib
import sqlite3

import psycopg
import pytest
from sqlalchemy.engine import make_url

postgres = pytest.mark.postgres


def test_a_database_that_is_not_there(place, sqlite):
    sqlite.unlink()
    code, lines = place.start()
    assert code == 78
    assert lines == ["The database is missing: run `challenge migrate`, then add the first person."]
    assert not sqlite.exists()


def test_pending_migrations(place, sqlite):
    with contextlib.closing(sqlite3.connect(sqlite)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    code, lines = place.start()
    assert code == 78
    assert [line.split(",")[0] for line in lines] == ["Migrations are pending (the schema is 0000"]


def test_an_empty_file(place, sqlite):
    sqlite.write_bytes(b"")
    code, lines = place.start()
    assert code == 78
    assert [line.split(",")[0] for line in lines] == ["Migrations are pending (the schema is empty"]


def test_a_file_that_is_no_database(place, sqlite):
    sqlite.write_text("not a database " * 100)
    code, lines = place.start()
    assert code == 78
    assert [line.split(":")[0] for line in lines] == ["The database cannot be used"]


def test_example_people(place, sqlite, sqlite_template):
    sqlite.write_bytes(sqlite_template.read_bytes())
    code, lines = place.start()
    assert code == 78
    assert [line.split(" (")[0] for line in lines] == ["16 people have addresses that cannot exist"]


def test_the_demos_database(place, sqlite):
    demo = sqlite.rename(sqlite.with_name("demo.db"))
    assert place.start(database_url=f"sqlite:///{demo}") == (78, ["CHALLENGE_DATABASE_URL is the demo's database."])


@postgres
def test_a_plain_role_on_a_server_that_syncs_starts(on_postgres):
    assert on_postgres.start() == (0, [])
    assert on_postgres.start(workers="2") == (0, [])


@postgres
def test_the_owner_of_the_tables(on_postgres, production_postgres):
    code, lines = on_postgres.start(database_url=production_postgres("owner"))
    assert code == 78
    assert [line.split(" and ")[0] for line in lines] == ["The database role owner owns the tables"]


@postgres
def test_a_superuser_on_a_server_that_does_not_sync(on_postgres, postgres_socket):
    url = f"postgresql+psycopg://postgres@/template_city?host={postgres_socket}"
    code, lines = on_postgres.start(database_url=url)
    assert code == 78
    assert lines[1:] == [
        "The database role postgres is a superuser: use a plain one.",
        *(
            f"PostgreSQL runs with {name} = off: what was received could be lost."
            for name in ("fsync", "synchronous_commit", "full_page_writes")
        ),
    ]
    assert lines[0].startswith("16 people")


@contextlib.contextmanager
def altered(production_postgres, attribute: str, back: str):
    """The plain role, altered for a while."""
    socket = make_url(production_postgres()).query["host"]
    with psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"ALTER ROLE plain {attribute}")
        yield
        connection.execute(f"ALTER ROLE plain {back}")


ROLES = [
    ("BYPASSRLS", "NOBYPASSRLS", "The database role plain may bypass row security: use a plain one."),
    (
        "SET synchronous_commit = off", "RESET synchronous_commit",
        "PostgreSQL runs with synchronous_commit = off: what was received could be lost.",
    ),
    (
        "SET default_transaction_isolation = 'repeatable read'", "RESET default_transaction_isolation",
        "PostgreSQL's default_transaction_isolation is REPEATABLE READ, which breaks the pairing rule.",
    ),
]  # fmt: skip


@postgres
@pytest.mark.parametrize(("attribute", "back", "line"), ROLES, ids=[role[0] for role in ROLES])
def test_a_role_with_an_unsafe_attribute(on_postgres, production_postgres, attribute, back, line):
    with altered(production_postgres, attribute, back):
        assert on_postgres.start() == (78, [line])
    assert on_postgres.start() == (0, [])


@pytest.mark.abuse(37)
@postgres
def test_a_clock_that_differs_from_the_databases(on_postgres):
    code, lines = on_postgres.start(clock_shift_seconds="5")
    assert code == 78
    assert lines[1].startswith("The clock is 5.0 s away from the database's")


@postgres
def test_a_server_that_does_not_answer(on_postgres, tmp_path):
    code, lines = on_postgres.start(database_url=f"postgresql+psycopg://plain@/city?host={tmp_path}")
    assert code == 78
    assert [line.split(":")[0] for line in lines] == ["The database cannot be used"]


@pytest.mark.abuse(35)
@postgres
def test_the_plain_role_can_only_add_to_the_journal(production_postgres):
    socket = make_url(production_postgres()).query["host"]
    with psycopg.connect(host=socket, user="plain", dbname="city", autocommit=True) as connection:
        for statement in ("UPDATE step SET hash = ''", "DELETE FROM receipt", "ALTER TABLE step DISABLE TRIGGER ALL"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
        assert connection.execute("SELECT count(*) FROM step").fetchone() == (0,)
