"""Roles and seats are held for a year at a time: what is to be confirmed, by whom, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, null, or_, true
from sqlalchemy import select as columns
from sqlmodel import col, select

from challenge.kernel.i18n import Text, _
from challenge.kernel.paging import PAGE
from challenge.kernel.work import Work
from challenge.people import queries, rules
from challenge.people.models import Membership, Organisation, Person, Role, Suspension
from challenge.people.states import ROLES, SEATS, RoleName, Seat

YEAR = timedelta(days=365)
NOTICE = timedelta(days=30)  # so long before it is due people hear of it, and every so often after
GRACE = timedelta(days=30)  # so long after it is due it is suspended
EVERY_ROUND = _("all rounds")


@dataclass(frozen=True, slots=True)
class Held:
    """A role (``name`` and the round's id) or a seat (``seat`` and the organisation's code), and until when it holds.

    ``round_code`` is empty for all rounds; ``where`` is the round or the organisation in words.
    """

    person_code: str
    person: str
    label: Text
    where: Text | str
    confirmed_at: datetime | None
    suspended_at: datetime | None
    name: RoleName | None = None
    round_id: int | None = None
    round_code: str = ""
    seat: Seat | None = None
    organisation_code: str = ""
    until: datetime | None = None

    @property
    def last_day(self) -> datetime | None:
        """An instant of the last day of a role that ends by itself."""
        return None if self.until is None else self.until - timedelta(seconds=1)

    @property
    def due_at(self) -> datetime | None:
        """When it should have been confirmed; None when it is suspended."""
        return None if self.confirmed_at is None else self.confirmed_at + YEAR

    @property
    def ends_at(self) -> datetime | None:
        """When it is suspended."""
        return None if self.confirmed_at is None else ends_at(self.confirmed_at)

    @property
    def key(self) -> str:
        """How a form names it."""
        kind, what = ("role", f"{self.name}.{self.round_code}") if self.name else ("seat", self.organisation_code)
        return f"{kind}.{self.person_code}.{what}"

    def is_due(self, now: datetime) -> bool:
        """Whether it can be confirmed: it is suspended, or that will be asked for within 30 days."""
        return self.confirmed_at is None or may_be_confirmed(self.confirmed_at, now)


def may_be_confirmed(confirmed_at: datetime | None, now: datetime) -> bool:
    """Whether the year is over in 30 days or less."""
    return confirmed_at is not None and confirmed_at + YEAR - NOTICE <= now


def ends_at(confirmed_at: datetime | None) -> datetime:
    """When what was confirmed then is suspended."""
    if confirmed_at is None:
        message = "a role or seat is stamped when it is added"
        raise ValueError(message)
    return confirmed_at + YEAR + GRACE


def waiting(w: Work) -> tuple[list[Held], bool]:
    """What the actor can confirm, what ends first first, the suspended last; and whether there is more than a page."""
    able, most = col(Person.disabled_at).is_(None), PAGE + 1
    found = [
        *roles(w, Role, *due_roles(w), most=most),
        *seats(w, Membership, *due_seats(w), most=most),
        *roles(w, Suspension, able, _roles_of_actor(w, Suspension), most=most),
        *seats(w, Suspension, able, _seats_of_actor(w, Suspension), most=most),
    ]
    found.sort(key=lambda held: (held.suspended_at is not None, held.confirmed_at or held.suspended_at, held.person))
    return found[:PAGE], len(found) > PAGE


def due_roles(w: Work) -> tuple[ColumnElement[bool], ...]:
    """Which roles the actor can confirm now, joined with their person."""
    return (
        _roles_of_actor(w, Role), col(Role.confirmed_at) <= w.now - YEAR + NOTICE, col(Person.disabled_at).is_(None)
    )  # fmt: skip


def due_seats(w: Work) -> tuple[ColumnElement[bool], ...]:
    """Which seats the actor can confirm now, joined with their person."""
    return (
        _seats_of_actor(w, Membership), col(Membership.confirmed_at) <= w.now - YEAR + NOTICE,
        col(Person.disabled_at).is_(None),
    )  # fmt: skip


def of_person(w: Work, person_id: int) -> list[Held]:
    """Every role and seat of somebody, the suspended too."""
    return [
        *roles(w, Role, col(Role.person_id) == person_id),
        *roles(w, Suspension, col(Suspension.person_id) == person_id),
        *seats(w, Membership, col(Membership.person_id) == person_id),
        *seats(w, Suspension, col(Suspension.person_id) == person_id),
    ]


def of_organisation(w: Work, organisation_id: int) -> list[Held]:
    """Every seat in an organisation, the suspended too."""
    return [
        *seats(w, Membership, col(Membership.organisation_id) == organisation_id),
        *seats(w, Suspension, col(Suspension.organisation_id) == organisation_id),
    ]


def roles(w: Work, table: type[Role | Suspension], *which: ColumnElement[bool], most: int | None = None) -> list[Held]:
    """Roles that are held or, of ``Suspension``, were; those that end first."""
    of: Any = table
    since = _since(of)
    until = null() if table is Suspension else of.until
    shown: list[Any] = [Person.code, Person.name, of.name, of.round_id, since, until]
    rows = w.session.execute(
        columns(*shown)
        .join(table, col(table.person_id) == Person.id)
        .where(col(table.name).is_not(None), *which)
        .order_by(since, col(Person.name_plain))
        .limit(most)
    )
    known = {found.id: found for found in queries.rounds(w)}
    return [
        Held(
            code, person, ROLES[RoleName(name)], known[round_id].title if round_id in known else EVERY_ROUND,
            *_instants(table, at), name=RoleName(name), round_id=round_id,
            round_code=known[round_id].code if round_id in known else "", until=ends,
        )
        for code, person, name, round_id, at, ends in rows
    ]  # fmt: skip


def seats(
    w: Work, table: type[Membership | Suspension], *which: ColumnElement[bool], most: int | None = None
) -> list[Held]:
    """Seats that are held or, of ``Suspension``, were; those that end first."""
    of: Any = table
    since = _since(of)
    shown: list[Any] = [Person.code, Person.name, of.seat, Organisation.code, Organisation.name, since]
    rows = w.session.execute(
        columns(*shown)
        .join(table, col(table.person_id) == Person.id)
        .join(Organisation, col(Organisation.id) == table.organisation_id)
        .where(*which)
        .order_by(since, col(Person.name_plain))
        .limit(most)
    )
    return [
        Held(code, person, SEATS[Seat(seat)], where, *_instants(table, at), seat=Seat(seat), organisation_code=place)
        for code, person, seat, place, where, at in rows
    ]


def suspended_role(w: Work, person_id: int, name: RoleName, round_id: int | None) -> Suspension | None:
    """This role, suspended."""
    same_round = col(Suspension.round_id).is_(None) if round_id is None else col(Suspension.round_id) == round_id
    wanted = select(Suspension).where(Suspension.person_id == person_id, Suspension.name == name, same_round)
    return w.session.exec(wanted).first()


def suspended_seat(w: Work, person_id: int, organisation_id: int) -> Suspension | None:
    """The seat in this organisation, suspended."""
    wanted = select(Suspension).where(Suspension.person_id == person_id, Suspension.organisation_id == organisation_id)
    return w.session.exec(wanted).first()


def _since(table: Any) -> Any:
    return table.suspended_at if table is Suspension else table.confirmed_at


def _instants(table: type[Any], at: datetime) -> tuple[datetime | None, datetime | None]:
    return (None, at) if table is Suspension else (at, None)


def _roles_of_actor(w: Work, table: type[Role | Suspension]) -> ColumnElement[bool]:
    """The roles ``rules.may_confirm_role`` lets the actor confirm, in SQL."""
    others = col(table.person_id) != w.actor.id
    if rules.is_administrator(w, None) is None:
        return others
    scopes = w.actor.scopes(RoleName.COORDINATOR)
    own: ColumnElement[bool] = col(table.round_id).in_(scopes or ())
    if scopes is None:
        own = or_(col(table.round_id).is_not(None), col(table.name) == RoleName.JUROR)
    return and_(others, own)


def _seats_of_actor(w: Work, table: type[Membership | Suspension]) -> ColumnElement[bool]:
    """The seats in organisations the actor may run, without their own."""
    run = true() if rules.runs_the_programme(w, None) is None else col(table.organisation_id).in_(
        w.actor.organisations(Seat.LEAD))  # fmt: skip
    return and_(col(table.person_id) != w.actor.id, run)
