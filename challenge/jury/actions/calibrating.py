"""Calibrations: asked for by the ticker or by a coordinator, claimed and kept by the job that computes them."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, delete, select

from challenge.jury import queries
from challenge.jury.models import Calibration
from challenge.jury.states import CalibrationState
from challenge.kernel import computing
from challenge.kernel.errors import Forbidden, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.journal import digest
from challenge.kernel.work import Work
from challenge.people import rules as people
from challenge.rounds.models import Round
from challenge.rounds.states import Gate


def plan_calibrations(w: Work) -> int:
    """Ask for one at every gate at which something has changed since the last one was asked for; how many."""
    _lock(w, {round_id for round_id, _gate in queries.due_calibrations(w)})
    due = queries.due_calibrations(w)  # once more: another node may have been quicker
    codes = dict(
        w.session.execute(
            select(Round.id, Round.code).where(col(Round.id).in_([round_id for round_id, _gate in due]))
        ).all()
    )
    for (round_id, gate), mark in due.items():
        w.add(Calibration(round_id=round_id, round_code=codes[round_id], gate=gate, mark=mark))
    return len(due)


def ask_for_calibration(w: Work, round_: Round, gate: Gate) -> None:
    """Have it computed anew; nothing when it waits already. Raises Forbidden, Refused."""
    if problem := people.is_coordinator(w, round_):
        raise Forbidden(problem)
    _lock(w, {round_.id})
    mark = queries.marks(w).get((round_.id, gate))
    if mark is None:
        raise Refused(Problem("no_reviews", _("Nobody has handed in a review at this gate yet.")))
    waits = select(Calibration.id).where(
        Calibration.round_id == round_.id, Calibration.gate == gate, Calibration.state == CalibrationState.WAITING
    )
    if w.session.exec(waits).first() is None:
        w.add(Calibration(round_id=round_.id, round_code=round_.code, gate=gate, mark=mark))
        w.note("round", round_, "calibrate", {"gate": str(gate)})


def _lock(w: Work, rounds: set[int]) -> None:
    """One after the other: a gate has one calibration that waits."""
    w.session.exec(
        select(Round.id).where(col(Round.id).in_(rounds)).order_by(col(Round.id)).with_for_update(key_share=True)
    ).all()


def claim_calibration(w: Work) -> Calibration | None:
    """The one that has waited longest, held until the lease ends; None when none waits."""
    return computing.claim(w, Calibration)


def drop_unchanged(w: Work, calibration_id: int, inputs_hash: str) -> bool:
    """Whether the last one was computed from the same: then it stands, as asked for just now, and this one goes."""
    asked = w.session.get_one(Calibration, calibration_id)
    last = w.session.exec(
        select(Calibration)
        .where(
            Calibration.round_id == asked.round_id, Calibration.gate == asked.gate,
            Calibration.state == CalibrationState.READY,
        )
        .order_by(col(Calibration.id).desc())
        .limit(1)
    ).first()  # fmt: skip
    if last is None or last.inputs_hash != inputs_hash:
        return False
    last.mark = asked.mark
    _forget_failed(w, asked)
    w.session.delete(asked)
    w.session.flush()
    return True


def keep_calibration(
    w: Work, calibration_id: int, inputs: dict[str, Any], result: dict[str, Any], seed: int, versions: dict[str, Any]
) -> None:
    """Write down what was computed; nothing when another node was quicker."""
    if computing.finish(
        w, Calibration, calibration_id, state=CalibrationState.READY, inputs=inputs, inputs_hash=digest(inputs),
        result=result, seed=seed, versions=versions,
    ):  # fmt: skip
        _forget_failed(w, w.session.get_one(Calibration, calibration_id))


def fail_calibration(w: Work, calibration_id: int) -> None:
    """It could not be computed; it is not tried again before something changes or a coordinator asks."""
    computing.finish(w, Calibration, calibration_id, state=CalibrationState.FAILED)


def _forget_failed(w: Work, of_gate: Calibration) -> None:
    w.session.exec(
        delete(Calibration)
        .where(
            col(Calibration.round_id) == of_gate.round_id, col(Calibration.gate) == of_gate.gate,
            col(Calibration.state) == CalibrationState.FAILED,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
