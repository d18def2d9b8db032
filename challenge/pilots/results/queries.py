"""What a pilot leaves behind, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func
from sqlmodel import col, select

from challenge.kernel.errors import Missing
from challenge.kernel.work import Work
from challenge.people.models import Organisation, Person
from challenge.pilots.models import Pilot
from challenge.pilots.queries import told
from challenge.pilots.results.models import Contact, Kit, News, Output, Reuse, ReuseInterest

Kinds = Literal["output", "news", "reuse"]
TABLES: dict[Kinds, Any] = {"output": Output, "news": News, "reuse": Reuse}


def public(w: Work, code: str) -> Pilot:
    """A pilot everybody may know of, whoever asks; Missing otherwise."""
    found = w.session.exec(select(Pilot).where(Pilot.code == code, told())).first()
    if found is None:
        raise Missing
    return found


def item(w: Work, kind: Kinds, pilot: Pilot, code: str) -> Any:
    """An output, a piece of news or a reuse of this pilot."""
    table = TABLES[kind]
    found = w.session.exec(select(table).where(table.pilot_id == pilot.id, table.code == code)).first()
    if found is None:
        raise Missing
    return found


def outputs(w: Work, pilot: Pilot) -> Sequence[Output]:
    """What it made."""
    return w.session.exec(select(Output).where(Output.pilot_id == pilot.id).order_by(col(Output.id))).all()


def news(w: Work, pilot: Pilot) -> Sequence[News]:
    """What happened, the newest first."""
    order = (col(News.published_on).desc(), col(News.id).desc())
    return w.session.exec(select(News).where(News.pilot_id == pilot.id).order_by(*order)).all()


def reuses(w: Work, pilot: Pilot) -> Sequence[Reuse]:
    """Who uses it, the first first."""
    return w.session.exec(
        select(Reuse).where(Reuse.pilot_id == pilot.id).order_by(col(Reuse.since), col(Reuse.id))
    ).all()


def kit(w: Work, pilot: Pilot) -> Kit | None:
    """Its lessons and kit, once they are written."""
    return w.session.exec(select(Kit).where(Kit.pilot_id == pilot.id)).first()


@dataclass(frozen=True, slots=True)
class Asked:
    """A person who may be asked, as they agreed."""

    name: str
    email: str


def contacts(w: Work, pilot: Pilot) -> list[Asked]:
    """Who agreed to be named, as long as they have an account."""
    rows = w.session.exec(
        select(Person.name, Person.email)
        .join(Contact, col(Contact.person_id) == Person.id)
        .where(Contact.pilot_id == pilot.id, col(Person.disabled_at).is_(None), col(Person.erased_at).is_(None))
        .order_by(Person.name)
    )
    return [Asked(name, email) for name, email in rows if email]


def is_contact(w: Work, pilot: Pilot) -> bool:
    """Whether the actor agreed to be named."""
    found = select(Contact.id).where(Contact.pilot_id == pilot.id, Contact.person_id == w.actor.id)
    return w.session.exec(found).first() is not None


@dataclass(frozen=True, slots=True)
class Wish:
    """A city that would like to do the same, and why; for those inside."""

    city: str
    reason: str
    at: datetime


def wishes(w: Work, pilot: Pilot) -> list[Wish]:
    """Cities that would like to do the same, by when they said so."""
    rows = w.session.exec(
        select(Organisation.name, ReuseInterest.reason, ReuseInterest.created_at)
        .join(Organisation, col(Organisation.id) == ReuseInterest.city_id)
        .where(ReuseInterest.pilot_id == pilot.id, col(ReuseInterest.withdrawn_at).is_(None))
        .order_by(col(ReuseInterest.id))
    )
    return [Wish(*row) for row in rows]


def wish_count(w: Work, pilot: Pilot) -> int:
    """How many cities would like to do the same."""
    found = select(func.count()).where(
        col(ReuseInterest.pilot_id) == pilot.id, col(ReuseInterest.withdrawn_at).is_(None)
    )
    return int(w.session.exec(found).one())


def wish_of(w: Work, pilot: Pilot, city_id: int) -> ReuseInterest | None:
    """What a city has said, unless it took it back."""
    return w.session.exec(
        select(ReuseInterest).where(
            ReuseInterest.pilot_id == pilot.id, ReuseInterest.city_id == city_id,
            col(ReuseInterest.withdrawn_at).is_(None),
        )
    ).first()  # fmt: skip
