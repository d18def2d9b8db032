"""Conflicts of interest the service can infer: from teams, seats, cities, addresses and earlier work."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlmodel import col, select

from challenge.jury.models import Conflict, Juror
from challenge.jury.queries.gathering import Around, Own, gathered, grouped
from challenge.jury.states import ConflictKind, ConflictState, Via
from challenge.kernel.work import Work
from challenge.people.models import Organisation, Person
from challenge.rounds.models import Round

Pair = tuple[int, int]  # person id, proposal id


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
    known = gathered(w, round_, people, proposals)
    every = {person: known.own(person) for person in people}
    holders: dict[object, set[int]] = grouped(
        (key, person) for person, own in every.items() for key in own.marks(person)
    )
    found = {}
    for proposal in proposals:
        around = known.around(proposal)
        for person in set[int]().union(*(holders[key] for key in around.marks() if key in holders)):
            if inference := _between(person, every[person], around):
                found[person, proposal] = inference
    return found


def _between(person: int, own: Own, around: Around) -> Inference | None:
    if person in around.team or own.mailbox in around.mailboxes:
        return Inference(ConflictKind.TEAM, via=Via.TEAM)
    for kind, there in ((ConflictKind.CITY, around.cities), (ConflictKind.ORGANISATION, around.others)):
        if shared := [organisation for house in own.houses if (organisation := there.get(house)) is not None]:
            return Inference(kind, min(shared), Via.SEAT)
        if own.domain and own.domain in there:
            return Inference(kind, there[own.domain], Via.DOMAIN, own.domain)
    return Inference(ConflictKind.CO_AUTHOR, via=Via.WORK) if own.colleagues & around.team else None


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
