"""What one may know of proposals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlalchemy import select as columns
from sqlmodel import col, select

from challenge.kernel.errors import Missing
from challenge.kernel.paging import PAGE, Page, after, cursor
from challenge.kernel.work import Work
from challenge.people.models import Organisation, Person
from challenge.people.states import RoleName, Seat
from challenge.proposals import content
from challenge.proposals.content import City
from challenge.proposals.models import Exclusion, PartnerCity, Preference, Proposal, ProposalChallenge, TeamMember
from challenge.proposals.rules import commitments, role_in_team
from challenge.proposals.states import UNSENT, ProposalState
from challenge.rounds.models import Round
from challenge.rounds.states import GATE_WINDOWS, Gate
from challenge.submissions.models import Submission

__all__ = ["commitments", "partner_cities", "role_in_team", "visible"]

PUBLIC = (ProposalState.SELECTED, ProposalState.PILOTED)
INSIDERS = (RoleName.COORDINATOR, RoleName.OBSERVER)


# Scope


def visible(w: Work, code: str) -> Proposal:
    """A proposal by its code; whoever may not read it gets Missing. Jurors reach it through their assignment."""
    found = w.session.exec(select(Proposal).where(Proposal.code == code, in_sight(w))).first()
    if found is None:
        raise Missing
    return found


def in_sight(w: Work) -> ColumnElement[bool]:
    """What the actor may read whole: own, invited to, of their city, on their challenge, of their round."""
    if w.actor.kind == "system":
        return true()
    if w.actor.id is None:
        return false()
    return or_(of_team(w), of_city(w), on_challenge(w), of_round(w))


def of_team(w: Work) -> ColumnElement[bool]:
    """The actor's own proposals, and those whose team they are invited to."""
    address = select(Person.email_key).where(Person.id == w.actor.id).scalar_subquery()
    mine = select(TeamMember.proposal_id).where(
        col(TeamMember.left_at).is_(None),
        or_(
            col(TeamMember.person_id) == w.actor.id,
            and_(col(TeamMember.person_id).is_(None), col(TeamMember.email_key) == address),
        ),
    )
    return or_(col(Proposal.lead_id) == w.actor.id, col(Proposal.id).in_(mine))


def of_city(w: Work) -> ColumnElement[bool]:
    """Proposals in which a city of the actor is a partner."""
    places = w.actor.organisations()
    if not places:
        return false()
    held = select(PartnerCity.proposal_id).where(
        col(PartnerCity.city_id).in_(places), col(PartnerCity.left_at).is_(None)
    )
    return col(Proposal.id).in_(held)


def on_challenge(w: Work) -> ColumnElement[bool]:
    """Proposals handed in that answer a challenge of a city whose lead or deputy the actor is."""
    places = w.actor.organisations(Seat.LEAD, Seat.DEPUTY)
    if not places:
        return false()
    held = (
        select(ProposalChallenge.proposal_id)
        .join(Submission, col(Submission.id) == ProposalChallenge.submission_id)
        .where(col(Submission.city_id).in_(places))
    )
    return and_(
        col(Proposal.submitted_at).is_not(None),
        col(Proposal.state).not_in([*UNSENT, ProposalState.LAPSED]),
        col(Proposal.id).in_(held),
    )


def of_round(w: Work) -> ColumnElement[bool]:
    """Proposals of rounds the actor coordinates or observes, without those they have a conflict with."""
    scopes: set[int] = set()
    everywhere = False
    for role in INSIDERS:
        held = w.actor.scopes(role)
        everywhere = everywhere or held is None
        scopes |= held or set()
    if not everywhere and not scopes:
        return false()
    conflicted = select(Exclusion.proposal_id).where(Exclusion.person_id == w.actor.id)
    inside = true() if everywhere else col(Proposal.round_id).in_(scopes)
    return and_(inside, col(Proposal.id).not_in(conflicted))


def is_told() -> ColumnElement[bool]:
    """Selected and announced, and its team agreed to publish."""
    return and_(col(Proposal.state).in_(PUBLIC), col(Proposal.publish).is_(True))


# One proposal


def partner_cities(w: Work, proposal: Proposal) -> list[City]:
    """The partner cities now: id, code, name, country, role; ``counts`` for lead and pilot."""
    return content.cities(w, proposal)


def published(w: Work, code: str) -> Proposal:
    """A proposal everybody may know of: title, summary, partners. Missing for all others."""
    found = w.session.exec(select(Proposal).where(Proposal.code == code, is_told())).first()
    if found is None:
        raise Missing
    return found
