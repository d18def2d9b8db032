"""What the adopted portfolio proposes beside what people have drafted: where they differ, and why."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, select

from challenge.kernel.work import Work
from challenge.rounds.models import Round
from challenge.selection.models import Outcome, Scenario, Selection
from challenge.selection.queries.outcomes import excluded
from challenge.selection.queries.overview import CURRENT
from challenge.selection.queries.scenarios import Named, Names, adopted, names, selection_of
from challenge.selection.states import PENDING, Verdict


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal: whether the portfolio funds it and with how much, its place in reserve, and the outcome people say.

    ``why_left_out`` is the code of the reason where it was not among the candidates.
    """

    proposal: Named
    is_chosen: bool
    cost: int | None
    reserve: int | None
    why_left_out: str
    outcome: Outcome | None

    @property
    def differs(self) -> bool | None:
        """Whether people depart from the portfolio; None before they have said anything."""
        return None if self.outcome is None else (self.outcome.verdict is Verdict.FUND) != self.is_chosen


@dataclass(frozen=True, slots=True)
class Beside:
    """The adopted scenario and its proposals; ``hidden`` counts those the actor has a conflict with."""

    scenario: Scenario
    selection: Selection
    rows: tuple[Proposed, ...]
    names: Names
    hidden: int


def beside_outcomes(w: Work, round_: Round) -> Beside | None:
    """What is adopted beside the outcomes; None where nothing is."""
    scenario = adopted(w, round_)
    selection = selection_of(w, scenario) if scenario is not None else None
    if scenario is None or selection is None:
        return None
    known = names(w, round_, [selection])
    barred = excluded(w, round_.id)
    outcomes: dict[int, Outcome] = {}
    found = select(Outcome).where(
        Outcome.round_id == round_.id, col(Outcome.state).in_(CURRENT), col(Outcome.proposal_id).in_(known.proposals)
    )
    for one in w.session.exec(found.order_by(col(Outcome.id))):
        if one.state in PENDING or one.proposal_id not in outcomes:
            outcomes[one.proposal_id] = one
    costs = {one["id"]: one["cost"] for one in selection.inputs["candidates"]}
    left_out = {one["id"]: one["why"] for one in selection.inputs["left_out"]}
    ordered = [*selection.chosen, *selection.reserve]
    ordered += [key for key in [*costs, *left_out] if key not in ordered]
    rows = tuple(
        Proposed(
            known.proposals[key], key in selection.chosen, costs.get(key), reserve_place(selection, key),
            left_out.get(key, ""), outcomes.get(key),
        )
        for key in ordered if key in known.proposals
    )  # fmt: skip
    return Beside(scenario, selection, rows, known, len(barred & {*costs, *left_out}))


def reserve_place(selection: Selection, proposal_id: int) -> int | None:
    """Its place in the reserve order, from one."""
    return selection.reserve.index(proposal_id) + 1 if proposal_id in selection.reserve else None
