"""Calibrations are asked for where something has changed, and computed."""

from __future__ import annotations

from challenge.jobs.computing import Keep, Kind
from challenge.jury import actions, queries
from challenge.kernel.clock import Clock
from challenge.kernel.database import Database
from challenge.kernel.journal import digest
from challenge.kernel.work import open_work
from challenge.rounds.models import Round
from challenge.rounds.states import Gate

SEED_DIGITS = 7  # of the inputs' hash: the same inputs draw the same chances


def run(database: Database, clock: Clock) -> int:
    """Bring every gate's calibration up to date; how many were looked at."""
    with open_work(database, clock(), writing=False) as w:
        has_changed = bool(queries.due_calibrations(w))
    if has_changed:
        with open_work(database, clock()) as w:
            actions.plan_calibrations(w)
    return _KIND.run(database, clock)


def compute(database: Database, clock: Clock, key: int, round_id: int, gate: Gate) -> Keep:
    """From the scores that count now; what was computed from the same before stands."""
    with open_work(database, clock(), writing=False) as w:
        inputs = queries.calibration_inputs(w, w.session.get_one(Round, round_id), gate)
    with open_work(database, clock()) as w:
        if actions.drop_unchanged(w, key, digest(inputs)):
            return lambda _w: None
    from challenge.jury.calibrating import computed, versions  # noqa: PLC0415 -- numpy is loaded when first needed

    seed = int(digest(inputs)[:SEED_DIGITS], 16)
    result = computed(inputs, seed)
    return lambda w: actions.keep_calibration(w, key, inputs, result, seed, versions())


_KIND = Kind(
    "calibration", actions.claim_calibration, lambda found: (found.id, found.round_id, found.gate), compute,
    actions.fail_calibration,
)  # fmt: skip
