import json

import pytest

from challenge.kernel import clock
from challenge.settings import Settings
from tests.oidc import hostile, real
from tests.oidc.browsing import link
from tests.world import World

BASE = {"client_id": "city", "client_secret": real.SECRET, "private_network": True}


@pytest.fixture(scope="session")
def provider():
    """The real one: its issuer."""
    with real.running() as issuer:
        yield issuer


@pytest.fixture
def liar():
    """The one that says what a test wants."""
    with hostile.running() as made:
        yield made


@pytest.fixture
def make_world(database, tmp_path):
    """A world with these providers, at the machine's time: that is what tokens carry."""

    def make(*providers, **settings):
        listed = json.dumps([{**BASE, **given} for given in providers])
        made = Settings(
            secret_key="a secret for the tests only, long enough", files=tmp_path / "files", oidc_providers=listed,
            public_url="http://127.0.0.1:8000", **settings,
        )  # fmt: skip
        return World(database, made, clock.now())

    return make


@pytest.fixture
def world(make_world, liar):
    made = make_world({"key": "liar", "title": "Liar", "issuer": liar.issuer})
    link(made, "mari", liar.issuer, "s-1")
    liar.now = int(made.now.timestamp())
    return made
