"""Second factors: what somebody has set up. A person with any of them signs in with two factors."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from challenge.kernel.work import Work
from challenge.people.models import Authenticator, RecoveryCode


@dataclass(frozen=True, slots=True)
class Factors:
    """What is set up: an app, and how many recovery codes are left."""

    has_app: bool
    codes_left: int

    @property
    def is_set_up(self) -> bool:
        """Whether there is any second factor."""
        return self.has_app


def of(w: Work, person_id: int) -> Factors:
    """Everything a person has set up."""
    left = select(func.count()).select_from(RecoveryCode).where(
        RecoveryCode.person_id == person_id, col(RecoveryCode.used_at).is_(None)
    )  # fmt: skip
    return Factors(has_app=app(w, person_id) is not None, codes_left=w.session.exec(left).one())


def are_set_up(session: Session, person_id: int) -> bool:
    """Whether this person has any second factor."""
    return session.exec(select(Authenticator.id).where(*_confirmed(person_id))).first() is not None


def app(w: Work, person_id: int) -> Authenticator | None:
    """The person's app, once confirmed."""
    return w.session.exec(select(Authenticator).where(*_confirmed(person_id))).first()


def _confirmed(person_id: int) -> tuple[bool, bool]:
    return (Authenticator.person_id == person_id, col(Authenticator.confirmed_at).is_not(None))  # type: ignore[return-value]
