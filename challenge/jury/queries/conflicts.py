"""Conflicts of interest: who has one with what."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select as sa_select
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from challenge.jury import rules
from challenge.jury.models import Conflict
from challenge.jury.queries.inference import Pair
from challenge.jury.queries.reviews import runs_round
from challenge.jury.states import ConflictState
from challenge.kernel.errors import Missing
from challenge.kernel.work import Work
from challenge.people.models import Organisation, Person
from challenge.proposals.models import Proposal
from challenge.rounds.models import Round


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
