"""Every role × state × transition over HTTP: what is listed is the table's, the rest is refused and leaves no trace."""

import httpx2
import pytest
from sqlmodel import func, select

from challenge import wiring
from challenge.kernel import late
from challenge.kernel.journal import Step
from challenge.people.queries import COOKIE
from challenge.proposals.states import ProposalState
from tests import running
from tests.cast import PEOPLE
from tests.factories.cells import ALL
from tests.factories.proposals import proposal_in

WHO = (*PEOPLE, "nobody")
REACHED = {name: cells for name, cells in ALL.items() if cells.noun}


def test_every_workflow_with_an_api_is_here():
    names = {route.name for route in wiring.routes()}
    found = {name.split(".")[1] for name in names if name.startswith("api.") and name.endswith(".transitions")}
    assert found == {cells.noun for cells in REACHED.values()}


def answers(world, who, asked):
    """What the service answers this person to each (method, path, body); one event loop for all, there are many."""
    headers = {"sec-fetch-site": "same-origin"}
    if token := world.client(who).token:
        headers["cookie"] = f"{COOKIE}={token}"

    async def ask():
        transport = httpx2.ASGITransport(app=world.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000", headers=headers) as client:
            return [await client.request(method, path, json=body) for method, path, body in asked]

    return running.run(ask())


class Seen:
    """A record as the table has it for somebody, and how long the journal is."""

    def __init__(self, world, cells, cell, who):
        with world.acting(who, writing=False) as w:
            record = cells.find(w, cell)
            self.here = {row.name for row in cells.workflow.rows_from(record)}
            self.offers = {offer.row.name: offer.problem is None for offer in cells.workflow.offers(w, record)}
            found = select(func.count()).select_from(Step).where(
                Step.workflow != "person",  # alerts on asking a lot
                Step.transition != late.ACT,  # the trace of what came after the deadline
            )  # fmt: skip
            steps = w.session.exec(found).one()
            self.facts = (str(record.state), record.version, steps)


def given_with(cells):
    """Transition → a complete answer to what it asks for, None where it asks nothing."""
    found = {row.name: cells.given(row) for row in reversed(cells.workflow.rows)}
    return {name: given and given.model_dump(mode="json") for name, given in found.items()}


def posts(seen, given, *, knows):
    """The transitions of the record's state, each with its answer and without; not those that may be fired.

    Whoever may do anything here tries every other name of the table too.
    """
    names = [name for name in given if not seen.offers.get(name) and (name in seen.here or seen.offers)]
    return [*((name, given[name]) for name in names), *((name, None) for name in names if knows and given[name])]


@pytest.mark.parametrize("workflow", REACHED)
@pytest.mark.abuse(13)
def test_each_cell_is_as_the_table_says(world, workflow):
    cells = REACHED[workflow]
    made, given = {cell.name.split(",")[0]: cell for cell in cells.made(world)}, given_with(cells)  # one in each state
    world.now = max(cell.at for cell in made.values())
    routed = {row.name for row in cells.workflow.rows if row.offered}
    tried = 0
    for cell in made.values():
        path = f"/api/v1/{cells.noun}/{cell.code}/transitions"
        for who in WHO if world.database.is_sqlite else WHO[::3]:  # who may do what is one code for both
            seen = Seen(world, cells, cell, who)
            (listed,) = answers(world, who, [("GET", path, None)])
            knows = listed.status_code == 200
            if knows:
                told = listed.json()
                offers = {row["name"]: row["blocked_because"] is None for row in told["transitions"]}
                assert (told["state"], told["version"], offers) == (*seen.facts[:2], seen.offers), (cell.name, who)
            else:
                assert listed.status_code == (401 if who == "nobody" else 404), (cell.name, who)
                assert seen.offers == {}
            sent = posts(seen, given, knows=knows)
            refused = answers(world, who, [("POST", f"{path}/{name}", body) for name, body in sent])
            for (name, body), answer in zip(sent, refused, strict=True):
                allowed = {403, 404, 409} if who != "nobody" else {401} if name in routed else {404}
                allowed |= {422} if body is None and name in seen.offers else set()
                assert answer.status_code in allowed, (cell.name, who, name, body, answer.text)
            assert Seen(world, cells, cell, who).facts == seen.facts, (cell.name, who)
            tried += len(sent)
    assert tried > len(WHO) / 3


def test_who_turns_the_second_key_gives_nothing_more(world):
    waiting = list(REACHED["pilot"].made(world))[-1]
    path = f"/api/v1/pilots/{waiting.code}/transitions/terminate"
    assert [world.client(who).post(path).status_code for who in ("mari", "jaan", "kadri")] == [403, 409, 200]


def test_what_is_asked_in_later_states_only_is_not_asked_before(world):
    code = proposal_in(world, ProposalState.SUBMITTED)
    (answer,) = answers(world, "ravi", [("POST", f"/api/v1/proposals/{code}/transitions/withdraw", None)])
    assert (answer.status_code, answer.json()["state"]) == (200, "withdrawn")
