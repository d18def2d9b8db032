"""What needs two people is not done by one, nor with a key that was turned for something else (34)."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from challenge import wiring
from challenge.selection.states import OutcomeState
from tests.factories.cells import ALL

TWO_KEYS = [(flow.name, row.name) for flow in wiring.workflows() for row in flow.rows if row.keys > 1 and row.offered]


def test_the_acts_of_two_people_are_reviewed():
    assert sorted(set(TWO_KEYS)) == [
        ("change_request", "grant"), ("consensus", "reopen"), ("pilot", "terminate"), ("review", "reopen"),
        ("round", "amend"), ("round", "cancel"), ("tranche", "approve"),
    ]  # fmt: skip
    assert sorted(set(TWO_KEYS)) == sorted({*TWO_KEYS})


class Act:
    """One act of two people, over the API."""

    def __init__(self, world, workflow, name):
        self.world, self.cells, self.name = world, ALL[workflow], name
        for cell in self.cells.made(world):
            world.now = cell.at
            with world.acting("jaan") as w:
                record = self.cells.find(w, cell)
                found = {offer.row.name: offer for offer in self.cells.workflow.offers(w, record)}
                offer = found.get(name)
                if offer and offer.row.keys > 1 and offer.problem is None and not cell.name.endswith(" asked"):
                    self.cell, self.row = cell, offer.row
                    break
        given = self.cells.given(self.row)
        self.body = None if given is None else given.model_dump(mode="json")
        self.path = f"/api/v1/{self.cells.noun}/{self.cell.code}/transitions/{name}"

    def by(self, who, *, body=True):
        return self.world.client(who).post(self.path, json=self.body if body else None)

    @property
    def state(self):
        with self.world.acting(writing=False) as w:
            return str(self.cells.find(w, self.cell).state)

    def changed_meanwhile(self):
        table = self.cells.model.__table__.name
        with self.world.database.engine.execution_options(writing=True).begin() as connection:
            connection.execute(text(f"UPDATE {table} SET version = version + 1 WHERE code = '{self.cell.code}'"))


@pytest.fixture(params=sorted(set(TWO_KEYS)), ids=".".join)
def act(world, request):
    return Act(world, *request.param)


@pytest.mark.abuse(34)
def test_one_person_turns_one_key(act):
    before = act.state
    assert act.by("jaan").status_code == 202
    again = act.by("jaan")
    assert (again.status_code, again.json()["code"]) == (409, "second_person")
    assert act.state == before
    done = act.by("kadri", body=False)
    assert (done.status_code, done.json()["done"]) == (200, True)


@pytest.mark.abuse(34)
def test_a_key_turned_before_a_change_opens_nothing(act):
    before = act.state
    assert act.by("jaan").status_code == 202
    act.changed_meanwhile()
    refused = act.by("kadri", body=False)  # which is a first key now, and must say why, where anything is asked
    if act.row.asks is not None:
        assert (refused.status_code, refused.json()["code"]) == (422, "given_missing")
    else:
        assert (refused.status_code, refused.json()["done"]) == (202, False)
    assert act.state == before


@pytest.mark.abuse(34)
def test_a_second_key_for_a_version_one_did_not_see_is_refused(act):
    before, kadri = act.state, act.world.client("kadri")
    seen = kadri.get(act.path.rsplit("/", 1)[0]).headers["etag"]
    assert act.by("jaan").status_code == 202
    act.changed_meanwhile()
    assert kadri.post(act.path, headers={"if-match": seen}, json=act.body).status_code == 412
    assert act.state == before


@pytest.mark.abuse(34)
def test_nobody_turns_a_key_without_a_proof_of_the_last_minutes(act):
    world, before = act.world, act.state
    kadri = world.client("kadri")
    assert act.by("jaan").status_code == 202
    world.move(minutes=16)
    refused = kadri.post(act.path, json=act.body)
    assert (refused.status_code, refused.json()["code"]) == (403, "confirm_first")
    assert act.state == before


@pytest.mark.abuse(34)
def test_the_second_key_is_a_coordinators(act):
    before = act.state
    assert act.by("jaan").status_code == 202
    assert {act.by(who).status_code for who in ("mari", "ravi", "lena", "olev", "anna")} <= {403, 404}
    assert act.state == before


@pytest.fixture
def proposed(world):
    """The address of an award that jaan proposed, and its record."""
    cells = ALL["outcome"]
    cell = next(cell for cell in cells.made(world) if cell.name == OutcomeState.PROPOSED)
    world.now = cell.at
    return cells, cell, f"/api/v1/outcomes/{cell.code}/transitions/approve"


@pytest.mark.abuse(34)
def test_who_proposed_an_award_does_not_approve_it(world, proposed):
    cells, cell, path = proposed
    alone = world.client("jaan").post(path)
    assert (alone.status_code, alone.json()["code"]) == (409, "second_person")
    with world.acting(writing=False) as w:
        assert cells.find(w, cell).state is OutcomeState.PROPOSED
    assert world.client("kadri").post(path).status_code == 200


@pytest.mark.abuse(34)
def test_an_award_of_what_has_changed_since_is_not_approved(world, proposed):
    cells, cell, path = proposed
    with world.acting() as w:
        proposal = cells.find(w, cell).proposal_id
        w.session.connection().execute(
            text(f"UPDATE proposal SET months = 12, version = version + 1 WHERE id = {proposal}")
        )
    refused = world.client("kadri").post(path)
    assert (refused.status_code, refused.json()["code"]) == (409, "stale_revision")
