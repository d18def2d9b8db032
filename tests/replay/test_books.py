"""A ledger changed behind the service is named: by its sum, by the journal, or because it is gone."""

import contextlib

import pytest
from sqlalchemy import text
from sqlmodel import select
from typer.testing import CliRunner

from challenge import cli, replay
from challenge.pilots.money.models import LedgerEntry
from tests.factories.money import make_funded


@pytest.fixture
def entry(world):
    with world.acting() as w:
        make_funded(w)
        return w.session.exec(select(LedgerEntry.code)).first()


def behind(world, *statements, **names):
    """As an administrator of the database may: triggers go first."""
    with world.database.engine.begin() as connection:
        if world.database.is_sqlite:
            for name in (
                connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
            ):
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement), names)


def named(world):
    with world.acting(writing=False) as w:
        return list(replay.every_fault(w))


def test_untouched_books_are_in_order(world, entry):
    assert named(world) == []


def test_one_cent_more_does_not_balance_and_is_not_what_was_booked(world, entry, monkeypatch):
    behind(world, "UPDATE posting SET cents = cents + 1 WHERE id = (SELECT min(id) FROM posting)")
    assert named(world) == [f"ledger entry {entry} does not balance", f"ledger entry {entry} is not what was booked"]
    monkeypatch.setattr(cli, "opened", lambda: contextlib.nullcontext((world.settings, world.database)))
    said = CliRunner().invoke(cli.app, ["verify"])
    assert said.exit_code == 1
    assert "does not balance" in said.output


def test_money_moved_between_partners_balances_and_is_named(world, entry):
    behind(
        world, "UPDATE posting SET cents = cents + 100 WHERE id = (SELECT min(id) FROM posting)",
        "UPDATE posting SET cents = cents - 100 WHERE id = (SELECT max(id) FROM posting WHERE entry_code = :code)",
        code=entry,
    )  # fmt: skip
    assert named(world) == [f"ledger entry {entry} is not what was booked"]


def test_an_entry_that_is_gone_is_missed(world, entry):
    behind(
        world, "DELETE FROM ledger_entry WHERE code = :code", "DELETE FROM posting WHERE entry_code = :code", code=entry
    )
    assert named(world) == [f"ledger entry {entry} was booked and is gone"]


def test_words_that_were_erased_are_no_fault(world, entry):
    behind(world, "DELETE FROM step_text")
    assert named(world) == []
