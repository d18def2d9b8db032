"""Who could work with whom is computed here: read, compute without a transaction, write."""

from __future__ import annotations

import logging
from typing import Any

from challenge.kernel.clock import Clock
from challenge.kernel.database import Database
from challenge.kernel.work import open_work
from challenge.partners import actions
from challenge.partners.queries.matching import known
from challenge.partners.states import MatchingState

log = logging.getLogger("challenge.jobs")


def run(database: Database, clock: Clock) -> int:
    """Compute every matching that waits; how many were."""
    done = 0
    while _one(database, clock):
        done += 1
    return done


def _one(database: Database, clock: Clock) -> bool:
    with open_work(database, clock()) as w:
        found = actions.claim_matching(w)
        if found is None:
            return False
        key, inputs = found.id, found.inputs
    result: dict[str, Any] = {}
    try:
        with open_work(database, clock(), writing=False) as w:
            snapshot = known(w, inputs)
        from challenge.partners.matching import computed  # noqa: PLC0415 -- the solver is loaded when first needed

        state, result = MatchingState.READY, computed(inputs, snapshot)
    except Exception:
        log.exception("matching %s failed", key)
        state = MatchingState.FAILED
    with open_work(database, clock()) as w:
        actions.keep_matching(w, key, state, result)
    return True
