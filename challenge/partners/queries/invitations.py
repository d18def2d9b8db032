"""Invitations of cities, as far as one may know them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, or_
from sqlmodel import col, select

from challenge.kernel.errors import Missing
from challenge.kernel.work import Work
from challenge.partners.models import PartnerInvitation
from challenge.partners.states import SPEAKING
from challenge.people.models import Organisation, Person
from challenge.proposals import content
from challenge.proposals import queries as proposals
from challenge.proposals.models import Proposal
from challenge.proposals.rules import round_of


def in_sight(w: Work) -> ColumnElement[bool]:
    """Invitations of the actor's proposals and of rounds they run or observe, and those to a city they speak for."""
    if w.actor.id is None:
        return false()
    read = select(Proposal.id).where(or_(proposals.of_team(w), proposals.of_round(w)))
    places = w.actor.organisations(*SPEAKING)
    return or_(col(PartnerInvitation.proposal_id).in_(read), col(PartnerInvitation.city_id).in_(places))


def invitation(w: Work, code: str) -> PartnerInvitation:
    """One by its code. Raises Missing to whoever may not know of it."""
    found = w.session.exec(select(PartnerInvitation).where(PartnerInvitation.code == code, in_sight(w))).first()
    if found is None:
        raise Missing
    return found


def invitations(w: Work, proposal: Proposal) -> list[PartnerInvitation]:
    """Those of a proposal, the newest last. For its team and those who oversee its round."""
    found = select(PartnerInvitation).where(PartnerInvitation.proposal_id == proposal.id)
    return list(w.session.exec(found.order_by(col(PartnerInvitation.id))))


@dataclass(frozen=True, slots=True)
class Shown:
    """An invitation with the names it is about; nobody's address."""

    invitation: PartnerInvitation
    title: str
    proposal_code: str
    zone: str
    organisation: str
    asked_by: str
    city: str
    city_code: str
    challenges: tuple[content.Answered, ...]
    is_for_reader: bool


def shown(w: Work, found: PartnerInvitation) -> Shown:
    """What both sides read. ``is_for_reader``: the reader may open the proposal itself."""
    proposal = w.session.get_one(Proposal, found.proposal_id)
    asking = w.session.get_one(Person, found.asked_by_id)
    city = w.session.get_one(Organisation, found.city_id)
    opens = w.session.exec(select(Proposal.id).where(Proposal.id == proposal.id, proposals.in_sight(w))).first()
    return Shown(
        found, proposal.title, proposal.code, round_of(w, proposal).zone,
        w.session.get_one(Organisation, proposal.organisation_id).name, asking.name, city.name, city.code,
        tuple(content.challenges(w, proposal)), opens is not None,
    )  # fmt: skip
