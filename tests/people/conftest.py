import pytest
from sqlmodel import select

from challenge.people import actions
from challenge.people.models import Organisation, Role
from challenge.people.states import RoleName
from tests.cast import PEOPLE, PLACES
from tests.factories.people import another_browser, person_of
from tests.factories.rounds import make_round
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


@pytest.fixture
def two_administrators(world):
    """Tiina administers too."""
    with world.acting() as w:
        actions.give_role(w, person_of(w, "tiina"), RoleName.ADMINISTRATOR)


@pytest.fixture
def round_of_kadri(world):
    """Kadri coordinates one round only; lena and olev have a role in it, ilse is juror of another."""
    with world.acting() as w:
        own, other = make_round(w, title="Round A"), make_round(w, title="Round B")
        w.session.delete(w.session.exec(select(Role).where(Role.person_id == PEOPLE["kadri"].id)).one())
        for name, role, round_ in (
            ("kadri", RoleName.COORDINATOR, own), ("lena", RoleName.JUROR, own), ("olev", RoleName.OBSERVER, own),
            ("ilse", RoleName.JUROR, other),
        ):  # fmt: skip
            w.add(Role(person_id=PEOPLE[name].id, name=role, round_id=round_.id))
        return own.code, other.code
