"""Calibrations, scenarios and rankings of a round, computed once more from their kept inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlmodel import col, select

from challenge.jury.keeping import places_of
from challenge.jury.models import Calibration
from challenge.jury.states import CalibrationState
from challenge.kernel.journal import Step, canonical, digest
from challenge.kernel.work import Work
from challenge.rounds.models import Round
from challenge.selection.models import KeptRanking, Release, Scenario, Selection


@dataclass(frozen=True, slots=True)
class Replayed:
    """What was computed again; ``differs`` names what is not as it was kept. ``note``: what may explain it."""

    what: str
    differs: tuple[str, ...]
    note: str = ""


def calibrations(w: Work, round_: Round) -> Iterator[Replayed]:
    """Each calibration of the round: its result, from inputs and seed."""
    from challenge.jury.calibrating import computed, versions  # noqa: PLC0415 -- numpy is loaded when first needed

    rows = select(Calibration).where(Calibration.round_id == round_.id, Calibration.state == CalibrationState.READY)
    for row in w.session.exec(rows.order_by(col(Calibration.id))).all():
        differs = []
        if digest(row.inputs) != row.inputs_hash:
            differs.append("inputs")
        if canonical(computed(row.inputs, row.seed)) != canonical(row.result):
            differs.append("result")
        yield Replayed(f"calibration {row.code} ({row.gate})", tuple(differs), _other(row.versions, versions()))


def rankings(w: Work, round_: Round) -> Iterator[Replayed]:
    """Each ranking that results were announced by: its places from what was kept, and what the journal says of it."""
    rows = select(KeptRanking, Release).where(
        KeptRanking.round_id == round_.id, Release.id == KeptRanking.release_id
    )  # fmt: skip
    for kept, release in w.session.exec(rows.order_by(col(KeptRanking.id))).all():
        differs = []
        if digest(kept.inputs) != kept.inputs_hash:
            differs.append("inputs")
        if canonical(places_of(kept.inputs)) != canonical(kept.places):
            differs.append("places")
        said = {"keep": {"inputs": kept.inputs_hash, "places": digest(kept.places)}}
        differs += [] if _is_said(w, "ranking", release.code, said) else ["what the journal says of it"]
        yield Replayed(f"ranking of {release.at:%Y-%m-%d %H:%M} UTC ({kept.gate})", tuple(differs))


def scenarios(w: Work, round_: Round) -> Iterator[Replayed]:
    """Each scenario of the round that has a portfolio: all that is kept of it, and what the journal says of it."""
    from challenge.selection.choosing import computed  # noqa: PLC0415 -- the solver is loaded when first needed

    rows = select(Scenario, Selection).where(
        Scenario.round_id == round_.id, Selection.scenario_id == Scenario.id
    )  # fmt: skip
    for scenario, kept in w.session.exec(rows.order_by(col(Scenario.id))).all():
        again = computed(kept.inputs, scenario.changes)
        found = {
            "constraints": again.constraints, "chosen": list(again.chosen), "reserve": list(again.reserve),
            "reasons": again.reasons,
        } | (
            {} if again.portfolio is None else {"objective": again.portfolio.value, "bound": again.portfolio.bound}
        )  # fmt: skip
        differs = [name for name, value in found.items() if canonical(value) != canonical(getattr(kept, name))]
        if digest(kept.inputs) != kept.inputs_hash:
            differs.append("inputs")
        differs += [] if _is_noted(w, scenario, kept) else ["what the journal says of it"]
        versions = {"solver": kept.solver_version}, {"solver": again.solver_version}
        yield Replayed(f"scenario {scenario.code} “{scenario.name}”", tuple(differs), _other(*versions))


def _is_noted(w: Work, scenario: Scenario, kept: Selection) -> bool:
    said = {
        "ask": {"changes": digest(scenario.changes)},
        "compute": {
            "selection": kept.code, "inputs": kept.inputs_hash,
            "portfolio": digest([kept.constraints, kept.objective, kept.bound, kept.chosen]),
        },
    }  # fmt: skip
    return _is_said(w, "scenario", scenario.code, said)


def _is_said(w: Work, workflow: str, code: str, said: Mapping[str, object]) -> bool:
    """Whether the journal holds the fingerprint of what was given with each of these acts."""
    steps = w.session.exec(
        select(Step.transition, Step.digest).where(Step.workflow == workflow, Step.subject_code == code)
    ).all()
    return all((name, digest(given)) in steps for name, given in said.items())


def _other(then: object, now: object) -> str:
    return "" if then == now else f"computed then with {then}, now with {now}"
