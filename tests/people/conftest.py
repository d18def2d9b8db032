import pytest

from challenge.people.models import Organisation
from tests.cast import PLACES
from tests.factories.people import another_browser
from tests.people.device import Device, add


@pytest.fixture
def tartu(world):
    """The address of Tartu's page of people and seats."""
    with world.acting(writing=False) as w:
        return f"/organisations/{w.session.get_one(Organisation, PLACES['tartu'].id).code}"


@pytest.fixture
def named(world):
    """The world, known by a host name: passkeys need one."""
    world.settings = world.settings.model_copy(update={"public_url": "http://localhost:8000"})
    return world


@pytest.fixture
def device(named):
    """Mari's phone, with a passkey."""
    device = Device()
    assert add(another_browser(named), device).status_code == 200
    return device
