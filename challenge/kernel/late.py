"""What came after the deadline is refused, and that it came is kept: what it was (as a hash), from whom and when.

The refusal undoes the work it happened in, so whoever opened that work keeps the attempt in one of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlmodel import select

from challenge.kernel.actor import Actor
from challenge.kernel.database import Database
from challenge.kernel.errors import Problem, Refused
from challenge.kernel.journal import Entry, Step, digest
from challenge.kernel.work import Work, scope_of

ACT = "came_late"


class TooLate(Refused):
    """The due date is over (409); ``attempt`` is what to keep of it."""

    def __init__(self, problem: Problem, attempt: Entry) -> None:
        super().__init__(problem)
        self.attempt = attempt


@contextmanager
def kept(w: Work, workflow: str, record: Any, act: str, content: Callable[[], Any]) -> Iterator[None]:
    """What is refused inside because the due date is over becomes TooLate, with the hash of what was handed in."""
    try:
        yield
    except Refused as refusal:
        if refusal.problem.code != "deadline_over" or not act.startswith("submit"):
            raise
        state, given = str(record.state), {"act": act, "sha256": digest(content())}
        attempt = Entry(workflow, record.code, ACT, state, state, w.actor.id, scope_of(record), w.now, given)
        raise TooLate(refusal.problem, attempt) from refusal


def keep(database: Database, actor: Actor, now: datetime, attempt: Entry) -> None:
    """Journal it, once for the same content. Who submits waits for the lock, as long as it takes."""
    same = select(Step.id).where(
        Step.workflow == attempt.workflow, Step.subject_code == attempt.subject_code, Step.transition == ACT,
        Step.digest == digest(attempt.given),
    )  # fmt: skip
    with database.session(writing=True, patient=True) as session:
        w = Work(session, actor, now)
        if w.session.exec(same).first() is None:
            w.step(
                attempt.workflow, attempt.subject_code, ACT, old=attempt.old_state, new=attempt.new_state,
                scope=attempt.scope, given=attempt.given,
            )  # fmt: skip
            w.finish()
            session.commit()
