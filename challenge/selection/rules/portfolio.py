"""Scenarios: who makes and adopts them, and when an outcome departs from the one that is adopted."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, select

from challenge.jury.models import Conflict
from challenge.jury.states import ConflictState
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _
from challenge.kernel.once import once
from challenge.kernel.work import Work
from challenge.people import rules as people
from challenge.people.rules import may_not
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.selection.models import Outcome, Scenario, Selection
from challenge.selection.rules.who import is_on_panel, proposal_of
from challenge.selection.states import ScenarioState, Verdict


def may_run(w: Work, round_: Round) -> Problem | None:
    """Coordinators of the round who do not judge in it."""
    if problem := people.is_coordinator(w, round_):
        return problem
    if is_on_panel(w, round_.id):
        return may_not(_("You judge in this round. A coordinator who is not on the panel can do this."))
    return None


def may_adopt(w: Work, round_: Round, selection: Selection | None, scenario: Scenario) -> Problem | None:
    """Who adopts has no conflict with any proposal it is chosen from; and there is something to adopt."""
    if problem := may_run(w, round_):
        return problem
    if selection is None or scenario.state is not ScenarioState.READY:
        return Problem("not_computed", _("There is nothing to adopt: this scenario has no portfolio."))
    if scenario.changes.get("reserve"):
        text = _("This scenario is not adopted: it says who could move up. Propose an outcome for whoever you choose.")
        return Problem("moves_up", text)
    if scenario.adopted_at is not None:
        return Problem("adopted_already", _("This scenario is adopted already."))
    ids = [one["id"] for one in selection.inputs["candidates"]]
    found = select(Conflict.id).where(
        Conflict.person_id == w.actor.id,
        col(Conflict.proposal_id).in_(ids),
        Conflict.state != ConflictState.LIFTED,
    )
    if w.session.exec(found).first() is not None:
        return may_not(_("You have a conflict of interest with one of these proposals. Another coordinator adopts."))
    return None


def departs_from_portfolio(w: Work, proposal: Proposal, verdict: Verdict, deviation: str) -> Problem | None:
    """Why a reason is needed and missing: the adopted scenario says otherwise."""
    if deviation or proposal.state is not ProposalState.IN_JURY:
        return None
    name, chosen = _adopted(w, proposal.round_id)
    if name is None or (verdict is Verdict.FUND) == (proposal.id in chosen):
        return None
    text = (
        _("The adopted scenario “%(name)s” does not fund this proposal.", name=name)
        if verdict is Verdict.FUND
        else _("The adopted scenario “%(name)s” funds this proposal.", name=name)
    )
    return Problem("departs_from_portfolio", text, {"deviation": _("Say why this departs from the adopted scenario")})


@once
def _adopted(w: Work, round_id: int) -> tuple[str | None, Sequence[int]]:
    """Name and chosen proposals of the adopted scenario of a round."""
    found = w.session.exec(
        select(Scenario.name, Selection.chosen)
        .join(Selection, col(Selection.scenario_id) == Scenario.id)
        .where(Scenario.round_id == round_id, col(Scenario.adopted_at).is_not(None))
    ).first()
    return (None, []) if found is None else (found[0], found[1])


def follows_portfolio(w: Work, outcome: Outcome) -> Problem | None:
    """As ``departs_from_portfolio``, for an outcome that was proposed before the scenario was adopted."""
    problem = departs_from_portfolio(w, proposal_of(w, outcome), outcome.verdict, outcome.deviation)
    if problem is None:
        return None
    text = _(
        "%(why)s Withdraw the outcome and propose it again with the reason for departing from it.", why=problem.text
    )
    return Problem(problem.code, text)
