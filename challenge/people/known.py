"""Browsers that have signed in as somebody: what strangers ask for that person does not use up what they may ask for.

Such a browser keeps a signed cookie that names nobody: whose it is shows only when it is held against an address.
Nothing of it is kept here, so that nothing is looked up for a stranger, whether or not anybody has the address.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import ColumnElement
from sqlmodel import col, select, update

from challenge.kernel.work import Work
from challenge.people.models import Person, SignInSession
from challenge.people.queries import token_hash
from challenge.people.spelling import address_key

VALID: Final = timedelta(days=180)


def mark_of_session(w: Work, token: str) -> str | None:
    """The cookie for the browser of this session; None as long as a second factor is missing in it."""
    whose = (
        select(Person.email_key)
        .join(SignInSession, col(SignInSession.person_id) == Person.id)
        .where(SignInSession.token_hash == token_hash(token), col(SignInSession.half_until).is_(None))
    )
    key = w.session.exec(whose).first()
    return None if key is None else _mark(w.secret, key, _milliseconds(w.now))


def is_known(w: Work, mark: str, email: str) -> bool:
    """Whether a browser with this cookie has signed in as whoever has this address, and was not forgotten since."""
    written, key = mark.partition(".")[0], address_key(email)
    if not (written.isascii() and written.isdigit() and len(written) < 15):  # noqa: PLR2004 -- till the year 5138
        return False
    if not any(hmac.compare_digest(mark.encode(), _mark(secret, key, int(written)).encode()) for secret in w.secrets):
        return False
    since = w.session.exec(select(Person.known_since).where(Person.email_key == key)).first()
    oldest = max(_milliseconds(w.now - VALID), 0 if since is None else _milliseconds(since))
    return int(written) >= oldest


def forget(w: Work, person_id: int | None) -> None:
    """Every browser of this person is a stranger's again, until it signs in."""
    _forget(w, col(Person.id) == person_id)


def forget_everybody(w: Work) -> None:
    """The same for all people."""
    _forget(w, col(Person.erased_at).is_(None))


def _forget(w: Work, whose: ColumnElement[bool]) -> None:
    changed = update(Person).where(whose).values(known_since=w.now)
    w.session.exec(changed.execution_options(synchronize_session=False))


def _mark(secret: bytes, key: str, written: int) -> str:
    derived = HKDF(SHA256(), 32, b"challenge", b"known browsers").derive(secret)
    return f"{written}.{hmac.new(derived, f'{written}:{key}'.encode(), hashlib.sha256).hexdigest()}"


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
