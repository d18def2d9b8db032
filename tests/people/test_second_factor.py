"""Setting a second factor up, removing it, and for whom it is demanded."""

import pyotp
import pytest
from cryptography.exceptions import InvalidTag
from sqlmodel import select

from challenge.kernel import sealing
from challenge.kernel.errors import Forbidden
from challenge.people import actions, factors
from challenge.people.models import Authenticator
from challenge.proposals.states import ProposalState
from tests.cast import PEOPLE
from tests.factories.people import (
    another_browser,
    app_of,
    letters_to,
    mailed_token,
    person_of,
    shown_codes,
    signed_in,
    steps,
)
from tests.factories.rounds import make_round
from tests.factories.selection import make_candidate
from tests.world import Client, parse

MARI = PEOPLE["mari"].id
NEXT_CODE = 30  # seconds


def test_app_is_set_up_on_the_account_page_and_its_secret_is_shown_once(world):
    client = world.client("mari")
    shown = client.post("/account/authenticator")
    secret = shown.text.split('class="kept num"')[1].split(">")[1].split("<")[0].replace(" ", "")
    wrong = client.post("/account/authenticator/confirm", data={"code": "000000"})
    codes = client.post("/account/authenticator/confirm", data={"code": pyotp.TOTP(secret).at(world.now)})

    assert len(secret) == 32
    assert (shown.status_code, wrong.status_code, codes.status_code) == (200, 422, 200)
    assert secret not in wrong.text.replace(" ", "")
    assert len(shown_codes(codes)) == 10
    renewed = signed_in(world, codes)
    assert "Codes from an app" in renewed.get("/account/second-factor").text
    assert secret not in renewed.get("/account/second-factor").text.replace(" ", "")
    assert steps(world, "person") == ["set_up_app"]


def test_picture_keeps_the_content_security_policy(world):
    text = world.client("mari").post("/account/authenticator").text

    svg = text.split('class="qr"')[1].split("</svg>")[0]
    assert "style" not in svg
    assert "<title>Code to be read by the app</title>" in svg
    parse(text, "the picture")


def test_an_app_that_was_not_confirmed_asks_nothing_at_sign_in(world):
    world.client("mari").post("/account/authenticator")

    answer = world.client().post("/sign-in", data={"email": "mari@example.org"})
    answer = world.client().post(f"/sign-in/{mailed_token(world, 'mari@example.org')}")

    assert answer.headers["location"] == "/home"


def test_setting_up_renews_this_session_and_ends_the_others(world):
    here, other = world.client("mari"), another_browser(world)
    app = app_of(world)  # as in yet another browser
    assert here.get("/account").status_code == other.get("/account").status_code == 303

    with world.acting(writing=False) as w:
        assert factors.are_set_up(w.session, MARI)
    assert app.interval == NEXT_CODE


def test_secret_is_sealed_for_its_owner_and_purpose(world):
    app = app_of(world)
    with world.acting(writing=False) as w:
        kept = w.session.exec(select(Authenticator.sealed_secret)).one()
        code = person_of(w).code

    assert app.secret not in kept
    assert sealing.unseal((world.settings.secret,), "authenticator", kept, owner=code) == app.secret
    for secret, purpose, owner in (
        (b"another secret of 32 bytes at least", "authenticator", code),
        (world.settings.secret, "receipts", code), (world.settings.secret, "authenticator", "OTHER000"),
    ):  # fmt: skip
        with pytest.raises(InvalidTag):
            sealing.unseal((secret,), purpose, kept, owner=owner)


@pytest.mark.parametrize("path", ["authenticator", "authenticator/end", "recovery-codes"])
def test_changing_factors_needs_a_fresh_proof(world, path):
    app_of(world)
    client = another_browser(world)
    world.move(minutes=16)

    answer = client.post(f"/account/{path}")

    assert (answer.status_code, "Confirm that it is you" in answer.text) == (403, True)
    with world.acting(writing=False) as w:
        assert factors.of(w, MARI) == factors.Factors(has_app=True, passkeys=0, codes_left=10)


