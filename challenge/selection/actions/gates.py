"""A gate's batch: who goes on and who does not, decided together and told at once."""

from __future__ import annotations

from collections.abc import Iterable

from challenge.kernel.errors import Forbidden, Problem, Refused
from challenge.kernel.i18n import Text, _, _n
from challenge.kernel.work import Work
from challenge.proposals import actions as proposals
from challenge.proposals.asks import Declined
from challenge.proposals.models import Proposal
from challenge.proposals.rules import spread_is_settled
from challenge.rounds.models import Round
from challenge.rounds.states import Gate
from challenge.selection import queries, rules
from challenge.selection.actions.feedback import publish
from challenge.selection.schemas import GateDecision, GateVerdict


def decide_gate(w: Work, round_: Round, gate: Gate, decisions: Iterable[GateDecision]) -> list[Proposal]:
    """Fire every decision, or none: what is missing is said by proposal code. Feedback of the gate is released."""
    chosen = list(decisions)
    waiting = check_gate(w, round_, gate, chosen)
    decided = [waiting[one.proposal] for one in chosen]
    publish(w, decided)
    for one in chosen:
        proposal = waiting[one.proposal]
        row = queries.forward(proposal)
        if one.verdict is GateVerdict.INVITE and row is not None:
            proposals.fire(w, proposal, row.name)
        else:
            proposals.fire(w, proposal, "decline", Declined(reason=one.reasons, advice=one.advice))
    return decided


def check_gate(w: Work, round_: Round, gate: Gate, chosen: list[GateDecision]) -> dict[str, Proposal]:
    """The proposals that wait, by code, when every decision can be told; else Refused with what is missing."""
    waiting = {line.proposal.code: line.proposal for line in queries.gate(w, round_, gate).lines}
    if not chosen:
        raise Refused(Problem("nothing_chosen", _("Choose for at least one proposal whether it goes on.")))
    lacks: dict[str, Text] = {}
    for one in chosen:
        proposal = waiting.get(one.proposal)
        if proposal is None:
            lacks[one.proposal] = _("This proposal no longer waits at this gate.")
        elif problem := rules.may_decide(w, proposal):
            raise Forbidden(problem)
        elif text := why_not(w, proposal, one):
            lacks[one.proposal] = text
    if lacks:
        whole = _n("One proposal cannot be told yet.", "%(n)s proposals cannot be told yet.", len(lacks))
        raise Refused(Problem("gate_batch", whole, lacks))
    return waiting


def why_not(w: Work, proposal: Proposal, one: GateDecision) -> Text | None:
    """Why this decision cannot be told, if so."""
    if one.verdict is GateVerdict.DECLINE:
        if not one.reasons:
            return _("Say why it does not go on, for the team to read")
        unsettled = spread_is_settled(w, proposal)
        return unsettled.text if unsettled else None
    row = queries.forward(proposal)
    if row is None:
        return _("There is no next step for it in this round.")
    problem = row.blocked(w, proposal)
    return problem.text if problem else None
