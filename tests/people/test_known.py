"""A browser that has signed in before is known: strangers who ask for links use up only the strangers' share."""

from __future__ import annotations

import pytest

from challenge.people import actions, known
from challenge.people.spelling import address_key
from tests.cast import PEOPLE
from tests.factories.people import app_of, guess, letters_to, mailed_token, person_of
from tests.world import Client

MARI, SOFIA = PEOPLE["mari"].email, PEOPLE["sofia"].email
COOKIE = "__Host-known"


class Browser(Client):
    """Keeps every cookie it is given, as a browser does."""

    def request(self, method, url, **more):
        answer = super().request(method, url, **more)
        for line in answer.headers.get_list("set-cookie"):
            name, _equals, value = line.split(";")[0].partition("=")
            self.more_cookies[name] = value
            if "Max-Age=0" in line:
                del self.more_cookies[name]
        return answer

    def ask(self, email=MARI):
        return self.post("/sign-in", data={"email": email})


def browser(world) -> Browser:
    return Browser(world.app, None)


def signed_in(world, email=MARI) -> Browser:
    """A browser of this person, by a link."""
    made = browser(world)
    made.ask(email)
    assert made.post(f"/sign-in/{mailed_token(world, email)}").status_code == 303
    return made


def letters(world, email=MARI) -> int:
    with world.acting(writing=False) as w:
        return len(letters_to(w, email))


def is_answered(world, asking: Browser, email=MARI) -> bool:
    """Whether a link comes when this browser asks for one."""
    before = letters(world, email)
    asking.ask(email)
    return letters(world, email) == before + 1


@pytest.fixture
def mine(world) -> Browser:
    """Mari's own browser, signed out again a day ago; strangers have used up the links of her address since."""
    own = signed_in(world)
    own.post("/sign-out")
    world.move(days=1, seconds=1)
    assert [is_answered(world, browser(world)) for _time in range(6)] == [True] * 5 + [False]
    return own


@pytest.mark.abuse(27)
def test_strangers_keep_nobody_out_of_a_browser_that_is_known(world, mine):
    assert is_answered(world, mine)
    assert mine.post(f"/sign-in/{mailed_token(world, MARI)}").headers["location"] == "/home"


@pytest.mark.abuse(27)
def test_known_browsers_have_a_limit_of_their_own(world, mine):
    another = browser(world)
    another.more_cookies[COOKIE] = mine.more_cookies[COOKIE]
    found = [is_answered(world, one) for one in (mine, another, mine, another, mine, another, mine)]
    assert found == [True] * 5 + [False] * 2
    world.move(days=1, seconds=1)
    assert is_answered(world, mine)


def test_what_known_browsers_ask_for_leaves_strangers_theirs(world):
    own = signed_in(world)
    world.move(days=1, seconds=1)
    assert [is_answered(world, own) for _time in range(6)] == [True] * 5 + [False]
    assert is_answered(world, browser(world))


@pytest.mark.abuse(27)
def test_neither_a_forged_nor_another_persons_cookie_is_known(world, mine):
    hers = signed_in(world, SOFIA).more_cookies[COOKIE]
    real = mine.more_cookies[COOKIE]
    written, mac = real.split(".")
    other_secret = known._mark(b"another secret", address_key(MARI), int(written))
    tried = [
        hers, f"{int(written) + 1}.{mac}", f"{written}.{mac[:-1]}{'0' if mac[-1] != '0' else '1'}", f"{written}.", mac,
        real + "0", "", ".", f"{'9' * 400}.{mac}", f"-1.{mac}", "1.é", "x", other_secret,
    ]  # fmt: skip
    with world.acting(writing=False) as w:
        assert [mark for mark in tried if known.is_known(w, mark, MARI)] == []
        assert known.is_known(w, real, MARI.upper())
    stranger = browser(world)
    stranger.more_cookies[COOKIE] = hers
    assert not is_answered(world, stranger)
    assert is_answered(world, mine)


@pytest.mark.abuse(24)
def test_all_are_answered_the_same(world, mine):
    def said(asking, email):
        answer = asking.ask(email)
        return answer.status_code, answer.headers["location"], answer.headers.get_list("set-cookie"), answer.text

    answers = [said(who, email) for who in (mine, browser(world)) for email in (MARI, "stranger@example.org")]
    answers += [said(mine, MARI) for _time in range(6)]
    assert all(answer == answers[0] for answer in answers)


@pytest.mark.abuse(25)
def test_the_cookie_is_locked_to_the_host_lasts_and_names_nobody(world):
    own = browser(world)
    own.ask()
    answer = own.post(f"/sign-in/{mailed_token(world, MARI)}")
    (line,) = [line for line in answer.headers.get_list("set-cookie") if line.startswith(COOKIE)]
    assert {part.strip().lower() for part in line.split(";")[1:]} == {
        "secure", "httponly", "samesite=lax", "path=/", f"max-age={180 * 24 * 3600}",
    }  # fmt: skip
    with world.acting(writing=False) as w:
        person = person_of(w)
        assert [text for text in (person.code, "mari", MARI) if text in line] == []
    own.post("/sign-out")
    assert COOKIE in own.more_cookies
    assert own.get("/account").status_code == 303


def test_half_a_sign_in_makes_no_browser_known(world):
    app = app_of(world)
    world.move(minutes=1)
    own = signed_in(world)
    assert COOKIE not in own.more_cookies
    assert guess(own, app.at(world.now)).status_code == 303
    assert COOKIE in own.more_cookies


def test_it_is_known_for_half_a_year_after_the_last_sign_in(world):
    own = signed_in(world)
    for days, answer in ((180, True), (1, False)):
        world.move(days=days)
        with world.acting(writing=False) as w:
            assert known.is_known(w, own.more_cookies[COOKIE], MARI) is answer


def everywhere_else(world, own):
    assert own.post("/account/sessions/end").status_code == 303


def a_new_password(world, own):
    assert own.post("/account/password", data={"password": "uus tammepuu mere kaldal 7"}).status_code == 303


def disabled(world, own):
    with world.acting("anna") as w:
        actions.disable(w, person_of(w))
        actions.enable(w, person_of(w))


@pytest.mark.parametrize("end", [everywhere_else, a_new_password, disabled])
def test_signing_out_everywhere_makes_other_browsers_strangers(world, end):
    other, own = signed_in(world), signed_in(world)
    sofia = signed_in(world, SOFIA).more_cookies[COOKIE]
    world.move(minutes=1)
    end(world, own)
    with world.acting(writing=False) as w:
        assert not known.is_known(w, other.more_cookies[COOKIE], MARI)
        assert known.is_known(w, own.more_cookies[COOKIE], MARI) is (end is not disabled)
        assert known.is_known(w, sofia, SOFIA)


def test_a_cookie_of_an_earlier_secret_is_known(world):
    own = signed_in(world)
    world.settings = world.settings.model_copy(
        update={"secret_key": type(world.settings.secret_key)("another secret, drawn for the tests of today"),
                "secret_keys_previous": world.settings.secret_key}
    )  # fmt: skip
    world._app = None
    world.move(days=1, seconds=1)
    assert [is_answered(world, browser(world)) for _time in range(6)] == [True] * 5 + [False]
    again = browser(world)
    again.more_cookies = dict(own.more_cookies)
    assert is_answered(world, again)
