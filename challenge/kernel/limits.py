"""How often something may be done: counted in the database, so that all nodes see the same count."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Index, text
from sqlmodel import Field, col, select

from challenge.kernel.columns import UtcDateTime
from challenge.kernel.journal import is_postgresql
from challenge.kernel.record import Row
from challenge.kernel.work import Work


class Attempt(Row, table=True):
    """Something that was tried and is limited (reliability.md §4)."""

    __tablename__ = "sign_in_attempt"  # what was limited first
    __table_args__ = (Index("ix_sign_in_attempt_key_at", "key", "at"),)

    key: str = Field(max_length=120)  # what is limited: a digest of "password", "account", <email key> …
    at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` tries of ``key`` within any span of this length."""

    key: str
    most: int
    within: timedelta


def key(*parts: str) -> str:
    """Under what is counted. Addresses are not kept in the clear."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def wait_for(w: Work, limits: tuple[Limit, ...]) -> int:
    """Count one try against every limit: 0, or the seconds to wait when one is used up (nothing is counted then)."""
    limits = tuple(sorted(limits, key=lambda limit: limit.key))
    connection = w.session.connection()
    if is_postgresql(connection):  # on SQLite writers come one by one anyway
        for limit in limits:
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 4712))"), {"key": limit.key})
    longest = max(_seconds_until_free(w, limit) for limit in limits)
    if longest == 0:
        w.session.add_all(Attempt(key=limit.key, at=w.now) for limit in limits)
        w.session.flush()
    return longest


def _seconds_until_free(w: Work, limit: Limit) -> int:
    tries = w.session.exec(
        select(Attempt.at)
        .where(Attempt.key == limit.key, col(Attempt.at) > w.now - limit.within)
        .order_by(col(Attempt.at).desc())
        .limit(limit.most)
    ).all()
    if len(tries) < limit.most:
        return 0
    return max(1, int((tries[-1] + limit.within - w.now).total_seconds()))
