"""Who could work with whom is computed here."""

from __future__ import annotations

from typing import Any

from challenge.jobs.computing import Keep, Kind
from challenge.kernel.clock import Clock
from challenge.kernel.database import Database
from challenge.kernel.work import open_work
from challenge.partners import actions
from challenge.partners.queries.matching import known
from challenge.partners.states import MatchingState


def compute(database: Database, clock: Clock, key: int, inputs: dict[str, Any]) -> Keep:
    """What cities and proposals say now, and both ways to pair them."""
    with open_work(database, clock(), writing=False) as w:
        snapshot = known(w, inputs)
    from challenge.partners.matching import computed  # noqa: PLC0415 -- the solver is loaded when first needed

    result = computed(inputs, snapshot)
    return lambda w: actions.keep_matching(w, key, MatchingState.READY, result)


run = Kind(
    "matching", actions.claim_matching, lambda found: (found.id, found.inputs), compute,
    lambda w, key: actions.keep_matching(w, key, MatchingState.FAILED, {}),
).run  # fmt: skip
