"""Nothing works between the first factor and the second."""

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlmodel import select

from challenge.people import actions, factors, passwords
from challenge.people.models import SignInSession
from tests.cast import PEOPLE
from tests.factories.people import (
    PASSWORD,
    another_browser,
    app_of,
    cookie_of,
    guess,
    half_signed_in,
    mailed_token,
    person_of,
    signed_in,
)

MARI = PEOPLE["mari"].id
NEXT_CODE = 30  # seconds


def test_code_is_asked_for_before_the_session_counts(world):
    app = app_of(world)
    client = half_signed_in(world, wanted="/organisations?q=tar")
    assert client.get("/account").headers["location"] == "/sign-in?next=%2Faccount"
    assert client.get("/sign-in?next=%2Faccount").headers["location"] == "/sign-in/code?next=%2Faccount"
    assert "You are signing in as Mari Maasikas" in client.get("/sign-in/code").text

    world.move(seconds=NEXT_CODE)
    answer = guess(client, app.at(world.now), "/organisations?q=tar")

    assert (answer.status_code, answer.headers["location"]) == (303, "/organisations?q=tar")
    assert cookie_of(answer) != client.token
    assert client.get("/account").status_code == 303  # the half session's id is worth nothing
    assert signed_in(world, answer).get("/account").status_code == 200


def test_password_too_is_only_half(world):
    kept = passwords.hashed(PASSWORD)
    with world.acting() as w:
        person_of(w).password_hash = kept
    app_of(world)

    answer = world.client().post("/sign-in/password", data={"email": "mari@example.org", "password": PASSWORD})

    assert answer.headers["location"] == "/sign-in/code?next=%2Fhome"


@pytest.mark.abuse(25)
def test_half_a_session_opens_nothing(world):
    app_of(world, "jaan")
    client = half_signed_in(world, "jaan")

    for method, path in (
        ("GET", "/home"), ("GET", "/people"), ("GET", "/account"), ("GET", "/confirm"),
        ("POST", "/account/sessions/end"),
        ("POST", "/account/authenticator/end"), ("POST", "/account/recovery-codes"), ("GET", "/api/v1/steps"),
        ("POST", "/confirm/code"), ("POST", "/account/password"),
    ):  # fmt: skip
        assert client.request(method, path).status_code in {303, 401, 422}, path
    assert client.get("/").text.count("Jaan") == 0
    with world.acting(writing=False) as w:
        assert factors.are_set_up(w.session, PEOPLE["jaan"].id)


def test_half_a_session_lasts_ten_minutes(world):
    app = app_of(world)
    client = half_signed_in(world)
    world.move(minutes=10)

    assert client.get("/sign-in/code").headers["location"] == "/sign-in"
    assert guess(client, app.at(world.now)).headers["location"] == "/sign-in"


def test_half_a_session_can_be_left(world):
    app = app_of(world)
    client = half_signed_in(world)

    client.post("/sign-out")

    world.move(seconds=NEXT_CODE)
    assert guess(client, app.at(world.now)).headers["location"] == "/sign-in"


def test_half_a_session_ends_with_its_person(world):
    app = app_of(world)
    client = half_signed_in(world)
    with world.acting("anna") as w:
        actions.disable(w, person_of(w))

    world.move(seconds=NEXT_CODE)
    assert guess(client, app.at(world.now)).headers["location"] == "/sign-in"


def test_half_a_session_is_not_in_the_list_of_browsers(world):
    app_of(world)
    half_signed_in(world)

    assert another_browser(world).get("/account").text.count("Sign out there") == 0


def test_the_code_page_is_nothing_for_who_is_signed_in_or_nobody(world):
    assert world.client("mari").get("/sign-in/code").headers["location"] == "/home"
    assert world.client().get("/sign-in/code").headers["location"] == "/sign-in"
    assert guess(world.client(), "123456").headers["location"] == "/sign-in"


def test_mailed_link_to_the_code_page_keeps_where_one_wanted_to_go(world):
    app_of(world)
    client = world.client()
    client.post("/sign-in", data={"email": "mari@example.org", "next": "/people?a=1&b=2"})

    answer = client.post(f"/sign-in/{mailed_token(world, 'mari@example.org')}")

    assert parse_qs(urlsplit(answer.headers["location"]).query) == {"next": ["/people?a=1&b=2"]}
    with world.acting(writing=False) as w:
        (half,) = w.session.exec(select(SignInSession).where(SignInSession.half_until != None)).all()  # noqa: E711
    assert half.person_id == MARI


def test_a_code_confirms_and_a_password_alone_does_not(world):
    kept = passwords.hashed(PASSWORD)
    with world.acting() as w:
        person_of(w).password_hash = kept
    app = app_of(world)
    client = another_browser(world)
    world.move(minutes=16)
    assert 'action="/confirm/password"' not in client.get("/confirm").text

    by_password = client.post("/confirm/password", data={"password": PASSWORD})
    changed = client.post("/account/password", data={"current": PASSWORD, "password": "vana vesi jookseb tammist"})
    wrong = client.post("/confirm/code", data={"code": "000000"})
    answer = client.post("/confirm/code", data={"code": app.at(world.now), "next": "/account"})

    assert [a.status_code for a in (by_password, changed, wrong, answer)] == [409, 403, 422, 303]
    assert client.get("/account").status_code == 303
    assert signed_in(world, answer).post("/account/authenticator/end").status_code == 303
