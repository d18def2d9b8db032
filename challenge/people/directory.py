"""Lists and pages of people and organisations: scope first, only the columns shown, a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, false
from sqlalchemy.orm import load_only
from sqlmodel import and_, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from challenge.kernel import paging
from challenge.kernel.errors import Forbidden, Missing
from challenge.kernel.i18n import Text
from challenge.kernel.paging import Page
from challenge.kernel.work import Work
from challenge.people import rules
from challenge.people.models import (
    ApiToken,
    Membership,
    Organisation,
    Person,
    Role,
    SeatInvitation,
    SignInSession,
    Suspension,
)
from challenge.people.queries import ABSOLUTE, idle_of
from challenge.people.spelling import plain
from challenge.people.states import KINDS, ROLES, SEATS, OrganisationKind, RoleName, Seat

_OPEN = (col(SeatInvitation.accepted_at).is_(None), col(SeatInvitation.ended_at).is_(None))
ESCAPE = "|"
R = TypeVar("R", Person, Organisation)
HANDLE = 12  # characters of a hash that name a session or token to its owner


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody in the list of people."""

    code: str
    name: str
    email: str
    disabled: bool
    roles: tuple[tuple[RoleName, int | None], ...] = ()
    organisations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """An organisation in a list."""

    code: str
    name: str
    country: str
    kind: OrganisationKind

    @property
    def kind_label(self) -> Text:
        """What it is, in words."""
        return KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A person in an organisation, or an organisation of a person."""

    code: str
    name: str
    seat: Seat
    email: str = ""
    disabled: bool = False

    @property
    def label(self) -> Text:
        """The seat in words."""
        return SEATS[self.seat]


@dataclass(frozen=True, slots=True)
class Device:
    """A signed-in browser of the actor, or a token."""

    handle: str
    name: str
    since: datetime
    last: datetime
    current: bool = False


def contains(text: str) -> str:
    """A LIKE pattern that finds the text anywhere; its own % and _ are taken literally (``escape=ESCAPE``)."""
    return f"%{escaped(text)}%"


def escaped(text: str) -> str:
    """The text as LIKE takes it literally."""
    return "".join(ESCAPE + mark if mark in f"%_{ESCAPE}" else mark for mark in text)


def people(w: Work, text: str = "", after: str | None = None) -> Page[PersonRow]:
    """Everybody, by name, for who runs the programme; ``text`` is looked for in names and addresses."""
    if problem := rules.runs_the_programme(w, None):
        raise Forbidden(problem)
    shown: list[Any] = [Person.code, Person.name, Person.email, Person.disabled_at, Person.name_plain]
    wanted = select(Person).options(load_only(*shown)).where(col(Person.erased_at).is_(None))
    if text.strip():
        in_address = col(Person.email_key).like(contains(text.strip().casefold()), escape=ESCAPE)
        wanted = wanted.where(or_(_named(Person, text), in_address))
    page = _page(w, wanted, Person, after)
    ids = [person.id for person in page.rows]
    roles, seats = roles_of(w, ids), organisations_of(w, ids)
    rows = [
        PersonRow(
            person.code, person.name, person.email, person.disabled_at is not None,
            roles.get(person.id, ()), seats.get(person.id, ()),
        )
        for person in page.rows
    ]  # fmt: skip
    return Page(rows, page.following)


def roles_of(w: Work, ids: Iterable[int]) -> dict[int, tuple[tuple[RoleName, int | None], ...]]:
    """Person id → their roles with the round's id, in the order of the enum."""
    order = list(ROLES)
    found: dict[int, list[tuple[RoleName, int | None]]] = {}
    for person_id, name, round_id in w.session.exec(
        select(Role.person_id, Role.name, Role.round_id).where(col(Role.person_id).in_(list(ids)))
    ):
        found.setdefault(person_id, []).append((RoleName(name), round_id))
    return {
        person_id: tuple(sorted(held, key=lambda role: (order.index(role[0]), role[1] or 0)))
        for person_id, held in found.items()
    }


