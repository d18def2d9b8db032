"""Signing in by passkey: asked for once, of this browser and this host; both factors; a copy is found out."""

import pytest

from challenge.people import actions, factors
from tests.cast import PEOPLE
from tests.factories.people import (
    another_browser,
    app_of,
    cookie_of,
    guess,
    half_signed_in,
    person_of,
    recovery_codes,
    signed_in,
)
from tests.people.device import PRESENT, Device, asked, show
from tests.world import Client

MARI = PEOPLE["mari"].id


def test_passkey_signs_in_as_both_factors_without_an_address(named, device):
    app_of(named)

    answer = show(named.client(), device, "/organisations")

    assert (answer.status_code, answer.headers["location"]) == (303, "/organisations")
    assert signed_in(named, answer).get("/account").status_code == 200
    with named.acting(writing=False) as w:
        (key,) = factors.passkeys(w, MARI)
        assert (key.sign_count, key.last_used_at) == (1, named.now)


def test_who_has_only_a_passkey_shows_it_after_a_link(named, device):
    client = half_signed_in(named)
    page = client.get("/sign-in/code").text
    assert "Show your passkey" in page

    answer = show(client, device, "/account")

    assert answer.headers["location"] == "/account"
    assert cookie_of(answer) != client.token
    assert client.get("/sign-in/code").headers["location"] == "/sign-in"  # the half session has ended
    assert guess(half_signed_in(named), recovery_codes(named)[0]).status_code == 303


def test_challenge_is_claimed_once(named, device):
    client = named.client()
    sent = {"credential": device.get(asked(client, "/sign-in/passkey/options"))}

    answers = [client.post("/sign-in/passkey", data=sent).status_code for _ in range(2)]

    assert answers == [303, 422]


def test_challenge_is_of_one_browser(named, device):
    here, elsewhere = Client(named.app, None), Client(named.app, None)
    credential = device.get(asked(here, "/sign-in/passkey/options"))
    asked(elsewhere, "/sign-in/passkey/options")

    assert elsewhere.post("/sign-in/passkey", data={"credential": credential}).status_code == 422
    assert Client(named.app, None).post("/sign-in/passkey", data={"credential": credential}).status_code == 422
    assert here.post("/sign-in/passkey", data={"credential": credential}).status_code == 303


def test_challenge_lasts_five_minutes(named, device):
    client = named.client()
    credential = device.get(asked(client, "/sign-in/passkey/options"))
    named.move(minutes=5)

    assert client.post("/sign-in/passkey", data={"credential": credential}).status_code == 422


def test_challenge_is_for_one_purpose(named, device):
    client = another_browser(named)
    credential = device.get(asked(client, "/confirm/passkey/options"))

    assert client.post("/sign-in/passkey", data={"credential": credential}).status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [{"origin": "http://evil.example"}, {"origin": "http://localhost:9999"}, {"flags": PRESENT}, {"flags": 0},
     {"handle": b"SOMEBODY"}],
)  # fmt: skip
def test_what_another_site_or_a_locked_device_says_does_not_sign_in(named, device, wrong):
    for name, value in wrong.items():
        setattr(device, name, value)

    assert show(named.client(), device).status_code == 422


def test_copied_device_is_found_out_by_its_counter(named, device):
    for _ in range(3):
        assert show(named.client(), device).status_code == 303
    device.count -= 1  # what a copy made earlier would say

    assert show(named.client(), device).status_code == 422


def test_device_that_does_not_count_signs_in(named, device):
    for _ in range(2):
        device.count = -1  # says 0 each time, as synchronised passkeys do
        assert show(named.client(), device).status_code == 303


def test_unknown_passkey_does_not_sign_in(named, device):
    stranger = Device(handle=device.handle)

    answer = show(named.client(), stranger)

    assert answer.status_code == 422
    assert "does not sign anybody in here" in answer.text


@pytest.mark.parametrize("broken", ["", "{}", "[]", "null", "x", '{"id": 1}', '{"id":"a","rawId":"a","response":{}}'])
def test_broken_answers_are_refused(named, device, broken):
    client = named.client()
    asked(client, "/sign-in/passkey/options")
    signing_in = client.post("/sign-in/passkey", data={"credential": broken})
    mine = another_browser(named)
    asked(mine, "/account/passkeys/options")
    adding = mine.post("/account/passkeys", data={"credential": broken})

    assert (signing_in.status_code, adding.status_code) == (422, 422)


def test_disabled_person_does_not_sign_in_by_passkey(named, device):
    with named.acting("anna") as w:
        actions.disable(w, person_of(w))

    assert show(named.client(), device).status_code == 422
