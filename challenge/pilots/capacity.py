"""How many pilots a city carries: the cap of the round, and what the city itself can carry at once over all rounds."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func
from sqlmodel import col, select

from challenge.cities.models import CityProfile
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import Text, _, _n
from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.pilots.content import together
from challenge.pilots.models import MemberCity, Pilot
from challenge.pilots.states import OPEN
from challenge.proposals.models import PartnerCity, Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.rounds.pairing import COUNTING
from challenge.rounds.queries import rules_of


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
    ids = list(city_ids)
    cap = rules_of(w.session.get_one(Round, round_id)).pilots_per_city
    capacities = dict(
        w.session.exec(
            select(CityProfile.organisation_id, CityProfile.capacity).where(
                col(CityProfile.organisation_id).in_(ids), col(CityProfile.capacity).is_not(None)
            )
        ).all()
    )
    lacks: dict[str, Text] = {}
    if cap is not None:
        lacks |= _full(w, ids, load(w, ids, round_id, but), dict.fromkeys(ids, cap))
    if capacities:
        lacks |= _full(w, ids, load(w, ids, None, but), capacities)
    return together("capacity", _n("One city is full.", "%(n)s cities are full.", len(lacks)), lacks)


def _full(w: Work, ids: list[int], carried: dict[int, int], most: dict[int, int | None]) -> dict[str, Text]:
    full = [key for key in ids if (limit := most.get(key)) is not None and carried.get(key, 0) >= limit]
    rows = w.session.exec(select(Organisation).where(col(Organisation.id).in_(full))).all()
    return {
        f"city-{row.code}": _(
            "%(city)s carries %(carried)s of %(most)s pilots already.",
            city=row.name, carried=carried.get(row.id, 0), most=most[row.id],
        )
        for row in rows
    }  # fmt: skip


def load(w: Work, city_ids: Iterable[int], round_id: int | None = None, but: int | None = None) -> dict[int, int]:
    """City id → pilots it carries in lead or pilot role (of one round or of all), and awards without a pilot yet."""
    ids = list(city_ids)
    pilots = (
        select(MemberCity.city_id, func.count())
        .join(Pilot, col(Pilot.id) == MemberCity.pilot_id)
        .where(col(MemberCity.city_id).in_(ids), col(MemberCity.role).in_(COUNTING), col(Pilot.state).in_(OPEN))
        .group_by(col(MemberCity.city_id))
    )
    has_pilot = select(Pilot.id).where(Pilot.proposal_id == Proposal.id, col(Pilot.state).in_(OPEN)).exists()
    awards = (
        select(PartnerCity.city_id, func.count())
        .join(Proposal, col(Proposal.id) == PartnerCity.proposal_id)
        .where(
            col(PartnerCity.city_id).in_(ids), col(PartnerCity.role).in_(COUNTING),
            col(PartnerCity.left_at).is_(None), Proposal.state == ProposalState.SELECTED, ~has_pilot,
        )
        .group_by(col(PartnerCity.city_id))
    )  # fmt: skip
    if but is not None:
        awards = awards.where(Proposal.id != but)
    if round_id is not None:
        pilots, awards = pilots.where(Pilot.round_id == round_id), awards.where(Proposal.round_id == round_id)
    found: dict[int, int] = {}
    for query in (pilots, awards):
        for city_id, count in w.session.exec(query):
            found[city_id] = found.get(city_id, 0) + count
    return found
