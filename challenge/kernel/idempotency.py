"""The same request sent twice happens once: the answer is kept with the change, in the same transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, select

from challenge.kernel.columns import UtcDateTime, json_column
from challenge.kernel.constraints import refuses
from challenge.kernel.errors import Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.record import Row
from challenge.kernel.work import Work

REUSED = Problem("key_reused", _("This Idempotency-Key was used for another request. Use a new one."))
AT_ONCE = Problem("key_in_use", _("A request with this Idempotency-Key is being answered. Ask again in a second."))


class IdempotencyKey(Row, table=True):
    """What was answered to a key of an actor."""

    __tablename__ = "idempotency_key"
    __table_args__ = (UniqueConstraint("actor_id", "key"),)

    actor_id: int = Field(foreign_key="person.id", ondelete="RESTRICT")
    key: str = Field(max_length=80)
    request_hash: str = Field(max_length=64)
    status: int
    location: str | None = Field(default=None, max_length=200)
    etag: str | None = Field(default=None, max_length=40)
    body: dict[str, Any] | None = Field(default=None, sa_type=json_column())
    at: datetime = Field(sa_type=UtcDateTime)


refuses("uq_idempotency_key_actor_id_key", AT_ONCE, columns="idempotency_key.actor_id, idempotency_key.key")


def answered(w: Work, key: str, request_hash: str) -> IdempotencyKey | None:
    """The kept answer, if this actor sent exactly this request under this key. Raises Refused for another request."""
    found = w.session.exec(
        select(IdempotencyKey).where(IdempotencyKey.actor_id == w.actor.id, IdempotencyKey.key == key)
    ).first()
    if found is not None and found.request_hash != request_hash:
        raise Refused(REUSED)
    return found
