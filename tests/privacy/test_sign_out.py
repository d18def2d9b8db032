"""Everybody is signed out by one command, when secrets may be in wrong hands."""

from sqlmodel import select
from typer.testing import CliRunner

from challenge import cli
from challenge.kernel import journal
from challenge.kernel.journal import Step
from challenge.people import actions as people
from challenge.people.models import Person
from challenge.privacy import commands
from tests.cast import PEOPLE
from tests.factories.people import mailed_token
from tests.world import Client


def test_everybody_is_signed_out_at_once(world, monkeypatch):
    mari, jaan, nobody = world.client("mari"), world.client("jaan"), world.client()
    nobody.post("/sign-in", data={"email": PEOPLE["ravi"].email})
    link = mailed_token(world, PEOPLE["ravi"].email)
    with world.acting() as w:
        token = people.create_token(w, PEOPLE["mari"].id, "A program", 90)
    program = Client(world.app, None)
    bearer = {"authorization": f"Bearer {token}"}
    assert [one.get("/account").status_code for one in (mari, jaan)] == [200, 200]
    assert program.get("/api/v1/submissions", headers=bearer).status_code == 200
    assert nobody.get(f"/sign-in/{link}").status_code == 200

    monkeypatch.setattr(commands, "_opened", lambda: (world.settings, world.database))
    ended = CliRunner().invoke(cli.app, ["sign-out-everybody"])

    assert (ended.exit_code, ended.stdout) == (0, "Everybody is signed out; links and tokens of before are void.\n")
    assert [one.get("/account").status_code for one in (mari, jaan)] == [303, 303]
    assert program.get("/api/v1/submissions", headers=bearer).status_code == 401
    assert nobody.get(f"/sign-in/{link}").status_code == 404
    with world.acting(writing=False) as w:
        step = w.session.exec(select(Step).order_by(Step.id.desc())).first()
        assert list(journal.faults(w.session)) == []
        assert None not in w.session.exec(select(Person.known_since)).all()  # no browser is known any more
    assert (step.workflow, step.transition, step.actor_id) == ("service", "sign_out_everybody", None)
    assert "Everybody signed out" in another_journal(world)


def another_journal(world):
    """What an administrator who has signed in again reads."""
    with world.acting() as w:
        token = people.create_session(w, PEOPLE["anna"].id)
    return Client(world.app, token).get("/journal").text
