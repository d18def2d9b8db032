"""A demo that an earlier version played is put aside, not broken and not thrown away."""

import sqlite3
from pathlib import Path

from sqlmodel import select

from challenge import demo
from challenge.kernel import migrate
from challenge.kernel.clock import now
from challenge.kernel.database import Database
from challenge.kernel.work import open_work
from challenge.rounds.models import Round
from challenge.settings import Settings
from tests.factories.rounds import make_round


def test_who_comes_back_with_an_old_demo_gets_the_new_one_and_keeps_the_old(tmp_path):
    chosen = Settings(database_url=f"sqlite:///{tmp_path / 'demo.db'}", files=tmp_path / "files", demo=True)
    chosen.files.mkdir()
    (chosen.files / "kept.txt").write_text("a file of the old demo")
    old = Database(chosen.database_url)
    migrate.upgrade(old)
    with open_work(old, now()) as w:
        code = make_round(w).code
    old.close()

    database = demo.opened(chosen)
    (aside,) = tmp_path.glob("demo-until-*")
    assert demo.welcome(database, chosen).count("/sign-in/") == len(demo.ROLES)
    assert (aside / "files" / "kept.txt").read_text() == "a file of the old demo"
    with sqlite3.connect(aside / "demo.db") as connection:
        assert connection.execute("SELECT code FROM round").fetchall() == [(code,)]
    with open_work(database, now(), writing=False) as w:
        rounds = set(w.session.exec(select(Round.code)))
    assert code not in rounds
    database.close()

    again = demo.opened(chosen)  # of this version: nothing is played or moved
    with open_work(again, now(), writing=False) as w:
        assert set(w.session.exec(select(Round.code))) == rounds
    again.close()
    assert [Path(found) for found in tmp_path.glob("demo-until-*")] == [aside]
