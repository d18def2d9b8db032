"""How often something may be tried: counted in the database, so that all nodes see the same count."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import text
from sqlmodel import col, select

from challenge.kernel.journal import is_postgresql
from challenge.kernel.place import place_of
from challenge.kernel.work import Work
from challenge.people.models import SignInAttempt
from challenge.people.spelling import address_key


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` tries of ``key`` within any span of this length."""

    key: str
    most: int
    within: timedelta


def password_limits(email: str, ip: str) -> tuple[Limit, ...]:
    """Ten tries in five minutes for one account, and from one place."""
    within = timedelta(minutes=5)
    return (
        Limit(_key("password", "account", address_key(email)), 10, within),
        Limit(_key("password", "place", place_of(ip)), 10, within),
    )


def link_limits(email: str, ip: str) -> tuple[Limit, ...]:
    """Five links a day to one address, twenty an hour asked for from one place."""
    return (
        Limit(_key("link", "account", address_key(email)), 5, timedelta(days=1)),
        Limit(_key("link", "place", place_of(ip)), 20, timedelta(hours=1)),
    )


def second_factor_limits(person_id: int) -> tuple[Limit, ...]:
    """Five codes in five minutes, twenty an hour, fifty a day for one person, right or wrong, whatever the kind."""
    spans = ((5, timedelta(minutes=5)), (20, timedelta(hours=1)), (50, timedelta(days=1)))
    return tuple(Limit(_key("second factor", str(within), str(person_id)), most, within) for most, within in spans)


def passkey_limits(ip: str) -> tuple[Limit, ...]:
    """Sixty challenges in five minutes for one place: each is a row until it is swept away."""
    return (Limit(_key("passkey", "place", place_of(ip)), 60, timedelta(minutes=5)),)


def oidc_limits(ip: str) -> tuple[Limit, ...]:
    """Two hundred sign-ins an hour begun at providers from one place, which may be a whole city hall."""
    return (Limit(_key("oidc", "place", place_of(ip)), 200, timedelta(hours=1)),)


def invitation_limits(organisation_code: str) -> tuple[Limit, ...]:
    """Thirty letters an hour in the name of one organisation: nobody sends mail to the world through us."""
    return (Limit(_key("invitation", organisation_code), 30, timedelta(hours=1)),)


def export_limits(person_id: int) -> tuple[Limit, ...]:
    """Ten copies of one's data an hour."""
    return (Limit(_key("export", str(person_id)), 10, timedelta(hours=1)),)


def keys_of(email: str, person_id: int) -> set[str]:
    """Under which keys the tries of one person are counted; places are not theirs alone."""
    account = {_key(kind, "account", address_key(email)) for kind in ("password", "link")}
    return account | {limit.key for limit in (*second_factor_limits(person_id), *export_limits(person_id))}


def wait_for(w: Work, limits: tuple[Limit, ...]) -> int:
    """Count one try against every limit: 0, or the seconds to wait when one is used up (nothing is counted then)."""
    limits = tuple(sorted(limits, key=lambda limit: limit.key))
    connection = w.session.connection()
    if is_postgresql(connection):  # on SQLite writers come one by one anyway
        for limit in limits:
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 4712))"), {"key": limit.key})
    longest = max(_seconds_until_free(w, limit) for limit in limits)
    if longest == 0:
        w.session.add_all(SignInAttempt(key=limit.key, at=w.now) for limit in limits)
        w.session.flush()
    return longest


def _seconds_until_free(w: Work, limit: Limit) -> int:
    tries = w.session.exec(
        select(SignInAttempt.at)
        .where(SignInAttempt.key == limit.key, col(SignInAttempt.at) > w.now - limit.within)
        .order_by(col(SignInAttempt.at).desc())
        .limit(limit.most)
    ).all()
    if len(tries) < limit.most:
        return 0
    return max(1, int((tries[-1] + limit.within - w.now).total_seconds()))


def _key(*parts: str) -> str:
    """Addresses are not kept in the clear."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
