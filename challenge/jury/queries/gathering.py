"""What stands around people and proposals, read at once, for telling conflicts of interest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import Any

from sqlalchemy import select as sa_select
from sqlmodel import col, select

from challenge.jury.identities import domain_of, domain_of_site, house_of, mailbox
from challenge.kernel.work import Work
from challenge.people.models import Membership, Organisation, Person
from challenge.people.spelling import fold
from challenge.proposals.models import BudgetLine, PartnerCity, Proposal, ProposalChallenge, TeamMember
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.submissions.models import Submission, SubmissionCity

YEAR, MONTH = timedelta(days=365.25), timedelta(days=30.4)
CARRIED_OUT = (ProposalState.SELECTED, ProposalState.PILOTED)


@dataclass(slots=True)
class Around:
    """What stands around a proposal: its people, and keys of houses and domains → organisation."""

    team: set[int]
    mailboxes: set[str]
    cities: dict[object, int]
    others: dict[object, int | None]

    def marks(self) -> Iterator[object]:
        """Whoever has none of these has nothing to do with it."""
        return chain(self.team, self.mailboxes, self.cities, self.others)


@dataclass(slots=True)
class Own:
    """What somebody brings; no domain where it says nothing."""

    mailbox: str
    houses: list[tuple[str, str]]
    domain: str
    colleagues: set[int]

    def marks(self, person: int) -> Iterator[object]:
        """What a proposal may have as well."""
        return chain((person, self.mailbox, self.domain), self.houses, self.colleagues)


@dataclass(slots=True)
class Known:
    """Everything that is compared, read at once."""

    emails: Mapping[int, str]
    hosts: set[int]
    team: dict[int, set[int]]
    addresses: dict[int, set[str]]  # of the team
    spelled: dict[str, tuple[str, str]]  # by address: its mailbox and domain
    seats: dict[int, set[int]]
    cities: dict[int, set[int]]
    others: dict[int, set[int]]
    houses: dict[int, tuple[str, str]]
    domains: dict[int, set[str]]
    colleagues: dict[int, set[int]]

    def around(self, proposal: int) -> Around:
        """Of one proposal. Where several organisations share a key, the one known longest stands for it."""
        others: dict[object, int | None] = {
            domain: None for email in self.addresses.get(proposal, ()) if (domain := self.spelled[email][1])
        }
        cities: dict[object, int] = {}
        members = {seat for member in self.team.get(proposal, ()) for seat in self.seats.get(member, ())}
        for organisation in sorted(self.others.get(proposal, set()) | members, reverse=True):
            others |= dict.fromkeys((self.houses[organisation], *self.domains.get(organisation, ())), organisation)
        for city in sorted(self.cities.get(proposal, ()), reverse=True):
            cities |= dict.fromkeys((self.houses[city], *self.domains.get(city, ())), city)
        boxes = {self.spelled[email][0] for email in self.addresses.get(proposal, ())}
        return Around(self.team.get(proposal, set()), boxes, cities, others)

    def own(self, person: int) -> Own:
        """Of one person. What comes from the programme's host says nothing."""
        seats, email = self.seats.get(person, set()), self.emails[person]
        return Own(
            mailbox(email),
            sorted(self.houses[seat] for seat in seats - self.hosts),
            "" if seats & self.hosts else domain_of(email),
            self.colleagues.get(person, set()),
        )


def gathered(w: Work, round_: Round, people: Mapping[int, str], proposals: Collection[int]) -> Known:
    """In a constant number of queries; ``people`` are ids with addresses."""
    team = team_of(w, proposals)
    addresses = _addresses(w, proposals, team)
    seats = seats_of(w, set(people) | {person for members in team.values() for person in members})
    cities = _cities(w, proposals)
    leading = select(Proposal.id, Proposal.organisation_id).where(col(Proposal.id).in_(proposals))
    paid = select(BudgetLine.proposal_id, BudgetLine.organisation_id).where(col(BudgetLine.proposal_id).in_(proposals))
    others = grouped([*w.session.execute(leading), *w.session.execute(paid)])
    wanted = {one for held in (cities, others, seats) for group in held.values() for one in group}
    rows = w.session.execute(
        select(Organisation.id, Organisation.name, Organisation.country, Organisation.website).where(
            col(Organisation.id).in_(wanted)
        )
    ).all()
    houses = {key: house_of(name, country) for key, name, country, _website in rows}
    return Known(
        emails=people, hosts=_hosts(w, round_), team=team, addresses=addresses,
        spelled={email: (mailbox(email), domain_of(email)) for email in set[str]().union(*addresses.values())},
        seats=seats, cities=cities, others=others, houses=houses,
        domains=_domains(w, {key: website for key, _name, _country, website in rows}),
        colleagues=_colleagues(w, round_, people),
    )  # fmt: skip


