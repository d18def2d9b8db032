"""Cities that could take part in a proposal, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import true
from sqlmodel import col, select

from challenge.cities.models import CityProfile
from challenge.kernel.work import Work
from challenge.partners.models import PartnerInvitation
from challenge.partners.queries.invitations import invitations
from challenge.partners.reasons import MISSING, Fit, Place, Reason, Sought, gap_of
from challenge.partners.states import SPEAKING
from challenge.people.models import Membership, Organisation
from challenge.proposals import capacity, content, facts
from challenge.proposals.models import Proposal, ProposalChallenge
from challenge.proposals.rules import rules_of
from challenge.submissions.models import Interest, Submission

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
        return ", ".join(str(MISSING[reason]) for reason in self.fit.unknown)


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
    left = room(w, every, proposal.round_id, but=proposal.id)
    full = {city_id for city_id, more in left.items() if not more}
    open_ = [
        city for city in every
        if city.place.id not in here and city.place.id not in full and (wanted or Wanted()).lets(city)
    ]  # fmt: skip
    looks_for = sought(w, [proposal], {city.place.id: city.place for city in every})[proposal.id]
    asked = {row.city_id: row for row in invitations(w, proposal)}
    found = [
        Candidate(city, fit, asked.get(city.place.id))
        for city, fit in zip(open_, _fits(looks_for, words_of(proposal), open_), strict=True)
    ]
    found.sort(key=lambda one: (not one.fit.closes_gap, -one.fit.score, one.city.name, one.city.code))
    return Found(tuple(found[:SHOWN]), len(found), len(full - here), bool(looks_for.gap))


def known_cities(w: Work, kinds: Collection[Any] | None) -> list[Known]:
    """Every city with a profile, of these kinds where any are named, in the order of ids."""
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
        .where(true() if kinds is None else col(Organisation.kind).in_(kinds))
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


def room(w: Work, cities: Sequence[Known], round_id: int, but: int | None = None) -> dict[int, int]:
    """City id → how many more pilots it can carry, for those with a limit: their own, or the round's cap.

    Counts pilots that have not ended and awards, without those of the proposal ``but``.
    """
    ids = [city.place.id for city in cities]
    carried = capacity.carried(w, ids, but=[] if but is None else [but])
    rooms = capacity.rooms(w, round_id, ids, carried)
    return {key: one.left for key, one in rooms.items() if one.left is not None}


def sought(w: Work, proposals: Sequence[Proposal], places: Mapping[int, Place]) -> dict[int, Sought]:
    """Proposal id → what it looks for; as many queries for many as for one. ``places`` are the cities there are."""
    ids = [proposal.id for proposal in proposals]
    partners = content.cities_of(w, ids)
    answered: dict[int, list[Any]] = {}
    for row in w.session.execute(
        content.columns(ProposalChallenge.proposal_id, Submission.id, Submission.city_id, Submission.themes)
        .join(Submission, col(Submission.id) == ProposalChallenge.submission_id)
        .where(col(ProposalChallenge.proposal_id).in_(ids))
    ):
        answered.setdefault(row[0], []).append(row)
    interested: dict[int, set[int]] = {}
    for submission_id, city_id in w.session.execute(
        content.columns(Interest.submission_id, Interest.city_id).where(
            col(Interest.submission_id).in_({row[1] for rows in answered.values() for row in rows}),
            col(Interest.withdrawn_at).is_(None),
        )
    ):
        interested.setdefault(submission_id, set()).add(city_id)
    found = {}
    for proposal in proposals:
        own, rows = partners.get(proposal.id, []), answered.get(proposal.id, [])
        near = {city.id for city in own} | {row[2] for row in rows}
        found[proposal.id] = Sought(
            rules_of(w, proposal).home_country, gap_of(facts.pairing(w, proposal, own).facts),
            frozenset(key for row in rows for key in row[3]),
            tuple(places[key] for key in sorted(near & places.keys())),
            frozenset().union(*(interested.get(row[1], ()) for row in rows)),
        )  # fmt: skip
    return found


def words_of(proposal: Proposal) -> str:
    """What the proposal says, for comparing."""
    answers = [value for value in proposal.answers.values() if isinstance(value, str)]
    return "\n".join([proposal.title, proposal.summary, *answers])


def _fits(looks_for: Sought, words: str, cities: Sequence[Known]) -> list[Fit]:
    from challenge.optimise.similarity import index  # noqa: PLC0415 -- numpy is loaded when first needed
    from challenge.partners.fit import NOT_KNOWN, Cities, points  # noqa: PLC0415

    alike = index([city.words for city in cities]).similarities(words).astype(float)
    alike[[not city.words for city in cities]] = float("nan")
    given = points(looks_for, Cities([city.place for city in cities]), alike).T.tolist()
    return [
        Fit(
            {reason: tenths for reason, tenths in zip(Reason, each, strict=True) if tenths > 0},
            tuple(reason for reason, tenths in zip(Reason, each, strict=True) if tenths == NOT_KNOWN),
        )
        for each in given
    ]
