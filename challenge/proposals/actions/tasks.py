"""Tasks of a team: written down, taken, given, done."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_
from sqlmodel import col, select, update

from challenge.kernel.errors import Missing, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people.queries import person
from challenge.proposals import content, rules
from challenge.proposals.actions.permits import invalid, permit, require
from challenge.proposals.asks import Assigned, NewTask
from challenge.proposals.models import Proposal, TeamTask
from challenge.proposals.tasks import missing

MAX_TASKS = 100


def add_task(w: Work, proposal: Proposal, given: NewTask) -> TeamTask:
    """A task of the team's own."""
    permit(w, proposal, rules.may_write)
    require(w, proposal, rules.is_live)
    if len(_own(w, proposal)) >= MAX_TASKS:
        raise Refused(Problem("many_tasks", _("There are %(most)s tasks: take one off first.", most=MAX_TASKS)))
    who = _member(w, proposal, given.person)
    made = w.add(TeamTask(proposal_id=proposal.id, title=given.title, person_id=who, due_on=given.due_on))
    _tell(w, proposal, "add_task", made.title, who)
    return made


def assign_task(w: Work, proposal: Proposal, key: str, given: Assigned) -> None:
    """Who does it, and by when: of what is missing, or of a task of the team's own."""
    permit(w, proposal, rules.may_write)
    require(w, proposal, rules.is_live)
    w.session.refresh(proposal, with_for_update={"key_share": True})
    who = _member(w, proposal, given.person)
    found, title = _one(w, proposal, key)
    told = who if found.person_id != who else None
    found.person_id, found.due_on = who, given.due_on
    w.session.flush()
    _tell(w, proposal, "assign_task", title, told)


def settle_task(w: Work, proposal: Proposal, code: str, act: str) -> None:
    """A task of the team's own is done, open again, or taken off."""
    permit(w, proposal, rules.may_write)
    found = next((row for row in _own(w, proposal) if row.code == code), None)
    if found is None:
        raise Missing
    match act:
        case "done":
            found.done_at, found.done_by_id = w.now, w.actor.id
        case "reopen":
            found.done_at, found.done_by_id = None, None
        case "drop":
            w.session.delete(found)
        case _:
            raise Missing
    w.session.flush()


def follow_gate(w: Work, proposal: Proposal) -> None:
    """What the gate no longer misses is done, what it misses again is open again."""
    rows = w.session.exec(
        select(TeamTask).where(TeamTask.proposal_id == proposal.id, col(TeamTask.key).is_not(None))
    ).all()
    if not rows:
        return
    lacks = {item.key for item in missing(w, proposal)}
    for row in rows:
        if (row.key in lacks) == (row.done_at is not None):
            row.done_at = None if row.key in lacks else w.now
    w.session.flush()


def let_go(w: Work, proposal: Proposal, person_id: int | None) -> None:
    """Whoever leaves the team leaves its tasks to the others."""
    theirs = update(TeamTask).where(
        col(TeamTask.proposal_id) == proposal.id, col(TeamTask.person_id) == person_id, col(TeamTask.done_at).is_(None)
    )
    w.session.exec(theirs.values(person_id=None))


def _own(w: Work, proposal: Proposal) -> list[TeamTask]:
    rows = select(TeamTask).where(TeamTask.proposal_id == proposal.id, col(TeamTask.key).is_(None))
    return list(w.session.exec(rows))


def _one(w: Work, proposal: Proposal, key: str) -> tuple[TeamTask, Any]:
    item = next((item for item in missing(w, proposal) if item.key == key), None)
    by = col(TeamTask.key) == key if item is not None else and_(col(TeamTask.code) == key, col(TeamTask.key).is_(None))
    found = w.session.exec(select(TeamTask).where(TeamTask.proposal_id == proposal.id, by)).first()
    if found is not None:
        found.done_at = None if item is not None else found.done_at
        return found, item.title if item is not None else found.title
    if item is None:
        raise Missing
    return w.add(TeamTask(proposal_id=proposal.id, key=key)), item.title


def _member(w: Work, proposal: Proposal, code: str) -> int | None:
    """Somebody of the team who has joined, by code; nobody yet for an empty one."""
    if not code:
        return None
    joined = [row.person_id for row in rules.members(w, proposal) if row.person_id is not None]
    found = next((one for one in joined if person(w, one).code == code), None)
    if found is None:
        raise invalid("not_in_team", "person", _("Choose somebody of the team"))
    return found


def _tell(w: Work, proposal: Proposal, act: str, title: Any, who: int | None) -> None:
    """Journalled for the team alone; whom it is given to hears of it."""
    named = {"people": [person(w, who).code]} if who is not None else {}
    w.note(content.WORKFLOW, proposal, act, {"task": str(title), **named})