def team_of(w: Work, proposals: Collection[int]) -> dict[int, set[int]]:
    """Proposal id → the people of its team, those invited by an address we know included."""
    by_lead = w.session.execute(select(Proposal.id, Proposal.lead_id).where(col(Proposal.id).in_(proposals)))
    members = w.session.execute(
        select(TeamMember.proposal_id, Person.id)
        .join(Person, (col(Person.id) == TeamMember.person_id) | (col(Person.email_key) == TeamMember.email_key))
        .where(col(TeamMember.proposal_id).in_(proposals), col(TeamMember.left_at).is_(None))
    )
    return grouped([*by_lead, *members])


def seats_of(w: Work, people: Collection[int]) -> dict[int, set[int]]:
    """Person id → the organisations they have a seat in."""
    return grouped(
        w.session.execute(
            select(Membership.person_id, Membership.organisation_id).where(col(Membership.person_id).in_(people))
        )
    )


def _addresses(w: Work, proposals: Collection[int], team: Mapping[int, set[int]]) -> dict[int, set[str]]:
    """The addresses of the team: those it was invited by, and those its people sign in with."""
    typed = w.session.execute(
        select(TeamMember.proposal_id, TeamMember.email).where(
            col(TeamMember.proposal_id).in_(proposals), col(TeamMember.left_at).is_(None)
        )
    )
    people = set[int]().union(*team.values())
    held = dict(w.session.execute(select(Person.id, Person.email).where(col(Person.id).in_(people))).all())
    return grouped([*typed, *((proposal, held[one]) for proposal, members in team.items() for one in members)])


def _cities(w: Work, proposals: Collection[int]) -> dict[int, set[int]]:
    """The partner cities, and those whose challenges the proposal answers."""
    partners = select(PartnerCity.proposal_id, PartnerCity.city_id).where(
        col(PartnerCity.proposal_id).in_(proposals), col(PartnerCity.left_at).is_(None)
    )
    answered = col(ProposalChallenge.proposal_id).in_(proposals)
    owners = (
        select(ProposalChallenge.proposal_id, Submission.city_id)
        .join(Submission, col(Submission.id) == ProposalChallenge.submission_id)
        .where(answered, col(Submission.city_id).is_not(None))
    )
    also = (
        select(ProposalChallenge.proposal_id, SubmissionCity.city_id)
        .join(SubmissionCity, col(SubmissionCity.submission_id) == ProposalChallenge.submission_id)
        .where(answered)
    )
    return grouped(row for query in (partners, owners, also) for row in w.session.execute(query))


def _domains(w: Work, websites: Mapping[int, str | None]) -> dict[int, set[str]]:
    """Organisation id → its domains: of its website, and those two or more of its people have addresses of."""
    held = Counter(
        (organisation, domain_of(email))
        for organisation, email in w.session.execute(
            select(Membership.organisation_id, Person.email)
            .join(Person, col(Person.id) == Membership.person_id)
            .where(col(Membership.organisation_id).in_(websites))
        )
    )
    shared = [pair for pair, times in held.items() if times > 1]
    named = [(key, domain_of_site(website)) for key, website in websites.items()]
    return grouped((key, domain) for key, domain in (*shared, *named) if domain)


def _colleagues(w: Work, round_: Round, people: Collection[int]) -> dict[int, set[int]]:
    """Person id → those they were in the team of a submitted proposal with, within the years of the round.

    A proposal that is carried out counts until its pilot is over; a draft is nobody's business.
    """
    since = w.now - rules_of(round_).conflict_years * YEAR
    joined = (
        sa_select(
            col(TeamMember.person_id), col(TeamMember.left_at), col(Proposal.id), col(Proposal.submitted_at),
            col(Proposal.months), col(Proposal.state),
        )
        .join(Proposal, col(Proposal.id) == TeamMember.proposal_id)
        .where(col(TeamMember.person_id).in_(people), col(Proposal.submitted_at).is_not(None))
    )  # fmt: skip
    found: dict[int, set[int]] = {}
    for person, left_at, proposal, submitted_at, months, state in w.session.execute(joined):
        until = submitted_at + (months or 0) * MONTH * (state in CARRIED_OUT)
        if min(until, left_at or until) >= since:
            found.setdefault(person, set()).add(proposal)
    teams = grouped(
        w.session.execute(
            select(TeamMember.proposal_id, TeamMember.person_id).where(
                col(TeamMember.proposal_id).in_({one for held in found.values() for one in held}),
                col(TeamMember.person_id).is_not(None),
            )
        )
    )
    return {person: {other for one in held for other in teams[one]} for person, held in found.items()}


def _hosts(w: Work, round_: Round) -> set[int]:
    """The programme's hosts by name, as the rules call them."""
    names = {fold(name) for name in rules_of(round_).host_organisations}
    if not names:
        return set()
    return set(w.session.exec(select(Organisation.id).where(col(Organisation.name_key).in_(names))))


def grouped(rows: Iterable[Any]) -> dict[Any, set[Any]]:
    """Pairs by their first half."""
    found: dict[Any, set[Any]] = {}
    for key, value in rows:
        found.setdefault(key, set()).add(value)
    return found
