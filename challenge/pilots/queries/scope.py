"""Whom a pilot may be shown to, as conditions of a query."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlmodel import col, select

from challenge.kernel.work import Work
from challenge.people.states import RoleName, Seat
from challenge.pilots.models import MemberCity, Pilot
from challenge.pilots.states import PilotState
from challenge.proposals.models import Exclusion, TeamMember


def told() -> ColumnElement[bool]:
    """Everybody may know of a pilot once it was agreed; past ones are known anyway."""
    return or_(
        col(Pilot.agreed_at).is_not(None),
        and_(col(Pilot.imported).is_(True), col(Pilot.state) != PilotState.PREPARING),
    )


def inside(w: Work) -> ColumnElement[bool]:
    """Pilots of which the actor reads everything: own, of their city, of their round (without those in conflict)."""
    if w.actor.kind == "system":
        return true()
    if w.actor.id is None:
        return false()
    return or_(_carried(w), _of_city(w), _of_round(w))


def _carried(w: Work) -> ColumnElement[bool]:
    """Of the team, its organisation's lead, the mentor."""
    team = select(TeamMember.proposal_id).where(TeamMember.person_id == w.actor.id, col(TeamMember.left_at).is_(None))
    return or_(
        col(Pilot.lead_id) == w.actor.id,
        col(Pilot.mentor_id) == w.actor.id,
        col(Pilot.organisation_id).in_(w.actor.organisations(Seat.LEAD)),
        col(Pilot.proposal_id).in_(team),
    )


def _of_city(w: Work) -> ColumnElement[bool]:
    places = w.actor.organisations()
    if not places:
        return false()
    return col(Pilot.id).in_(select(MemberCity.pilot_id).where(col(MemberCity.city_id).in_(places)))


def _of_round(w: Work) -> ColumnElement[bool]:
    scopes: set[int] = set()
    everywhere = False
    for role in (RoleName.COORDINATOR, RoleName.OBSERVER):
        held = w.actor.scopes(role)
        everywhere = everywhere or held is None
        scopes |= held or set()
    if not everywhere and not scopes:
        return false()
    conflicted = select(Exclusion.proposal_id).where(Exclusion.person_id == w.actor.id)
    here = true() if everywhere else col(Pilot.round_id).in_(scopes)
    return and_(here, or_(col(Pilot.proposal_id).is_(None), col(Pilot.proposal_id).not_in(conflicted)))


def in_sight(w: Work) -> ColumnElement[bool]:
    """Everything the actor may know of."""
    return or_(told(), inside(w))
