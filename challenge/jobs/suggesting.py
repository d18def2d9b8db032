"""Suggestions of who reads what are computed here."""

from __future__ import annotations

from typing import Any

from challenge.jobs.computing import Keep, Kind
from challenge.jury import actions, queries
from challenge.jury.states import SuggestionState
from challenge.kernel.clock import Clock
from challenge.kernel.database import Database
from challenge.kernel.work import open_work


def compute(database: Database, clock: Clock, key: int, inputs: dict[str, Any]) -> Keep:
    """What jurors and proposals say now, and the best that the rules allow."""
    with open_work(database, clock(), writing=False) as w:
        jurors = queries.said_by_jurors(w, [one["id"] for one in inputs["jurors"]])
        proposals = queries.said_by_proposals(w, [one["id"] for one in inputs["proposals"]])
    from challenge.jury.suggesting import computed  # noqa: PLC0415 -- the solver is loaded when first needed
    from challenge.optimise.embedding import installed, load  # noqa: PLC0415 -- numpy too

    folder = installed()
    possible, result = computed(inputs, jurors, proposals, lambda: load(folder) if folder else None)
    state = SuggestionState.READY if possible else SuggestionState.IMPOSSIBLE
    return lambda w: actions.keep_suggestion(w, key, state, result)


run = Kind(
    "suggestion", actions.claim_suggestion, lambda found: (found.id, found.inputs), compute,
    lambda w, key: actions.keep_suggestion(w, key, SuggestionState.FAILED, {}),
).run  # fmt: skip
