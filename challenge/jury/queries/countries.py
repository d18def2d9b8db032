"""Jurors and proposals of one country, where the rules of a round keep them apart."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select as sa_select
from sqlmodel import col

from challenge.jury.queries.gathering import seats_of, team_of
from challenge.jury.queries.inference import Pair
from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.proposals.models import BudgetLine, PartnerCity, Proposal
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of


def shared_countries(w: Work, round_: Round, people: Collection[int], proposals: Collection[int]) -> dict[Pair, str]:
    """(person, proposal) → a country both are of; nothing where the round allows it.

    A juror is of the countries of her organisations. A proposal is of those of its partner cities and of the
    organisations that lead it, have money in it, or send somebody to its team. A constant number of queries.
    """
    if not rules_of(round_).jurors_from_elsewhere or not people or not proposals:
        return {}
    team = team_of(w, proposals)
    seats = seats_of(w, set(people) | {person for members in team.values() for person in members})
    around: dict[int, set[int]] = {
        proposal: {seat for member in team.get(proposal, ()) for seat in seats.get(member, ())}
        for proposal in proposals
    }
    for query in (
        sa_select(col(Proposal.id), col(Proposal.organisation_id)).where(col(Proposal.id).in_(proposals)),
        sa_select(col(BudgetLine.proposal_id), col(BudgetLine.organisation_id)).where(
            col(BudgetLine.proposal_id).in_(proposals)
        ),
        sa_select(col(PartnerCity.proposal_id), col(PartnerCity.city_id)).where(
            col(PartnerCity.proposal_id).in_(proposals), col(PartnerCity.left_at).is_(None)
        ),
    ):
        for proposal, organisation in w.session.execute(query):
            around[proposal].add(organisation)
    wanted = {one for held in (*around.values(), *seats.values()) for one in held}
    country = dict(
        w.session.execute(
            sa_select(col(Organisation.id), col(Organisation.country)).where(col(Organisation.id).in_(wanted))
        ).all()
    )
    of_person = {person: {country[one] for one in seats.get(person, ())} for person in people}
    found = {}
    for proposal, organisations in around.items():
        there = {country[one] for one in organisations if one is not None}
        for person, own in of_person.items():
            if shared := own & there:
                found[person, proposal] = min(shared)
    return found
