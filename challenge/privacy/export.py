"""What is kept about a person, for that person: read off the register, as data, as a page, with their own files."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from sqlalchemy import select

from challenge.kernel.attachment import path_of
from challenge.kernel.errors import Problem, TooMany
from challenge.kernel.i18n import _
from challenge.kernel.proof import demand
from challenge.kernel.record import metadata
from challenge.kernel.work import Work
from challenge.people import actions as people
from challenge.people.models import Person
from challenge.privacy.activities import ACTIVITIES
from challenge.privacy.finding import Subject
from challenge.privacy.holding import BASES, Activity, Holding
from challenge.rounds.pieces import Retention

EPOCH = (1980, 1, 1, 0, 0, 0)  # the same data makes the same archive
YOU, ANOTHER = "you", "somebody else"
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """An activity with the rows that are about the person, table by table; tables without rows are left out."""

    activity: Activity
    kept: str
    basis: str
    tables: dict[str, list[dict[str, Any]]]

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(len(rows) for rows in self.tables.values())


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file the person uploaded: its name in the archive and where its bytes stand."""

    name: str
    sha256: str


def parts(w: Work, person: Person, years: Retention) -> list[Part]:
    """Everything, in the order of the register."""
    subject, codes = Subject.of(person), _Codes(w)
    return [
        Part(
            activity, " ".join(map(str, activity.kept(years))), str(BASES[activity.basis]),
            {one.table: rows for one in activity.holdings if (rows := _rows(w, one, subject, codes))},
        )
        for activity in ACTIVITIES
    ]  # fmt: skip


def take(w: Work, person: Person, years: Retention) -> tuple[list[Part], list[OwnFile]]:
    """The same for taking away: with a fresh proof, ten times an hour, journalled. Raises TooMany."""
    demand(w)
    if seconds := people.wait_for(w, people.export_limits(person.id)):
        raise TooMany(Problem("too_many_exports", _("Ten copies an hour are made. Take the next one later.")), seconds)
    found = parts(w, person, years), files_of(w, person)
    w.note("person", person, "export")
    return found


def files_of(w: Work, person: Person) -> list[OwnFile]:
    """The files the person uploaded that are still kept."""
    table = metadata.tables["attachment"]
    wanted = select(table.c.code, table.c.name, table.c.sha256).where(
        table.c.by_id == person.id, table.c.removed_at.is_(None)
    )
    return [OwnFile(f"files/{code}-{name}", sha256) for code, name, sha256 in w.session.execute(wanted)]


def data(found: list[Part], now: datetime) -> dict[str, Any]:
    """As a program reads it (Art. 20)."""
    return {
        "made_at": now.isoformat(),
        "activities": [
            {
                "activity": part.activity.key, "title": str(part.activity.title), "purpose": str(part.activity.purpose),
                "legal_basis": part.basis, "kept": part.kept, "read_by": str(part.activity.readers),
                "tables": part.tables,
            }
            for part in found
        ],
    }  # fmt: skip


def pack(out: IO[bytes], content: dict[str, Any], summary: str, files: list[OwnFile], root: Path) -> None:
    """Write the archive. Call it outside of the unit of work: files may be large."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
        archive.writestr(_entry("data.json"), text)
        archive.writestr(_entry("summary.html"), summary)
        for file in sorted(files, key=lambda one: one.name):
            path = path_of(root, file.sha256)
            if not path.exists():
                continue  # the row is in data.json; the bytes are gone with the draft they belonged to
            with path.open("rb") as source, archive.open(_entry(file.name), "w") as target:
                while block := source.read(BLOCK):
                    target.write(block)


def _entry(name: str) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name, EPOCH)
    made.compress_type, made.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    return made


class _Codes:
    """Ids become what people know: the public code of a record, and who is meant."""

    def __init__(self, w: Work) -> None:
        self.w = w
        self.known: dict[tuple[str, int], str] = {}

    def of(self, table: str, row_id: int) -> str:
        """The code of a row of this table."""
        if (table, row_id) not in self.known:
            target = metadata.tables[table]
            found = self.w.session.execute(select(target.c.code).where(target.c.id == row_id)).scalar_one()
            self.known[table, row_id] = found
        return self.known[table, row_id]


def _rows(w: Work, holding: Holding, subject: Subject, codes: _Codes) -> list[dict[str, Any]]:
    table = holding.columns
    if not holding.shown:
        return []
    shown = [table.c[name] for name in holding.shown]
    found = w.session.execute(select(*shown).where(holding.rows_of(subject)).order_by(table.c.id)).mappings()
    targets = {name: _target(table.c[name]) for name in holding.shown}
    return [{name: _plain(row[name], targets[name], subject, codes) for name in holding.shown} for row in found]


def _target(column: Any) -> str | None:
    return next((key.column.table.name for key in column.foreign_keys), None)


def _plain(value: Any, target: str | None, subject: Subject, codes: _Codes) -> Any:
    """As JSON holds it; another person is never named."""
    if value is None or target is None:
        return value.isoformat() if isinstance(value, date) else float(value) if isinstance(value, Decimal) else value
    if target == "person":
        return YOU if value == subject.id else ANOTHER
    return codes.of(target, value)
