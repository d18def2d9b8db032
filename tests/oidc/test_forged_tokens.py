"""Case 26 of the threat list: tokens that are not what they say. Always: no sign-in."""

import pytest
from joserfc.jwk import ECKey, RSAKey
from sqlmodel import select

from challenge.people.oidc.models import OidcIdentity
from tests.oidc.browsing import come_back, link, refused, sqlite_only
from tests.oidc.hostile import CLIENT, SECRET, unsigned


@pytest.mark.abuse(26)
@sqlite_only
@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"}, {"nonce": None}, {"nonce": ""}, {"nonce": ["a"]},
        {"aud": "another"}, {"aud": [CLIENT, "another"]}, {"aud": None}, {"aud": []},
        {"azp": "another"},
        {"iss": "https://accounts.example.org"}, {"iss": None},
        {"exp": 1}, {"exp": None}, {"exp": "tomorrow"},
        {"iat": 1}, {"iat": None}, {"iat": 4_000_000_000}, {"nbf": 4_000_000_000},
        {"sub": None}, {"sub": ""}, {"sub": 1}, {"sub": "s" * 256}, {"sub": "s-1\n"},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_with_a_wrong_claim_signs_nobody_in(world, liar, claims):
    liar.claims = claims

    refused(world, come_back(world, liar))


@pytest.mark.abuse(26)
@sqlite_only
@pytest.mark.parametrize(
    "header",
    [{"kid": "unknown"}, {"kid": 7}, {"alg": "ES512"}, {"crit": ["urn:odd"], "urn:odd": 1}],
    ids=str,
)
def test_a_token_with_a_wrong_header_signs_nobody_in(world, liar, header):
    liar.header = header

    refused(world, come_back(world, liar))


@pytest.mark.abuse(26)
@sqlite_only
def test_a_token_without_a_signature_signs_nobody_in(world, liar):
    liar.token = unsigned

    refused(world, come_back(world, liar))


@sqlite_only
def test_a_token_signed_with_the_client_secret_signs_nobody_in(world, liar):
    liar.header, liar.signer = {"alg": "HS256"}, SECRET.encode()

    refused(world, come_back(world, liar))


def test_unless_that_is_what_was_agreed_on(make_world, liar):
    world = make_world({"key": "liar", "title": "Liar", "issuer": liar.issuer, "algorithms": ["HS256"]})
    link(world, "mari", liar.issuer, "s-1")
    liar.now, liar.header, liar.signer = int(world.now.timestamp()), {"alg": "HS256"}, SECRET.encode()

    assert come_back(world, liar).status_code == 303


@pytest.mark.abuse(26)
@sqlite_only
def test_the_public_key_is_no_secret_to_sign_with(world, liar):
    liar.header, liar.signer = {"alg": "HS256"}, liar.key.as_pem(private=False)

    refused(world, come_back(world, liar))


@sqlite_only
def test_a_key_of_ones_own_under_a_known_name_signs_nobody_in(world, liar):
    liar.signer = ECKey.generate_key("P-256", {"kid": "first"})

    refused(world, come_back(world, liar))


@sqlite_only
def test_a_key_brought_along_in_the_token_signs_nobody_in(world, liar):
    liar.signer = ECKey.generate_key("P-256")
    liar.header = {"jwk": liar.signer.as_dict(private=False), "kid": None}

    refused(world, come_back(world, liar))


@sqlite_only
def test_what_is_no_token_signs_nobody_in(world, liar):
    for text in ("", "a", "a.b", "a.b.c", "....", "e30.e30.", "bnVsbA.e30.e30"):
        liar.token = lambda _claims, text=text: text
        refused(world, come_back(world, liar))


def test_keys_are_asked_for_anew_when_one_is_new(world, liar):
    come_back(world, liar)
    later = ECKey.generate_key("P-256", {"kid": "second", "use": "sig"})
    liar.listed, liar.signer, liar.header = [liar.key, later], later, {"kid": "second"}
    world.move(minutes=2)
    liar.now += 120

    assert come_back(world, liar).status_code == 303
    assert liar.asked.count("/jwks") == 2


@sqlite_only
def test_unknown_keys_do_not_make_us_ask_all_the_time(world, liar):
    liar.header = {"kid": "unknown"}
    for _try in range(4):
        refused(world, come_back(world, liar))

    assert liar.asked.count("/jwks") == 1


@sqlite_only
def test_an_rsa_key_does_not_stand_in_for_one_of_another_kind(world, liar):
    liar.listed = [RSAKey.generate_key(2048, {"kid": "first"})]

    refused(world, come_back(world, liar))


def test_userinfo_about_another_subject_is_not_believed(make_world, liar):
    world = make_world({"key": "liar", "title": "Liar", "issuer": liar.issuer, "new_people": True})
    liar.now, liar.claims = int(world.now.timestamp()), {"email": None}
    liar.userinfo = {"sub": "s-2", "email": "uku@example.org", "email_verified": True}

    refused(world, come_back(world, liar))


@sqlite_only
@pytest.mark.parametrize("verified", ["true", 1, None, False])
def test_only_a_plain_yes_makes_an_address_verified(make_world, liar, verified):
    world = make_world({"key": "liar", "title": "Liar", "issuer": liar.issuer, "new_people": True})
    liar.now = int(world.now.timestamp())
    liar.claims = {"email": "uku@example.org", "email_verified": verified}

    assert "not linked yet" in come_back(world, liar).text
    with world.acting(writing=False) as w:
        assert w.session.exec(select(OidcIdentity)).all() == []


@sqlite_only
def test_what_a_provider_calls_people_is_shown_as_text_only(world, liar):
    liar.claims = {"sub": "s-2", "email": "<script>alert(1)</script>\u202e", "name": "x" * 9_000}

    answer = come_back(world, liar)

    assert "<script>alert" not in answer.text
    assert "\u202e" not in answer.text
