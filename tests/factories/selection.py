"""Outcomes, releases and appeals, and the proposals they are about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from challenge.kernel.work import Work
from challenge.proposals import content
from challenge.proposals.models import PartnerCity, Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.rounds.rules import rules_of
from challenge.rounds.states import CityRole, Gate
from challenge.selection.models import Appeal, Condition, Outcome, Release
from challenge.selection.states import OPEN_APPEAL, AppealState, OutcomeState, Verdict
from tests.cast import PEOPLE, PLACES, Member, Place

OFFER = timedelta(days=30)
OFFERS = (Verdict.FUND, Verdict.RESERVE)


def make_candidate(
    w: Work,
    round_: Round,
    *,
    title: str = "Heat from the ice hall",
    state: ProposalState = ProposalState.IN_JURY,
    lead: Member = PEOPLE["ravi"],
    cities: tuple[tuple[Place, CityRole], ...] = ((PLACES["tartu"], CityRole.LEAD), (PLACES["fingal"], CityRole.PILOT)),
    reviews_eligible: int = 3,
    below_threshold: bool | None = False,
    **fields: Any,
) -> Proposal:
    """A proposal before the jury with its cities and a kept revision; nothing is signed unless the rules ask for it."""
    gates = [str(gate) for gate in Gate if gate in rules_of(round_).open_gates]
    proposal = w.add(Proposal(
        round_id=round_.id, round_code=round_.code, gates=gates, state=state, title=title, title_key=title.casefold(),
        lead_id=lead.id, organisation_id=PLACES["taltech"].id, size_class="large", months=36,
        reviews_eligible=reviews_eligible, below_threshold=below_threshold, submitted_at=w.now, **fields,
    ))  # fmt: skip
    for city, role in cities:
        w.add(PartnerCity(
            proposal_id=proposal.id, city_id=city.id, country=city.country, role=role, joined_at=w.now
        ))  # fmt: skip
    content.keep(w, proposal)
    w.session.flush()
    return proposal


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
        "reasons": "The cities need it and the plan is sound.", "revision_number": now.number, "revision_hash": now.hash,
        "proposed_by": PEOPLE["jaan"].id,
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
    return w.add(Appeal(**{**values, **fields}))
