"""How many pilots a city carries and how many more it can: its own capacity over all rounds, and the cap of a round.

One rule for the partner finder, the choice of a portfolio, the award and the pairing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, or_
from sqlmodel import col, select

from challenge.cities.models import CityProfile
from challenge.kernel.work import Work
from challenge.proposals.models import PartnerCity, Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.document import rules_of
from challenge.rounds.models import Round
from challenge.rounds.pairing import COUNTING

CARRYING = (ProposalState.SELECTED, ProposalState.PILOTED)
Carried = Mapping[int, Sequence[int]]  # city id → the rounds of the pilots it carries, one entry each


@dataclass(frozen=True, slots=True)
class Room:
    """What a city carries: ``here`` of the round's ``cap``, ``everywhere`` of its ``own`` capacity; None: no limit."""

    here: int
    everywhere: int
    cap: int | None
    own: int | None

    @property
    def is_at_cap(self) -> bool:
        """Whether the round gives it no more."""
        return self.cap is not None and self.here >= self.cap

    @property
    def is_full(self) -> bool:
        """Whether it carries all it says it can."""
        return self.own is not None and self.everywhere >= self.own

    @property
    def is_over(self) -> bool:
        """Whether it carries more than it may."""
        return (self.cap is not None and self.here > self.cap) or (self.own is not None and self.everywhere > self.own)

    @property
    def left(self) -> int | None:
        """How many more it can carry; None where nothing limits it."""
        limits = [most - has for most, has in ((self.own, self.everywhere), (self.cap, self.here)) if most is not None]
        return max(min(limits), 0) if limits else None


def carried(
    w: Work, city_ids: Collection[int], *, but: Collection[int] = (), also: ColumnElement[bool] | None = None
) -> dict[int, list[int]]:
    """What these cities lead or pilot: awards and pilots not ended, without the proposals ``but``.

    ``also`` says which further proposals bind places.
    """
    rows = w.session.exec(
        select(PartnerCity.city_id, Proposal.round_id)
        .join(Proposal, col(Proposal.id) == PartnerCity.proposal_id)
        .where(
            col(PartnerCity.city_id).in_(city_ids), col(PartnerCity.left_at).is_(None),
            col(PartnerCity.role).in_(COUNTING), col(Proposal.id).not_in(but), col(Proposal.pilot_ended_at).is_(None),
            or_(col(Proposal.state).in_(CARRYING), false() if also is None else also),
        )
    )  # fmt: skip
    found: dict[int, list[int]] = {}
    for city_id, round_id in rows:
        found.setdefault(city_id, []).append(round_id)
    return found


def rooms(w: Work, round_id: int, city_ids: Collection[int], carries: Carried) -> dict[int, Room]:
    """City id → what it carries and may carry in this round."""
    cap = rules_of(w.session.get_one(Round, round_id)).pilots_per_city
    own = dict(
        w.session.exec(
            select(CityProfile.organisation_id, CityProfile.capacity).where(
                col(CityProfile.organisation_id).in_(city_ids)
            )
        ).all()
    )
    return {
        key: Room(list(carries.get(key, ())).count(round_id), len(carries.get(key, ())), cap, own.get(key))
        for key in city_ids
    }
