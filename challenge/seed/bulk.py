"""Many rows at once, through the tables: with the defaults of the models, ids of our own, parents before children."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from typing import Any

from pydantic_core import PydanticUndefined
from sqlalchemy import Connection, insert, text
from sqlmodel import SQLModel

from challenge.kernel.codes import ALPHABET, LENGTH
from challenge.kernel.journal import GENESIS, Entry, Step, StepDelivery, digest, link
from challenge.kernel.record import metadata

AT_ONCE = 5_000
NOTHING = digest({})


class Bulk:
    """Collects rows and inserts them some thousands at a time. ``finish`` must be called last."""

    def __init__(self, connection: Connection, now: datetime, chance: random.Random) -> None:
        self.connection, self.now, self.chance = connection, now, chance
        self._ids: dict[str, int] = {}
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._models: dict[type[SQLModel], tuple[dict[str, Any], dict[str, Callable[[], Any]]]] = {}
        self._codes: set[str] = set()
        self._waiting = 0
        self._head = GENESIS

    def code(self) -> str:
        """A code nobody has, the same in every run of the same seed."""
        while (code := "".join(self.chance.choices(ALPHABET, k=LENGTH))) in self._codes:
            pass
        self._codes.add(code)
        return code

    def put(self, model: type[SQLModel], **given: Any) -> int:
        """One more row: its id."""
        plain, made = self._defaults(model)
        table = str(model.__tablename__)
        number = self._ids[table] = self._ids.get(table, 0) + 1
        row = {**plain, **{name: make() for name, make in made.items() if name not in given}, **given, "id": number}
        self._rows.setdefault(table, []).append(row)
        self._waiting += 1
        if self._waiting >= AT_ONCE:
            self._write()
        return number

    def step(self, workflow: str, code: str, state: str, scope: str | None) -> None:
        """Journal that a record was imported in this state; there is nobody to tell."""
        entry = Entry(workflow, code, "import", None, state, None, scope, self.now)
        here = link(self._head, entry, NOTHING)
        step = self.put(
            Step, workflow=workflow, subject_code=code, transition="import", new_state=state, scope=scope,
            at=self.now, digest=NOTHING, previous_hash=self._head, hash=here,
        )  # fmt: skip
        self._head = here
        self.put(StepDelivery, step_id=step, delivered_at=self.now)

    def finish(self) -> None:
        """Insert what waits; later rows get later ids."""
        self._write()
        if self.connection.dialect.name == "postgresql":
            for table, last in self._ids.items():
                self.connection.execute(
                    text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"), {"name": table, "last": last}
                )

    def _write(self) -> None:
        for table in metadata.sorted_tables:
            if rows := self._rows.pop(table.name, None):
                self.connection.execute(insert(table), rows)
        self._waiting = 0

    def _defaults(self, model: type[SQLModel]) -> tuple[dict[str, Any], dict[str, Callable[[], Any]]]:
        """(values, makers of values) for the columns that are not given."""
        if model not in self._models:
            known: dict[str, Any] = {"version": 1, "created_at": self.now}
            if stamp := getattr(model, "stamp", None):  # as Work.add does
                known[stamp] = self.now
            plain: dict[str, Any] = {}
            made: dict[str, Callable[[], Any]] = {}
            for name, field in model.model_fields.items():
                if name in known:
                    plain[name] = known[name]
                elif name == "code":
                    made[name] = self.code
                elif field.default_factory is not None:
                    made[name] = field.default_factory  # type: ignore[assignment]
                elif field.default is not PydanticUndefined:
                    plain[name] = field.default
            self._models[model] = plain, made
        return self._models[model]
