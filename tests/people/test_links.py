from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from challenge.kernel.errors import Busy
from challenge.kernel.work import open_work
from challenge.people import actions
from challenge.people.models import Person, SignInLink, SignInSession
from challenge.people.queries import COOKIE, token_hash
from tests.cast import PEOPLE
from tests.counting import counted
from tests.factories.people import cookie_of, letters_to, mailed_token, signed_in
from tests.world import Client

MARI = "mari@example.org"
GONE = "This link does not work"


def ask(world, email=MARI, **more):
    return world.client().post("/sign-in", data={"email": email, "next": "", **more})


def said(response):
    """Everything an onlooker can compare: the flash cookie and the date do not belong to it."""
    return (
        response.status_code,
        response.headers.get("location"),
        response.headers.get_list("set-cookie"),
        response.text,
    )


@pytest.mark.abuse(16)
def test_link_signs_in_once(world):
    ask(world, next="/account")
    token = mailed_token(world, MARI)

    first = world.client().post(f"/sign-in/{token}")
    second = world.client().post(f"/sign-in/{token}")

    assert (first.status_code, first.headers["location"]) == (303, "/account")
    assert second.status_code == 404
    assert GONE in second.text
    assert "set-cookie" not in second.headers
    assert signed_in(world, first).get("/account").status_code == 200


@pytest.mark.abuse(25)
def test_session_cookie_is_locked_to_host_and_out_of_reach_of_scripts(world):
    ask(world)
    answer = world.client().post(f"/sign-in/{mailed_token(world, MARI)}")
    (header,) = [line for line in answer.headers.get_list("set-cookie") if line.startswith(f"{COOKIE}=")]

    parts = {part.strip().lower() for part in header.split(";")[1:]}

    assert header.startswith("__Host-sid=")
    assert parts == {"secure", "httponly", "samesite=lax", "path=/"}


def test_only_hashes_of_secrets_are_kept(world):
    ask(world)
    link = mailed_token(world, MARI)
    session = cookie_of(world.client().post(f"/sign-in/{link}"))

    with world.acting(writing=False) as w:
        kept = (
            w.session.exec(select(SignInLink.token_hash)).all() + w.session.exec(select(SignInSession.token_hash)).all()
        )

    assert kept == [token_hash(link), token_hash(session)]
    assert min(len(link), len(session)) >= 43  # 256 bits in base64


@pytest.mark.abuse(16)
def test_looking_uses_nothing_up(world):
    ask(world)
    path = f"/sign-in/{mailed_token(world, MARI)}"

    for _ in range(10):
        assert world.client().get(path).status_code == 200
        world.client().head(path)

    assert world.client().post(path).status_code == 303


@pytest.mark.abuse(16)
def test_pages_with_a_token_in_the_address_send_no_referrer(world):
    ask(world)
    page = world.client().get(f"/sign-in/{mailed_token(world, MARI)}")

    assert page.headers["referrer-policy"] == "no-referrer"
    assert world.client().get("/sign-in/unknown").headers["referrer-policy"] == "no-referrer"
    assert world.client().get("/sign-in").headers["referrer-policy"] == "same-origin"


@pytest.mark.abuse(16)
def test_used_expired_void_and_unknown_links_are_one_page(world):
    ask(world)
    used = mailed_token(world, MARI)
    world.client().post(f"/sign-in/{used}")
    ask(world)
    void = mailed_token(world, MARI)
    ask(world)
    expired = mailed_token(world, MARI)
    world.move(minutes=10)

    pages = [world.client().get(f"/sign-in/{token}").text for token in (used, void, expired, "never-made")]
    posts = [world.client().post(f"/sign-in/{token}").text for token in (used, void, expired, "never-made")]

    assert len({*pages, *posts}) == 1
    assert GONE in pages[0]


def test_link_works_until_its_last_moment(world):
    ask(world)
    token = mailed_token(world, MARI)
    world.move(minutes=9, seconds=59)

    assert world.client().post(f"/sign-in/{token}").status_code == 303


@pytest.mark.abuse(16)
def test_fifty_claims_at_once_sign_in_once(world):
    ask(world)
    token = mailed_token(world, MARI)

    def claim(_number):
        try:
            with open_work(world.database, world.now) as w:
                return actions.claim_link(w, token) is not None
        except Busy:  # SQLite turns writers away when too many wait
            return False

    with ThreadPoolExecutor(20) as pool:
        won = list(pool.map(claim, range(50)))

    assert won.count(True) == 1
    with world.acting(writing=False) as w:
        assert len(w.session.exec(select(SignInSession)).all()) == 1


