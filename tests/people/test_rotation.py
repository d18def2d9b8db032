"""The installation's secret changes: sessions go on, receipts verify, sealed secrets open, new things use the new."""

import base64

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import SecretStr
from sqlmodel import select

from challenge.kernel import receipt, sealing
from challenge.kernel.journal import canonical
from challenge.people.models import Authenticator
from challenge.submissions.states import SubmissionState as S
from tests.factories.people import another_browser, app_of, person_of
from tests.factories.submissions import find, submission_in
from tests.world import World

NEW = "another secret of the installation, drawn later"
NEXT_CODE = 30  # seconds


@pytest.fixture
def world(world):
    """With a secret as ``openssl rand`` makes it."""
    world.settings = type(world.settings)(**{**world.settings.model_dump(), "secret_key": SecretStr("9f3b61c2" * 8)})
    return world


def rotated(world, *, keep: bool) -> World:
    """The same installation after a restart with another secret; ``keep`` names the one of before."""
    before = SecretStr(world.settings.secret.decode() if keep else "")
    changed = {"secret_key": SecretStr(NEW), "secret_keys_previous": before}
    settings = type(world.settings)(**{**world.settings.model_dump(), **changed})
    return World(world.database, settings, world.now)


def test_who_is_signed_in_stays_so(world):
    token = world.client("mari").token
    for keep in (True, False):
        client = rotated(world, keep=keep).client()
        client.token = token
        assert client.get("/home").status_code == 200


def handed_in(world, client, beside: str = "") -> str:
    if beside:
        with world.acting(writing=False) as w:
            beside = find(w, beside).round_code
    code = submission_in(world, S.DRAFT, beside or None, title=f"Quiet junctions {beside}")
    assert client.post(f"/submissions/{code}/transitions/submit", data={}).status_code == 303
    return code


def test_receipts_keep_verifying_with_the_key_they_were_signed_with(world):
    mari = world.client("mari")
    code = handed_in(world, mari)
    old_key = mari.get(f"/submissions/{code}/receipt.json").json()["key_id"]
    after = rotated(world, keep=True)
    client = after.client()
    client.token = mari.token

    kept = client.get(f"/submissions/{code}/receipt.json").json()
    new, old = after.client().get("/receipts/key").text.split()

    assert kept["public_key"] == old
    assert kept["key_id"] == old_key == receipt.key_id(old)
    assert receipt.key_id(new) != receipt.key_id(old)
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(old))
    key.verify(base64.b64decode(kept["signature"]), canonical(kept["content"]).encode())
    later = handed_in(after, client, beside=code)
    assert client.get(f"/submissions/{later}/receipt.json").json()["public_key"] == new


def test_without_the_old_secret_a_receipt_names_no_key(world):
    mari = world.client("mari")
    code = handed_in(world, mari)
    client = rotated(world, keep=False).client()
    client.token = mari.token
    kept = client.get(f"/submissions/{code}/receipt.json").json()
    assert (kept["public_key"], kept["key_id"]) == (None, None)


def test_a_second_factor_goes_on_and_is_sealed_anew_when_it_is_used(world):
    app = app_of(world)
    token = another_browser(world).token
    after = rotated(world, keep=True)
    after.move(minutes=20)
    client = after.client()
    client.token = token
    secret = (after.settings.secret,)
    with world.acting(writing=False) as w:
        owner = person_of(w).code
        sealed = w.session.exec(select(Authenticator.sealed_secret)).one()
        with pytest.raises(InvalidTag):
            sealing.unseal(secret, "authenticator", sealed, owner=owner)

    assert client.post("/confirm/code", data={"code": app.at(after.now)}).status_code == 303

    with world.acting(writing=False) as w:
        sealed = w.session.exec(select(Authenticator.sealed_secret)).one()
    assert sealing.unseal(secret, "authenticator", sealed, owner=owner) == app.secret
