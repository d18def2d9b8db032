"""Inviting a city, its answer, and invitations nobody answered."""

from __future__ import annotations

from pydantic import BaseModel
from sqlmodel import col, select

from challenge.kernel.errors import Forbidden, Invalid, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.kernel.workflow import Fired
from challenge.partners import rules
from challenge.partners.models import PartnerInvitation
from challenge.partners.schemas import InvitationIn
from challenge.partners.states import InvitationState
from challenge.partners.workflow import INVITATION
from challenge.people.models import Organisation
from challenge.people.rules import may_not
from challenge.proposals import actions as proposals
from challenge.proposals import rules as proposal_rules
from challenge.proposals.models import Proposal


def invite(w: Work, proposal: Proposal, city_code: str, given: InvitationIn) -> PartnerInvitation:
    """Ask a city to take part. Raises Forbidden, Refused, Invalid."""
    if problem := rules.may_invite(w, proposal):
        raise Forbidden(problem)
    if problem := proposal_rules.may_change_cities(w, proposal) or rules.room_to_ask(w, proposal):
        raise Refused(problem)
    if w.actor.id is None:
        raise Forbidden(may_not(_("Sign in to do this.")))
    city = proposals.may_take_in(w, proposal, city_code, given.role)
    _may_be_asked(w, proposal, city)
    if not w.now < given.answer_by <= w.now + rules.LONGEST:
        text = _("Choose a date from tomorrow on, within %(n)s days", n=rules.LONGEST.days)
        raise Invalid(Problem("answer_by", text, {"answer_by": text}))
    made = w.add(
        PartnerInvitation(
            proposal_id=proposal.id, round_id=proposal.round_id, round_code=proposal.round_code, city_id=city.id,
            role=given.role, message=given.message, answer_by=given.answer_by,
            asked_by_id=w.actor.id,
        )
    )  # fmt: skip
    w.note("partner_invitation", made, "invite", {"role": str(given.role)})
    w.note("proposal", proposal, "invite_city", {"city": city.code, "role": str(given.role), "comment": city.name})
    return made


def _may_be_asked(w: Work, proposal: Proposal, city: Organisation) -> None:
    asked = set(
        w.session.exec(
            select(PartnerInvitation.state).where(
                PartnerInvitation.proposal_id == proposal.id, PartnerInvitation.city_id == city.id
            )
        )
    )
    if InvitationState.ASKED in asked:
        raise Refused(Problem("asked_already", _("%(city)s has been invited already.", city=city.name)))
    if InvitationState.DECLINED in asked:
        raise Refused(
            Problem("city_declined", _("%(city)s has declined. It can still be added by hand.", city=city.name))
        )
    if not rules.has_people(w, city.id):
        raise Refused(Problem("nobody_there", _(
            "Nobody of %(city)s is here yet who could answer. Ask the programme to invite its people.", city=city.name,
        )))  # fmt: skip


def fire(w: Work, invitation: PartnerInvitation, name: str, given: BaseModel | None = None) -> Fired:
    """An answer, or taking it back. Who accepts is a partner city from then on."""
    fired = INVITATION.fire(w, invitation, name, given)
    if invitation.state is InvitationState.ACCEPTED:
        city = w.session.get_one(Organisation, invitation.city_id)
        proposals.join_as_city(w, rules.proposal_of(w, invitation), city.code, invitation.role)
    return fired


def lapse_overdue(w: Work) -> None:
    """Invitations nobody answered in time."""
    found = select(PartnerInvitation).where(
        PartnerInvitation.state == InvitationState.ASKED, col(PartnerInvitation.answer_by) <= w.now
    )
    for invitation in w.session.exec(found).all():
        INVITATION.cause(w, invitation, "lapse")
