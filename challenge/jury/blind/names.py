"""The names the service knows of those who stand behind a proposal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlmodel import col, select

from challenge.jury.identities import domain_of, domain_of_site, house_of
from challenge.kernel.work import Work
from challenge.people.models import Membership, Organisation, Person
from challenge.people.spelling import plain
from challenge.policy.redaction import Marker
from challenge.proposals import content
from challenge.proposals.models import BudgetLine, Commitment, PartnerCity, Proposal, TeamMember
from challenge.submissions.models import Submission

PARTICLES = frozenset({
    "von", "van", "de", "der", "den", "la", "le", "da", "di", "do", "dos", "das", "del", "bin", "al", "el", "ter",
    "ten", "zu", "zur", "af", "av", "mac",
})  # fmt: skip
SINGLE = 2  # letters a part of a name needs to stand alone
LABEL = 4  # letters of a domain that says whose it is


def known_names(w: Work, proposal: Proposal) -> list[str]:
    """Everybody's and everything's: the team, who speaks for its cities, its organisations and their domains."""
    people = _people(w, proposal)
    found = [spelling for name, _email in people for spelling in of_person(name)]
    organisations = _organisations(w, proposal)
    for one in organisations:
        found += [one.name, house_of(one.name, one.country)[0]]
    domains = {domain_of(email) for _name, email in people} | {domain_of_site(one.website) for one in organisations}
    found += [label for domain in domains if len(label := domain.partition(".")[0]) >= LABEL]
    return sorted({name for name in found if len(plain(name)) >= SINGLE})


def marker(w: Work, proposal: Proposal, words: Iterable[str] = (), spared: Iterable[str] = ()) -> Marker:
    """Marks the names that are known and those that were added; the cities, and what is spared, stay readable."""
    shown = [*cities(w, proposal), *spared]
    kept = {plain(name) for name in shown}
    names = [name for name in [*known_names(w, proposal), *words] if plain(name) not in kept]
    return Marker(names, shown, plain)


def cities(w: Work, proposal: Proposal) -> list[str]:
    """Partner cities, and those that stated the challenges."""
    stated = [one.city_id for one in content.challenges(w, proposal) if one.city_id is not None]
    others = w.session.exec(select(Organisation.name).where(col(Organisation.id).in_(stated)))
    return sorted({city.name for city in content.cities(w, proposal)} | set(others))


def of_person(name: str) -> Iterator[str]:
    """The whole name, and each part that can stand alone."""
    yield name
    for part in name.replace(".", " ").replace("-", " ").split():
        if len(plain(part)) >= SINGLE and plain(part) not in PARTICLES:
            yield part


def _people(w: Work, proposal: Proposal) -> set[tuple[str, str]]:
    """(name, e-mail) of the team, now and before, as invited and as they call themselves; and of the cities' people."""
    invited = w.session.exec(
        select(TeamMember.name, TeamMember.email).where(TeamMember.proposal_id == proposal.id)
    ).all()
    partners = select(PartnerCity.city_id).where(PartnerCity.proposal_id == proposal.id)
    answered = [one.id for one in content.challenges(w, proposal)]
    stated = select(Submission.city_id).where(col(Submission.id).in_(answered))
    contacts = w.session.exec(
        select(Submission.contact_id, Submission.deputy_id).where(col(Submission.id).in_(answered))
    ).all()
    named = {key for pair in contacts for key in pair if key is not None} | {proposal.lead_id}
    person = col(Person.id)
    known = w.session.exec(
        select(Person.name, Person.email).where(
            person.in_(named)
            | person.in_(select(TeamMember.person_id).where(TeamMember.proposal_id == proposal.id))
            | person.in_(select(Commitment.signer_id).where(Commitment.proposal_id == proposal.id))
            | person.in_(
                select(Membership.person_id).where(
                    col(Membership.organisation_id).in_(partners) | col(Membership.organisation_id).in_(stated)
                )
            )
        )
    ).all()
    return {*invited, *known}


def _organisations(w: Work, proposal: Proposal) -> list[Organisation]:
    """The lead organisation, those of the team, those with money; not the cities."""
    people = select(TeamMember.person_id).where(TeamMember.proposal_id == proposal.id)
    places = [city.id for city in content.cities(w, proposal)]
    places += [one.city_id for one in content.challenges(w, proposal) if one.city_id is not None]
    organisation = col(Organisation.id)
    return list(
        w.session.exec(
            select(Organisation).where(
                (organisation == proposal.organisation_id)
                | organisation.in_(select(Membership.organisation_id).where(col(Membership.person_id).in_(people)))
                | organisation.in_(select(BudgetLine.organisation_id).where(BudgetLine.proposal_id == proposal.id)),
                organisation.not_in(places),
            )
        )
    )
