"""The unit of work: one session, one actor, one instant, and the steps that commit with the change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import text
from sqlmodel import Session, SQLModel

from challenge.kernel import journal
from challenge.kernel.actor import SYSTEM, Actor
from challenge.kernel.database import Database
from challenge.kernel.record import Row
from challenge.kernel.sight import Seen

M = TypeVar("M", bound=SQLModel)
FOR = "for"  # the key under which a step says in whose place it was done


class Work:
    """What an action needs: ``session``, ``actor``, ``now``. Nothing but ``open_work`` commits.

    ``secret`` is the installation's: keys for receipts and for what is sealed are derived from it. What was made with
    one of the ``previous`` secrets is still read.
    """

    def __init__(
        self, session: Session, actor: Actor, now: datetime, secret: bytes = b"", previous: tuple[bytes, ...] = ()
    ) -> None:
        self.session = session
        self.actor = actor
        self.now = now
        self.secret = secret
        self.secrets = (secret, *previous)
        self._entries: list[journal.Entry] = []
        self.seen: list[Seen] = []
        self.known: dict[Any, Any] | None = None  # answers that hold as long as nothing can be written (kernel/once.py)

    def add(self, row: M) -> M:
        """Add a new row and give it its id; where it has a stamp, it is stamped with the time of this work."""
        if isinstance(row, Row) and row.stamp is not None and getattr(row, row.stamp) is None:
            setattr(row, row.stamp, self.now)
        self.session.add(row)
        self.session.flush()
        return row

    def step(
        self,
        workflow: str,
        subject_code: str,
        transition: str,
        *,
        old: str | None,
        new: str | None,
        scope: str | None = None,
        given: dict[str, Any] | None = None,
    ) -> None:
        """Journal something that happened. It is written when the work ends, in the same transaction."""
        actor_id = self.actor.id if self.actor.signed_in else None
        self._entries.append(
            journal.Entry(workflow, subject_code, transition, old, new, actor_id, scope, self.now, given or {})
        )

    def note(self, workflow: str, record: Any, act: str, given: dict[str, Any] | None = None) -> None:
        """Journal an act that leaves the state as it is (a revision, a member, a file)."""
        state = getattr(record, "state", None)
        value = None if state is None else str(state)
        self.step(
            workflow, record.code, act, old=value, new=value, scope=scope_of(record), given=self.in_place(record, given)
        )

    def in_place(self, record: Any, given: Mapping[str, Any] | None) -> dict[str, Any]:
        """What is given with a step, with the id of the person in whose place the actor does it, if there is one."""
        who = self.actor.in_place_of(record, given or {})
        return dict(given or {}) if who is None else {**(given or {}), FOR: who}

    def saw(self, place: str, round_code: str | None, codes: Iterable[str]) -> None:
        """Note that the actor is told who judges these records; whoever opened the work writes it when it is over."""
        one = Seen(place, round_code, frozenset(codes))
        if self.actor.signed_in and one.codes and one not in self.seen:
            self.seen.append(one)

    def finish(self) -> None:
        """Flush, let deferred constraints speak, then chain the steps: the lock comes last (design.md §9)."""
        self.session.flush()
        if not self._entries:
            return
        if self.session.get_bind().dialect.name == "postgresql":
            self.session.connection().execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
            self.session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": journal.CHAIN})
        journal.write(self.session, self._entries)
        self._entries.clear()


def scope_of(record: Any) -> str | None:
    """The code of the round a record belongs to, for the journal."""
    return getattr(record, "round_code", None)


@contextmanager
def open_work(
    database: Database, now: datetime, actor: Actor = SYSTEM, *, writing: bool = True, secret: bytes = b"",
    patient: bool = False,
) -> Iterator[Work]:  # fmt: skip
    """Work for jobs, the command line and tests: commits on leaving, rolls back when an exception passes.

    ``patient`` waits in any queue.
    """
    with database.session(writing=writing, patient=patient) as session:
        w = Work(session, actor, now, secret)
        yield w
        w.finish()
        session.commit()
