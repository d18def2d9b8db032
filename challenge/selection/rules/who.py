"""Who may decide and who may handle an appeal."""

from __future__ import annotations

from sqlalchemy import or_
from sqlmodel import col, select

from challenge.jury.models import Conflict, Juror
from challenge.jury.states import ConflictState
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people import rules as people
from challenge.people.models import Person, Role
from challenge.people.rules import may_not
from challenge.people.states import RoleName
from challenge.proposals.models import Proposal
from challenge.rounds.models import Round
from challenge.selection.models import Appeal, Outcome
from challenge.submissions.models import Submission


def proposal_of(w: Work, record: Outcome | Appeal) -> Proposal:
    """The proposal an outcome is about, or an appeal."""
    return w.session.get_one(Proposal, record.proposal_id)


def round_of(w: Work, record: Outcome | Appeal | Proposal | Submission) -> Round:
    """Its round."""
    return w.session.get_one(Round, record.round_id)


def person_id(w: Work) -> int:
    """The actor's id. What two people must do is never done by the system."""
    if w.actor.id is None:
        message = "only a person can decide"
        raise ValueError(message)
    return w.actor.id


def is_decider(w: Work, outcome: Outcome) -> Problem | None:
    """A coordinator of the round without a conflict of interest with the proposal."""
    return may_decide(w, proposal_of(w, outcome))


def may_decide(w: Work, proposal: Proposal) -> Problem | None:
    """As ``is_decider``, before there is an outcome."""
    if problem := people.is_coordinator(w, proposal):
        return problem
    if is_on_panel(w, proposal.round_id):
        return may_not(_("You judge in this round. A coordinator who is not on the panel can do this."))
    if w.actor.id in conflicted(w, proposal):
        return may_not(_("You have a conflict of interest here. Another coordinator can do this."))
    return None


def is_on_panel(w: Work, round_id: int) -> bool:
    """Whether the actor judges in the round: who scores does not decide."""
    found = select(Juror.id).where(
        Juror.round_id == round_id,
        Juror.person_id == w.actor.id,
        col(Juror.accepted_at).is_not(None),
        col(Juror.left_at).is_(None),
    )
    return w.session.exec(found).first() is not None


def conflicted(w: Work, proposal: Proposal) -> set[int]:
    """Everybody with a conflict of interest that is not lifted."""
    found = select(Conflict.person_id).where(
        Conflict.proposal_id == proposal.id, Conflict.state != ConflictState.LIFTED
    )
    return set(w.session.exec(found))


def deciders(w: Work, record: Proposal | Appeal, *, but: int | None = None) -> list[tuple[int, str]]:
    """(id, name) of the coordinators of its round without a conflict, by name."""
    rows = w.session.exec(
        select(Person.id, Person.name)
        .join(Role, col(Role.person_id) == Person.id)
        .where(
            Role.name == RoleName.COORDINATOR,
            or_(col(Role.round_id).is_(None), col(Role.round_id) == record.round_id),
            col(Person.disabled_at).is_(None),
            col(Person.erased_at).is_(None),
        )
        .order_by(Person.name, col(Person.id))
        .distinct()
    )
    proposal = record if isinstance(record, Proposal) else proposal_of(w, record) if record.proposal_id else None
    left_out = conflicted(w, proposal) if proposal is not None else set()
    return [(person_id, name) for person_id, name in rows if person_id not in left_out and person_id != but]


def is_handler(w: Work, appeal: Appeal) -> Problem | None:
    """Who has taken the appeal."""
    if appeal.handler_id is not None and w.actor.id == appeal.handler_id:
        return None
    return may_not(_("Only the handler of this appeal can do this."))


def may_handle(w: Work, appeal: Appeal) -> Problem | None:
    """A coordinator without a conflict who took no part in the decision."""
    if problem := people.is_coordinator(w, appeal):
        return problem
    if w.actor.id in {appeal.decided_by, appeal.decided_with, appeal.filed_by}:
        return may_not(_("You took part in the decision. Another coordinator handles the appeal against it."))
    return may_decide(w, proposal_of(w, appeal)) if appeal.proposal_id is not None else None