def test_removing_ends_every_session_and_the_recovery_codes(world):
    app_of(world)
    here, other = another_browser(world), another_browser(world)

    answer = here.post("/account/authenticator/end")

    assert answer.status_code == 303
    assert here.get("/account").status_code == other.get("/account").status_code == 303
    assert signed_in(world, answer).get("/account").status_code == 200
    with world.acting(writing=False) as w:
        assert factors.of(w, MARI) == factors.Factors(has_app=False, passkeys=0, codes_left=0)
        assert "The app for codes was removed." in letters_to(w, "mari@example.org")[0].text


def test_an_administrator_helps_who_has_lost_everything(world):
    app_of(world)
    client = another_browser(world)
    with world.acting(writing=False) as w:
        path = f"/people/{person_of(w).code}"
    assert "Take the second step away" in world.client("anna").get(path).text

    answer = world.client("anna").post(f"{path}/second-factor/end")

    assert answer.status_code == 303
    assert client.get("/account").status_code == 303
    with world.acting(writing=False) as w:
        assert not factors.are_set_up(w.session, MARI)
    assert another_browser(world).get("/account").status_code == 200
    assert world.client("jaan").post(f"{path}/second-factor/end").status_code == 403


def test_administrators_do_not_help_themselves_nor_without_a_proof(world):
    app_of(world, "anna")
    with world.acting("anna") as w, pytest.raises(Forbidden):
        actions.reset_second_factor(w, person_of(w, "anna"))
    with world.acting("anna") as w:
        w.now = world.now.replace(hour=world.now.hour + 1)
        with pytest.raises(Forbidden):
            actions.reset_second_factor(w, person_of(w, "mari"))


@pytest.fixture
def production(world):
    world.settings = world.settings.model_copy(update={"env": "production"})
    return world


@pytest.mark.parametrize("name", ["jaan", "lena", "olev", "anna"])
def test_roles_need_a_second_factor_in_production(production, name):
    client = production.client(name)

    led = client.get("/people?q=x")
    assert (led.status_code, led.headers["location"]) == (303, "/account/second-factor?next=%2Fpeople%3Fq%3Dx")
    assert client.get("/account").status_code == 303
    refused = client.get("/api/v1/steps")
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_needed")
    assert client.post("/account/tokens", data={"name": "x", "days": "3"}).status_code == 403
    assert "Before anything else" in client.get("/account/second-factor?next=%2Fpeople").text


def test_who_has_set_it_up_goes_on_in_production(production):
    client = production.client("jaan")
    shown = client.post("/account/authenticator")
    secret = shown.text.split('class="kept num"')[1].split(">")[1].split("<")[0].replace(" ", "")
    answer = client.post("/account/authenticator/confirm", data={"code": pyotp.TOTP(secret).at(production.now)})

    assert signed_in(production, answer).get("/people").status_code == 200


def test_seats_alone_need_none_in_production(production):
    assert production.client("mari").get("/account").status_code == 200


def test_public_pages_show_no_more_than_to_visitors_before_it_is_set_up(production):
    """On pages for everybody the roles are not held: a coordinator reads what a visitor reads."""
    with production.acting() as w:
        proposal = make_candidate(w, make_round(w), state=ProposalState.IN_JURY)
        code = proposal.code
    assert production.client("jaan").get(f"/proposals/{code}").status_code == 404
    production.settings = production.settings.model_copy(update={"env": "development"})
    production._app = None
    assert Client(production.app, production.client("jaan").token).get(f"/proposals/{code}").status_code == 200


def test_in_development_it_is_advised(world):
    text = world.client("jaan").get("/account").text

    assert "Your role should be guarded by one." in text
    assert world.client("jaan").get("/people").status_code == 200
