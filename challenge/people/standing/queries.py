"""Stand-ins in force, and those of an organisation or a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, and_
from sqlalchemy.orm import aliased
from sqlmodel import col, or_, select

from challenge.kernel.errors import Missing
from challenge.kernel.work import Work
from challenge.people.models import Membership, Organisation, Person
from challenge.people.standing.models import StandIn
from challenge.people.states import Seat


@dataclass(frozen=True, slots=True)
class Standing:
    """A stand-in as pages show it."""

    code: str
    person_code: str
    person: str
    principal_code: str
    principal: str
    organisation_code: str
    organisation: str
    begins_at: datetime
    until: datetime

    @property
    def last_day(self) -> datetime:
        """An instant of the last day."""
        return self.until - timedelta(seconds=1)

    def is_in_force(self, now: datetime) -> bool:
        """Whether it has begun."""
        return self.begins_at <= now


def in_force(now: datetime | BindParameter[Any]) -> ColumnElement[bool]:
    """It has begun, is not over, and the person it stands for still leads the organisation."""
    lead = aliased(Membership)
    leads = (
        select(lead.id)
        .where(
            lead.person_id == StandIn.stands_for_id, lead.organisation_id == StandIn.organisation_id,
            lead.seat == Seat.LEAD,
        )
        .correlate(StandIn)
        .exists()
    )  # fmt: skip
    return and_(col(StandIn.begins_at) <= now, _not_over(now), leads)


def of_organisation(w: Work, organisation_id: int) -> list[Standing]:
    """Those that are in force or to come."""
    return _shown(w, col(StandIn.organisation_id) == organisation_id)


def of_person(w: Work, person_id: int | None) -> list[Standing]:
    """Those of which the person is one side."""
    return _shown(w, or_(col(StandIn.person_id) == person_id, col(StandIn.stands_for_id) == person_id))


def one(w: Work, organisation: Organisation, code: str) -> StandIn:
    """One of an organisation's. Missing when it is over."""
    found = w.session.exec(
        select(StandIn).where(StandIn.code == code, StandIn.organisation_id == organisation.id, _not_over(w.now))
    ).first()
    if found is None:
        raise Missing
    return found


def _not_over(now: datetime | BindParameter[Any]) -> ColumnElement[bool]:
    return and_(col(StandIn.until) > now, col(StandIn.ended_at).is_(None))


def _shown(w: Work, which: ColumnElement[bool]) -> list[Standing]:
    principal = aliased(Person)
    rows = w.session.exec(
        select(StandIn, Person, principal, Organisation)
        .join(Person, col(Person.id) == StandIn.person_id)
        .join(principal, col(principal.id) == StandIn.stands_for_id)
        .join(Organisation, col(Organisation.id) == StandIn.organisation_id)
        .where(which, _not_over(w.now))
        .order_by(col(StandIn.begins_at), col(StandIn.id))
    )
    return [
        Standing(
            found.code, person.code, person.name, lead.code, lead.name, organisation.code, organisation.name,
            found.begins_at, found.until,
        )
        for found, person, lead, organisation in rows
    ]  # fmt: skip
