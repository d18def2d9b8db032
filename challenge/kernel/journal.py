"""The journal: one step per thing that happened, chained by hashes, never changed.

A step says who moved what from which state to which, and keeps a digest of what was given. The words themselves
stand in ``step_text``, which may be erased while the chain stays verifiable. The step is also the outbox:
``step_delivery`` marks what has been told (design.md §3, §9).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Index
from sqlmodel import Field, Session, col, select

from challenge.kernel.columns import UtcDateTime, json_column
from challenge.kernel.record import Row
from challenge.kernel.triggers import Trigger, append_only, register

CHAIN = 4_711  # the advisory lock of the one global chain
GENESIS = "0" * 64


class Step(Row, table=True):
    """One row of the journal. ``scope`` is the code of the round it belongs to, if any."""

    __table_args__ = (Index("ix_step_subject", "workflow", "subject_code"), Index("ix_step_scope", "scope"))

    workflow: str = Field(max_length=32)
    subject_code: str = Field(max_length=40)
    transition: str = Field(max_length=48)
    old_state: str | None = Field(default=None, max_length=32)
    new_state: str | None = Field(default=None, max_length=32)
    actor_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")  # None: the system
    scope: str | None = Field(default=None, max_length=8)
    digest: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64, unique=True)


class StepText(Row, table=True):
    """What was given with a step (a reason, a date): erasable, while the digest in the chain stays."""

    __tablename__ = "step_text"

    step_id: int = Field(foreign_key="step.id", unique=True, ondelete="RESTRICT")
    given: dict[str, Any] = Field(default_factory=dict, sa_type=json_column(), nullable=False)


class StepDelivery(Row, table=True):
    """Whether the messages of a step have been made. Written with the step, claimed by a lease."""

    __tablename__ = "step_delivery"

    step_id: int = Field(foreign_key="step.id", unique=True, ondelete="RESTRICT")
    claimed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    delivered_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)


for _trigger in append_only("step"):
    register(_trigger)


@dataclass(slots=True)
class Entry:
    """A step to be: collected during the work, written and chained when it ends."""

    workflow: str
    subject_code: str
    transition: str
    old_state: str | None
    new_state: str | None
    actor_id: int | None
    scope: str | None
    at: datetime
    given: dict[str, Any] = field(default_factory=dict)


def canonical(value: object) -> str:
    """JSON with sorted keys and no spaces: the same text for the same content, everywhere."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def digest(value: object) -> str:
    """SHA-256 (hex) of the canonical form."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def link(previous: str, step: Entry | Step, digest_of_given: str) -> str:
    """The hash of a step: over the previous hash and every column that says something."""
    parts = (
        previous, step.workflow, step.subject_code, step.transition, step.old_state, step.new_state,
        step.actor_id, step.scope, digest_of_given, step.at.isoformat(timespec="milliseconds"),
    )  # fmt: skip
    return digest(parts)


def write(session: Session, entries: list[Entry]) -> None:
    """Chain and insert the entries. Called last in a transaction, under the chain's lock."""
    previous = head(session)
    for entry in entries:
        of_given = digest(entry.given)
        step = Step(
            workflow=entry.workflow, subject_code=entry.subject_code, transition=entry.transition,
            old_state=entry.old_state, new_state=entry.new_state, actor_id=entry.actor_id, scope=entry.scope,
            at=entry.at, digest=of_given, previous_hash=previous, hash=link(previous, entry, of_given),
        )  # fmt: skip
        previous = step.hash
        session.add(step)
        session.flush()
        if entry.given:
            session.add(StepText(step_id=step.id, given=entry.given))
        session.add(StepDelivery(step_id=step.id))
    session.flush()


def head(session: Session) -> str:
    """The hash of the last step: whoever keeps it elsewhere finds out if the end is cut off."""
    return session.exec(select(Step.hash).order_by(col(Step.id).desc()).limit(1)).first() or GENESIS


def faults(session: Session, noted: str = "") -> Iterator[str]:
    """Everything wrong with the chain: broken links, altered columns, altered words, jumps of state, an end cut off.

    ``noted`` is a head of an earlier day, kept outside of the database: nothing inside can tell that steps at the end
    are missing.
    """
    previous, states, found = GENESIS, dict[tuple[str, str], str | None](), noted in {"", GENESIS}
    texts = dict(session.exec(select(StepText.step_id, StepText.given)).all())
    for step in session.exec(select(Step).order_by(col(Step.id))):
        subject = (step.workflow, step.subject_code)
        if step.previous_hash != previous:
            yield f"step {step.id}: does not follow the step before it (one was removed or put in between)"
        if link(step.previous_hash, step, step.digest) != step.hash:
            yield f"step {step.id}: a column was changed after it was written"
        if step.id in texts and digest(texts[step.id]) != step.digest:
            yield f"step {step.id}: the words given with it were changed"
        if subject in states and step.transition != "import" and step.old_state != states[subject]:
            yield f"step {step.id}: {subject[0]} {subject[1]} was {states[subject]}, the step says {step.old_state}"
        states[subject] = step.new_state
        previous, found = step.hash, found or step.hash == noted
    if not found:
        yield f"the journal ends before the step with the hash {noted}: its end was cut off, or written anew"


def is_postgresql(connection: Connection) -> bool:
    """Whether this connection speaks to PostgreSQL (else SQLite)."""
    return connection.dialect.name == "postgresql"


__all__ = [
    "CHAIN", "Entry", "Step", "StepDelivery", "StepText", "Trigger", "canonical", "digest", "faults", "head", "write",
]  # fmt: skip
