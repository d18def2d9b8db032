"""Conflicts of interest: who has one, and those the service can infer from seats, teams and cities."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select as sa_select
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from challenge.jury import rules
from challenge.jury.models import Conflict, Juror
from challenge.jury.queries.reviews import runs_round
from challenge.jury.states import ConflictKind, ConflictState
from challenge.kernel.errors import Missing
from challenge.kernel.work import Work
from challenge.people.models import Membership, Organisation, Person
from challenge.people.spelling import fold
from challenge.proposals.models import BudgetLine, PartnerCity, Proposal, TeamMember
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of

Pair = tuple[int, int]  # person id, proposal id


def is_conflicted(w: Work, person_id: int | None, proposal_id: int) -> bool:
    """Whether a conflict that is not lifted keeps this person from the proposal, in whatever role."""
    return rules.has_live_conflict(w, person_id, proposal_id)


def live(w: Work, round_id: int) -> dict[Pair, Conflict]:
    """The conflicts of a round that exclude."""
    found = select(Conflict).where(Conflict.round_id == round_id, Conflict.state != ConflictState.LIFTED)
    return {(row.person_id, row.proposal_id): row for row in w.session.exec(found)}


def barred(w: Work, round_id: int) -> frozenset[int]:
    """The proposals the actor has a live conflict with: nothing of theirs is shown."""
    found = _own_live(w).where(Conflict.round_id == round_id)
    return frozenset(w.session.exec(found)) if w.actor.id is not None else frozenset()


def _own_live(w: Work) -> SelectOfScalar[int]:
    """The proposals the actor has a live conflict with, as a query."""
    return select(Conflict.proposal_id).where(Conflict.person_id == w.actor.id, Conflict.state != ConflictState.LIFTED)


def conflict(w: Work, code: str) -> Conflict:
    """A conflict, for coordinators and observers of its round who have none there themselves. Raises Missing."""
    found = w.session.exec(
        select(Conflict).where(
            Conflict.code == code,
            runs_round(w, col(Conflict.round_id)),
            col(Conflict.proposal_id).not_in(_own_live(w)),
        )
    ).first()
    if found is None:
        raise Missing
    return found


@dataclass(frozen=True, slots=True)
class Known:
    """A conflict as the round's list shows it."""

    conflict: Conflict
    person: str
    proposal_code: str
    proposal: str
    organisation: str | None


def every(w: Work, round_: Round) -> list[Known]:
    """The conflicts of a round: those that wait for a decision first, lifted ones last.

    Of a proposal the actor has a conflict with, nobody's is shown: its title and its jurors are not theirs to know.
    """
    rows = w.session.execute(
        sa_select(Conflict, col(Person.name), col(Proposal.code), col(Proposal.title), col(Organisation.name))
        .join(Person, col(Person.id) == Conflict.person_id)
        .join(Proposal, col(Proposal.id) == Conflict.proposal_id)
        .outerjoin(Organisation, col(Organisation.id) == Conflict.organisation_id)
        .where(col(Conflict.round_id) == round_.id, col(Conflict.proposal_id).not_in(_own_live(w)))
        .order_by(col(Person.name), col(Proposal.title))
    ).all()
    w.saw("conflicts", round_.code, (row[0].code for row in rows))
    places = {ConflictState.INFERRED: 0, ConflictState.DECLARED: 1, ConflictState.CONFIRMED: 2, ConflictState.LIFTED: 3}
    return sorted((Known(*row) for row in rows), key=lambda known: places[known.conflict.state])


@dataclass(frozen=True, slots=True)
class Inference:
    """What speaks for a conflict: the kind, and the organisation both have in common."""

    kind: ConflictKind
    organisation_id: int | None = None


def inferred(w: Work, round_: Round, jurors: Collection[Juror], proposals: Collection[int]) -> dict[Pair, Inference]:
    """What can be inferred of these jurors and proposals (ids), in a constant number of queries.

    A place in the team weighs most, then a seat in a partner city, then a seat in the lead's or a member's
    organisation or one that has a budget. The programme's host is a partner in most pilots: for its people only the
    team counts.
    """
    if not jurors or not proposals:
        return {}
    people = {juror.person_id for juror in jurors}
    team = team_of(w, proposals)
    seats = seats_of(w, people | {person for members in team.values() for person in members})
    hosts = _hosts(w, round_)
    cities = _grouped(
        w.session.execute(
            select(PartnerCity.proposal_id, PartnerCity.city_id).where(
                col(PartnerCity.proposal_id).in_(proposals), col(PartnerCity.left_at).is_(None)
            )
        )
    )
    leads = dict(
        w.session.execute(select(Proposal.id, Proposal.organisation_id).where(col(Proposal.id).in_(proposals))).all()
    )
    paid = _grouped(
        w.session.execute(
            select(BudgetLine.proposal_id, BudgetLine.organisation_id).where(col(BudgetLine.proposal_id).in_(proposals))
        )
    )
    found = {}
    for proposal_id in proposals:
        members = team.get(proposal_id, set())
        around = (
            {leads[proposal_id]}
            | paid.get(proposal_id, set())
            | {seat for member in members for seat in seats.get(member, ())}
        )
        for person in people:
            own = seats.get(person, set()) - hosts
            if person in members:
                found[person, proposal_id] = Inference(ConflictKind.TEAM)
            elif shared := own & cities.get(proposal_id, set()):
                found[person, proposal_id] = Inference(ConflictKind.CITY, min(shared))
            elif shared := own & around:
                found[person, proposal_id] = Inference(ConflictKind.ORGANISATION, min(shared))
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


def _hosts(w: Work, round_: Round) -> set[int]:
    """The programme's hosts by name, as the rules call them."""
    names = {fold(name) for name in rules_of(round_).host_organisations}
    if not names:
        return set()
    return set(w.session.exec(select(Organisation.id).where(col(Organisation.name_key).in_(names))))


def _grouped(rows: Iterable[Any]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for key, value in rows:
        found.setdefault(key, set()).add(value)
    return found


def names_of_organisations(w: Work, inferences: Mapping[Pair, Inference]) -> dict[int, str]:
    """The names of the organisations the inferences rest on."""
    wanted = {inference.organisation_id for inference in inferences.values() if inference.organisation_id is not None}
    if not wanted:
        return {}
    rows = w.session.execute(select(Organisation.id, Organisation.name).where(col(Organisation.id).in_(wanted)))
    return dict(rows.all())
