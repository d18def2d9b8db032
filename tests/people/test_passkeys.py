"""Passkeys on the account page: added, shown to confirm, removed; and for whom they are enough."""

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from challenge.people import actions, factors
from challenge.people.models import Passkey, PasskeyChallenge, Person
from challenge.people.states import Ceremony
from challenge.privacy import retention
from tests.cast import PEOPLE
from tests.factories.people import (
    another_browser,
    cookie_of,
    letters_to,
    person_of,
    shown_codes,
    signed_in,
    steps,
)
from tests.people.device import BROWSER, Device, add, asked, show
from tests.world import Client

MARI = PEOPLE["mari"].id


def test_passkey_is_added_with_its_name_and_recovery_codes(named):
    client, device = named.client("mari"), Device()

    answer = add(client, device, "Phone of Mari")

    assert len(shown_codes(answer)) == 10
    page = signed_in(named, answer).get("/account/second-factor").text
    assert "Phone of Mari" in page
    assert "not used yet" in page
    assert client.get("/account").status_code == 303  # under a new id
    assert steps(named, "person") == ["add_passkey"]
    with named.acting(writing=False) as w:
        assert "A passkey was added: Phone of Mari." in letters_to(w, "mari@example.org")[0].text


def test_options_ask_for_a_key_that_finds_itself_and_is_unlocked(named):
    client = named.client("mari")
    options = asked(client, "/account/passkeys/options")

    assert options["authenticatorSelection"] == {
        "residentKey": "required", "requireResidentKey": True, "userVerification": "required",
    }  # fmt: skip
    assert options["rp"] == {"name": "City Challenge", "id": "localhost"}
    signing_in = asked(named.client(), "/sign-in/passkey/options")
    assert (signing_in["rpId"], signing_in["userVerification"]) == ("localhost", "required")
    assert signing_in.get("allowCredentials", []) == []


def test_passkey_without_a_name_is_called_as_its_browser(named):
    client = named.client("mari")
    options = asked(client, "/account/passkeys/options")
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

    client.post("/account/passkeys", data={"credential": Device().create(options)}, headers={"user-agent": agent})

    with named.acting(writing=False) as w:
        assert [key.name for key in factors.passkeys(w, MARI)] == ["Firefox, Linux"]


def test_passkey_added_by_another_person_in_the_same_browser_is_refused(named):
    mine, device = named.client("mari"), Device()
    credential = device.create(asked(mine, "/account/passkeys/options"))
    other = named.client("sofia")
    other.more_cookies[BROWSER] = mine.more_cookies[BROWSER]

    assert other.post("/account/passkeys", data={"credential": credential}).status_code == 422


def test_passkey_is_in_use_once(named, device):
    client = named.client("sofia")
    client.more_cookies.clear()
    copy = Device(credential_id=device.credential_id)

    answer = add(client, copy)

    assert answer.status_code == 409
    assert "in use already" in answer.text


def test_own_passkeys_are_not_added_twice(named, device):
    options = asked(another_browser(named), "/account/passkeys/options")

    assert len(options["excludeCredentials"]) == 1


def test_passkey_needs_a_fresh_proof(named, device):
    client = another_browser(named)
    with named.acting(writing=False) as w:
        code = factors.passkeys(w, MARI)[0].code
    named.move(minutes=16)

    refused = client.post("/account/passkeys/options", headers={"accept": "application/json"})

    assert (refused.status_code, refused.json()["code"]) == (403, "confirm_first")
    assert client.post("/account/passkeys", data={"credential": "{}"}).status_code == 403
    assert client.post(f"/account/passkeys/{code}/end").status_code == 403


def test_passkey_confirms(named, device):
    client = another_browser(named)
    named.move(minutes=16)
    options = asked(client, "/confirm/passkey/options")
    assert len(options["allowCredentials"]) == 1

    answer = client.post("/confirm/passkey", data={"credential": device.get(options), "next": "/account"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert signed_in(named, answer).post("/account/passkeys/options").status_code == 200


def test_passkey_of_somebody_else_does_not_confirm(named, device):
    client = another_browser(named, "sofia")
    named.move(minutes=16)
    options = asked(client, "/confirm/passkey/options")

    assert client.post("/confirm/passkey", data={"credential": device.get(options)}).status_code == 422


def test_removing_ends_every_session_and_the_key(named, device):
    here, other = another_browser(named), another_browser(named)
    with named.acting(writing=False) as w:
        code = factors.passkeys(w, MARI)[0].code
    assert named.client("sofia").post(f"/account/passkeys/{code}/end").status_code == 404

    answer = here.post(f"/account/passkeys/{code}/end")

    assert answer.status_code == 303
    assert here.get("/account").status_code == other.get("/account").status_code == 303
    assert signed_in(named, answer).get("/account").status_code == 200
    assert show(Client(named.app, None), device).status_code == 422
    with named.acting(writing=False) as w:
        assert factors.of(w, MARI) == factors.Factors(has_app=False, passkeys=0, codes_left=0)


def test_an_administrator_takes_passkeys_away_too(named, device):
    with named.acting("anna") as w:
        actions.reset_second_factor(w, person_of(w))

    assert show(named.client(), device).status_code == 422


def test_passkey_is_enough_in_production(named):
    named.settings = named.settings.model_copy(update={"env": "production"})
    client = named.client("jaan")
    client.base_url = "http://localhost:8000"
    assert client.get("/people").status_code == 303

    answer = add(client, Device())

    client.token = cookie_of(answer)
    assert client.get("/people").status_code == 200


def test_an_address_of_numbers_offers_none(named):
    named.settings = named.settings.model_copy(update={"public_url": "http://127.0.0.1:8000"})

    assert "data-passkey" not in named.client().get("/sign-in").text
    assert "address of numbers" in named.client("mari").get("/account/second-factor").text
    refused = named.client().post("/sign-in/passkey/options", headers={"accept": "application/json"})
    assert (refused.status_code, refused.json()["code"]) == (409, "no_host")


def test_challenges_from_one_place_are_limited_and_swept(named):
    client = named.client()
    for _ in range(60):
        asked(client, "/sign-in/passkey/options")
    refused = client.post("/sign-in/passkey/options", headers={"accept": "application/json"})

    assert refused.status_code == 429
    named.move(minutes=6)
    with named.acting() as w:
        retention.run(w)
        assert w.session.exec(select(PasskeyChallenge)).all() == []


@pytest.mark.parametrize(("ceremony", "person_id"), [(Ceremony.ADD, None), (Ceremony.SIGN_IN, MARI)])
def test_database_knows_whose_a_challenge_may_be(named, ceremony, person_id):
    row = PasskeyChallenge(
        browser_hash="x" * 64, challenge="x", ceremony=ceremony, person_id=person_id, expires_at=named.now
    )
    with pytest.raises(IntegrityError, match="whose"), named.acting() as w:
        w.add(row)


def test_database_knows_the_ceremonies(named):
    from sqlalchemy import text  # noqa: PLC0415

    statement = text(
        "INSERT INTO passkey_challenge (browser_hash, challenge, ceremony, person_id, expires_at) "
        "VALUES ('x', 'x', 'wedding', 1, '2027-01-10 09:00:00')"
    )
    with pytest.raises(IntegrityError, match="ceremony"), named.acting() as w:
        w.session.connection().execute(statement)


def test_only_the_public_half_is_kept(named, device):
    with named.acting(writing=False) as w:
        kept = w.session.exec(select(Passkey)).one()
        assert w.session.get_one(Person, kept.person_id).code.encode() == device.handle
    secret = device.key.private_numbers().private_value
    assert str(secret) not in str(kept.model_dump())
