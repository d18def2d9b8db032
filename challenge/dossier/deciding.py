"""What was computed, decided, departed from and told: scenarios, outcomes with both names, letters, appeals."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from challenge.dossier.scene import Scene
from challenge.dossier.shape import BOTH, INSIDERS, Column, Hash, Money, Row, Said, Section
from challenge.kernel.i18n import Text, _
from challenge.kernel.work import Work
from challenge.people import queries as people
from challenge.rounds.queries import rules_of
from challenge.selection import queries
from challenge.selection.models import Condition, Outcome, Selection
from challenge.selection.pages.wording import Wording, points
from challenge.selection.states import (
    OUTCOME_LABELS,
    VERDICTS,
    ScenarioState,
)

STATES: dict[ScenarioState, Text] = {
    ScenarioState.WAITING: _("Being computed"),
    ScenarioState.READY: _("Computed"),
    ScenarioState.IMPOSSIBLE: _("Impossible"),
    ScenarioState.FAILED: _("Failed"),
}


def outcomes_of(w: Work, round_id: int) -> list[Outcome]:
    """Every outcome of a round, those that are superseded too, oldest first."""
    return list(w.session.exec(select(Outcome).where(Outcome.round_id == round_id).order_by(col(Outcome.id))))


def scenarios(w: Work, scene: Scene) -> Section:
    """What was chosen from, under which limits, by which solver; of those that may be named."""
    listed, found = queries.scenarios(w, scene.round), queries.selections(w, scene.round)
    names = queries.names(w, scene.round, found.values())
    wording = Wording(rules_of(scene.round), names)
    who = people.names(w, [key for one in listed for key in (one.by_id, one.adopted_by)])
    columns = (
        Column("scenario", _("Scenario")),
        Column("name", _("Name")),
        Column("changes", _("What it changes")),
        Column("by", _("Asked for by")),
        Column("state", _("State")),
        Column("inputs", _("Inputs")),
        Column("solver", _("Solver")),
        Column("seed", _("Seed")),
        Column("budget", _("Budget")),
        Column("value", _("Value")),
        Column("bound", _("Bound")),
        Column("chosen", _("Chosen")),
        Column("adopted_by", _("Adopted by")),
        Column("adopted_at", _("Adopted")),
    )
    rows = []
    for one in listed:
        kept = found.get(one.id)
        whole = kept is not None and names.tells(line["id"] for line in kept.inputs["candidates"])
        rows.append(
            Row(
                (
                    one.code,
                    one.name,
                    wording.differences(one.changes) or [_("The round’s own rules")],
                    who.get(one.by_id),
                    Said(str(one.state), STATES[one.state]),
                    *_computed(kept, is_whole=whole),
                    scene.listed(kept.chosen) if kept else None,
                    who.get(one.adopted_by or 0),
                    one.adopted_at,
                )
            )
        )
    return Section("scenarios", _("Scenarios"), columns, tuple(rows))


def _computed(kept: Selection | None, *, is_whole: bool) -> tuple[Any, ...]:
    """Inputs, solver, seed, budget, value, bound; what would tell of a hidden proposal is left out."""
    if kept is None:
        return (None,) * 6
    budget = kept.constraints["budget"]
    return (
        Hash(kept.inputs_hash),
        f"{kept.solver} {kept.solver_version}",
        kept.reasons.get("seed"),
        None if budget is None else Money(budget),
        points(kept.objective) if is_whole else None,
        points(kept.bound) if is_whole else None,
    )


def outcomes(w: Work, scene: Scene) -> Section:
    """Every outcome with who proposed and who approved it; its team reads what it was told."""
    ids = [one.id for one in scene.outcomes]
    conditions: dict[int, list[str]] = {}
    for row in w.session.exec(
        select(Condition).where(col(Condition.outcome_id).in_(ids)).order_by(col(Condition.place))
    ):
        conditions.setdefault(row.outcome_id, []).append(row.text)
    columns = (
        Column("outcome", _("Outcome")),
        Column("proposal", _("Proposal"), BOTH),
        Column("verdict", _("What was decided"), BOTH),
        Column("amount", _("Amount"), BOTH),
        Column("reserve_place", _("Place on the reserve list"), BOTH),
        Column("state", _("State"), BOTH),
        Column("version", _("Version"), BOTH),
        Column("sha256", _("Fingerprint of the text"), BOTH),
        Column("reasons", _("Reasons"), BOTH),
        Column("conditions", _("Conditions"), BOTH),
        Column("deviation", _("Why it departs")),
        Column("note", _("Internal note")),
        Column("proposed_by", _("Proposed by")),
        Column("proposed_at", _("Proposed")),
        Column("approved_by", _("Approved by")),
        Column("approved_at", _("Approved")),
        Column("announced_at", _("Announced"), BOTH),
        Column("accept_by", _("Offer until"), BOTH),
        Column("accepted_by", _("Accepted by"), BOTH),
        Column("accepted_at", _("Accepted"), BOTH),
    )
    rows = tuple(
        Row(
            (
                one.code,
                scene.title(one.proposal_id),
                Said(str(one.verdict), VERDICTS[one.verdict].public),
                None if one.amount_cents is None else Money(one.amount_cents),
                one.reserve_rank,
                Said(str(one.state), OUTCOME_LABELS[one.state].team),
                one.revision_number,
                Hash(one.revision_hash),
                one.reasons,
                conditions.get(one.id, []),
                one.deviation,
                one.note,
                scene.person(one.proposed_by),
                one.created_at,
                scene.person(one.approved_by),
                one.approved_at,
                one.published_at,
                one.accept_by,
                scene.person(one.accepted_by),
                one.accepted_at,
            ),
            BOTH if one.published_at is not None else INSIDERS,
        )
        for one in scene.outcomes
    )
    return Section("outcomes", _("Outcomes and approvals"), columns, rows)
