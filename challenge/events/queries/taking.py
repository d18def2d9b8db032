"""Who could talk with whom at a matchmaking day: proposals and cities with somebody who has a seat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from challenge.events.models import Event, Registration
from challenge.kernel.work import Work
from challenge.partners import queries as partners
from challenge.people.models import Membership, Person
from challenge.people.states import Seat
from challenge.proposals import content
from challenge.proposals import queries as proposals
from challenge.proposals.models import PartnerCity, Proposal, TeamMember
from challenge.proposals.states import EDITABLE, TeamRole
from challenge.rounds.queries import get, rules_of

SPEAKING = {TeamRole.LEAD: 0, TeamRole.CO_LEAD: 1, TeamRole.RESEARCHER: 2, TeamRole.COMPANY: 3}
SEATS = {Seat.LEAD: 0, Seat.DEPUTY: 1, Seat.MEMBER: 2}


@dataclass(frozen=True, slots=True)
class Side:
    """A proposal or a city at the matchmaking day, and the one person who sits at the table for it."""

    id: int
    code: str
    name: str
    person_id: int


@dataclass(frozen=True, slots=True)
class Sides:
    """Both sides; ``apart`` are pairs (proposal, city) that work together already."""

    proposals: tuple[Side, ...]
    cities: tuple[Side, ...]
    apart: frozenset[tuple[int, int]]

    @property
    def ids(self) -> dict[str, list[dict[str, int]]]:
        """Both as the partner finder asks for them."""
        return {
            "proposals": [{"id": one.id} for one in self.proposals],
            "cities": [{"id": one.id} for one in self.cities],
        }


def seated_ids(w: Work, event: Event) -> set[int]:
    """The people who have a seat, without those whose account is closed."""
    rows = select(Registration.person_id).where(
        Registration.event_id == event.id, col(Registration.slot).is_not(None),
        Person.id == Registration.person_id, col(Person.disabled_at).is_(None), col(Person.erased_at).is_(None),
    )  # fmt: skip
    return set(w.session.exec(rows))


def sides(w: Work, event: Event) -> Sides:
    """Who speaks for what: for a proposal its lead, else a co-lead, else who joined first; for a city its lead first.

    Nobody sits on both sides: who speaks for a proposal does not speak for a city.
    """
    seated = seated_ids(w, event)
    for_proposals = _speakers_of_teams(w, event, seated)
    busy = {side.person_id for side in for_proposals}
    kinds = rules_of(get(w, event.round_id)).city_kinds
    places = {city.place.id: city for city in partners.known_cities(w, kinds)}
    speakers = _first(
        (place, SEATS[Seat(seat)], person)
        for place, seat, person in w.session.exec(
            select(Membership.organisation_id, Membership.seat, Membership.person_id)
            .where(col(Membership.person_id).in_(seated - busy), col(Membership.organisation_id).in_(places))
            .order_by(col(Membership.id))
        )
    )
    for_cities = [Side(key, places[key].code, places[key].name, speakers[key]) for key in places if key in speakers]
    return Sides(for_proposals, tuple(for_cities), _together(w, for_proposals))


def _speakers_of_teams(w: Work, event: Event, seated: set[int]) -> tuple[Side, ...]:
    rows = w.session.exec(
        select(Proposal)
        .where(Proposal.round_id == event.round_id, col(Proposal.state).in_(EDITABLE), proposals.in_sight(w))
        .order_by(col(Proposal.title_key))
    ).all()
    members = w.session.exec(
        select(TeamMember.proposal_id, TeamMember.role, TeamMember.person_id)
        .where(
            col(TeamMember.proposal_id).in_([one.id for one in rows]), col(TeamMember.left_at).is_(None),
            col(TeamMember.person_id).in_(seated),
        )
        .order_by(col(TeamMember.id))
    ).all()  # fmt: skip
    leads = [(one.id, 0, one.lead_id) for one in rows if one.lead_id in seated]
    joined = [
        (key, SPEAKING[TeamRole(role)], who) for key, role, who in members if role in SPEAKING and who is not None
    ]
    speakers = _first([*leads, *joined])
    return tuple(Side(one.id, one.code, one.title, speakers[one.id]) for one in rows if one.id in speakers)


def _first(rows: Any) -> Mapping[int, int]:
    """Key → the person of the lowest rank; the first of equals."""
    found: dict[int, tuple[int, int]] = {}
    for key, rank, person in rows:
        if key not in found or rank < found[key][0]:
            found[key] = (rank, person)
    return {key: person for key, (_rank, person) in found.items()}


def _together(w: Work, sides_: Sequence[Side]) -> frozenset[tuple[int, int]]:
    rows = w.session.execute(
        content.columns(PartnerCity.proposal_id, PartnerCity.city_id).where(
            col(PartnerCity.proposal_id).in_([one.id for one in sides_]), col(PartnerCity.left_at).is_(None)
        )
    )
    return frozenset((row[0], row[1]) for row in rows)


def hidden(w: Work, event: Event) -> bool:
    """Whether a proposal of the round is kept from the actor by a conflict of interest: then another plans."""
    of_round = select(Proposal.id).where(Proposal.round_id == event.round_id, col(Proposal.state).in_(EDITABLE))
    return w.session.exec(of_round.where(~proposals.in_sight(w)).limit(1)).first() is not None
