"""Candidates for a proposal, and invitations as far as one may know them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, false, or_
from sqlmodel import col, select

from challenge.cities.models import CityProfile
from challenge.kernel.errors import Missing
from challenge.kernel.work import Work
from challenge.partners import fit as fits
from challenge.partners.fit import Fit, Place, Sought
from challenge.partners.models import PartnerInvitation
from challenge.people.models import Membership, Organisation, Person
from challenge.people.states import Seat
from challenge.proposals import content, facts
from challenge.proposals import queries as proposals
from challenge.proposals.models import PartnerCity, Proposal, ProposalChallenge
from challenge.proposals.rules import round_of, rules_of
from challenge.proposals.states import ProposalState
from challenge.rounds.pairing import COUNTING
from challenge.submissions.models import Interest, Submission

SPEAKING = (Seat.LEAD, Seat.DEPUTY)
CARRYING = (ProposalState.SELECTED, ProposalState.PILOTED)
SHOWN = 30


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one looks for. ``everywhere``: cities too that nobody here can answer for."""

    country: str = ""
    theme: str = ""
    network: str = ""
    language: str = ""
    everywhere: bool = False

    def lets(self, city: Known) -> bool:
        """Whether the city is looked for."""
        place = city.place
        return all(
            (
                self.everywhere or city.has_people,
                not self.country or place.country == self.country,
                not self.theme or self.theme in place.themes,
                not self.network or self.network in place.networks,
                not self.language or self.language in place.languages,
            )
        )


@dataclass(frozen=True, slots=True)
class Known:
    """A city that counts in the round, and what it says of itself."""

    code: str
    name: str
    place: Place
    capacity: int | None
    words: str
    has_people: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A city and why it fits. ``invitation``: the latest of this proposal to it."""

    city: Known
    fit: Fit
    invitation: PartnerInvitation | None

    @property
    def unknown(self) -> str:
        """The reasons nothing is known for, in the reader's words."""
        return ", ".join(str(fits.MISSING[reason]) for reason in self.fit.unknown)


@dataclass(frozen=True, slots=True)
class Found:
    """The best candidates, best first, how many there are, and how many are left out because they are full."""

    candidates: tuple[Candidate, ...]
    count: int
    full: int
    gap: bool


def candidates(w: Work, proposal: Proposal, wanted: Wanted | None = None) -> Found:
    """Cities that could take part, those that close a gap of the pairing rule first, then by score, then by name."""
    partners = content.cities(w, proposal)
    every = known_cities(w, rules_of(w, proposal).city_kinds)
    here = {partner.id for partner in partners}
    full = full_cities(w, every, proposal)
    open_ = [
        city for city in every
        if city.place.id not in here and city.place.id not in full and (wanted or Wanted()).lets(city)
    ]  # fmt: skip
    sought = _sought(w, proposal, partners, {city.place.id: city.place for city in every})
    asked = {row.city_id: row for row in invitations(w, proposal)}
    found = [
        Candidate(city, fits.fit(sought, city.place, alike), asked.get(city.place.id))
        for city, alike in zip(open_, likeness(words_of(proposal), open_), strict=True)
    ]
    found.sort(key=lambda one: (not one.fit.closes_gap, -one.fit.score, one.city.name, one.city.code))
    return Found(tuple(found[:SHOWN]), len(found), len(full - here), bool(sought.gap))


def known_cities(w: Work, kinds: Collection[Any]) -> list[Known]:
    """Every organisation of a kind that counts as a city, in the order of ids."""
    speaks = (
        select(Membership.id)
        .where(Membership.organisation_id == Organisation.id, col(Membership.seat).in_(SPEAKING))
        .exists()
    )
    rows = w.session.execute(
        content.columns(
            Organisation.id, Organisation.code, Organisation.name, Organisation.country, CityProfile.population,
            CityProfile.latitude, CityProfile.themes, CityProfile.networks, CityProfile.languages,
            CityProfile.capacity, CityProfile.offers, CityProfile.wants, speaks.label("speaks"),
        )
        .join(CityProfile, col(CityProfile.organisation_id) == Organisation.id)
        .where(col(Organisation.kind).in_(kinds))
        .order_by(col(Organisation.id))
    )  # fmt: skip
    return [
        Known(
            row.code, row.name,
            Place(row.id, row.country, row.population, row.latitude, frozenset(row.themes), frozenset(row.networks),
                  frozenset(row.languages)),
            row.capacity, f"{row.offers}\n{row.wants}".strip(), bool(row.speaks),
        )
        for row in rows
    ]  # fmt: skip


