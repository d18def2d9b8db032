"""Sign-in links that are printed instead of mailed: like the mailed ones, but for a day at the demo."""

from __future__ import annotations

import secrets
from datetime import timedelta

from challenge.kernel.work import Work
from challenge.people.models import SignInLink
from challenge.people.queries import find_by_email, token_hash

VALID_FOR = timedelta(hours=12)


def link_for(w: Work, email: str, public_url: str) -> str:
    """A fresh one-time link of a person."""
    person = find_by_email(w, email)
    if person is None:
        raise LookupError(email)
    token = secrets.token_urlsafe(32)
    w.add(
        SignInLink(
            person_id=person.id, token_hash=token_hash(token), sent_at=w.now, expires_at=w.now + VALID_FOR,
            next_path="/home",
        )
    )  # fmt: skip
    return f"{public_url}/sign-in/{token}"
