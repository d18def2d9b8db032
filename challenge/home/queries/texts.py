"""What the pages of words take from the database: who runs the programme."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, select

from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.people.states import OrganisationKind


@dataclass(frozen=True, slots=True)
class Host:
    """The organisation that runs the programme."""

    name: str
    website: str | None


def hosts(w: Work) -> list[Host]:
    """The programme's hosts, by name."""
    found = select(Organisation.name, Organisation.website).where(Organisation.kind == OrganisationKind.PROGRAMME)
    return [Host(name, website) for name, website in w.session.exec(found.order_by(col(Organisation.name)))]
