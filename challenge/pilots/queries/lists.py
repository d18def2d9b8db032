"""Lists of pilots: only the columns shown, a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, or_, true
from sqlmodel import col, select

from challenge.kernel.paging import MOST, PAGE, Page, after, cursor
from challenge.kernel.work import Work
from challenge.people.states import RoleName
from challenge.pilots import content
from challenge.pilots.content import Member
from challenge.pilots.models import MemberCity, Pilot
from challenge.pilots.queries.scope import in_sight, inside
from challenge.pilots.states import PilotState
from challenge.proposals.models import Exclusion, Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.rounds.states import Pairing


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty is everything."""

    round_code: str = ""
    state: str = ""
    country: str = ""
    theme: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A pilot in a list."""

    id: int
    code: str
    title: str
    summary: str
    state: PilotState
    pairing: Pairing
    home_country: str
    round_code: str
    round_title: str
    example: bool
    starts_on: date | None
    months: int | None
    budget_cents: int | None
    cure_expired_at: datetime | None
    cities: tuple[Member, ...] = field(default=())

    @property
    def home(self) -> list[Member]:
        """Cities of the home country that count."""
        return [row for row in self.cities if row.counts and row.country == self.home_country]

    @property
    def away(self) -> list[Member]:
        """Cities abroad that count."""
        return [row for row in self.cities if row.counts and row.country != self.home_country]


def listed(
    w: Work,
    filters: Filters | None = None,
    following: str | None = None,
    size: int = PAGE,
    also: ColumnElement[bool] | None = None,
) -> Page[Listed]:
    """A page of what the actor may know of, by title; two queries whatever its length."""
    filters = filters or Filters()
    shown: tuple[Any, ...] = (
        Pilot.id, Pilot.code, Pilot.title, Pilot.summary, Pilot.state, Pilot.pairing, Pilot.home_country,
        Pilot.round_code, Round.title, Round.example, Pilot.starts_on, Pilot.months, Pilot.budget_cents,
        Pilot.cure_expired_at,
    )  # fmt: skip
    found = (
        select(*shown)
        .join(Round, col(Round.id) == Pilot.round_id)
        .where(in_sight(w), true() if also is None else also, *_narrowed(filters))
        .order_by(col(Pilot.title), col(Pilot.id))
        .limit(size + 1)
    )
    if (start := after(following, str, int)) is not None:
        title, last = col(Pilot.title), col(Pilot.id)
        found = found.where(or_(title > start[0], and_(title == start[0], last > start[1])))
    rows = w.session.exec(found).all()
    here = rows[:size]
    cities = content.members_of(w, [row[0] for row in here])
    more = cursor(here[-1][2], here[-1][0]) if len(rows) > size else None
    return Page([replace(Listed(*row), cities=tuple(cities.get(row[0], ()))) for row in here], more)


def _narrowed(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.round_code:
        found.append(col(Pilot.round_code) == filters.round_code)
    if filters.state in set(PilotState):
        found.append(col(Pilot.state) == PilotState(filters.state))
    if filters.country:
        held = select(MemberCity.pilot_id).where(MemberCity.country == filters.country)
        found.append(col(Pilot.id).in_(held))
    if filters.theme:
        found.append(cast(col(Pilot.themes), Text).contains(f'"{filters.theme}"', autoescape=True))
    return found


@dataclass(frozen=True, slots=True)
class Choosable:
    """What lists can be narrowed to, as far as the actor may know of a pilot that has it."""

    rounds: Sequence[Round]
    states: list[PilotState]
    countries: list[str]
    themes: list[str]


def choosable(w: Work) -> Choosable:
    """Rounds, states, countries and themes of the pilots in sight."""
    seen = w.session.exec(select(Pilot.state, Pilot.themes).where(in_sight(w))).all()
    states = {state for state, _themes in seen}
    places = select(MemberCity.country).join(Pilot, col(Pilot.id) == MemberCity.pilot_id).where(in_sight(w)).distinct()
    held = select(Pilot.round_id).where(in_sight(w))
    rounds = w.session.exec(select(Round).where(col(Round.id).in_(held)).order_by(col(Round.id).desc())).all()
    return Choosable(
        rounds=rounds,
        states=[state for state in PilotState if state in states],
        countries=sorted(w.session.exec(places).all()),
        themes=sorted({theme for _state, themes in seen for theme in themes}),
    )


def unpaired(w: Work) -> list[Proposal]:
    """Selected proposals that wait for their pilot, in the rounds the actor coordinates, without those in conflict."""
    held = w.actor.scopes(RoleName.COORDINATOR)
    if held is not None and not held:
        return []
    paired = select(Pilot.id).where(Pilot.proposal_id == Proposal.id, Pilot.state != PilotState.TERMINATED).exists()
    conflicted = select(Exclusion.proposal_id).where(Exclusion.person_id == w.actor.id)
    found = select(Proposal).where(
        Proposal.state == ProposalState.SELECTED, ~paired, col(Proposal.id).not_in(conflicted)
    )
    if held is not None:
        found = found.where(col(Proposal.round_id).in_(held))
    return list(w.session.exec(found.order_by(col(Proposal.title_key))))


def cures_over(w: Work) -> list[Pilot]:
    """Suspended pilots whose cure date has passed: two coordinators decide about their end."""
    found = select(Pilot).where(inside(w), Pilot.state == PilotState.SUSPENDED, col(Pilot.cure_expired_at).is_not(None))
    return list(w.session.exec(found.order_by(col(Pilot.cure_until))))


def of_city(w: Work, city_id: int) -> list[Listed]:
    """The pilots of a city, as far as the actor may know of them."""
    held = col(Pilot.id).in_(select(MemberCity.pilot_id).where(MemberCity.city_id == city_id))
    return list(listed(w, size=MOST, also=held).rows)