@pytest.mark.abuse(24)
def test_known_and_unknown_addresses_are_answered_the_same(world):
    known, unknown = ask(world), ask(world, "stranger@example.org")

    assert said(known) == said(unknown)
    assert world.client().get("/sign-in/sent").status_code == 200
    with world.acting(writing=False) as w:
        assert len(letters_to(w, MARI)) == 1
        assert letters_to(w, "stranger@example.org") == []


def test_letter_goes_to_the_address_we_keep_and_in_the_readers_language(world):
    with world.acting() as w:
        w.session.get_one(Person, PEOPLE["mari"].id).locale = "et"

    ask(world, " MARI@Example.Org ")

    with world.acting(writing=False) as w:
        letter = letters_to(w, MARI)[0]
    assert (letter.address, letter.locale, letter.person_id) == (MARI, "et", PEOPLE["mari"].id)
    assert letter.not_after is not None
    assert "http://127.0.0.1:8000/sign-in/" in letter.text


@pytest.mark.abuse(22)
def test_letter_ignores_the_host_the_request_names(world):
    world.client().post(
        "/sign-in", data={"email": MARI}, headers={"x-forwarded-host": "evil.example", "host": "localhost"}
    )

    with world.acting(writing=False) as w:
        assert "evil.example" not in letters_to(w, MARI)[0].text
        assert "http://127.0.0.1:8000/sign-in/" in letters_to(w, MARI)[0].text


def test_disabled_person_gets_no_link_and_an_old_one_is_dead(world):
    ask(world)
    token = mailed_token(world, MARI)
    with world.acting("anna") as w:
        actions.disable(w, w.session.get_one(Person, PEOPLE["mari"].id))

    assert world.client().post(f"/sign-in/{token}").status_code == 404
    answer = ask(world)

    assert answer.status_code == 303
    with world.acting(writing=False) as w:
        assert len(letters_to(w, MARI)) == 1


@pytest.mark.abuse(23)
def test_link_does_not_go_into_the_hands_of_another_page(world):
    ask(world, next="https://evil.example/")
    token = mailed_token(world, MARI)

    assert world.client().post(f"/sign-in/{token}").headers["location"] == "/home"


def test_an_address_that_is_none_is_refused_in_words(world):
    answer = ask(world, "mari at example")

    assert answer.status_code == 422
    assert "Enter an e-mail address, for example name@city.ee" in answer.text


@pytest.mark.abuse(24)
def test_sixth_link_of_a_day_is_not_sent_and_nobody_is_told(world):
    answers = [said(ask(world)) for _ in range(6)]

    assert len({str(answer) for answer in answers}) == 1
    with world.acting(writing=False) as w:
        assert len(letters_to(w, MARI)) == 5
    world.move(days=1, seconds=1)
    ask(world)
    with world.acting(writing=False) as w:
        assert len(letters_to(w, MARI)) == 6


@pytest.mark.abuse(27)
@pytest.mark.parametrize("spelling", ["MARI@EXAMPLE.ORG", "mari@EXAMPLE.org"])
def test_other_spellings_count_against_the_same_limit(world, spelling):
    for _ in range(5):
        ask(world)

    ask(world, spelling)

    with world.acting(writing=False) as w:
        assert len(letters_to(w, MARI)) == 5


@pytest.mark.abuse(27)
def test_one_place_asks_for_twenty_links_an_hour(world):
    for number in range(20):
        ask(world, f"stranger{number}@example.org")

    assert said(ask(world)) == said(ask(world, "stranger1@example.org"))

    with world.acting(writing=False) as w:
        assert letters_to(w, MARI) == []
    world.move(hours=1, seconds=1)
    ask(world)
    with world.acting(writing=False) as w:
        assert len(letters_to(w, MARI)) == 1


@pytest.mark.parametrize(("path", "more"), [("/sign-in", {}), ("/sign-in/password", {"password": "wrong but long"})])
def test_what_is_done_before_the_answer_does_not_depend_on_the_address(world, path, more):
    before, after = {}, {}
    for email in (MARI, "nobody-here@example.org"):
        with counted(world) as asked:
            client = Client(answered(world.app, asked, seen := []), None)
            client.post(path, data={"email": email, "next": "", **more})
            before[email], after[email] = seen[0], len(asked)
    first, second = before.values()
    assert first == second != []
    assert len(set(after.values())) == (1 if more else 2)  # a link is mailed, when the answer is out


def answered(app, asked, seen):
    """The same application, which notes the statements asked when the last byte of the answer goes out."""

    async def noting(scope, receive, send):
        async def sending(message):
            if message["type"] == "http.response.body" and not message.get("more_body"):
                seen.append(list(asked))
            await send(message)

        await app(scope, receive, sending)

    return noting
