import pytest

from challenge.people.models import Person
from tests.cast import PEOPLE
from tests.factories.people import steps


def test_account_needs_somebody(world):
    answer = world.client().get("/account")

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Faccount")


def test_name_and_language_are_changed_and_journalled(world):
    client = world.client("mari")

    answer = client.post("/account", data={"name": "  Mari   Murakas ", "locale": "et", "digest": "true"})

    assert answer.status_code == 303
    assert any(value.startswith("__Host-language=et;") for value in answer.headers.get_list("set-cookie"))
    assert client.get("/account").headers["content-language"] == "et"
    with world.acting(writing=False) as w:
        person = w.session.get_one(Person, PEOPLE["mari"].id)
    assert (person.name, person.name_plain, person.locale) == ("Mari Murakas", "mari murakas", "et")
    assert steps(world, "person") == ["revise"]


def test_account_says_what_is_wrong_and_keeps_what_was_typed(world):
    answer = world.client("mari").post("/account", data={"name": "M\u202eari", "locale": "xx"})

    assert answer.status_code == 422
    assert "Use letters, digits and spaces only" in answer.text
    assert "Choose from the list" in answer.text


@pytest.mark.abuse(12)
def test_account_refuses_what_is_not_asked_for(world):
    for name in ("email", "disabled_at", "password_hash", "email_key", "version_id", "code"):
        answer = world.client("mari").post("/account", data={"name": "Mari", "locale": "en", name: "x"})
        assert answer.status_code == 422
    assert steps(world, "person") == []


def test_language_of_the_browser_goes_before_the_account(world):
    client = world.client("mari")
    assert client.get("/account").headers["content-language"] == "en"

    answer = client.get("/language/et?next=/organisations")

    assert (answer.status_code, answer.headers["location"]) == (303, "/organisations")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-language=et;")
    client.more_cookies["__Host-language"] = "et"
    assert client.get("/account").headers["content-language"] == "et"
    with world.acting(writing=False) as w:
        assert w.session.get_one(Person, PEOPLE["mari"].id).locale == "en"


@pytest.mark.abuse(23)
def test_language_goes_only_to_pages_of_ours(world):
    assert world.client().get("/language/et?next=//evil.example").headers["location"] == "/"
    assert world.client().get("/language/xx").status_code == 404


def test_token_is_shown_once(world):
    client = world.client("mari")

    answer = client.post("/account/tokens", data={"name": "Nightly export", "days": "30"})
    secret = answer.text.split('<pre class="kept" tabindex="0">')[1].split("<")[0]

    assert answer.status_code == 200
    assert world.client().get("/organisations", headers={"authorization": f"Bearer {secret}"}).status_code == 200
    page = client.get("/account").text
    assert "Nightly export" in page
    assert secret not in page
    assert steps(world, "person") == ["create_token"]


def test_token_ends(world):
    client = world.client("mari")
    secret = client.post("/account/tokens", data={"name": "Nightly export", "days": "30"}).text.split(
        '<pre class="kept" tabindex="0">')[1].split("<")[0]  # fmt: skip
    path = client.get("/account").text.split('action="/account/tokens/')[1].split('"')[0]

    assert client.post(f"/account/tokens/{path}").status_code == 303

    assert world.client().get("/organisations", headers={"authorization": f"Bearer {secret}"}).status_code == 303
    assert steps(world, "person") == ["create_token", "end_token"]


def test_token_needs_a_fresh_sign_in(world):
    client = world.client("mari")
    world.move(minutes=16)

    assert "Confirm that it is you first." in client.get("/account").text
    assert client.post("/account/tokens", data={"name": "Nightly export", "days": "30"}).status_code == 403


def test_token_lasts_a_year_at_most(world):
    answer = world.client("mari").post("/account/tokens", data={"name": "For ever", "days": "36500"})

    assert answer.status_code == 422
    assert "Enter at most 365" in answer.text
