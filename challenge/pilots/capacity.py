"""How many pilots a city carries: the cap of the round, and what the city itself can carry at once over all rounds."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import col, select

from challenge.kernel.errors import Problem
from challenge.kernel.i18n import Text, _, _n
from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.pilots.content import together
from challenge.pilots.models import MemberCity, Pilot
from challenge.pilots.states import OPEN
from challenge.proposals import capacity
from challenge.proposals.capacity import Room
from challenge.proposals.models import PartnerCity, Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.pairing import COUNTING


def cities_can_carry_it(w: Work, proposal: Proposal) -> Problem | None:
    """No lead or pilot city would carry more pilots than it can, or than the round allows."""
    cities = w.session.exec(
        select(PartnerCity.city_id).where(
            PartnerCity.proposal_id == proposal.id,
            col(PartnerCity.left_at).is_(None),
            col(PartnerCity.role).in_(COUNTING),
        )
    ).all()
    return can_carry(w, proposal.round_id, cities, but=proposal.id)


def can_carry(w: Work, round_id: int, city_ids: Iterable[int], but: int | None = None) -> Problem | None:
    """The cap of the round and each city's own capacity, over pilots not ended and awards that wait for theirs.

    ``but`` is a proposal that is not counted: the one in question.
    """
    rooms = capacity.rooms(w, round_id, list(city_ids), load(w, city_ids, but))
    full = {key: one for key, one in rooms.items() if one.is_at_cap or one.is_full}
    rows = w.session.exec(select(Organisation).where(col(Organisation.id).in_(full))).all()
    lacks = {f"city-{row.code}": _full(row.name, full[row.id]) for row in rows}
    return together("capacity", _n("One city is full.", "%(n)s cities are full.", len(lacks)), lacks)


def _full(city: str, room: Room) -> Text:
    carried, most = (room.everywhere, room.own) if room.is_full else (room.here, room.cap)
    return _("%(city)s carries %(carried)s of %(most)s pilots already.", city=city, carried=carried, most=most)


def load(w: Work, city_ids: Iterable[int], but: int | None = None) -> dict[int, list[int]]:
    """City id → the rounds of the pilots it carries in lead or pilot role, and of awards without a pilot yet."""
    ids = list(city_ids)
    pilots = (
        select(MemberCity.city_id, Pilot.round_id)
        .join(Pilot, col(Pilot.id) == MemberCity.pilot_id)
        .where(col(MemberCity.city_id).in_(ids), col(MemberCity.role).in_(COUNTING), col(Pilot.state).in_(OPEN))
    )
    has_pilot = select(Pilot.id).where(Pilot.proposal_id == Proposal.id, col(Pilot.state).in_(OPEN)).exists()
    awards = (
        select(PartnerCity.city_id, Proposal.round_id)
        .join(Proposal, col(Proposal.id) == PartnerCity.proposal_id)
        .where(
            col(PartnerCity.city_id).in_(ids), col(PartnerCity.role).in_(COUNTING),
            col(PartnerCity.left_at).is_(None), Proposal.state == ProposalState.SELECTED, ~has_pilot,
            col(Proposal.id) != (but or 0),
        )
    )  # fmt: skip
    found: dict[int, list[int]] = {}
    for query in (pilots, awards):
        for city_id, of_round in w.session.exec(query):
            found.setdefault(city_id, []).append(of_round)
    return found
