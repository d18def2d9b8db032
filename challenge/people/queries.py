"""Who is asking, and whom one may look up."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import timedelta

from fastapi import Request
from sqlmodel import Session, col, select

from challenge.kernel.actor import NOBODY, Actor
from challenge.people.models import ApiToken, Membership, Person, Role, SignInSession

COOKIE = "__Host-sid"
IDLE = timedelta(hours=1)
ABSOLUTE = timedelta(hours=12)


def token_hash(token: str) -> str:
    """What is kept of a secret token."""
    return hashlib.sha256(token.encode()).hexdigest()


def fold(text: str) -> str:
    """The key that makes look-alike spellings one: NFKC, case, spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def identify(session: Session, request: Request) -> Actor:
    """The actor of a request: by bearer token, else by the session cookie, else nobody."""
    now = request.state.received_at
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        found = session.exec(
            select(Person)
            .join(ApiToken, col(ApiToken.person_id) == Person.id)
            .where(
                ApiToken.token_hash == token_hash(token.strip()),
                ApiToken.expires_at > now,
                col(ApiToken.ended_at).is_(None),
            )
        ).first()
        return actor_of(session, found) if found else NOBODY
    if not (cookie := request.cookies.get(COOKIE)):
        return NOBODY
    row = session.exec(
        select(SignInSession, Person)
        .join(Person, col(Person.id) == SignInSession.person_id)
        .where(SignInSession.token_hash == token_hash(cookie), col(SignInSession.ended_at).is_(None))
    ).first()
    if row is None:
        return NOBODY
    signed_in, person = row
    if now - signed_in.seen_at > IDLE or now - signed_in.started_at > ABSOLUTE:
        return NOBODY
    return actor_of(session, person, signed_in.id)


def actor_of(session: Session, person: Person, session_id: int | None = None) -> Actor:
    """The person with all they hold; nobody when disabled or erased."""
    if person.disabled_at is not None or person.erased_at is not None:
        return NOBODY
    roles = session.exec(select(Role.name, Role.round_id).where(Role.person_id == person.id)).all()
    seats = session.exec(
        select(Membership.organisation_id, Membership.seat).where(Membership.person_id == person.id)
    ).all()
    return Actor(
        kind="person",
        id=person.id,
        code=person.code,
        name=person.name,
        locale=person.locale,
        session_id=session_id,
        roles=frozenset((str(name), round_id) for name, round_id in roles),
        seats=frozenset((organisation_id, str(seat)) for organisation_id, seat in seats),
    )
