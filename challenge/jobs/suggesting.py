"""Suggestions of who reads what are computed here: read, compute without a transaction, write."""

from __future__ import annotations

import logging

from challenge.jury import actions, queries
from challenge.jury.states import SuggestionState
from challenge.kernel.clock import Clock
from challenge.kernel.database import Database
from challenge.kernel.work import open_work

log = logging.getLogger("challenge.jobs")


def run(database: Database, clock: Clock) -> int:
    """Compute every suggestion that waits; how many were."""
    done = 0
    while _one(database, clock):
        done += 1
    return done


def _one(database: Database, clock: Clock) -> bool:
    with open_work(database, clock()) as w:
        found = actions.claim_suggestion(w)
        if found is None:
            return False
        key, inputs = found.id, found.inputs
    try:
        with open_work(database, clock(), writing=False) as w:
            jurors = queries.said_by_jurors(w, [one["id"] for one in inputs["jurors"]])
            proposals = queries.said_by_proposals(w, [one["id"] for one in inputs["proposals"]])
        from challenge.jury.suggesting import computed  # noqa: PLC0415 -- the solver is loaded when first needed

        possible, result = computed(inputs, jurors, proposals)
        state = SuggestionState.READY if possible else SuggestionState.IMPOSSIBLE
    except Exception:
        log.exception("suggestion %s failed", key)
        state, result = SuggestionState.FAILED, {}
    with open_work(database, clock()) as w:
        actions.keep_suggestion(w, key, state, result)
    return True
