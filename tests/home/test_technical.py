"""What machines ask."""

from datetime import timedelta

import pytest
from sqlalchemy import text, update

from challenge.home.queries import health
from challenge.kernel import migrate
from challenge.kernel.journal import StepDelivery
from tests.factories.rounds import make_round


@pytest.fixture
def stamped(world):
    """A database that alembic says is current."""
    from alembic import command  # noqa: PLC0415

    with world.database.engine.execution_options(writing=True).begin() as connection:
        command.stamp(migrate.config(connection), "head")
    return world


def untold(world):
    """A step whose messages have not been made."""
    with world.acting("jaan") as w:
        w.note("round", make_round(w), "revise")


def test_it_is_alive_without_asking_the_database(world):
    world.database.close()
    assert world.client().get("/healthz").json() == {"alive": True}


def test_it_is_ready(stamped):
    answer = stamped.client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {
        "ready": True, "checks": {"database": True, "schema": True, "clock": True, "messages": True}, "warnings": [],
    }  # fmt: skip


@pytest.mark.abuse(37)
@pytest.mark.parametrize(("seconds", "status"), [(0.5, 200), (5, 503), (-5, 503)])
def test_a_node_whose_clock_is_wrong_is_not_ready(stamped, seconds, status):
    stamped.settings = stamped.settings.model_copy(update={"clock_shift_seconds": seconds})
    answer = stamped.client().get("/readyz")
    one_clock = stamped.database.is_sqlite  # the file's clock is the node's
    assert answer.status_code == (200 if one_clock else status)
    assert answer.json()["checks"]["clock"] is (one_clock or status == 200)


def test_it_is_not_ready_while_migrations_are_pending(stamped, monkeypatch):
    monkeypatch.setattr(health, "newest_schema", lambda: "9999")
    answer = stamped.client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {
        "ready": False,
        "checks": {"database": True, "schema": False, "clock": False, "messages": False},
        "warnings": [],
    }


def test_a_database_at_another_revision_is_not_ready(stamped):
    with stamped.database.engine.execution_options(writing=True).begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("DELETE FROM alembic_version"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('of_the_future')"))
    assert stamped.client().get("/readyz").json()["checks"]["schema"] is False


@pytest.mark.parametrize(("minutes", "status"), [(0, 200), (14, 200), (15, 503), (20, 503)])
def test_it_is_not_ready_when_a_step_waits_for_its_messages(stamped, minutes, status):
    untold(stamped)
    stamped.move(minutes=minutes)
    answer = stamped.client().get("/readyz")
    assert answer.status_code == status
    assert answer.json()["checks"]["messages"] is (status == 200)


def test_it_is_ready_again_once_told(stamped):
    untold(stamped)
    stamped.move(minutes=20)
    with stamped.acting() as w:
        w.session.exec(update(StepDelivery).values(delivered_at=w.now))
    assert stamped.client().get("/readyz").status_code == 200


def test_it_is_not_ready_without_a_database(stamped):
    with stamped.database.engine.execution_options(writing=True).begin() as connection:
        connection.execute(text("DROP TABLE step_delivery"))
    answer = stamped.client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["ready"] is False


def test_it_says_whom_to_tell_of_a_hole(world):
    answer = world.client().get("/.well-known/security.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.splitlines() == [
        "Contact: http://127.0.0.1:8000/contact",
        f"Expires: {(world.now + timedelta(days=180)).strftime('%Y-%m-%dT00:00:00Z')}",
        "Preferred-Languages: et, en",
        "Canonical: http://127.0.0.1:8000/.well-known/security.txt",
    ]


def test_robots_stay_on_public_pages(world):
    lines = world.client().get("/robots.txt").text.splitlines()
    assert lines[0] == "User-agent: *"
    assert "Disallow: /home" in lines
    assert not {"Disallow: /", "Disallow: /challenges", "Disallow: /pilots"} & set(lines)


def test_the_mark_is_there_for_browsers_that_ask_at_the_root(world):
    answer = world.client().get("/favicon.ico")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert answer.headers["cache-control"] == "public, max-age=86400"
