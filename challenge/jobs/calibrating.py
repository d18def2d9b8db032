"""Calibrations are asked for where something has changed, and computed: read, compute without a transaction, write."""

from __future__ import annotations

import logging

from challenge.jury import actions, queries
from challenge.kernel.clock import Clock
from challenge.kernel.database import Database
from challenge.kernel.journal import digest
from challenge.kernel.work import open_work
from challenge.rounds.models import Round

log = logging.getLogger("challenge.jobs")
SEED_DIGITS = 7  # of the inputs' hash: the same inputs draw the same chances


def run(database: Database, clock: Clock) -> int:
    """Bring every gate's calibration up to date; how many were looked at."""
    with open_work(database, clock(), writing=False) as w:
        has_changed = bool(queries.due_calibrations(w))
    if has_changed:
        with open_work(database, clock()) as w:
            actions.plan_calibrations(w)
    done = 0
    while _one(database, clock):
        done += 1
    return done


def _one(database: Database, clock: Clock) -> bool:
    with open_work(database, clock()) as w:
        found = actions.claim_calibration(w)
        if found is None:
            return False
        key, round_id, gate = found.id, found.round_id, found.gate
    try:
        with open_work(database, clock(), writing=False) as w:
            inputs = queries.calibration_inputs(w, w.session.get_one(Round, round_id), gate)
        with open_work(database, clock()) as w:
            if actions.drop_unchanged(w, key, digest(inputs)):
                return True
        from challenge.jury.calibrating import computed, versions  # noqa: PLC0415 -- numpy is loaded when first needed

        seed = int(digest(inputs)[:SEED_DIGITS], 16)
        result = computed(inputs, seed)
        with open_work(database, clock()) as w:
            actions.keep_calibration(w, key, inputs, result, seed, versions())
    except Exception:
        log.exception("calibration %s failed", key)
        with open_work(database, clock()) as w:
            actions.fail_calibration(w, key)
    return True
