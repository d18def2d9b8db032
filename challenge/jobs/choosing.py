"""Scenarios are computed here: read, compute without a transaction, write."""

from __future__ import annotations

import logging

from challenge.kernel.clock import Clock
from challenge.kernel.database import Database
from challenge.kernel.work import open_work
from challenge.selection import actions, queries

log = logging.getLogger("challenge.jobs")


def run(database: Database, clock: Clock) -> int:
    """Compute every scenario that waits; how many were."""
    done = 0
    while _one(database, clock):
        done += 1
    return done


def _one(database: Database, clock: Clock) -> bool:
    with open_work(database, clock()) as w:
        found = actions.claim_scenario(w)
        if found is None:
            return False
        key, changes = found.id, found.changes
    try:
        with open_work(database, clock(), writing=False) as w:
            inputs = queries.snapshot_of(w, key)
        from challenge.selection.choosing import computed  # noqa: PLC0415 -- the solver is loaded when first needed

        made = computed(inputs, changes)
    except Exception:
        log.exception("scenario %s failed", key)
        with open_work(database, clock()) as w:
            actions.fail_scenario(w, key)
        return True
    with open_work(database, clock()) as w:
        actions.keep_scenario(w, key, inputs, made)
    return True
