"""Conflicts of interest the service can infer: from teams, seats, cities, addresses and earlier work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select as sa_select
from sqlmodel import col, select

from challenge.jury.identities import domain_of, domain_of_site, house_of, mailbox
from challenge.jury.models import Conflict, Juror
from challenge.jury.states import ConflictKind, ConflictState, Via
from challenge.kernel.work import Work
from challenge.people.models import Membership, Organisation, Person
from challenge.people.spelling import fold
from challenge.proposals.models import BudgetLine, PartnerCity, Proposal, ProposalChallenge, TeamMember
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.submissions.models import Submission, SubmissionCity

Pair = tuple[int, int]  # person id, proposal id
YEAR, MONTH = timedelta(days=365.25), timedelta(days=30.4)
CARRIED_OUT = (ProposalState.SELECTED, ProposalState.PILOTED)


@dataclass(frozen=True, slots=True)
class Inference:
    """What speaks for a conflict: the kind, the organisation both have in common, and how the service knows."""

    kind: ConflictKind
    organisation_id: int | None = None
    via: Via = field(default=Via.SEAT, compare=False)
    domain: str = field(default="", compare=False)


def inferred(w: Work, round_: Round, jurors: Collection[Juror], proposals: Collection[int]) -> dict[Pair, Inference]:
    """What can be inferred of these jurors and proposals (ids), in a constant number of queries."""
    if not jurors or not proposals:
        return {}
    rows = w.session.execute(
        select(Person.id, Person.email).where(col(Person.id).in_({juror.person_id for juror in jurors}))
    )
    return inferred_of(w, round_, dict(rows.all()), proposals)


def inferred_of(w: Work, round_: Round, people: Mapping[int, str], proposals: Collection[int]) -> dict[Pair, Inference]:
    """The same of people by id with their addresses; somebody unknown yet has any id that nobody has.

    A place in the team weighs most, then a city of the proposal or of a challenge it answers, then an organisation
    that leads it, has money in it or sends somebody; then work with somebody of the team within the round's years.
    An organisation is known by a seat in it or in a unit of it, and by the domain of an address. The programme's host
    is a partner in most pilots: for its people only team, other seats and earlier work count.
    """
    known = _gathered(w, round_, people, proposals)
    found = {}
    for proposal in proposals:
        around = known.around(proposal)
        for person in people:
            if inference := known.between(person, proposal, around):
                found[person, proposal] = inference
    return found


@dataclass(slots=True)
class _Around:
    """What stands around a proposal, as keys of houses and domains → organisation."""

    cities: dict[object, int]
    others: dict[object, int | None]


@dataclass(slots=True)
class _Known:
    """Everything that is compared, read at once."""

    emails: Mapping[int, str]
    hosts: set[int]
    team: dict[int, set[int]]
    mailboxes: dict[int, set[str]]
    addresses: dict[int, set[str]]  # of the team
    seats: dict[int, set[int]]
    cities: dict[int, set[int]]
    others: dict[int, set[int]]
    houses: dict[int, tuple[str, str]]
    domains: dict[int, set[str]]
    colleagues: dict[int, set[int]]

    def around(self, proposal: int) -> _Around:
        others: dict[object, int | None] = {
            domain: None for email in self.addresses.get(proposal, ()) if (domain := domain_of(email))
        }
        cities: dict[object, int] = {}
        members = {seat for member in self.team.get(proposal, ()) for seat in self.seats.get(member, ())}
        for organisation in sorted(self.others.get(proposal, set()) | members, reverse=True):
            others |= dict.fromkeys((self.houses[organisation], *self.domains.get(organisation, ())), organisation)
        for city in sorted(self.cities.get(proposal, ()), reverse=True):
            cities |= dict.fromkeys((self.houses[city], *self.domains.get(city, ())), city)
        return _Around(cities, others)

    def between(self, person: int, proposal: int, around: _Around) -> Inference | None:
        if person in self.team.get(proposal, ()) or mailbox(self.emails[person]) in self.mailboxes.get(proposal, ()):
            return Inference(ConflictKind.TEAM, via=Via.TEAM)
        seats = self.seats.get(person, set())
        own = sorted(self.houses[seat] for seat in seats - self.hosts)
        domain = "" if seats & self.hosts else domain_of(self.emails[person])
        for kind, there in ((ConflictKind.CITY, around.cities), (ConflictKind.ORGANISATION, around.others)):
            if shared := [organisation for house in own if (organisation := there.get(house)) is not None]:
                return Inference(kind, min(shared), Via.SEAT)
            if domain and domain in there:
                return Inference(kind, there[domain], Via.DOMAIN, domain)
        if self.colleagues.get(person, set()) & self.team.get(proposal, set()):
            return Inference(ConflictKind.CO_AUTHOR, via=Via.WORK)
        return None


def _gathered(w: Work, round_: Round, people: Mapping[int, str], proposals: Collection[int]) -> _Known:
    team, addresses = team_of(w, proposals), _addresses(w, proposals)
    seats = seats_of(w, set(people) | {person for members in team.values() for person in members})
    cities = _cities(w, proposals)
    leading = select(Proposal.id, Proposal.organisation_id).where(col(Proposal.id).in_(proposals))
    paid = select(BudgetLine.proposal_id, BudgetLine.organisation_id).where(col(BudgetLine.proposal_id).in_(proposals))
    others = _grouped([*w.session.execute(leading), *w.session.execute(paid)])
    wanted = {one for held in (cities, others, seats) for group in held.values() for one in group}
    rows = w.session.execute(
        select(Organisation.id, Organisation.name, Organisation.country, Organisation.website).where(
            col(Organisation.id).in_(wanted)
        )
    ).all()
    houses = {key: house_of(name, country) for key, name, country, _website in rows}
    return _Known(
        emails=people, hosts=_hosts(w, round_), team=team, addresses=addresses,
        mailboxes={proposal: {mailbox(email) for email in held} for proposal, held in addresses.items()},
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
    return _grouped([*by_lead, *members])


def seats_of(w: Work, people: Collection[int]) -> dict[int, set[int]]:
    """Person id → the organisations they have a seat in."""
    return _grouped(
        w.session.execute(
            select(Membership.person_id, Membership.organisation_id).where(col(Membership.person_id).in_(people))
        )
    )


def _addresses(w: Work, proposals: Collection[int]) -> dict[int, set[str]]:
    """The addresses of the team: those it was invited by, and those its people sign in with."""
    present = col(TeamMember.proposal_id).in_(proposals), col(TeamMember.left_at).is_(None)
    typed = w.session.execute(select(TeamMember.proposal_id, TeamMember.email).where(*present))
    held = w.session.execute(
        select(TeamMember.proposal_id, Person.email)
        .join(Person, col(Person.id) == TeamMember.person_id)
        .where(*present)
    )
    leads = w.session.execute(
        select(Proposal.id, Person.email)
        .join(Person, col(Person.id) == Proposal.lead_id)
        .where(col(Proposal.id).in_(proposals))
    )
    return _grouped([*typed, *held, *leads])


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
    return _grouped(row for query in (partners, owners, also) for row in w.session.execute(query))


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
    return _grouped((key, domain) for key, domain in (*shared, *named) if domain)


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
    teams = _grouped(
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


def _grouped(rows: Iterable[Any]) -> dict[int, set[Any]]:
    found: dict[int, set[Any]] = {}
    for key, value in rows:
        found.setdefault(key, set()).add(value)
    return found


def was_lifted(w: Work, person_id: int, proposal_id: int, inference: Inference) -> bool:
    """Whether a coordinator has lifted exactly this inference."""
    found = select(Conflict.id).where(
        Conflict.person_id == person_id,
        Conflict.proposal_id == proposal_id,
        Conflict.state == ConflictState.LIFTED,
        Conflict.kind == inference.kind,
        Conflict.organisation_id == inference.organisation_id,
    )
    return w.session.exec(found).first() is not None


def names_of_organisations(w: Work, inferences: Mapping[Pair, Inference]) -> dict[int, str]:
    """The names of the organisations the inferences rest on."""
    wanted = {inference.organisation_id for inference in inferences.values() if inference.organisation_id is not None}
    if not wanted:
        return {}
    rows = w.session.execute(select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(wanted)))
    return dict(rows.all())
