import pytest

from challenge.people.models import Organisation
from tests.cast import PLACES


@pytest.fixture
def tartu(world):
    """The address of Tartu's page of people and seats."""
    with world.acting(writing=False) as w:
        return f"/organisations/{w.session.get_one(Organisation, PLACES['tartu'].id).code}"
