"""Scenarios: asked for here, computed between two units of work, commented, one of them adopted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlmodel import select

from challenge.kernel import computing
from challenge.kernel.errors import Forbidden, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.journal import digest
from challenge.kernel.work import Work
from challenge.rounds.models import Round
from challenge.selection import queries, rules
from challenge.selection.models import Remark, Scenario, Selection
from challenge.selection.states import ScenarioState

if TYPE_CHECKING:
    from challenge.selection.choosing import Computed

MOST = 20  # scenarios of a round: more cannot be compared
WORKFLOW = "scenario"


def ask_for_scenario(w: Work, round_: Round, name: str, changes: dict[str, Any]) -> Scenario:
    """Have a portfolio computed under the round's rules but for ``changes``. Raises Forbidden, Refused."""
    if problem := rules.may_run(w, round_):
        raise Forbidden(problem)
    if queries.last_gate(round_) is None:
        text = _("Jurors do not judge at the last gate of this round, so there are no scores to choose by.")
        raise Refused(Problem("no_scores", text))
    if len(queries.scenarios(w, round_)) >= MOST:
        text = _("This round has %(most)s scenarios. Adopt one of them, or decide without.", most=MOST)
        raise Refused(Problem("too_many_scenarios", text))
    made = w.add(Scenario(
        round_id=round_.id, round_code=round_.code, by_id=rules.person_id(w), name=name, changes=changes,
    ))  # fmt: skip
    w.note(WORKFLOW, made, "ask", {"changes": digest(changes)})
    return made


def claim_scenario(w: Work) -> Scenario | None:
    """The one that has waited longest, held until the lease ends; None when none waits."""
    return computing.claim(w, Scenario)


def keep_scenario(w: Work, scenario_id: int, inputs: dict[str, Any], made: Computed) -> None:
    """Write down what was computed; nothing when another node was quicker."""
    state = ScenarioState.IMPOSSIBLE if made.portfolio is None else ScenarioState.READY
    if not computing.finish(w, Scenario, scenario_id, state=state, clash=list(made.clash)):
        return
    scenario = w.session.get_one(Scenario, scenario_id, populate_existing=True)
    if made.portfolio is None:
        _computed(w, scenario, {})
        return
    selection = w.add(Selection(
        round_id=scenario.round_id, round_code=scenario.round_code, scenario_id=scenario.id, inputs=inputs,
        inputs_hash=queries.hash_of(inputs), constraints=made.constraints, solver="HiGHS",
        solver_version=made.solver_version, objective=made.portfolio.value, bound=made.portfolio.bound,
        chosen=list(made.chosen), reserve=list(made.reserve), reasons=made.reasons,
    ))  # fmt: skip
    _computed(w, scenario, {
        "selection": selection.code, "inputs": selection.inputs_hash,
        "portfolio": digest([selection.constraints, selection.objective, selection.bound, selection.chosen]),
    })  # fmt: skip


def fail_scenario(w: Work, scenario_id: int) -> None:
    """It could not be computed."""
    if computing.finish(w, Scenario, scenario_id, state=ScenarioState.FAILED, clash=[]):
        _computed(w, w.session.get_one(Scenario, scenario_id, populate_existing=True), {})


def _computed(w: Work, scenario: Scenario, given: dict[str, Any]) -> None:
    waited, state = str(ScenarioState.WAITING), str(scenario.state)
    w.step(WORKFLOW, scenario.code, "compute", old=waited, new=state, scope=scenario.round_code, given=given)


def remark(w: Work, scenario: Scenario, text: str) -> Remark:
    """Say something about a scenario, for those who decide."""
    if problem := rules.may_run(w, w.session.get_one(Round, scenario.round_id)):
        raise Forbidden(problem)
    made = w.add(Remark(scenario_id=scenario.id, by_id=rules.person_id(w), text=text))
    w.note(WORKFLOW, scenario, "remark", {"text": text})
    return made


def adopt(w: Work, scenario: Scenario) -> None:
    """Take its portfolio as what outcomes start from; another one that was adopted no longer is.

    Raises Forbidden, Refused; among others where scores, money or places have changed since it was computed.
    """
    round_ = w.session.exec(
        select(Round).where(Round.id == scenario.round_id).with_for_update(key_share=True)
    ).one()  # fmt: skip
    selection = queries.selection_of(w, scenario)
    if problem := rules.may_adopt(w, round_, selection, scenario):
        raise (Forbidden if problem.code == "may_not" else Refused)(problem)
    if selection is None or queries.is_stale(w, round_, selection):
        text = _(
            "Scores, money or places have changed since this was computed. Make the scenario again, then adopt it."
        )
        raise Refused(Problem("stale_scenario", text))
    before = queries.adopted(w, round_)
    if before is not None:
        before.adopted_at = before.adopted_by = None
        w.session.flush()
    scenario.adopted_at, scenario.adopted_by = w.now, rules.person_id(w)
    w.session.flush()
    w.note(WORKFLOW, scenario, "adopt", {
        "selection": selection.code, "instead_of": None if before is None else before.code,
    })  # fmt: skip
