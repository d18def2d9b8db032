"""Matching a whole round: what it is computed from, and how its coordinator sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, func, select

from challenge.kernel.errors import Missing
from challenge.kernel.work import Work
from challenge.partners.models import Matching, PartnerInvitation
from challenge.partners.queries.candidates import Known, known_cities, room, sought, words_of
from challenge.partners.states import InvitationState, MatchingState
from challenge.people.models import Organisation
from challenge.people.rules import is_coordinator
from challenge.proposals import content, facts
from challenge.proposals import queries as proposals
from challenge.proposals.models import PartnerCity, Preference, Proposal
from challenge.proposals.states import EDITABLE
from challenge.rounds.models import Round
from challenge.rounds.pairing import Part
from challenge.rounds.queries import rules_of
from challenge.rounds.queries import visible as visible_round

MOST_OFFERS = 3  # proposals offered to a city that has not said how many pilots it can carry


def round_to_match(w: Work, code: str) -> Round:
    """The round, for its coordinators. Raises Missing for everybody else: the page is not theirs to know."""
    round_ = visible_round(w, code)
    if is_coordinator(w, round_) is not None:
        raise Missing
    return round_


def unpaired(w: Work, round_: Round) -> list[tuple[Proposal, dict[Part, int]]]:
    """Proposals that are being written and lack cities, by title, with how many of which side.

    What only the number lacks is looked for abroad. Only those the actor may read.
    """
    found = w.session.exec(
        select(Proposal)
        .where(Proposal.round_id == round_.id, col(Proposal.state).in_(EDITABLE), proposals.in_sight(w))
        .order_by(col(Proposal.title_key))
    ).all()
    cities, rules = content.cities_of(w, [one.id for one in found]), rules_of(round_)
    rows = []
    for one in found:
        own = cities.get(one.id, [])
        asked = {fact.part for fact in facts.pairing(w, one, own).facts if fact.kind == "missing"}
        sides = {side: int(side in asked) for side in (Part.HOME, Part.FOREIGN)}
        short = rules.min_cities - sum(city.counts for city in own) - sum(sides.values())
        sides[Part.FOREIGN] += max(short, 0)
        if any(sides.values()):
            rows.append((one, sides))
    return rows


def willing(w: Work, round_: Round) -> list[Known]:
    """Cities somebody here answers for."""
    return [city for city in known_cities(w, rules_of(round_).city_kinds) if city.has_people]


def inputs(w: Work, round_: Round) -> dict[str, Any]:
    """What is matched, by id: proposals with places per side, cities with the room they have.

    ``barred``: positions of a proposal and a city that is its partner, is asked already or has declined.
    """
    rows, cities = unpaired(w, round_), willing(w, round_)
    left = room(w, cities, round_.id)
    at = {one.id: place for place, (one, _sides) in enumerate(rows)}
    column = {city.place.id: place for place, city in enumerate(cities)}
    return {
        "proposals": [{"id": one.id, **{str(side): many for side, many in sides.items()}} for one, sides in rows],
        "cities": [{"id": city.place.id, "room": left.get(city.place.id, MOST_OFFERS)} for city in cities],
        "barred": sorted([at[one], column[city]] for one, city in _barred(w, list(at)) if city in column),
    }


def _barred(w: Work, ids: list[int]) -> set[tuple[int, int]]:
    partners = content.columns(PartnerCity.proposal_id, PartnerCity.city_id).where(
        col(PartnerCity.proposal_id).in_(ids), col(PartnerCity.left_at).is_(None)
    )
    asked = content.columns(PartnerInvitation.proposal_id, PartnerInvitation.city_id).where(
        col(PartnerInvitation.proposal_id).in_(ids),
        col(PartnerInvitation.state).in_((InvitationState.ASKED, InvitationState.DECLINED)),
    )
    return {(row[0], row[1]) for query in (partners, asked) for row in w.session.execute(query)}


def known(w: Work, found: Mapping[str, Any]) -> Any:
    """The snapshot ``inputs`` are computed with (partners.matching.Snapshot)."""
    from challenge.partners.matching import Snapshot  # noqa: PLC0415 -- numpy is loaded when first needed

    ids = [one["id"] for one in found["proposals"]]
    by_id = {one.id: one for one in w.session.exec(select(Proposal).where(col(Proposal.id).in_(ids)))}
    every = {city.place.id: city for city in known_cities(w, None)}
    cities = [every[one["id"]] for one in found["cities"]]
    looks_for = sought(w, [by_id[key] for key in ids], {key: city.place for key, city in every.items()})
    ratings = w.session.exec(select(Preference).where(col(Preference.proposal_id).in_(ids)))
    return Snapshot(
        [looks_for[key] for key in ids], [words_of(by_id[key]) for key in ids], [city.place for city in cities],
        [city.words for city in cities], {(row.proposal_id, row.city_id): row.rating for row in ratings},
    )  # fmt: skip


def matching(w: Work, round_: Round, code: str) -> Matching:
    """One of the actor's own. Raises Missing."""
    found = w.session.exec(
        select(Matching).where(Matching.code == code, Matching.round_id == round_.id, Matching.by_id == w.actor.id)
    ).first()
    if found is None:
        raise Missing
    return found


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one is: how many wait before it, whether it is under way, how much there is to do."""

    before: int
    is_under_way: bool
    proposals: int
    cities: int


def progress(w: Work, found: Matching) -> Progress:
    """How far a matching is."""
    waiting = select(func.count()).select_from(Matching).where(Matching.state == MatchingState.WAITING)
    before = w.session.exec(waiting.where(col(Matching.id) < found.id)).one()
    held = found.claimed_until is not None and found.claimed_until > w.now
    return Progress(before, held, len(found.inputs["proposals"]), len(found.inputs["cities"]))


def latest(w: Work, round_: Round) -> Matching | None:
    """The actor's last one."""
    return w.session.exec(
        select(Matching)
        .where(Matching.round_id == round_.id, Matching.by_id == w.actor.id)
        .order_by(col(Matching.id).desc())
        .limit(1)
    ).first()


@dataclass(frozen=True, slots=True)
class Pair:
    """A proposal and a city that could work together; ``want`` and ``wish`` in tenths."""

    proposal: Proposal
    city: Organisation
    want: int
    wish: int
    is_open: bool  # the city can still be invited


@dataclass(frozen=True, slots=True)
class Seen:
    """A matching beside how things stand now: pairs by proposal, and the proposals nobody was found for."""

    pairs: tuple[Pair, ...]
    without: tuple[Proposal, ...]


def seen(w: Work, found: Matching, way: str) -> Seen:
    """How its coordinator sees it: never a proposal they have a conflict with by now."""
    ids = [one["id"] for one in found.inputs["proposals"]]
    rows = w.session.exec(select(Proposal).where(col(Proposal.id).in_(ids), proposals.in_sight(w))).all()
    by_id = {one.id: one for one in sorted(rows, key=lambda one: one.title_key)}
    pairs = found.result[way]["pairs"]
    cities = {
        one.id: one
        for one in w.session.exec(select(Organisation).where(col(Organisation.id).in_({pair[1] for pair in pairs})))
    }
    barred = _barred(w, ids)
    order = {key: place for place, key in enumerate(by_id)}
    shown = [
        Pair(by_id[one], cities[city], want, wish, (one, city) not in barred and by_id[one].state in EDITABLE)
        for one, city, want, wish in sorted(pairs, key=lambda pair: (order.get(pair[0], 0), -pair[2]))
        if one in by_id
    ]
    have = {pair.proposal.id for pair in shown}
    return Seen(tuple(shown), tuple(one for key, one in by_id.items() if key not in have))