def organisations_of(w: Work, ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Person id → names of their organisations."""
    found: dict[int, list[str]] = {}
    for person_id, name in w.session.exec(
        select(Membership.person_id, Organisation.name)
        .join(Organisation, col(Organisation.id) == Membership.organisation_id)
        .where(col(Membership.person_id).in_(list(ids)))
        .order_by(col(Organisation.name_plain))
    ):
        found.setdefault(person_id, []).append(name)
    return {person_id: tuple(held) for person_id, held in found.items()}


def person_by_code(w: Work, code: str) -> Person:
    """Somebody's page, for who runs the programme; for everybody else there is no such page."""
    if rules.runs_the_programme(w, None) is not None:
        raise Missing
    found = w.session.exec(select(Person).where(Person.code == code, col(Person.erased_at).is_(None))).first()
    if found is None:
        raise Missing
    return found


def seats_of(w: Work, person_id: int | None) -> list[SeatRow]:
    """The organisations of a person."""
    rows = w.session.exec(
        select(Organisation.code, Organisation.name, Membership.seat)
        .join(Membership, col(Membership.organisation_id) == Organisation.id)
        .where(Membership.person_id == person_id)
        .order_by(col(Organisation.name_plain))
    )
    return [SeatRow(code, name, Seat(seat)) for code, name, seat in rows]


def organisations(w: Work, text: str = "", after: str | None = None) -> Page[OrganisationRow]:
    """Every organisation, by name, for who runs the programme or observes; others see their own."""
    wanted = select(Organisation)
    if not _sees_all(w):
        wanted = wanted.where(col(Organisation.id).in_(w.actor.organisations()))
    if text.strip():
        wanted = wanted.where(_named(Organisation, text))
    page = _page(w, wanted, Organisation, after)
    return Page([OrganisationRow(o.code, o.name, o.country, o.kind) for o in page.rows], page.following)


def organisation(w: Work, code: str) -> Organisation:
    """One's own organisation, or any for who runs the programme or observes; else there is no such page."""
    found = w.session.exec(select(Organisation).where(Organisation.code == code)).first()
    if found is None or not (w.actor.sits_in(found.id) or _sees_all(w)):
        raise Missing
    return found


def members(w: Work, organisation: Organisation) -> list[SeatRow]:
    """Who sits in it: the lead first, then deputies, then members, by name."""
    rows = w.session.exec(
        select(Person, Membership.seat)
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(Membership.organisation_id == organisation.id, col(Person.erased_at).is_(None))
        .order_by(col(Person.name_plain))
    ).all()
    order = list(Seat)
    return [
        SeatRow(person.code, person.name, Seat(seat), person.email, person.disabled_at is not None)
        for person, seat in sorted(rows, key=lambda row: order.index(Seat(row[1])))
    ]


def member(w: Work, organisation: Organisation, code: str) -> Person:
    """Somebody who sits in it, or whose seat there is suspended."""
    sits = select(Membership.person_id).where(Membership.organisation_id == organisation.id)
    suspended = select(Suspension.person_id).where(Suspension.organisation_id == organisation.id)
    found = w.session.exec(
        select(Person).where(Person.code == code, or_(col(Person.id).in_(sits), col(Person.id).in_(suspended)))
    ).first()
    if found is None:
        raise Missing
    return found


def offers_of(w: Work, organisation: Organisation) -> list[SeatInvitation]:
    """Seats offered and neither taken nor declined."""
    wanted = select(SeatInvitation).where(SeatInvitation.organisation_id == organisation.id, *_OPEN)
    return list(w.session.exec(wanted.order_by(col(SeatInvitation.id))))


def offers_to(w: Work) -> list[tuple[SeatInvitation, Organisation]]:
    """Seats the actor is offered, with the organisation."""
    rows = w.session.exec(
        select(SeatInvitation, Organisation)
        .join(Organisation, col(Organisation.id) == SeatInvitation.organisation_id)
        .where(SeatInvitation.person_id == w.actor.id, *_OPEN)
        .order_by(col(SeatInvitation.id))
    )
    return list(rows)


def offer(w: Work, code: str) -> SeatInvitation:
    """One invitation: the actor's own, or one of an organisation they may see."""
    found = w.session.exec(select(SeatInvitation).where(SeatInvitation.code == code)).first()
    if found is None or not (found.person_id == w.actor.id or w.actor.sits_in(found.organisation_id) or _sees_all(w)):
        raise Missing
    return found


def sessions(w: Work) -> list[Device]:
    """Where the actor is signed in, the browser in use first."""
    rows = w.session.exec(
        select(SignInSession)
        .where(
            SignInSession.person_id == w.actor.id,
            col(SignInSession.ended_at).is_(None),
            col(SignInSession.half_until).is_(None),
        )
        .order_by(col(SignInSession.seen_at).desc())
    )
    found = [
        Device(row.token_hash[:HANDLE], row.user_agent, row.started_at, row.seen_at, row.id == w.actor.session_id)
        for row in rows
        if w.now - row.seen_at <= idle_of(w.actor) and w.now - row.started_at <= ABSOLUTE
    ]
    return sorted(found, key=lambda device: not device.current)


def tokens(w: Work) -> list[Device]:
    """The actor's API tokens that still work; ``last`` is when they end."""
    rows = w.session.exec(
        select(ApiToken)
        .where(ApiToken.person_id == w.actor.id, col(ApiToken.ended_at).is_(None), ApiToken.expires_at > w.now)
        .order_by(col(ApiToken.id))
    )
    return [Device(row.token_hash[:HANDLE], row.name, row.created_at, row.expires_at) for row in rows]


def _sees_all(w: Work) -> bool:
    return rules.runs_the_programme(w, None) is None or w.actor.holds_anywhere(RoleName.OBSERVER)


def _named(table: type[R], text: str) -> ColumnElement[bool]:
    """Names with the text inside; a text without letters and digits is in none."""
    typed = plain(text)
    return col(table.name_plain).like(contains(typed), escape=ESCAPE) if typed else false()


def _page(w: Work, wanted: SelectOfScalar[R], table: type[R], after: str | None) -> Page[R]:
    """Fifty rows by name, after the one the cursor names."""
    name, code = col(table.name_plain), col(table.code)
    if keys := paging.after(after, str, str):
        wanted = wanted.where(or_(name > keys[0], and_(name == keys[0], code > keys[1])))
    rows = w.session.exec(wanted.order_by(name, code).limit(paging.PAGE + 1)).all()
    shown = rows[: paging.PAGE]
    following = paging.cursor(shown[-1].name_plain, shown[-1].code) if len(rows) > paging.PAGE else None
    return Page(shown, following)
