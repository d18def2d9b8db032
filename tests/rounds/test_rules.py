"""Dates in order, and what stays once a gate has opened."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from challenge.rounds import rules
from challenge.rounds.document import in_force
from challenge.rounds.rules import amendable, lacking
from challenge.rounds.states import Gate, WindowName
from tests.factories.rounds import WINDOWS, make_round

DAY = timedelta(days=1)
IDEAS, PILOTS = WindowName.IDEAS, WindowName.PILOT_PROPOSALS


def moved(document, name, *, opens=0, closes=0):
    """The same round with one window moved by so many days."""
    return document.model_copy(
        update={
            "windows": [
                one.model_copy(
                    update={"opens_at": one.opens_at + opens * DAY, "closes_at": one.closes_at + closes * DAY}
                )
                if one.name is name
                else one
                for one in document.windows
            ]
        }
    )


@pytest.mark.parametrize(
    ("opens", "closes", "wrong"),
    [
        (0, 0, False),
        (-71, 0, False),  # the same moment as the window before
        (-72, 0, True),
        (0, -90, False),  # a day after it
        (0, -91, True),  # the same moment
        (0, -92, True),
    ],
)
def test_a_window_opens_with_the_one_before_at_the_earliest_and_closes_after_it(world, opens, closes, wrong):
    first, second = WINDOWS[IDEAS], (WINDOWS[IDEAS][0] + 71 * DAY, WINDOWS[IDEAS][1] + 91 * DAY)
    with world.acting() as w:
        document = in_force(w, make_round(w, windows={**WINDOWS, IDEAS: first, PILOTS: second}))
    assert set(lacking(moved(document, PILOTS, opens=opens, closes=closes))) == (
        {f"windows.{PILOTS}"} if wrong else set()
    )


def with_rules(document, **changes):
    return document.model_copy(update={"rules": document.rules.model_copy(update=changes)})


@pytest.mark.parametrize("opened", [False, True])
def test_the_scale_and_the_criteria_stay_once_a_gate_has_opened(world, opened):
    with world.acting() as w:
        old = in_force(w, make_round(w))
    now = WINDOWS[PILOTS][0] if opened else WINDOWS[IDEAS][0] - timedelta(seconds=1)
    gates = old.rules.gates
    fewer = gates[Gate.PILOT_PROPOSAL].model_copy(update={"criteria": gates[Gate.PILOT_PROPOSAL].criteria[1:]})
    changes = {
        "rules.scale": with_rules(old, scale=old.rules.scale.model_copy(update={"maximum": Decimal(6)})),
        "rules.gates.pilot_proposal.criteria": with_rules(old, gates={**gates, Gate.PILOT_PROPOSAL: fewer}),
    }
    for path, new in changes.items():
        problem = amendable(old, new, now)
        assert (problem is not None and path in problem.fields) is opened
    assert amendable(old, old, now) is None
    assert rules.needed(old.rules)[0] is WindowName.CHALLENGES
