"""What the jury said: reviews with whether they count, what panels agreed on, calibrations, rankings."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from sqlmodel import col, select

from challenge.dossier.scene import Scene
from challenge.dossier.shape import Column, Hash, Row, Said, Section
from challenge.jury import queries as jury
from challenge.jury.consensus.models import Consensus, ConsensusMark
from challenge.jury.consensus.states import LABELS as CONSENSUS_LABELS
from challenge.jury.keeping import places_of
from challenge.jury.models import Calibration
from challenge.jury.queries.counting import Counted, counted
from challenge.jury.scale import shown
from challenge.jury.states import LABELS, CalibrationState
from challenge.kernel.i18n import Text, _
from challenge.kernel.work import Work
from challenge.rounds.document import rules_of
from challenge.rounds.states import GATES, Gate
from challenge.rounds.wording import ladder_word
from challenge.selection import queries
from challenge.selection.models import KeptRanking, Release

DIGITS = 4


def reviews(w: Work, scene: Scene) -> Section:
    """Every review at every gate: who, its marks, and whether they count."""
    rows = []
    for gate in jury.jury_gates(scene.round):
        for proposal_id, listed in counted(w, scene.ids, gate).items():
            w.saw("dossier", scene.round.code, (one.code for one in listed))
            rows += [
                Row(
                    (
                        scene.title(proposal_id),
                        Said(str(gate), GATES[gate]),
                        one.code,
                        one.juror,
                        Said(str(one.state), LABELS[one.state].team),
                        _marks(one.marks),
                        one.is_eligible,
                        _why_not(one),
                    )
                )
                for one in listed
            ]
    columns = (
        Column("proposal", _("Proposal")),
        Column("gate", _("Gate")),
        Column("review", _("Review")),
        Column("juror", _("Juror")),
        Column("state", _("State")),
        Column("marks", _("Marks")),
        Column("counts", _("Counts")),
        Column("why_not", _("Why not")),
    )
    return Section("reviews", _("Scores"), columns, tuple(rows))


def _marks(marks: Mapping[str, int]) -> list[str]:
    return [f"{key} {shown(tenths)}" for key, tenths in sorted(marks.items())]


def _why_not(one: Counted) -> Text | None:
    if one.in_conflict:
        return _("Conflict of interest")
    return None if one.is_eligible else _("Not handed in")


def agreements(w: Work, scene: Scene) -> Section:
    """What panels agreed on."""
    found = w.session.exec(
        select(Consensus).where(col(Consensus.proposal_id).in_(scene.ids)).order_by(col(Consensus.id))
    ).all()
    marks: dict[int, dict[str, int]] = {}
    for one in w.session.exec(
        select(ConsensusMark).where(col(ConsensusMark.consensus_id).in_([one.id for one in found]))
    ):
        marks.setdefault(one.consensus_id, {})[one.criterion] = one.tenths
    columns = (
        Column("proposal", _("Proposal")),
        Column("gate", _("Gate")),
        Column("consensus", _("Consensus")),
        Column("state", _("State")),
        Column("marks", _("Marks")),
        Column("at", _("Agreed")),
    )
    rows = tuple(
        Row(
            (
                scene.title(one.proposal_id),
                Said(str(one.gate), GATES[one.gate]),
                one.code,
                Said(str(one.state), CONSENSUS_LABELS[one.state].team),
                _marks(marks.get(one.id, {})),
                one.agreed_at,
            )
        )
        for one in found
    )
    return Section("consensus", _("Consensus"), columns, rows)


def calibrations(w: Work, scene: Scene) -> Section:
    """Scores corrected for strict and mild jurors: what each was computed from and with."""
    found = w.session.exec(
        select(Calibration)
        .where(Calibration.round_id == scene.round.id, Calibration.state == CalibrationState.READY)
        .order_by(col(Calibration.id))
    ).all()
    columns = (
        Column("calibration", _("Calibration")),
        Column("gate", _("Gate")),
        Column("inputs", _("Inputs")),
        Column("seed", _("Seed")),
        Column("versions", _("Computed with")),
        Column("at", _("Finished")),
    )
    rows = tuple(
        Row(
            (
                one.code,
                Said(str(one.gate), GATES[one.gate]),
                None if scene.is_hiding else Hash(one.inputs_hash or ""),
                one.seed,
                [f"{key} {value}" for key, value in sorted(one.versions.items())],
                one.finished_at,
            )
        )
        for one in found
    )
    return Section("calibrations", _("Calibrations"), columns, rows)


def rankings(w: Work, scene: Scene) -> Section:
    """The ranking as it was kept at each announcement, and as it stands now."""
    kept = w.session.exec(
        select(KeptRanking, Release)
        .join(Release, col(Release.id) == KeptRanking.release_id)
        .where(KeptRanking.round_id == scene.round.id)
        .order_by(col(KeptRanking.id))
    ).all()
    columns = (
        Column("as_of", _("As of")),
        Column("gate", _("Gate")),
        Column("place", _("Place")),
        Column("proposal", _("Proposal")),
        Column("score", _("Score")),
        Column("total", _("Total")),
        Column("threshold", _("Over every threshold")),
        Column("settled_by", _("Told from equals by")),
        Column("inputs", _("Inputs")),
    )
    rows = [
        _ranked(scene, release.at, ranking.gate, place, Hash(ranking.inputs_hash))
        for ranking, release in kept
        for place in ranking.places
        if place["id"] in scene.ids
    ]
    gate = queries.last_gate(scene.round)
    if gate is not None:
        inputs = jury.ranking_inputs(w, scene.round, gate)
        now = Hash(queries.hash_of(inputs))
        rows += [
            _ranked(scene, Said("now", _("now")), gate, one, now) for one in places_of(inputs) if one["id"] in scene.ids
        ]
    note = None if scene.is_whole else _("Places are among all proposals of the round.")
    if scene.is_hiding:
        note = _("Places are left out: they would tell of a proposal that is not shown to you.")
    return Section("rankings", _("Ranking"), columns, tuple(rows), note)


def _ranked(scene: Scene, at: Any, gate: Gate, one: Mapping[str, Any], inputs: Hash) -> Row:
    settled = one["settled_by"]
    is_over = not (one["below"] or one["is_total_below"]) if one["has_quorum"] else None
    return Row(
        (
            at,
            Said(str(gate), GATES[gate]),
            None if scene.is_hiding else one["place"],
            scene.title(one["id"]),
            _points(one["score"]),
            _points(one["total"]),
            is_over,
            None if settled is None else Said(settled, str(ladder_word(settled, rules_of(scene.round)))),
            None if scene.is_hiding else inputs,
        )
    )


def _points(exact: str | None) -> str | None:
    """A fraction as a decimal; the fraction itself is in the kept ranking."""
    return None if exact is None else f"{float(Fraction(exact)):.{DIGITS}f}"
