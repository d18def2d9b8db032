"""The outbox of rendered letters: what is to be mailed, to whom, and whether it was.

Whoever has something to say (sign-in, notifications) calls ``post`` inside its own unit of work, so the letter commits
with the change or not at all. The words are final: rendered in the reader's language, one recipient a letter, nothing
is looked up later. Nobody sends mail inside a unit of work; the delivery job does, each call in a unit of its own:

1. ``claim(w)`` takes the next due letter under a lease (compare-and-set: two deliverers never hold the same letter,
   and a deliverer that died gives it back when the lease ends);
2. the job speaks SMTP, outside of any unit of work;
3. ``sent(w, letter)`` or ``failed(w, letter, error)``: tried again after 1, 2, 4 … minutes, given up after ``TRIES``.

A letter may go out twice when the deliverer dies between 2 and 3: ``message_id`` stays the same, so mail programs
show it once. Where no mail server is set (development), nothing claims and the outbox page shows what would be sent.

A letter with ``not_after`` carries a secret that is worth nothing later (a sign-in link): it is not sent after that
time, and its words are erased as soon as it was sent, given up or too late (``expire``).
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, col, or_, select, update

from challenge.kernel.columns import UtcDateTime
from challenge.kernel.record import Row
from challenge.kernel.work import Work

LEASE = timedelta(minutes=5)
TRIES = 10  # the waits double: the last try is some 8½ hours after the first
LONGEST_SUBJECT = 200
WAITING = "sent_at IS NULL AND failed_at IS NULL"


class Letter(Row, table=True):
    """One mail to one person. ``message_id`` is the left half of its Message-ID; the deliverer adds the host.

    ``step_id`` is the journal's step it tells of; None for letters that tell of none (sign-in links).
    """

    __table_args__ = (
        CheckConstraint("sent_at IS NULL OR failed_at IS NULL", name="sent_or_failed"),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        Index(
            "ix_letter_waiting", "next_try_at",
            sqlite_where=text(WAITING), postgresql_where=text(WAITING),
        ),
    )  # fmt: skip

    person_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT", index=True)
    step_id: int | None = Field(default=None, foreign_key="step.id", ondelete="RESTRICT", index=True)
    address: str = Field(max_length=254)
    locale: str = Field(max_length=5)
    subject: str = Field(max_length=LONGEST_SUBJECT)
    text: str
    html: str | None = Field(default=None)
    message_id: str = Field(default_factory=lambda: secrets.token_hex(16), max_length=32, unique=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    not_after: datetime | None = Field(default=None, sa_type=UtcDateTime)
    next_try_at: datetime = Field(sa_type=UtcDateTime)
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = Field(default=0)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    error: str = Field(default="", max_length=500)
    fingerprint: str | None = Field(default=None, max_length=64)  # of subject and words, which are erased after a time


def post(
    w: Work,
    *,
    address: str,
    locale: str,
    subject: str,
    text: str,
    html: str | None = None,
    person_id: int | None = None,
    step_id: int | None = None,
    not_after: datetime | None = None,
) -> Letter:
    """Put a letter into the outbox; it leaves after this work has committed."""
    return w.add(
        Letter(
            person_id=person_id, step_id=step_id, address=address, locale=locale,
            subject=one_line(subject), text=text, html=html, fingerprint=fingerprint(one_line(subject), text),
            created_at=w.now, next_try_at=w.now, not_after=not_after,
        )
    )  # fmt: skip


def fingerprint(subject: str, text: str) -> str:
    """SHA-256 (hex) of what a mail says, for saying later that it said exactly this."""
    return hashlib.sha256(f"{subject}\n\n{text}".encode()).hexdigest()


def one_line(subject: str) -> str:
    """A subject as a mail can have it."""
    return " ".join(subject.split())[:LONGEST_SUBJECT]


def claim(w: Work, lease: timedelta = LEASE) -> Letter | None:
    """The letter that has been due longest, held until the lease ends; None when nothing is due."""
    free = or_(col(Letter.claimed_until).is_(None), col(Letter.claimed_until) <= w.now)
    due = (
        select(Letter.id)
        .where(
            col(Letter.sent_at).is_(None), col(Letter.failed_at).is_(None), col(Letter.next_try_at) <= w.now, free,
            or_(col(Letter.not_after).is_(None), col(Letter.not_after) > w.now),
        )
        .order_by(col(Letter.next_try_at), col(Letter.id))
        .limit(1)
    )  # fmt: skip
    while (letter_id := w.session.exec(due).first()) is not None:
        taken = w.session.exec(
            update(Letter)
            .where(col(Letter.id) == letter_id, col(Letter.sent_at).is_(None), free)
            .values(claimed_until=w.now + lease, attempts=col(Letter.attempts) + 1)
            .execution_options(synchronize_session=False)
        )
        if taken.rowcount == 1:
            return w.session.get_one(Letter, letter_id, populate_existing=True)
    return None


def sent(w: Work, letter: Letter) -> None:
    """The mail server took it. A secret in it is erased."""
    letter = w.session.get_one(Letter, letter.id)
    letter.sent_at, letter.claimed_until, letter.error = w.now, None, ""
    _forget_secret(letter)
    w.session.flush()


def failed(w: Work, letter: Letter, error: str, *, final: bool = False) -> None:
    """It could not be sent now: try later, twice as long each time; ``final`` when the address was refused for good."""
    letter = w.session.get_one(Letter, letter.id)
    letter.claimed_until, letter.error = None, error[:500]
    if final or letter.attempts >= TRIES:
        letter.failed_at = w.now
        _forget_secret(letter)
    else:
        letter.next_try_at = w.now + timedelta(minutes=2 ** max(0, letter.attempts - 1))
    w.session.flush()


def expire(w: Work) -> int:
    """Erase the secrets of letters that are too late to be sent; how many there were."""
    late = w.session.exec(
        select(Letter).where(
            col(Letter.sent_at).is_(None), col(Letter.failed_at).is_(None), col(Letter.not_after) <= w.now
        )
    ).all()
    for letter in late:
        letter.failed_at, letter.claimed_until, letter.error = w.now, None, "too late"
        _forget_secret(letter)
    w.session.flush()
    return len(late)


def newest(w: Work, limit: int = 50) -> list[Letter]:
    """The newest letters, for the outbox page of development and the mail queue of the administrator."""
    return list(w.session.exec(select(Letter).order_by(col(Letter.id).desc()).limit(limit)))


def _forget_secret(letter: Letter) -> None:
    if letter.not_after is not None:
        letter.text, letter.html = "", None
