"""Outcomes, releases and appeals, and the proposals they are about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from challenge.kernel.work import Work
from challenge.proposals import content
from challenge.proposals.models import Commitment, Proposal
from challenge.proposals.states import CommitmentKind, CommitmentState
from challenge.rounds.models import Round
from challenge.selection.actions import count_matters
from challenge.selection.models import Appeal, Condition, Outcome, Release, Scenario, Selection
from challenge.selection.states import OPEN_APPEAL, AppealState, OutcomeState, ScenarioState, Verdict
from tests.cast import PEOPLE, PLACES
from tests.factories.jury import make_judged
from tests.factories.proposals import LEADS

OFFER = timedelta(days=30)
OFFERS = (Verdict.FUND, Verdict.RESERVE)


def make_candidate(w: Work, round_: Round, *, title: str = "Heat from the ice hall", **fields: Any) -> Proposal:
    """Ravi's proposal before the jury: judged by three, over every threshold, signed by its cities."""
    proposal = make_judged(w, round_, title=title, **{"reviews_eligible": 3, "below_threshold": False, **fields})
    sign_off(w, proposal)
    count_matters(w, round_)
    return proposal


def sign_off(w: Work, proposal: Proposal) -> None:
    """Every lead and pilot city has signed the proposal as it is."""
    now = content.current(w, proposal)
    signers = {PLACES[name].id: PEOPLE[person].id for name, person in LEADS.items()}
    for city in content.cities(w, proposal):
        if city.counts:
            w.add(Commitment(
                proposal_id=proposal.id, round_code=proposal.round_code, city_id=city.id,
                kind=CommitmentKind.SIGN_OFF, state=CommitmentState.SIGNED, revision_number=now.number,
                revision_hash=now.hash, signer_id=signers[city.id], signed_at=w.now,
            ))  # fmt: skip


def make_release(w: Work, round_: Round, **fields: Any) -> Release:
    """An announcement by both coordinators."""
    return w.add(Release(**{
        "round_id": round_.id, "round_code": round_.code, "at": w.now, "asked_by": PEOPLE["jaan"].id,
        "approved_by": PEOPLE["kadri"].id, "funded": 1, **fields,
    }))  # fmt: skip


def make_outcome(
    w: Work,
    proposal: Proposal,
    *,
    verdict: Verdict = Verdict.FUND,
    state: OutcomeState = OutcomeState.PROPOSED,
    amount_cents: int | None = 100_000_000,
    reserve_rank: int | None = 1,
    conditions: tuple[str, ...] = (),
    **fields: Any,
) -> Outcome:
    """An outcome proposed by jaan and, where its state says so, approved by kadri and announced."""
    now = content.current(w, proposal)
    values: dict[str, Any] = {
        "round_id": proposal.round_id, "round_code": proposal.round_code, "proposal_id": proposal.id,
        "verdict": verdict, "state": state, "amount_cents": amount_cents if verdict is Verdict.FUND else None,
        "reserve_rank": reserve_rank if verdict is Verdict.RESERVE else None,
        "accept_by": w.now + OFFER if verdict in OFFERS else None,
        "reasons": "The cities need it and the plan is sound.", "proposed_by": PEOPLE["jaan"].id,
        "revision_number": now.number, "revision_hash": now.hash,
    }  # fmt: skip
    if state in {OutcomeState.APPROVED, OutcomeState.ANNOUNCED}:
        values |= {"approved_by": PEOPLE["kadri"].id, "approved_at": w.now}
    if state is OutcomeState.ANNOUNCED:
        release = make_release(w, w.session.get_one(Round, proposal.round_id))
        values |= {"published_at": w.now, "release_id": release.id}
    if state is OutcomeState.SUPERSEDED:
        values |= {"superseded_at": w.now}
    outcome = w.add(Outcome(**{**values, **fields}))
    for place, text in enumerate(conditions, 1):
        w.add(Condition(outcome_id=outcome.id, place=place, text=text))
    return outcome


def make_scenario(
    w: Work, round_: Round, chosen: Sequence[Proposal], *, left: Sequence[Proposal] = (), **fields: Any
) -> Scenario:
    """A scenario as it stands once computed and adopted by kadri, every proposal worth and costing the same."""
    scenario = w.add(Scenario(**{
        "round_id": round_.id, "round_code": round_.code, "by_id": PEOPLE["jaan"].id, "name": "The rules",
        "changes": {}, "state": ScenarioState.READY, "finished_at": w.now, "adopted_at": w.now,
        "adopted_by": PEOPLE["kadri"].id, **fields,
    }))  # fmt: skip
    lines = [
        {
            "id": one.id,
            "value": 40_000,
            "marks": [40_000],
            "cost": 100_000_000,
            "size": "large",
            "cities": [],
            "themes": [],
        }
        for one in (*chosen, *left)
    ]
    w.add(Selection(
        round_id=round_.id, round_code=round_.code, scenario_id=scenario.id, inputs_hash="0" * 64, solver="HiGHS",
        solver_version="1", objective=40_000 * len(chosen), bound=40_000 * len(chosen), reasons={},
        inputs={"candidates": lines, "left_out": []}, chosen=[one.id for one in chosen],
        constraints={"budget": None, "planned": {}, "city_cap": {}, "theme_min": {}, "theme_max": {},
                     "must_in": [], "must_out": []},
        reserve=[one.id for one in left],
    ))  # fmt: skip
    return scenario


def make_appeal(
    w: Work, proposal: Proposal, *, state: AppealState = AppealState.FILED, handler: int | None = None, **fields: Any
) -> Appeal:
    """An appeal of the proposal's lead; heard and ended ones need a handler."""
    values: dict[str, Any] = {
        "round_id": proposal.round_id, "round_code": proposal.round_code, "proposal_id": proposal.id, "state": state,
        "decision": str(proposal.state), "grounds": "A juror works for a competitor.", "filed_by": proposal.lead_id,
        "filed_at": w.now, "handler_id": handler, "taken_at": w.now if handler else None,
        "hearing": "" if state is AppealState.FILED else "Both sides were heard.",
    }  # fmt: skip
    if state not in OPEN_APPEAL:
        values |= {"result": "The rules were followed.", "ended_at": w.now}
    appeal = w.add(Appeal(**{**values, **fields}))
    count_matters(w, w.session.get_one(Round, proposal.round_id))
    return appeal
