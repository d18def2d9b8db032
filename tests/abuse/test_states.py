"""No state is skipped, nothing is sent along with a transition, and none counts a second time (cases 12, 13)."""

from __future__ import annotations

import json

import pytest

from challenge.kernel import schema
from challenge.kernel.record import metadata
from tests import running
from tests.abuse.rows import changed, rows
from tests.cast import PEOPLE
from tests.factories.cells import ALL
from tests.policy.crawl import Asker

REACHED = {name: cells for name, cells in ALL.items() if cells.noun}
BODY = [(b"content-type", b"application/json"), (b"accept", b"application/json")]


def columns():
    schema.load_models()
    return {column.name for table in metadata.sorted_tables for column in table.columns}


def ask(world, who, *asked):
    """What this person is answered to each (address, body, more headers)."""
    asker = Asker(world.app, world.client(who).token)

    async def each():
        return [await asker.ask("POST", path, [*BODY, *more], body) for path, body, *more in asked]

    return running.run(each())


def open_here(world, cells, cell):
    """(person, transition, version) of everything that can be fired on this record now; one person for each."""
    found = {}
    for who in PEOPLE:
        with world.acting(who, writing=False) as w:
            record = cells.find(w, cell)
            for offer in cells.workflow.offers(w, record):
                if offer.problem is None:
                    found.setdefault(offer.row.name, (who, offer.row, record.version, offer.asked is not None))
    return found


def sent(cells, row, *, second):
    """The body of a transition: what it asks for, unless this is the second key."""
    given = None if second else cells.given(row)
    return {} if given is None else given.model_dump(mode="json")


def refused_along(world, cells, path, who, row, body):
    """Every column of every table that the transition does not ask for, sent along: each is named, nothing is done."""
    along = columns() - set(row.asks.model_fields)
    (answer,) = ask(world, who, (path, json.dumps({**body, **dict.fromkeys(along, 1)}).encode()))
    assert answer.status == 422, (path, answer.body)
    assert along <= {key.rsplit(".", 1)[-1] for key in json.loads(answer.body)["errors"]}, path


@pytest.mark.abuse(12, 13)
@pytest.mark.parametrize("workflow", REACHED)
def test_nothing_is_sent_along_with_a_transition_and_none_counts_twice(world, workflow):
    """By who may fire it, in each state. Sent again, as it was and with the version of before, it writes nothing."""
    cells, fired, asking = REACHED[workflow], 0, 0
    made = {cell.name.split(",")[0]: cell for cell in cells.made(world)}
    world.now = max(cell.at for cell in made.values())
    for cell in made.values():
        base = f"/api/v1/{cells.noun}/{cell.code}/transitions"
        here = open_here(world, cells, cell)
        before = rows(world.database)
        for name, (who, row, _version, second) in here.items():
            if row.asks is not None:
                refused_along(world, cells, f"{base}/{name}", who, row, sent(cells, row, second=second))
                asking += 1
        assert changed(before, rows(world.database)) <= {"sign_in_session"}  # of those who asked
        for name, (who, row, version, second) in here.items():
            seen = (b"if-match", f'"{version}"'.encode())
            request = (f"{base}/{name}", json.dumps(sent(cells, row, second=second)).encode(), seen)
            if ask(world, who, request)[0].status != 200:
                continue  # a second key must be turned
            after = rows(world.database)
            again = ask(world, who, request, request[:2])
            assert {one.status for one in again} <= {403, 404, 409, 412}, request
            assert changed(after, rows(world.database)) == set(), request
            fired += 1
            break  # the record has moved
    assert (fired > 0, asking > 0) == (True, True)
