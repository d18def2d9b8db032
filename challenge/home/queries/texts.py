"""What the pages of words take from the database: who runs the programme, how long things are kept."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, select

from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.people.states import OrganisationKind
from challenge.rounds.pieces import Retention
from challenge.rounds.queries import current, rules_of


@dataclass(frozen=True, slots=True)
class Host:
    """The organisation that runs the programme."""

    name: str
    website: str | None


@dataclass(frozen=True, slots=True)
class Kept:
    """How long data of the round under way is kept; of no round: our defaults."""

    round: str | None
    years: Retention


def hosts(w: Work) -> list[Host]:
    """The programme's hosts, by name."""
    found = select(Organisation.name, Organisation.website).where(Organisation.kind == OrganisationKind.PROGRAMME)
    return [Host(name, website) for name, website in w.session.exec(found.order_by(col(Organisation.name)))]


def kept(w: Work) -> Kept:
    """The retention rules in force."""
    found = current(w)
    return Kept(None, Retention()) if found is None else Kept(found.title, rules_of(found).retention_years)
