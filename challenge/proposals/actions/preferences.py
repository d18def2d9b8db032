"""What cities say about ideas for their challenges: advisory."""

from __future__ import annotations

from sqlmodel import select

from challenge.kernel.errors import Forbidden
from challenge.kernel.work import Work
from challenge.proposals import content, rules
from challenge.proposals.actions.permits import require
from challenge.proposals.models import Preference, Proposal
from challenge.proposals.schemas import Rating


def rate(w: Work, proposal: Proposal, given: Rating) -> list[Preference]:
    """The lead or deputy of a city rates an idea that answers its challenge; the last word counts."""
    cities = rules.cities_to_rate(w, proposal)
    if not cities:
        raise Forbidden(rules.NOT_YOUR_CHALLENGE)
    require(w, proposal, rules.may_be_rated)
    rated = []
    for city_id in cities:
        row = w.session.exec(
            select(Preference).where(Preference.proposal_id == proposal.id, Preference.city_id == city_id)
        ).first()
        row = row or Preference(proposal_id=proposal.id, city_id=city_id, rating=given.rating, at=w.now)
        row.rating, row.comment, row.at, row.by_id = given.rating, given.comment, w.now, w.actor.id
        rated.append(w.add(row))
    w.note(content.WORKFLOW, proposal, "rate", {"rating": given.rating})
    return rated
