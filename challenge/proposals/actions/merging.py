"""Two proposals become one: the lead of the first asks, the lead of the second agrees, a coordinator does it."""

from __future__ import annotations

from sqlmodel import col, select

from challenge.kernel.codes import read_code
from challenge.kernel.errors import Missing, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.proposals import content, rules
from challenge.proposals.actions.permits import invalid, permit, require
from challenge.proposals.asks import MergeInto
from challenge.proposals.models import Proposal


def ask_to_merge(w: Work, proposal: Proposal, given: MergeInto) -> None:
    """The lead names the proposal this one shall become part of."""
    permit(w, proposal, rules.is_lead)
    require(w, proposal, rules.can_merge)
    into = w.session.exec(
        select(Proposal).where(Proposal.code == read_code(given.into), Proposal.round_id == proposal.round_id)
    ).first()
    if into is None or into.id == proposal.id or rules.can_merge(w, into) is not None:
        raise invalid("merge_into", "into", _("There is no such proposal that can take yours in now"))
    proposal.merge_into_id, proposal.merge_agreed_at = into.id, None
    w.session.flush()
    w.note(content.WORKFLOW, proposal, "ask_to_merge", {"into": into.code})


def agree_to_merge(w: Work, into: Proposal, code: str) -> Proposal:
    """The lead of the other proposal agrees to take the first one in."""
    permit(w, into, rules.is_lead)
    require(w, into, rules.can_merge)
    proposal = next((asking for asking in asking_to_merge(w, into) if asking.code == code), None)
    if proposal is None:
        raise Missing
    proposal.merge_agreed_at = w.now
    w.session.flush()
    w.note(content.WORKFLOW, proposal, "agree_to_merge", {"into": into.code})
    return proposal


def call_merge_off(w: Work, proposal: Proposal) -> None:
    """The lead no longer wants it."""
    permit(w, proposal, rules.is_lead)
    if proposal.merge_into_id is None or proposal.merged_into_id is not None:
        raise Refused(Problem("merge_not_asked", _("There is nothing to call off.")))
    proposal.merge_agreed_at = None
    w.session.flush()
    proposal.merge_into_id = None
    w.session.flush()
    w.note(content.WORKFLOW, proposal, "call_merge_off")


def asking_to_merge(w: Work, into: Proposal) -> list[Proposal]:
    """Proposals whose leads ask to become part of this one."""
    found = select(Proposal).where(Proposal.merge_into_id == into.id).order_by(col(Proposal.id))
    return [asking for asking in w.session.exec(found) if rules.can_merge(w, asking) is None]
