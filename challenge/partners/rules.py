"""Who may invite and answer, and when."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlmodel import col, func, select

from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _, _n
from challenge.kernel.work import Work
from challenge.partners.models import PartnerInvitation
from challenge.partners.states import SPEAKING, InvitationState
from challenge.people.models import Membership
from challenge.people.rules import any_of, may_not
from challenge.proposals import rules as proposals
from challenge.proposals.models import Proposal

OPEN_AT_ONCE = 5  # invitations of one proposal that wait for an answer
LONGEST = timedelta(days=60)
USUAL = timedelta(days=14)
MOST_A_DAY = 10  # invitations one proposal sends in a day: a city is asked, not flooded


def proposal_of(w: Work, invitation: PartnerInvitation) -> Proposal:
    """The proposal a city is invited to."""
    return w.session.get_one(Proposal, invitation.proposal_id)


def speaks_for_city(w: Work, invitation: Any) -> Problem | None:
    """The lead or the deputy of the invited city."""
    held = w.actor.sits_in(invitation.city_id, *SPEAKING)
    return None if held else may_not(_("Only the lead or the deputy of the invited city can answer."))


may_invite = any_of(proposals.runs_team, proposals.is_coordinator)
"""The lead or a co-lead of the proposal; a coordinator for it."""


def runs_team(w: Work, invitation: PartnerInvitation) -> Problem | None:
    """Whoever may invite may take back."""
    return may_invite(w, proposal_of(w, invitation))


def not_over(w: Work, invitation: PartnerInvitation) -> Problem | None:
    """A city answers until the date."""
    if w.now < invitation.answer_by:
        return None
    return Problem("answer_over", _("The time to answer is over. The team can invite the city again."))


def is_over(w: Work, invitation: PartnerInvitation) -> Problem | None:
    """Nothing lapses before its date."""
    if w.now >= invitation.answer_by:
        return None
    return Problem("not_over_yet", _("The city still has time to answer."))


def cities_may_change(w: Work, invitation: PartnerInvitation) -> Problem | None:
    """The proposal can take cities in."""
    return proposals.may_change_cities(w, proposal_of(w, invitation))


def room_to_ask(w: Work, proposal: Proposal) -> Problem | None:
    """A team asks a few cities at a time."""
    waiting = select(func.count(col(PartnerInvitation.id))).where(
        PartnerInvitation.proposal_id == proposal.id, PartnerInvitation.state == InvitationState.ASKED
    )
    if w.session.exec(waiting).one() >= OPEN_AT_ONCE:
        return Problem("many_invitations", _n(
            "One invitation waits for an answer already. Take it back or wait.",
            "%(n)s invitations wait for an answer already. Take one back or wait.", OPEN_AT_ONCE,
        ))  # fmt: skip
    lately = select(func.count(col(PartnerInvitation.id))).where(
        PartnerInvitation.proposal_id == proposal.id, col(PartnerInvitation.created_at) > w.now - timedelta(days=1)
    )
    if w.session.exec(lately).one() >= MOST_A_DAY:
        text = _("This proposal has invited %(n)s cities within a day. Go on tomorrow.", n=MOST_A_DAY)
        return Problem("invitations_a_day", text)
    return None


def has_people(w: Work, city_id: int) -> bool:
    """Whether anybody here can answer for the city."""
    found = select(Membership.id).where(Membership.organisation_id == city_id, col(Membership.seat).in_(SPEAKING))
    return w.session.exec(found.limit(1)).first() is not None
