"""A backup is whole, a restored one brings nobody back, sends nothing twice and lets nobody in."""

import json
import os
import re
from contextlib import contextmanager
from datetime import datetime, timedelta

import psycopg
import pytest
from sqlmodel import select

from challenge.kernel import journal
from challenge.kernel.database import Database
from challenge.kernel.errors import Refused
from challenge.kernel.letter import Letter, claim, post
from challenge.people.models import Person, SignInSession
from challenge.privacy import backup, erasure, periods, restore
from tests import postgres
from tests.privacy import scenes
from tests.privacy.scenes import EMAIL, NAME, SECRET_WORDS
from tests.world import World


@pytest.fixture(autouse=True)
def programs(monkeypatch):
    """pg_dump and pg_restore of the same build as the server."""
    monkeypatch.setenv("PATH", f"{postgres.bin_dir()}{os.pathsep}{os.environ['PATH']}")


@contextmanager
def empty_place(world, tmp_path, name="again"):
    """Another database and folder, of the same kind."""
    files = tmp_path / name / "files"
    if world.database.is_sqlite:
        database = Database(f"sqlite:///{tmp_path / name / 'new.db'}")
        yield World(database, world.settings.model_copy(update={"files": files}), world.now)
        database.close()
        return
    url = world.database.url
    made = f"{url.database}_{name}"
    with psycopg.connect(host=url.query["host"], user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {made}")
    database = Database(url.set(database=made).render_as_string(hide_password=False))
    yield World(database, world.settings.model_copy(update={"files": files}), world.now)
    database.close()
    with psycopg.connect(host=url.query["host"], user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {made} WITH (FORCE)")


def back_up(world, tmp_path):
    return backup.back_up(world.database, world.settings.files, tmp_path / "backups", world.now)


def bring_back(made, place, **more):
    return restore.restore(made.path, place.database, place.settings.files, place.now, "http://127.0.0.1:8000", **more)


def person(world, code):
    with world.acting(writing=False) as w:
        return w.session.exec(select(Person).where(Person.code == code)).one()


def test_what_comes_back_is_what_was_there(world, tmp_path):
    code = scenes.everywhere(world)
    before = scenes.dump(world)
    made = back_up(world, tmp_path)
    assert (made.files, made.removed) == (1, 0)

    with empty_place(world, tmp_path) as place:
        done = bring_back(made, place)

        after = scenes.dump(place)
        changed = {name for name in before if before[name] != after[name]}
        assert changed <= {"letter", "message", "sign_in_session", "sign_in_link", "api_token", "step", "step_text",
                           "step_delivery"}  # fmt: skip
        assert done.steps == made.steps
        assert person(place, code).name == NAME
        assert len(list(place.settings.files.glob("??/*"))) == 1
        with place.acting(writing=False) as w:
            assert list(journal.faults(w.session)) == []


def test_an_older_backup_does_not_bring_the_erased_back(world, tmp_path):
    code = scenes.everywhere(world)
    older = back_up(world, tmp_path)
    world.move(days=1)
    with world.acting("anna") as w:
        erasure.erase(w, w.session.exec(select(Person).where(Person.code == code)).one(), NAME)
    at = person(world, code).erased_at
    newer = back_up(world, tmp_path)
    assert json.loads((newer.path / backup.MANIFEST).read_text())["erased"] == {code: at.isoformat()}

    for number, made in enumerate((older, newer)):
        with empty_place(world, tmp_path, f"again{number}") as place:
            done = bring_back(made, place)

            assert done.erased == (1 if made is older else 0)
            assert scenes.traces(place, NAME, EMAIL, SECRET_WORDS) == set()
            assert person(place, code).erased_at == at
            with place.acting(writing=False) as w:
                assert list(journal.faults(w.session)) == []


def test_a_new_backup_holds_nothing_of_the_erased(world, tmp_path):
    code = scenes.everywhere(world)
    with world.acting("anna") as w:
        erasure.erase(w, w.session.exec(select(Person).where(Person.code == code)).one(), NAME)
    made = back_up(world, tmp_path)
    whole = b"".join(path.read_bytes() for path in made.path.rglob("*") if path.is_file())
    if world.database.is_sqlite:  # a dump of PostgreSQL is compressed: the restored one is looked through above
        assert NAME.encode() not in whole
        assert EMAIL.encode() not in whole
    assert code in (tmp_path / "backups" / backup.LIST).read_text()


@pytest.mark.abuse(38)
def test_nobody_is_signed_in_and_mail_waits(world, tmp_path):
    client = world.client("mari")
    with world.acting() as w:
        post(w, address="mari@example.org", locale="en", subject="s", text="t")
    assert client.get("/account").status_code == 200
    made = back_up(world, tmp_path)

    with empty_place(world, tmp_path) as place:
        done = bring_back(made, place)

        assert done.held == 1
        with place.acting() as w:
            assert w.session.exec(select(SignInSession)).all() == []
            assert claim(w) is None
        place.move(days=400)
        with place.acting() as w:
            assert claim(w) is None
            assert restore.release_mail(w) == 1
            assert claim(w).address == "mari@example.org"
            assert len(w.session.exec(select(Letter)).all()) == 1


def refused(made, place):
    with pytest.raises(Refused) as found:
        bring_back(made, place)
    return found.value.problem.code


def test_a_changed_backup_is_refused(world, tmp_path):
    scenes.everywhere(world)
    made = back_up(world, tmp_path)
    stored = next((made.path / "files").rglob("*/*"))
    content = stored.read_bytes()
    with empty_place(world, tmp_path) as place:
        for harm in (
            lambda: stored.write_bytes(content + b"x"), stored.unlink, lambda: (made.path / "more").write_text("x"),
        ):  # fmt: skip
            harm()
            assert refused(made, place) == "backup_differs"
            stored.write_bytes(content)
            (made.path / "more").unlink(missing_ok=True)
        assert bring_back(made, place).steps == made.steps


def test_a_manifest_that_lies_about_the_journal_is_refused(world, tmp_path):
    scenes.everywhere(world)
    made = back_up(world, tmp_path)
    path = made.path / backup.MANIFEST
    path.write_text(re.sub(r'"head": "[0-9a-f]{8}', '"head": "00000000', path.read_text()))
    with empty_place(world, tmp_path) as place:
        assert refused(made, place) == "journal_differs"


def test_only_an_empty_place_takes_it(world, tmp_path):
    made = back_up(world, tmp_path)
    assert refused(made, world) == "not_empty"
    (made.path / backup.MANIFEST).unlink()
    assert refused(made, world) == "no_backup"


def test_backups_end_after_thirty_five_days(world, tmp_path):
    first = back_up(world, tmp_path)
    world.now += periods.BACKUPS
    second = back_up(world, tmp_path)
    assert (second.removed, first.path.exists()) == (0, True)
    world.now += timedelta(seconds=1)
    assert back_up(world, tmp_path).removed == 1
    assert (first.path.exists(), second.path.exists()) == (False, True)


def test_a_missing_program_is_named(tmp_path):
    with pytest.raises(Refused, match="program_missing"):
        backup.program("pg_dump", folder=str(tmp_path))


def test_instants_of_the_list_can_be_read(world, tmp_path):
    (tmp_path / "list.json").write_text(json.dumps({"ABCDEFGH": world.now.isoformat()}))
    assert datetime.fromisoformat(backup.read_list(tmp_path / "list.json")["ABCDEFGH"]) == world.now
    assert backup.read_list(tmp_path / "none.json") == {}
