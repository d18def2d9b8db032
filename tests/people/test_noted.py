"""The log says who signed in, how, and what did not do: by code, without a name, address, password or token."""

import logging

import pytest

from challenge.people.models import Person
from challenge.people.passwords import hashed
from tests.cast import PEOPLE
from tests.factories.people import mailed_token

SECRET = "rong sõidab läbi sügisese metsa"


@pytest.fixture
def mari(world):
    """Her code; she has a password."""
    with world.acting() as w:
        person = w.session.get_one(Person, PEOPLE["mari"].id)
        person.password_hash = hashed(SECRET)
        return person.code


@pytest.fixture
def lines(caplog):
    """What was logged until now, name and words."""
    caplog.set_level(logging.INFO, "challenge")
    return lambda: [(record.levelname, record.getMessage()) for record in caplog.records]


def enter(world, password):
    form = {"email": PEOPLE["mari"].email, "password": password}
    return world.client().post("/sign-in/password", data=form)


def asked_for(world):
    """The token of a new link."""
    world.client().post("/sign-in", data={"email": PEOPLE["mari"].email})
    return mailed_token(world, PEOPLE["mari"].email)


def test_a_password_that_is_right_and_one_that_is_not(world, mari, lines):
    assert enter(world, "tuul lükkab pilvi üle mere").status_code == 422
    assert enter(world, SECRET).status_code == 303
    assert lines() == [
        ("WARNING", f"password: refused person={mari}"), ("INFO", f"password: signed in person={mari}"),
    ]  # fmt: skip


def test_an_address_nobody_has(world, lines):
    world.client().post("/sign-in/password", data={"email": "nobody@tartu.ee", "password": SECRET})
    assert lines() == [("WARNING", "password: refused person=-")]


def test_a_link_once_and_again(world, mari, lines):
    token = asked_for(world)
    for _again in range(2):
        world.client().post(f"/sign-in/{token}")
    assert lines() == [("INFO", f"link: signed in person={mari}"), ("WARNING", "link: refused person=-")]
    assert token not in str(lines())


def test_signing_out(world, mari, lines):
    world.client("mari").post("/sign-out")
    world.client().post("/sign-out")
    assert lines() == [("INFO", f"signed out person={mari}")]


def test_a_refusal_names_what_was_asked_and_who_asked(world, mari, lines):
    world.client("mari").get("/submissions/ZZZZZZZZ?q=somebody@tartu.ee")
    world.client("mari").post("/sign-out", headers={"sec-fetch-site": "cross-site"})
    assert lines() == [
        ("INFO", f"refused 404 missing GET /submissions/ZZZZZZZZ person={mari}"),
        ("INFO", "refused 403 foreign_origin POST /sign-out person=-"),
    ]


def test_a_refusal_names_no_token(world, lines):
    token = asked_for(world)
    world.client().post(f"/sign-in/{token}", headers={"sec-fetch-site": "cross-site"})
    assert lines() == [("INFO", "refused 403 foreign_origin POST /sign-in/… person=-")]


def test_a_visitor_who_strays_is_not_noted(world, lines):
    assert world.client().get("/nowhere").status_code == 404
    assert world.client().get("/home").status_code == 303
    assert lines() == []
