"""Second factors: what somebody has set up. A person with any of them signs in with two factors."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, and_, col, select

from challenge.kernel.work import Work
from challenge.people.models import Authenticator, Passkey, RecoveryCode


@dataclass(frozen=True, slots=True)
class Factors:
    """What is set up: an app, passkeys, and how many recovery codes are left."""

    has_app: bool
    passkeys: int
    codes_left: int

    @property
    def is_set_up(self) -> bool:
        """Whether there is any second factor."""
        return self.has_app or self.passkeys > 0


def of(w: Work, person_id: int) -> Factors:
    """Everything a person has set up."""
    keys = select(func.count()).select_from(Passkey).where(Passkey.person_id == person_id)
    left = select(func.count()).select_from(RecoveryCode).where(
        RecoveryCode.person_id == person_id, col(RecoveryCode.used_at).is_(None)
    )  # fmt: skip
    return Factors(
        has_app=app(w, person_id) is not None,
        passkeys=w.session.exec(keys).one(),
        codes_left=w.session.exec(left).one(),
    )


def are_set_up(session: Session, person_id: int) -> bool:
    """Whether this person has any second factor."""
    for found in (select(Authenticator.id).where(_confirmed(person_id)), select(Passkey.id).where(_owned(person_id))):
        if session.exec(found.limit(1)).first() is not None:
            return True
    return False


def app(w: Work, person_id: int) -> Authenticator | None:
    """The person's app, once confirmed."""
    return w.session.exec(select(Authenticator).where(_confirmed(person_id))).first()


def passkeys(w: Work, person_id: int) -> list[Passkey]:
    """The person's passkeys, the oldest first."""
    return list(w.session.exec(select(Passkey).where(_owned(person_id)).order_by(col(Passkey.id))))


def _confirmed(person_id: int) -> ColumnElement[bool]:
    return and_(col(Authenticator.person_id) == person_id, col(Authenticator.confirmed_at).is_not(None))


def _owned(person_id: int) -> ColumnElement[bool]:
    return col(Passkey.person_id) == person_id
