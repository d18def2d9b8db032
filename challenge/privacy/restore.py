"""Restoring a backup into an empty place: checked, erasures replayed, nobody signed in, no mail sent twice."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import CursorResult, delete, inspect, update
from sqlmodel import col

from challenge.kernel import journal, migrate
from challenge.kernel.database import Database
from challenge.kernel.errors import Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.letter import Letter
from challenge.kernel.work import Work, open_work
from challenge.notifications import actions as notifications
from challenge.people.models import ApiToken, PasskeyChallenge, SignInLink, SignInSession
from challenge.people.oidc.models import OidcFlow
from challenge.privacy import backup, erasure

HELD = datetime(9999, 1, 1, tzinfo=UTC)  # no delivery before it is released


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and what was done to it."""

    steps: int
    erased: int
    held: int


def restore(source: Path, database: Database, files: Path, now: datetime, public_url: str,
            erasures: Path | None = None) -> Restored:  # fmt: skip
    """Bring a backup into an empty database and an empty folder of files.

    Raises Refused before anything is written; a journal that does not verify is found afterwards, and said.
    """
    content = backup.manifest(source)
    kind = "sqlite" if database.is_sqlite else "postgresql"
    if content["database"] != kind:
        raise Refused(Problem("other_database", _("This backup is one of %(kind)s.", kind=content["database"])))
    if inspect(database.engine).get_table_names() or any(files.glob("??/*")):
        raise Refused(Problem("not_empty", _("Restore into an empty database and an empty folder of files.")))
    _load(source, database)
    if (source / "files").is_dir():
        shutil.copytree(source / "files", files, dirs_exist_ok=True)
    migrate.upgrade(database)
    with open_work(database, now) as w:
        _check(w, content["journal"])
        listed = backup.read_list(erasures or source.parent / backup.LIST) | content["erased"]
        again = sum(erasure.replay(w, code, datetime.fromisoformat(at)) for code, at in sorted(listed.items()))
        void(w)
        while notifications.tell(w, public_url):
            pass
        held = hold_mail(w)
        w.step("service", "backup", "restore", old=None, new=None, given={"made_at": content["made_at"]})
    return Restored(content["journal"]["step"], again, held)


def void(w: Work) -> None:
    """Nobody is signed in, no link and no token of before works."""
    for table in (SignInSession, SignInLink, ApiToken, PasskeyChallenge, OidcFlow):
        w.session.execute(delete(table))


def hold_mail(w: Work) -> int:
    """What was unsent may have been sent after the backup: it waits for a person. How many letters."""
    waiting = (col(Letter.sent_at).is_(None), col(Letter.failed_at).is_(None))
    return _count(w, update(Letter).where(*waiting).values(next_try_at=HELD, claimed_until=None))


def release_mail(w: Work) -> int:
    """Send what was held after all. How many letters."""
    return _count(w, update(Letter).where(col(Letter.next_try_at) == HELD).values(next_try_at=w.now))


def _count(w: Work, statement: object) -> int:
    done = w.session.execute(statement.execution_options(synchronize_session=False))  # type: ignore[attr-defined]
    return done.rowcount if isinstance(done, CursorResult) else 0


def _load(source: Path, database: Database) -> None:
    if database.is_sqlite:
        database.close()
        path = Path(str(database.url.database))
        for leftover in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
            leftover.unlink(missing_ok=True)
        shutil.copy2(source / backup.SQLITE, path)
        return
    command = [backup.program("pg_restore"), "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
    environment = backup.environment(database)
    command += [f"--dbname={environment['PGDATABASE']}", str(source / backup.DUMP)]
    subprocess.run(command, check=True, env=environment)  # noqa: S603 -- our own arguments


def _check(w: Work, said: dict[str, object]) -> None:
    """The journal is the one the manifest names, and whole."""
    if journal.head(w.session) != said["head"] or next(journal.faults(w.session), None) is not None:
        raise Refused(Problem("journal_differs", _("The journal of this backup does not verify. Do not use it.")))
