"""A second life: what ended without a pilot goes on as a draft of a later round, with its text and its history."""

from __future__ import annotations

from sqlmodel import col, select

from challenge.kernel.errors import Refused
from challenge.kernel.i18n import Text, _
from challenge.kernel.work import Work
from challenge.proposals import content, rules
from challenge.proposals.actions.permits import permit
from challenge.proposals.actions.writing import revise, start
from challenge.proposals.models import Proposal
from challenge.proposals.queries import in_sight, visible
from challenge.proposals.schemas import NewProposal
from challenge.rounds.models import Round


def begin(w: Work, round_: Round, draft: NewProposal) -> Proposal:
    """A new draft, with the text of an ended proposal where one is named."""
    old = to_carry(w, round_, draft.carried_from) if draft.carried_from else None
    made = start(w, round_, draft)
    if old is not None:
        _take_over(w, old, made)
    return made


def to_carry(w: Work, round_: Round, code: str) -> Proposal:
    """The ended proposal of this code. Its lead carries it on, once in a round. Raises Missing, Forbidden, Refused."""
    old = visible(w, code)
    permit(w, old, rules.is_lead)
    if problem := rules.may_be_carried(w, old, round_):
        raise Refused(problem)
    return old


def _take_over(w: Work, old: Proposal, made: Proposal) -> None:
    """The text of the old one stands in the new one. Cities and money are asked anew; nobody else learns of a draft."""
    made.carried_from_id = old.id
    kept = {name: value for name, value in old.answers.items() if name != "title"}
    if rules.rules_of(w, made).size_class(str(kept.get("size_class") or "")) is None:
        kept.pop("size_class", None)
    w.session.flush()
    revise(w, made, kept)
    w.note(content.WORKFLOW, made, "carried_from", {"proposal": old.code, "comment": old.title})


def lives(w: Work, proposal: Proposal) -> list[tuple[Text, Proposal]]:
    """(words, proposal) of what it went on from and as what it goes on, as far as the actor may see them."""
    other = (col(Proposal.id) == proposal.carried_from_id) | (col(Proposal.carried_from_id) == proposal.id)
    found = w.session.exec(select(Proposal).where(other, in_sight(w)).order_by(col(Proposal.id)))
    return [(_("Goes on from") if one.id == proposal.carried_from_id else _("Goes on as"), one) for one in found]
