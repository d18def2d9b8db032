"""A link of a letter signs in once, whoever presses the button first, and is worth nothing later (case 16)."""

from __future__ import annotations

import asyncio
import re

import pytest

from tests import running
from tests.factories.people import letters_to, mailed_token, signed_in
from tests.policy.crawl import Asker

MARI = "mari@example.org"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
FORM = [(b"content-type", b"application/x-www-form-urlencoded")]


def asked(world):
    answer = world.client().post("/sign-in", data={"email": MARI}, headers={"user-agent": FIREFOX})
    assert answer.status_code == 303
    return mailed_token(world, MARI)


@pytest.mark.abuse(16)
def test_of_fifty_who_press_at_once_one_is_signed_in(world):
    token = asked(world)

    async def together():
        askers = [Asker(world.app, None) for _number in range(50)]
        return await asyncio.gather(*(asker.ask("POST", f"/sign-in/{token}", FORM) for asker in askers))

    answers = running.run(together())

    assert [answer.status for answer in answers].count(303) == 1
    assert {answer.status for answer in answers} <= {303, 404, 503}  # SQLite turns writers away when too many wait
    assert sum("__Host-sid=" in answer.head for answer in answers) == 1
    assert world.client().post(f"/sign-in/{token}").status_code == 404


@pytest.mark.abuse(16)
def test_what_a_scanner_does_uses_no_link_up(world):
    """It looks, asks for the head, follows every link and fetches everything the page names."""
    token = asked(world)
    scanner = world.client()
    for _turn in range(10):
        page = scanner.get(f"/sign-in/{token}")
        scanner.head(f"/sign-in/{token}")
    for address in set(re.findall(r'(?:href|src)="(/[^"]*)', page.text)):
        scanner.get(address)

    assert signed_in(world, world.client().post(f"/sign-in/{token}")).get("/account").status_code == 200


@pytest.mark.abuse(16)
def test_the_page_of_a_link_hands_its_address_to_nobody(world):
    """No other site is named, no link carries it on, and no browser says where it came from."""
    token = asked(world)
    page = world.client().get(f"/sign-in/{token}")

    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert re.findall(rf'[a-z]+="[^"]*{token}[^"]*"', page.text) == [f'action="/sign-in/{token}"']
    assert re.findall(r'(?:href|src|action)="(?:https?:)?//[^"]*', page.text) == []


@pytest.mark.abuse(16)
def test_in_another_browser_one_sees_whose_link_it_is_and_must_press(world):
    """Links are not bound to a browser (tests/abuse/cases.py says why): the letter says where it was asked for."""
    token = asked(world)
    with world.acting(writing=False) as w:
        assert "It was asked for in this browser: Firefox, Linux" in letters_to(w, MARI)[0].text
    page = world.client("sofia").get(f"/sign-in/{token}")

    assert "Sign in as Mari Maasikas" in page.text
    assert "Go on only if you asked for this link yourself." in page.text
    assert world.client("sofia").get("/account").text.count("sofia@example.org") > 0  # still herself


@pytest.mark.abuse(16)
def test_a_newer_link_makes_the_older_one_void_and_so_does_a_new_password(world):
    older, newer = asked(world), asked(world)
    assert world.client().post(f"/sign-in/{older}").status_code == 404
    words = "kolm rohelist kassi metsas"
    assert world.client("mari").post("/account/password", data={"password": words}).status_code == 303
    assert world.client().post(f"/sign-in/{newer}").status_code == 404
