"""Legal holds: data that must not be destroyed yet. Set and lifted by administrators, shown to the person."""

from __future__ import annotations

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from challenge.kernel.errors import Forbidden, Missing, Refused
from challenge.kernel.proof import demand
from challenge.kernel.work import Work
from challenge.people.actions import ERASED
from challenge.people.models import Person
from challenge.people.rules import is_administrator
from challenge.privacy.models import LegalHold

STANDS = col(LegalHold.lifted_at).is_(None)


def standing(w: Work, person_id: int | None) -> LegalHold | None:
    """The hold on a person's data, if any."""
    return w.session.exec(select(LegalHold).where(LegalHold.person_id == person_id, STANDS)).first()


def every(w: Work, person_id: int) -> list[LegalHold]:
    """The holds there were, the newest first."""
    return list(
        w.session.exec(select(LegalHold).where(LegalHold.person_id == person_id).order_by(col(LegalHold.id).desc()))
    )


def everybody(w: Work) -> list[tuple[LegalHold, Person]]:
    """The holds that stand, the oldest first, with whose they are."""
    found = select(LegalHold, Person).join(Person, col(Person.id) == LegalHold.person_id)
    return list(w.session.exec(found.where(STANDS).order_by(col(LegalHold.id))))


def held() -> SelectOfScalar[int]:
    """The ids of people on hold, for retention."""
    return select(LegalHold.person_id).where(STANDS)


def set_hold(w: Work, person: Person, reason: str) -> LegalHold:
    """Keep everything of this person until it is lifted."""
    _ask(w)
    if person.erased_at is not None:
        raise Refused(ERASED)
    made = w.add(LegalHold(person_id=person.id, reason=reason, set_at=w.now, set_by=w.actor.id))
    w.note("person", person, "set_hold", {"reason": reason})
    return made


def lift(w: Work, person: Person, reason: str) -> None:
    """The reason is gone: erasure and retention go on. Missing when there is none."""
    _ask(w)
    found = standing(w, person.id)
    if found is None:
        raise Missing
    found.lifted_at, found.lifted_by, found.lift_reason = w.now, w.actor.id, reason
    w.session.flush()
    w.note("person", person, "lift_hold", {"reason": reason})


def _ask(w: Work) -> None:
    if problem := is_administrator(w, None):
        raise Forbidden(problem)
    demand(w)
