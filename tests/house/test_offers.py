"""A button is offered exactly when firing it works: in every workflow, in each state, for everybody of the cast."""

import contextlib

import pytest

from challenge.kernel.errors import Forbidden, Missing, Refused
from challenge.wiring import workflows
from tests.cast import PEOPLE
from tests.factories.cells import ALL

WHO = (*PEOPLE, "nobody", "system")


class TakenBackError(Exception):
    """Leaves a unit of work without committing."""


def tried_by(who, workflow, record):
    """The rows that leave this state, each once; for jaan also every other name of the table."""
    rows = (*(workflow.rows if who == "jaan" else ()), *workflow.rows_from(record))
    return {row.name: row for row in rows}.values()


def fires(cells, w, record, row):
    """Whether the row's name can be fired here; whatever that did is taken back."""
    before, steps = record.state, len(w._entries)
    with w.session.begin_nested() as undo:
        try:
            fired = cells.fire(w, record, row.name, cells.given(row))
        except (Refused, Forbidden, Missing):
            works = False
            assert (record.state, len(w._entries)) == (before, steps)
        else:
            works = True
            assert record.state is (fired.row.target if fired.done else before)
            assert len(w._entries) > steps
        undo.rollback()
    del w._entries[steps:]
    w.session.expire_all()
    return works


@pytest.mark.parametrize("workflow", workflows(), ids=lambda workflow: workflow.name)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here depends on which
def test_a_button_is_offered_exactly_when_firing_works(world, workflow):
    cells = ALL[workflow.name]
    made = list(cells.made(world))
    with world.acting() as w:
        assert {cells.find(w, cell).state for cell in made} == set(workflow.labels)
    fired = set()
    for cell in made:
        world.now = cell.at
        for who in WHO:
            with contextlib.suppress(TakenBackError), world.acting(who) as w:
                record = cells.find(w, cell)
                for row in tried_by(who, workflow, record):
                    offers = {offer.row.name: offer.problem for offer in workflow.offers(w, record)}
                    works = fires(cells, w, record, row)
                    assert works == (offers.get(row.name, "not offered") is None), (cell.name, who, row.name)
                    fired |= {row.name} if works else set()
                raise TakenBackError
    assert fired or not any(row.offered for row in workflow.rows)


@pytest.mark.parametrize("workflow", workflows(), ids=lambda workflow: workflow.name)
def test_what_is_hard_to_take_back_says_what_it_does(workflow):
    silent = [row.name for row in workflow.rows if row.offered and (row.tone == "warning") != (row.warns is not None)]
    assert silent == []
