"""Scenarios are computed here."""

from __future__ import annotations

from typing import Any

from challenge.jobs.computing import Keep, Kind
from challenge.kernel.clock import Clock
from challenge.kernel.database import Database
from challenge.kernel.work import open_work
from challenge.selection import actions, queries


def compute(database: Database, clock: Clock, key: int, changes: dict[str, Any]) -> Keep:
    """The portfolio from what stands now, under the round's rules with these changes."""
    with open_work(database, clock(), writing=False) as w:
        inputs = queries.snapshot_of(w, key)
    from challenge.selection.choosing import computed  # noqa: PLC0415 -- the solver is loaded when first needed

    made = computed(inputs, changes)
    return lambda w: actions.keep_scenario(w, key, inputs, made)


run = Kind(
    "scenario", actions.claim_scenario, lambda found: (found.id, found.changes), compute, actions.fail_scenario
).run
