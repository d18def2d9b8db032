"""Who is asking, and whom one may look up."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam
from sqlmodel import Session, and_, col, or_, select

from challenge.kernel.actor import NOBODY, Actor
from challenge.kernel.errors import Missing
from challenge.kernel.i18n import _
from challenge.kernel.record import metadata
from challenge.kernel.work import Work
from challenge.people import factors, rules
from challenge.people.models import ApiToken, Membership, Organisation, Person, Role, SignInLink, SignInSession
from challenge.people.spelling import address_key, fold, plain
from challenge.people.standing.models import StandIn
from challenge.people.standing.queries import in_force
from challenge.people.states import RoleName, Seat

if TYPE_CHECKING:
    from fastapi import Request

COOKIE = "__Host-sid"
IDLE = timedelta(hours=1)
IDLE_PROGRAMME = timedelta(minutes=30)  # of who could do the most harm
ABSOLUTE = timedelta(hours=12)
IN_PREPARATION = _("In preparation")
SEEN_EVERY = timedelta(minutes=5)  # how fine the idle time is kept: one small write per session and five minutes


# Asked at every request: built once, so that no time goes into making the same SQL again.
_BY_TOKEN = (
    select(Person)
    .join(ApiToken, col(ApiToken.person_id) == Person.id)
    .where(
        ApiToken.token_hash == bindparam("token"),
        ApiToken.expires_at > bindparam("now"),
        col(ApiToken.ended_at).is_(None),
    )
)
_BY_COOKIE = (
    select(SignInSession, Person)
    .join(Person, col(Person.id) == SignInSession.person_id)
    .where(SignInSession.token_hash == bindparam("token"), col(SignInSession.ended_at).is_(None))
)
_ROLES = select(Role.name, Role.round_id).where(
    Role.person_id == bindparam("person"), or_(col(Role.until).is_(None), col(Role.until) > bindparam("now"))
)
_SEATS = (
    select(Membership.organisation_id, Membership.seat, StandIn.stands_for_id, Organisation.code)
    .join(Organisation, col(Organisation.id) == Membership.organisation_id)
    .outerjoin(
        StandIn,
        and_(
            col(StandIn.organisation_id) == Membership.organisation_id,
            col(StandIn.person_id) == Membership.person_id,
            in_force(bindparam("now")),
        ),
    )
    .where(Membership.person_id == bindparam("person"))
)


def token_hash(token: str) -> str:
    """What is kept of a secret token."""
    return hashlib.sha256(token.encode()).hexdigest()


def identify(session: Session, request: Request) -> Actor:
    """The actor of a request: by bearer token, else by the session cookie, else nobody.

    Notes a session that should be marked as seen on ``request.state.session_to_mark``; ``actions.mark_seen`` does it
    once the unit of work is over, because a reading unit cannot.
    """
    now = request.state.received_at
    scheme, _space, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        found = session.exec(_BY_TOKEN, params={"token": token_hash(token.strip()), "now": now}).first()
        return actor_of(session, found, now) if found else NOBODY
    if not (cookie := request.cookies.get(COOKIE)):
        return NOBODY
    row = session.exec(_BY_COOKIE, params={"token": token_hash(cookie)}).first()
    if row is None:
        return NOBODY
    signed_in, person = row
    if signed_in.half_until is not None:  # nobody yet: only the page of the code knows of this session
        return Actor(session_id=signed_in.id) if now < signed_in.half_until else NOBODY
    actor = actor_of(session, person, now, signed_in.id, signed_in.proven_at)
    if now - signed_in.seen_at > idle_of(actor) or now - signed_in.started_at > ABSOLUTE:
        return NOBODY
    if now - signed_in.seen_at > SEEN_EVERY:
        request.state.session_to_mark = signed_in.id
    held = {name for name, _round_id in actor.roles}
    is_guarded = signed_in.strong_at is not None or not rules.needs_second_factor(held, request.app.state.settings.env)
    if not is_guarded and not factors.are_set_up(session, person.id):
        return replace(actor, roles=frozenset(), must_set_up=True)
    return actor


def idle_of(actor: Actor) -> timedelta:
    """How long a session of this person lasts unused."""
    runs = actor.holds_anywhere(RoleName.COORDINATOR) or actor.holds_anywhere(RoleName.ADMINISTRATOR)
    return IDLE_PROGRAMME if runs else IDLE


def actor_of(
    session: Session, person: Person, now: datetime, session_id: int | None = None, proven_at: datetime | None = None
) -> Actor:
    """The person with all they hold; nobody when disabled or erased. Without ``proven_at`` nothing is proven.

    A member who stands in for the lead at this moment holds the seat of a deputy.
    """
    if person.disabled_at is not None or person.erased_at is not None:
        return NOBODY
    asked = {"person": person.id, "now": now}
    roles = session.exec(_ROLES, params=asked).all()
    seats = session.exec(_SEATS, params=asked).all()
    lent = [
        (place, code, principal)
        for place, seat, principal, code in seats
        if seat is Seat.MEMBER and principal is not None
    ]
    return Actor(
        kind="person",
        id=person.id,
        code=person.code,
        name=person.name,
        locale=person.locale,
        session_id=session_id,
        proven_at=proven_at,
        roles=frozenset((str(name), round_id) for name, round_id in roles),
        seats=frozenset((place, str(seat)) for place, seat, _principal, _code in seats)
        | frozenset((place, str(Seat.DEPUTY)) for place, _code, _principal in lent),
        stands_for=frozenset(
            (name, value, principal)
            for place, code, principal in lent
            for name, value in (("city_id", place), ("city", code), ("code", code))
        ),
    )


def person(w: Work, person_id: int | None) -> Person:
    """The person of this id, disabled and erased ones too. Missing when there is none."""
    found = w.session.get(Person, person_id) if person_id is not None else None
    if found is None:
        raise Missing
    return found


def find_by_email(w: Work, email: str) -> Person | None:
    """The person of this address, look-alike spellings included. Write only to the address kept, never to this one."""
    return w.session.exec(select(Person).where(Person.email_key == address_key(email))).first()


def names(w: Work, ids: Iterable[int | None]) -> dict[int, str]:
    """Person id → name; somebody erased is called “somebody who left”."""
    wanted = {person_id for person_id in ids if person_id is not None}
    if not wanted:
        return {}
    rows = w.session.exec(select(Person.id, Person.name, Person.erased_at).where(col(Person.id).in_(wanted)))
    return {person_id: str(_("somebody who left")) if erased_at else name for person_id, name, erased_at in rows}


def organisations(w: Work, ids: Iterable[int | None]) -> dict[int, Organisation]:
    """Organisation id → organisation."""
    wanted = {organisation_id for organisation_id in ids if organisation_id is not None}
    if not wanted:
        return {}
    return {found.id: found for found in w.session.exec(select(Organisation).where(col(Organisation.id).in_(wanted)))}


class RoundName(NamedTuple):
    """A round as roles need it: what they are bound to."""

    id: int
    code: str
    title: str


def rounds(w: Work) -> list[RoundName]:
    """Every round, newest first. Roles refer to rounds by foreign key; the table is read by the name the key gives.

    What a round in preparation is called is known to those who run or observe it, and to administrators.
    """
    table = metadata.tables["round"]
    found = w.session.connection().execute(
        select(table.c.id, table.c.code, table.c.title, table.c.state).order_by(table.c.id.desc())
    )
    knows_all = w.actor.kind == "system" or w.actor.holds_anywhere(RoleName.ADMINISTRATOR)
    return [
        RoundName(
            round_id, code, title if state != "draft" or knows_all or _is_inside(w, round_id) else str(IN_PREPARATION)
        )
        for round_id, code, title, state in found
    ]


def _is_inside(w: Work, round_id: int) -> bool:
    return w.actor.holds(RoleName.COORDINATOR, round_id) or w.actor.holds(RoleName.OBSERVER, round_id)


def half_signed_in(w: Work) -> Person | None:
    """Who has shown one factor in this browser and must show the second; None when nobody has."""
    if w.actor.signed_in or w.actor.session_id is None:
        return None
    found = w.session.exec(
        select(Person)
        .join(SignInSession, col(SignInSession.person_id) == Person.id)
        .where(
            SignInSession.id == w.actor.session_id, col(SignInSession.half_until) > w.now,
            col(SignInSession.ended_at).is_(None), col(Person.disabled_at).is_(None), col(Person.erased_at).is_(None),
        )
    )  # fmt: skip
    return found.first()


def link_holder(w: Work, token: str) -> Person | None:
    """Whom this link would sign in now; None when it was used, is void, over or unknown. Nothing is used up."""
    return w.session.exec(
        select(Person)
        .join(SignInLink, col(SignInLink.person_id) == Person.id)
        .where(
            SignInLink.token_hash == token_hash(token), col(SignInLink.claimed_at).is_(None),
            col(SignInLink.void_at).is_(None), SignInLink.expires_at > w.now,
            col(Person.disabled_at).is_(None), col(Person.erased_at).is_(None),
        )
    ).first()  # fmt: skip


__all__ = [
    "ABSOLUTE", "COOKIE", "IDLE", "SEEN_EVERY", "RoundName", "actor_of", "find_by_email", "fold", "half_signed_in",
    "identify", "idle_of", "link_holder", "names", "organisations", "person", "plain", "rounds", "token_hash",
]  # fmt: skip
