"""Who may, for proposals and commitments: rules about the person."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _
from challenge.kernel.once import once
from challenge.kernel.work import Work
from challenge.people import rules as people
from challenge.people.rules import may_not
from challenge.people.states import Seat
from challenge.proposals import content
from challenge.proposals.content import City
from challenge.proposals.models import Exclusion, Proposal, TeamMember
from challenge.proposals.states import TeamRole

NOT_YOUR_CHALLENGE = may_not(_("Only the lead or the deputy of a city whose challenge this answers can rate it."))


def is_lead(w: Work, proposal: Proposal) -> Problem | None:
    """The lead of its team."""
    held = w.actor.id == proposal.lead_id
    return None if held else may_not(_("Only the lead of this proposal can do this."))


def is_team(w: Work, proposal: Proposal) -> Problem | None:
    """Anybody of its team who has accepted and not left."""
    return None if role_in_team(w, proposal) is not None else may_not(_("Only the team of this proposal can do this."))


def may_write(w: Work, proposal: Proposal) -> Problem | None:
    """The team without its mentors."""
    role = role_in_team(w, proposal)
    held = role not in (None, TeamRole.MENTOR)
    return None if held else may_not(_("Only the team of this proposal can write in it."))


def works_on_it(w: Work, proposal: Proposal) -> Problem | None:
    """The team, its mentors too, and the people of its partner cities."""
    places = w.actor.organisations()
    held = role_in_team(w, proposal) is not None or any(city.id in places for city in content.cities(w, proposal))
    return None if held else may_not(_("Only the team and the people of its partner cities see this."))


@once
def role_in_team(w: Work, proposal: Proposal) -> TeamRole | None:
    """What the actor is in the team."""
    if w.actor.id is None:
        return None
    found = w.session.exec(
        select(TeamMember.role).where(
            TeamMember.proposal_id == proposal.id,
            TeamMember.person_id == w.actor.id,
            col(TeamMember.left_at).is_(None),
        )
    ).first()
    return TeamRole(found) if found is not None else None


def is_coordinator(w: Work, proposal: Proposal) -> Problem | None:
    """A coordinator of its round without a conflict of interest."""
    return people.is_coordinator(w, proposal) or _without_conflict(w, proposal)


def _without_conflict(w: Work, proposal: Proposal) -> Problem | None:
    return (
        may_not(_("You have a conflict of interest here. Another coordinator can do this."))
        if excluded(w, proposal)
        else None
    )


@once
def excluded(w: Work, proposal: Proposal) -> bool:
    """Whether a conflict of interest keeps the actor away."""
    found = select(Exclusion.id).where(Exclusion.proposal_id == proposal.id, Exclusion.person_id == w.actor.id)
    return w.session.exec(found).first() is not None


@once
def members(w: Work, proposal: Proposal) -> list[TeamMember]:
    """The team and the open invitations, in the order they came."""
    found = select(TeamMember).where(TeamMember.proposal_id == proposal.id, col(TeamMember.left_at).is_(None))
    return list(w.session.exec(found.order_by(col(TeamMember.id))))


is_system = people.is_system
runs_dates = people.any_of(is_coordinator, is_system)
RUN_THE_TEAM = (TeamRole.LEAD, TeamRole.CO_LEAD)


def runs_team(w: Work, proposal: Proposal) -> Problem | None:
    """The lead or a co-lead: they decide on people, cities and requests."""
    held = role_in_team(w, proposal) in RUN_THE_TEAM
    return None if held else may_not(_("Only the lead or a co-lead of this proposal can do this."))


may_hand_over = people.any_of(is_lead, is_coordinator)


def cities_to_rate(w: Work, proposal: Proposal) -> list[int]:
    """The cities of answered challenges for which the actor may speak."""
    spoken_for = w.actor.organisations(Seat.LEAD, Seat.DEPUTY)
    return sorted({found.city_id for found in content.challenges(w, proposal) if found.city_id in spoken_for})


# Cities


def leads_city(w: Work, city: City) -> Problem | None:
    """The lead of a partner city."""
    held = w.actor.sits_in(city.id, Seat.LEAD)
    return None if held else may_not(_("Only the lead of %(city)s can do this.", city=city.name))


def is_signer(w: Work, commitment: Any) -> Problem | None:
    """The lead or the deputy of the city that commits itself."""
    held = w.actor.sits_in(commitment.city_id, Seat.LEAD, Seat.DEPUTY)
    return None if held else may_not(_("Only the lead or the deputy of this city can do this."))


def is_city_lead(w: Work, commitment: Any) -> Problem | None:
    """The lead of the city that commits itself."""
    held = w.actor.sits_in(commitment.city_id, Seat.LEAD)
    return None if held else may_not(_("Only the lead of this city can do this."))
