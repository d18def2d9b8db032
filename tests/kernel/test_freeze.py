"""A closed part answers 503 with why and until when, on every node; opening and closing are journalled."""

from datetime import timedelta

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from challenge import cli
from challenge.kernel import freeze, journal
from challenge.kernel.freeze import FreezeScope, covers
from challenge.kernel.journal import Step
from tests.world import NOW, World

COVERED = [
    ("reviews", "GET", "/reviews"), ("reviews", "POST", "/reviews/AB12CD34"), ("reviews", "GET", "/api/v1/reviews"),
    ("reviews", "GET", "/rounds/AB12CD34/ranking"), ("reviews", "POST", "/conflicts/AB12CD34/transitions/lift"),
    ("sign-in", "POST", "/sign-in"), ("sign-in", "GET", "/sign-in/sometoken"),
    ("submissions", "POST", "/submissions/AB12CD34/transitions/submit"), ("submissions", "PUT", "/api/v1/proposals/A"),
    ("all", "GET", "/"), ("all", "POST", "/sign-in"), ("all", "GET", "/challenges"),
]  # fmt: skip
OPEN = [
    ("reviews", "GET", "/reviewsofbooks"), ("reviews", "GET", "/rounds/AB12CD34"), ("sign-in", "GET", "/home"),
    ("submissions", "GET", "/submissions/AB12CD34"), ("submissions", "POST", "/reviews/AB12CD34"),
    ("all", "GET", "/healthz"), ("all", "GET", "/readyz"),
]  # fmt: skip


@pytest.mark.parametrize(("scope", "method", "path"), COVERED)
def test_what_is_closed(scope, method, path):
    assert covers(FreezeScope(scope), method, path)


@pytest.mark.parametrize(("scope", "method", "path"), OPEN)
def test_what_stays_open(scope, method, path):
    assert not covers(FreezeScope(scope), method, path)


def test_every_node_obeys_within_ten_seconds_and_opens_by_itself(world):
    nodes = [world, World(world.database, world.settings)]
    lena = [node.client("lena") if node is world else node for node in nodes]
    lena[1] = nodes[1].client("nobody")
    lena[1].token = "token-of-lena"
    assert [one.get("/reviews").status_code for one in lena] == [200, 200]
    with world.acting() as w:
        freeze.freeze(w, FreezeScope.REVIEWS, "Something is checked.", NOW + timedelta(hours=2))

    for node in nodes:
        node.move(seconds=10)
    answers = [one.get("/reviews") for one in lena]

    assert [answer.status_code for answer in answers] == [503, 503]
    assert answers[0].headers["retry-after"] == str(7_200 - 10 + 1)
    assert "Something is checked." in answers[0].text
    assert "2027-01-10 11:00 UTC" in answers[0].text
    program = lena[0].get("/api/v1/reviews")
    assert (program.status_code, program.json()["code"]) == (503, "frozen")
    assert lena[0].get("/rounds").status_code == 200
    for node in nodes:
        node.move(hours=2)
    assert [one.get("/reviews").status_code for one in lena] != [503, 503]


@pytest.mark.parametrize("scope", ["sign-in", "all"])
def test_nobody_signs_in_while_that_is_closed(world, scope):
    with world.acting() as w:
        freeze.freeze(w, FreezeScope(scope))
    answer = world.client().post("/sign-in", data={"email": "mari@example.org"})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "300")
    assert world.client("mari").get("/home").status_code == (503 if scope == "all" else 200)
    assert world.client().get("/healthz").status_code == 200


def test_the_command_line_closes_and_opens(world, monkeypatch):
    if not world.database.is_sqlite:
        return
    environment = {"CHALLENGE_DATABASE_URL": str(world.database.url)}

    def run(*words):
        result = CliRunner().invoke(cli.app, list(words), env=environment)
        return result.exit_code, result.stdout.strip()

    assert run("freeze", "--scope", "reviews") == (0, "reviews: closed")
    assert run("freeze", "--scope", "reviews", "--until", "2999-01-01") == (
        0, "reviews: closed until 2999-01-01 00:00 UTC",
    )  # fmt: skip
    assert run("freeze", "--until", "2001-01-01")[0] == 2
    assert run("unfreeze", "--scope", "reviews") == (0, "reviews: open again")
    assert run("unfreeze", "--scope", "reviews") == (0, "reviews: was open")
    with world.acting() as w:
        steps = w.session.exec(select(Step).where(Step.workflow == "freeze")).all()
        assert [(step.transition, step.old_state, step.new_state) for step in steps] == [
            ("freeze", "open", "frozen"), ("freeze", "frozen", "frozen"), ("unfreeze", "frozen", "open"),
        ]  # fmt: skip
        assert list(journal.faults(w.session)) == []
