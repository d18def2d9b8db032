"""Conflicts of interest: declared, set, inferred, confirmed, lifted; each changes what counts, at once."""

from __future__ import annotations

from pydantic import BaseModel
from sqlmodel import col, select

from challenge.jury import queries
from challenge.jury.actions.pushing import lock_all, locked, push
from challenge.jury.consensus.queries import taken_part_in
from challenge.jury.consensus.workflow import CONSENSUS
from challenge.jury.models import Conflict, Juror, Review
from challenge.jury.queries import Inference
from challenge.jury.schemas import Stepping
from challenge.jury.states import JUDGED, LIVE, ConflictKind, ConflictSource, ConflictState
from challenge.jury.workflow import CONFLICT, REVIEW
from challenge.kernel.errors import Forbidden, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.kernel.workflow import Fired
from challenge.people import rules as people
from challenge.people.models import Person
from challenge.proposals import actions as proposals
from challenge.proposals.models import Proposal
from challenge.rounds.models import Round

INFERRED = "inferred"


def declare_conflict(w: Work, proposal: Proposal, given: Stepping) -> Conflict:
    """The actor has a conflict with the proposal, in whatever role: it closes for them at once."""
    proposal = locked(w, proposal.id)
    if w.actor.id is None:
        raise Forbidden(people.may_not(_("Sign in to do this.")))
    standing = _live(w, w.actor.id, proposal.id)
    if standing is None:
        standing = _made(
            w, proposal, w.actor.id, given.kind, given.explanation, ConflictSource.DECLARED, ConflictState.DECLARED
        )
        w.note(CONFLICT.name, standing, "declared")
    elif standing.state is ConflictState.INFERRED:
        standing.kind, standing.reason, standing.source = given.kind, given.explanation, ConflictSource.DECLARED
        CONFLICT.cause(w, standing, "declare")
    _step_aside(w, standing)
    push(w, proposal)
    return standing


def set_conflict(w: Work, proposal: Proposal, person: Person, kind: ConflictKind, reason: str) -> Conflict:
    """A coordinator knows of a conflict of somebody; one's own is declared. Raises Forbidden, Refused."""
    if problem := people.is_coordinator(w, proposal):
        raise Forbidden(problem)
    if person.id == w.actor.id:
        return declare_conflict(w, proposal, Stepping(kind=kind, explanation=reason))
    proposal = locked(w, proposal.id)
    if _live(w, person.id, proposal.id) is not None:
        text = _("There is a conflict between them already. Confirm or lift that one.")
        raise Refused(Problem("conflict_exists", text))
    made = _made(w, proposal, person.id, kind, reason, ConflictSource.SET, ConflictState.CONFIRMED)
    made.decided_at, made.decided_by_id = w.now, w.actor.id
    w.note(CONFLICT.name, made, "set", {"kind": str(kind), "reason": reason})
    _step_aside(w, made)
    push(w, proposal)
    return made


def infer(w: Work, round_: Round) -> list[Conflict]:
    """Record what speaks for a conflict between the panel and the proposals before it. What was lifted stays lifted."""
    if w.actor.kind != "system" and (problem := people.is_coordinator(w, round_)):
        raise Forbidden(problem)
    lock_all(w, round_)
    jurors = w.session.exec(
        select(Juror)
        .where(Juror.round_id == round_.id, col(Juror.declined_at).is_(None), col(Juror.left_at).is_(None))
        .order_by(col(Juror.id))
    ).all()
    before_the_jury = select(Proposal.id).where(Proposal.round_id == round_.id, col(Proposal.state).in_(JUDGED))
    found = queries.inferred(w, round_, jurors, list(w.session.exec(before_the_jury)))
    known = {
        (row.person_id, row.proposal_id)
        for row in w.session.exec(select(Conflict).where(Conflict.round_id == round_.id))
        if row.state is not ConflictState.LIFTED or _same(row, found.get((row.person_id, row.proposal_id)))
    }
    made = []
    for person_id, proposal_id in sorted(found.keys() - known, key=lambda pair: (pair[1], pair[0])):
        inference, proposal = found[person_id, proposal_id], locked(w, proposal_id)
        conflict = _made(
            w, proposal, person_id, inference.kind, inference.domain, ConflictSource.INFERRED, ConflictState.INFERRED,
            inference.organisation_id,
        )  # fmt: skip
        w.note(CONFLICT.name, conflict, INFERRED, {"kind": str(inference.kind)})
        push(w, proposal)
        made.append(conflict)
    return made


def speaks_for_a_conflict(w: Work, proposal: Proposal, juror: Juror) -> bool:
    """Whether something does at this moment, recorded or not, that no coordinator has lifted."""
    found = queries.inferred(w, w.session.get_one(Round, proposal.round_id), [juror], [proposal.id])
    inference = found.get((juror.person_id, proposal.id))
    return inference is not None and not queries.was_lifted(w, juror.person_id, proposal.id, inference)


def _same(row: Conflict, inference: Inference | None) -> bool:
    """Whether a coordinator has already lifted exactly this."""
    return inference is not None and (row.kind, row.organisation_id) == (inference.kind, inference.organisation_id)


def fire_conflict(w: Work, conflict: Conflict, name: str, given: BaseModel | None = None) -> Fired:
    """Confirm or lift. Confirmed: the juror's reviews are recused. Lifted: what was submitted counts again."""
    proposal = locked(w, conflict.proposal_id)
    fired = CONFLICT.fire(w, conflict, name, given)
    if conflict.state is ConflictState.LIFTED:
        proposals.readmit(w, proposal, conflict.person_id)
    else:
        _step_aside(w, conflict)
    push(w, proposal)
    return fired


def _live(w: Work, person_id: int, proposal_id: int) -> Conflict | None:
    return w.session.exec(
        select(Conflict).where(
            Conflict.person_id == person_id,
            Conflict.proposal_id == proposal_id,
            Conflict.state != ConflictState.LIFTED,
        )
    ).first()


def _made(
    w: Work,
    proposal: Proposal,
    person_id: int,
    kind: ConflictKind,
    reason: str,
    source: ConflictSource,
    state: ConflictState,
    organisation_id: int | None = None,
) -> Conflict:
    made = w.add(
        Conflict(
            round_id=proposal.round_id, round_code=proposal.round_code, person_id=person_id, proposal_id=proposal.id,
            kind=kind, source=source, state=state, reason=reason, organisation_id=organisation_id, at=w.now,
            by_id=w.actor.id,
        )
    )  # fmt: skip
    proposals.exclude(w, proposal, person_id)
    return made


def _step_aside(w: Work, conflict: Conflict) -> None:
    """Recuse the person's reviews of the proposal, at every gate, and let fall every consensus they took part in."""
    fallen = taken_part_in(w, conflict.person_id, conflict.proposal_id)
    reviews = w.session.exec(
        select(Review)
        .join(Juror, col(Juror.id) == Review.juror_id)
        .where(
            Juror.person_id == conflict.person_id,
            Review.proposal_id == conflict.proposal_id,
            col(Review.state).in_(LIVE),
        )
        .order_by(col(Review.id))
    ).all()
    for review in reviews:
        REVIEW.cause(
            w, review, "recuse", Stepping(kind=conflict.kind, explanation=conflict.reason or str(conflict.kind))
        )
    for consensus in fallen:
        CONSENSUS.cause(w, consensus, "fall")
