"""Backups that honour erasure: one folder a backup, with a manifest; the list of the erased stands beside them.

A backup is ``<folder>/<instant>/`` with the database, the files and ``manifest.json``; every backup brings
``<folder>/erasures.json`` up to date, so that restoring an older one erases again whoever was erased since.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from sqlmodel import col, select

from challenge.kernel import migrate
from challenge.kernel.database import Database
from challenge.kernel.errors import Problem, Refused
from challenge.kernel.i18n import Text, _
from challenge.kernel.journal import GENESIS, Step
from challenge.privacy import periods
from challenge.privacy.models import Erasure

MANIFEST, LIST = "manifest.json", "erasures.json"
SQLITE, DUMP = "database.sqlite", "database.dump"


@dataclass(frozen=True, slots=True)
class Made:
    """A backup: where it stands and what it holds."""

    path: Path
    files: int
    steps: int
    removed: int


def back_up(database: Database, files: Path, folder: Path, now: datetime) -> Made:
    """Make a backup of this moment, and remove those that are too old. Raises Refused where a program is missing."""
    target = folder / f"{now:%Y-%m-%dT%H%M%SZ}"
    target.mkdir(parents=True, mode=0o700)
    _sqlite(database, target / SQLITE) if database.is_sqlite else _dump(database, target / DUMP)
    with database.session(writing=False) as session:
        last = session.exec(select(Step.id, Step.hash).order_by(col(Step.id).desc()).limit(1)).first()
        erased = {row.person_code: row.at.isoformat() for row in session.exec(select(Erasure))}
    kept = _copy(files, target / "files")
    step, head = last or (0, GENESIS)
    content = {
        "made_at": now.isoformat(), "database": "sqlite" if database.is_sqlite else "postgresql",
        "schema": migrate.current(database), "erased": erased,
        "journal": {"step": step, "head": head},
        "sha256": {str(path.relative_to(target)): _sha256(path) for path in _parts(target)},
    }  # fmt: skip
    _write(target / MANIFEST, content)
    _write(folder / LIST, read_list(folder / LIST) | erased)
    return Made(target, kept, step, _expire(folder, now))


def manifest(source: Path) -> dict[str, Any]:
    """The manifest, after every byte was compared with it. Raises Refused naming the first file that differs."""
    path = source / MANIFEST
    if not path.is_file():
        _refuse("no_backup", _("There is no manifest in %(path)s: this is no backup.", path=source))
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    found = {str(part.relative_to(source)): part for part in _parts(source)}
    for name in sorted({*found, *content["sha256"]}):
        if name not in found or content["sha256"].get(name) != _sha256(found[name]):
            _refuse("backup_differs", _("%(name)s is not as the manifest says. Nothing was restored.", name=name))
    return content


def read_list(path: Path) -> dict[str, str]:
    """Number → when, of everybody who was erased."""
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def program(name: str, folder: str | None = None) -> str:
    """Where a program of PostgreSQL is. Raises Refused when it is not installed."""
    found = shutil.which(name, path=folder)
    if found is None:
        _refuse(
            "program_missing",
            _("%(name)s is not installed. Install the client programs of PostgreSQL, of the server’s version or newer.",
              name=name),
        )  # fmt: skip
    return found


def environment(database: Database) -> Mapping[str, str]:
    """How PostgreSQL's programs reach the database: never by their arguments, which everybody can list."""
    url = database.url
    given = {
        "PGHOST": url.query.get("host") or url.host, "PGPORT": url.port, "PGUSER": url.username,
        "PGPASSWORD": url.password, "PGDATABASE": url.database,
    }  # fmt: skip
    return {**os.environ, **{name: str(value) for name, value in given.items() if value}}


def _sqlite(database: Database, path: Path) -> None:
    connection = database.engine.raw_connection()
    try:
        connection.cursor().execute("VACUUM INTO ?", (str(path),))
    finally:
        connection.close()


def _dump(database: Database, path: Path) -> None:
    command = [program("pg_dump"), "--format=custom", "--no-owner", "--no-privileges", f"--file={path}"]
    subprocess.run(command, check=True, env=environment(database))  # noqa: S603 -- our own arguments


def _copy(files: Path, target: Path) -> int:
    found = [path for path in files.glob("??/*") if path.is_file()]
    for path in found:
        copy = target / path.parent.name / path.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)
    return len(found)


def _parts(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and path != folder / MANIFEST]


def _expire(folder: Path, now: datetime) -> int:
    """Backups that are too old; what has no manifest of ours is left alone."""
    old = []
    for path in folder.glob(f"*/{MANIFEST}"):
        made_at = datetime.fromisoformat(json.loads(path.read_text(encoding="utf-8"))["made_at"])
        if now - made_at > periods.BACKUPS:
            old.append(path.parent)
    for path in old:
        shutil.rmtree(path)
    return len(old)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, content: object) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    fresh.chmod(0o600)
    fresh.replace(path)


def _refuse(code: str, text: Text) -> NoReturn:
    raise Refused(Problem(code, text))
