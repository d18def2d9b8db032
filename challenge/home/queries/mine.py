"""What is a person's own: the challenges, interests and pilots of their cities, and their proposals."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import col, select

from challenge.home.queries.asking import extension
from challenge.home.queries.sql import columns
from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.people.states import OrganisationKind, Seat
from challenge.pilots.models import MemberCity, Pilot
from challenge.pilots.queries.lists import Listed, listed
from challenge.proposals import content
from challenge.proposals.content import City
from challenge.proposals.models import Proposal
from challenge.proposals.queries import of_city, of_team
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.rounds.states import RoundState
from challenge.submissions.models import Interest, Submission
from challenge.submissions.states import SubmissionState

CITIES = (
    OrganisationKind.CITY, OrganisationKind.MUNICIPALITY, OrganisationKind.COUNTY_COUNCIL, OrganisationKind.CAMPUS,
)  # fmt: skip
MOST = 12  # rows of a section; the list behind it holds all


@dataclass(frozen=True, slots=True)
class MyCity:
    """A city the person has a seat in."""

    id: int
    code: str
    name: str
    country: str


@dataclass(frozen=True, slots=True)
class MySubmission:
    """A challenge of one of the person's cities."""

    code: str
    title: str
    state: SubmissionState
    round_id: int
    round: str
    city_id: int
    slot: int | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class MyInterest:
    """Another city's challenge one of the person's cities is interested in."""

    code: str
    title: str
    state: SubmissionState
    lead: str
    round_id: int
    city_id: int
    is_public: bool


@dataclass(frozen=True, slots=True)
class MyProposal:
    """A proposal of the person's team, or with one of the person's cities."""

    id: int
    code: str
    title: str
    state: ProposalState
    gates: tuple[str, ...]
    round_id: int
    round: str
    until: datetime | None
    is_own: bool
    is_lead: bool
    cities: tuple[City, ...] = ()


def my_cities(w: Work) -> list[MyCity]:
    """The cities in which the person has a seat, by name."""
    found = (
        columns(Organisation.id, Organisation.code, Organisation.name, Organisation.country)
        .where(col(Organisation.id).in_(w.actor.organisations()), col(Organisation.kind).in_(CITIES))
        .order_by(Organisation.name)
    )
    return [MyCity(*row) for row in w.session.execute(found)]


def submissions(w: Work, cities: Collection[int]) -> list[MySubmission]:
    """Their challenges of rounds that are not archived, the newest first."""
    found = (
        columns(
            Submission.code, Submission.title, Submission.state, Submission.round_id, Round.title, Submission.city_id,
            Submission.slot, extension("submission", Submission.code),
        )
        .join(Round, col(Round.id) == Submission.round_id)
        .where(col(Submission.city_id).in_(cities), col(Round.state) != RoundState.ARCHIVED)
        .order_by(col(Submission.round_id).desc(), col(Submission.id).desc())
    )  # fmt: skip
    return [MySubmission(*row) for row in w.session.execute(found)]


def interests(w: Work, cities: Collection[int], rounds: Collection[int]) -> list[MyInterest]:
    """What they are interested in, in these rounds."""
    found = (
        columns(
            Submission.code, Submission.title, Submission.state, Organisation.name, Interest.round_id,
            Interest.city_id, col(Submission.published_at).is_not(None),
        )
        .join(Interest, col(Interest.submission_id) == Submission.id)
        .join(Organisation, col(Organisation.id) == Interest.lead_city_id)
        .where(
            col(Interest.city_id).in_(cities), col(Interest.round_id).in_(rounds),
            col(Interest.withdrawn_at).is_(None),
        )
        .order_by(col(Interest.round_id).desc(), col(Interest.slot))
    )  # fmt: skip
    return [MyInterest(*row) for row in w.session.execute(found)]


def pilots(w: Work, cities: Collection[int]) -> list[Listed]:
    """Pilots of their cities, and those the person carries."""
    of_cities = select(MemberCity.pilot_id).where(col(MemberCity.city_id).in_(cities))
    own = or_(
        col(Pilot.id).in_(of_cities),
        col(Pilot.lead_id) == w.actor.id,
        col(Pilot.mentor_id) == w.actor.id,
        col(Pilot.organisation_id).in_(w.actor.organisations(Seat.LEAD)),
    )
    return list(listed(w, size=MOST, also=own).rows)


def proposals(w: Work) -> list[MyProposal]:
    """Proposals of the person's teams first, then those with the person's cities; two queries."""
    own = of_team(w)
    found = (
        columns(
            Proposal.id, Proposal.code, Proposal.title, Proposal.state, Proposal.gates, Proposal.round_id, Round.title,
            extension("proposal", Proposal.code), own, col(Proposal.lead_id) == w.actor.id,
        )
        .join(Round, col(Round.id) == Proposal.round_id)
        .where(or_(own, of_city(w)), col(Round.state) != RoundState.ARCHIVED)
        .order_by(own.desc(), col(Proposal.round_id).desc(), col(Proposal.id).desc())
        .limit(MOST + 1)
    )  # fmt: skip
    rows = w.session.execute(found).all()
    cities = content.cities_of(w, [row[0] for row in rows])
    return [
        MyProposal(
            row[0], row[1], row[2], row[3], tuple(row[4]), row[5], row[6], row[7], bool(row[8]), bool(row[9]),
            tuple(cities.get(row[0], ())),
        )
        for row in rows
    ]  # fmt: skip