def full_cities(w: Work, cities: Sequence[Known], proposal: Proposal) -> set[int]:
    """Cities with as many pilots and awards as they can carry, or as the round allows."""
    cap = rules_of(w, proposal).pilots_per_city
    limits = {city.place.id: city.capacity for city in cities if city.capacity is not None}
    rows = w.session.execute(
        content.columns(PartnerCity.city_id, Proposal.round_id)
        .join(Proposal, col(Proposal.id) == PartnerCity.proposal_id)
        .where(
            col(PartnerCity.left_at).is_(None), col(PartnerCity.role).in_(COUNTING),
            col(Proposal.state).in_(CARRYING), col(Proposal.pilot_ended_at).is_(None), col(Proposal.id) != proposal.id,
        )
    ).all()  # fmt: skip
    carried = Counter(city_id for city_id, _round in rows)
    here = Counter(city_id for city_id, round_id in rows if round_id == proposal.round_id)
    full = {city_id for city_id, most in limits.items() if carried[city_id] >= most}
    return full | ({city_id for city_id, count in here.items() if count >= cap} if cap is not None else set())


def _sought(w: Work, proposal: Proposal, partners: list[content.City], places: dict[int, Place]) -> Sought:
    answered = content.challenges(w, proposal)
    themes = w.session.execute(
        content.columns(Submission.themes)
        .join(ProposalChallenge, col(ProposalChallenge.submission_id) == Submission.id)
        .where(col(ProposalChallenge.proposal_id) == proposal.id)
    ).scalars()
    interested = w.session.exec(
        select(Interest.city_id).where(
            col(Interest.submission_id).in_([one.id for one in answered]), col(Interest.withdrawn_at).is_(None)
        )
    ).all()
    near = {partner.id for partner in partners} | {one.city_id for one in answered if one.city_id is not None}
    return Sought(
        rules_of(w, proposal).home_country, fits.gap_of(facts.pairing(w, proposal, partners).facts),
        frozenset(key for keys in themes for key in keys), tuple(places[key] for key in sorted(near & places.keys())),
        frozenset(interested),
    )  # fmt: skip


def words_of(proposal: Proposal) -> str:
    """What the proposal says, for comparing."""
    answers = [value for value in proposal.answers.values() if isinstance(value, str)]
    return "\n".join([proposal.title, proposal.summary, *answers])


def likeness(text: str, cities: Sequence[Known]) -> list[float | None]:
    """How similar each city's words are to the text; None for a city that says nothing."""
    if not any(city.words for city in cities):
        return [None] * len(cities)
    from challenge.optimise.similarity import index  # noqa: PLC0415 -- numpy is loaded when first needed

    alike = index([city.words for city in cities]).similarities(text)
    return [float(alike[at]) if city.words else None for at, city in enumerate(cities)]


# Invitations


def in_sight(w: Work) -> ColumnElement[bool]:
    """Invitations of the actor's proposals and of rounds they run or observe, and those to a city they speak for."""
    if w.actor.id is None:
        return false()
    read = select(Proposal.id).where(or_(proposals.of_team(w), proposals.of_round(w)))
    places = w.actor.organisations(*SPEAKING)
    return or_(col(PartnerInvitation.proposal_id).in_(read), col(PartnerInvitation.city_id).in_(places))


def invitation(w: Work, code: str) -> PartnerInvitation:
    """One by its code. Raises Missing to whoever may not know of it."""
    found = w.session.exec(select(PartnerInvitation).where(PartnerInvitation.code == code, in_sight(w))).first()
    if found is None:
        raise Missing
    return found


def invitations(w: Work, proposal: Proposal) -> list[PartnerInvitation]:
    """Those of a proposal, the newest last. For its team and those who oversee its round."""
    found = select(PartnerInvitation).where(PartnerInvitation.proposal_id == proposal.id)
    return list(w.session.exec(found.order_by(col(PartnerInvitation.id))))


@dataclass(frozen=True, slots=True)
class Shown:
    """An invitation with the names it is about; nobody's address."""

    invitation: PartnerInvitation
    title: str
    proposal_code: str
    zone: str
    organisation: str
    asked_by: str
    city: str
    city_code: str
    challenges: tuple[content.Answered, ...]
    is_for_reader: bool


def shown(w: Work, found: PartnerInvitation) -> Shown:
    """What both sides read. ``is_for_reader``: the reader may open the proposal itself."""
    proposal = w.session.get_one(Proposal, found.proposal_id)
    asking = w.session.get_one(Person, found.asked_by_id)
    city = w.session.get_one(Organisation, found.city_id)
    opens = w.session.exec(select(Proposal.id).where(Proposal.id == proposal.id, proposals.in_sight(w))).first()
    return Shown(
        found, proposal.title, proposal.code, round_of(w, proposal).zone,
        w.session.get_one(Organisation, proposal.organisation_id).name, asking.name, city.name, city.code,
        tuple(content.challenges(w, proposal)), opens is not None,
    )  # fmt: skip
