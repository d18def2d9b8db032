"""The decision as the team reads it: the outcome, the feedback, the answer to an offer, the way to an appeal."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.figures import share
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.templates import Deadline
from challenge.http.work import WebWork, work
from challenge.jury.pages.acts import MARK
from challenge.kernel.errors import Missing, Stale
from challenge.kernel.i18n import _
from challenge.people import queries as people
from challenge.proposals.states import LABELS, ProposalState
from challenge.selection import actions, queries, rules
from challenge.selection.states import APPEAL_LABELS, Verdict

router = APIRouter(include_in_schema=False)
AGAINST = (ProposalState.DECLINED, ProposalState.INELIGIBLE)


@router.get("/proposals/{code}/outcome")
def show(request: Request, code: str) -> Response:
    """What was decided and told last. As long as nothing was told there is no such page."""
    with work(request) as w:
        proposal = queries.heard(w, code)
        decision = queries.decision(w, proposal)
        if decision is None:
            raise Missing
        round_ = rules.round_of(w, proposal)
        outcome = decision.outcome
        is_lead = w.actor.id == proposal.lead_id
        return page(
            w, "selection/decision.html", proposal=proposal, round=round_, decision=decision, outcome=outcome,
            state=LABELS[proposal.state], is_gone=decision.is_against and proposal.state not in AGAINST,
            gates=queries.feedback(w, proposal), mark=MARK, share=share, is_lead=is_lead,
            lead=people.person(w, proposal.lead_id).name, offer=_offer(w, proposal, outcome),
            is_reserve=proposal.state is ProposalState.RESERVE,
            accept_problem=actions.why_not_accept(w, proposal) if is_lead else None,
            appeal_until=_appeal_until(w, proposal, decision),
            may_appeal=is_lead and actions.why_not_file(w, proposal) is None,
            appeals=queries.appealed(w, proposal) if is_lead or queries.is_insider(w, round_.id) else [],
            appeal_labels=APPEAL_LABELS,
        )  # fmt: skip


def _offer(w: WebWork, proposal: Any, outcome: Any) -> Deadline | None:
    if outcome is None or proposal.offer_until is None:
        return None
    label = _("Your answer is due") if outcome.verdict is Verdict.FUND else _("The reserve list ends")
    return Deadline(str(label), proposal.offer_until, rules.round_of(w, proposal).zone, w.now)


def _appeal_until(w: WebWork, proposal: Any, decision: Any) -> Deadline | None:
    round_ = rules.round_of(w, proposal)
    until = rules.appeal_until(round_, decision.told_at) if decision.is_against else None
    return Deadline(str(_("Appeals are due")), until, round_.zone, w.now) if until else None


@router.post("/proposals/{code}/outcome/accept")
def accept(request: Request, code: str, sent: Sent) -> Response:
    """The lead accepts the offer."""
    with work(request) as w:
        proposal = queries.heard(w, code)
        if sent.version is not None and sent.version != proposal.version:
            raise Stale
        actions.accept(w, proposal)
        return see_other(w, f"/proposals/{code}/outcome", say=_("The offer is accepted. The coordinators are told."))
