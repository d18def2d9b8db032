"""Where files are: room, the kind of file system, SQLite's build, and that one process has the file to itself."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from challenge.kernel.database import FIXED_SQLITE, Database, sqlite_module
from challenge.settings import Settings

LEAST_FREE = 1_000_000_000
MOUNTS = Path("/proc/self/mountinfo")
REMOTE = frozenset(
    "9p afs ceph cifs fuse.glusterfs fuse.sshfs gfs2 glusterfs lustre ncpfs nfs nfs4 ocfs2 orangefs smb3 smbfs".split()  # noqa: SIM905 -- read as a list of words
)
LAYERED = frozenset({"aufs", "overlay", "fuse.fuse-overlayfs"})
WAL = b"\x02\x02"  # bytes 18 and 19 of a file in write-ahead mode


def exists(database: Database) -> bool:
    """Whether the SQLite file is there."""
    return (path := _path(database)) is not None and path.exists()


def has_room(settings: Settings, database: Database, _held: ExitStack) -> Iterator[str]:
    """A full disk ends every transaction."""
    folders = {"CHALLENGE_FILES": settings.files, "the database": path.parent if (path := _path(database)) else None}
    for name, folder in folders.items():
        if folder is not None and (free := shutil.disk_usage(_nearest(folder)).free) < LEAST_FREE:
            yield f"Only {free // 1_000_000} MB are free for {name} ({folder}): at least 1 GB is needed."


def is_on_a_disk(_settings: Settings, database: Database, _held: ExitStack) -> Iterator[str]:
    """SQLite's locks do not hold over a network; a container's layer is thrown away with it."""
    path = _path(database)
    if path is None:
        return
    kind = filesystem(_nearest(path).resolve(), MOUNTS.read_text(encoding="utf-8") if MOUNTS.exists() else "")
    if kind in REMOTE:
        yield f"The SQLite file is on a network file system ({kind}), where locks do not hold: use a local disk."
    if kind in LAYERED:
        yield f"The SQLite file is on a container's own layer ({kind}), which is lost with it: use a volume."


def filesystem(path: Path, mounts: str) -> str:
    """The type of the file system a path is on, by the text of ``/proc/self/mountinfo``."""
    found, longest = "", -1
    for line in mounts.splitlines():
        before, _separator, after = line.partition(" - ")
        point = before.split(" ")[4].encode().decode("unicode_escape")
        if path.is_relative_to(point) and len(point) >= longest:  # of two on one point the later one counts
            found, longest = after.split(" ")[0], len(point)
    return found


def has_a_fixed_sqlite(_settings: Settings, database: Database, _held: ExitStack) -> Iterator[str]:
    """Builds before 3.51.3 can lose committed data in write-ahead mode."""
    path, module = _path(database), sqlite_module()
    if path is None or not path.exists() or module.sqlite_version_info >= FIXED_SQLITE:
        return
    with path.open("rb") as file:
        if file.read(20)[18:] == WAL:
            yield (
                f"SQLite {module.sqlite_version} can lose data in write-ahead mode: use 3.51.3 or newer "
                "(the wheel pysqlite3), or set the file's journal_mode to DELETE with such a build."
            )


def runs_one_process(settings: Settings, database: Database, held: ExitStack) -> Iterator[str]:
    """SQLite has one writer: the queue of writers is this process's own."""
    path = _path(database)
    if path is None:
        return
    if settings.workers > 1:
        yield f"CHALLENGE_WORKERS is {settings.workers}: SQLite is for one process, use PostgreSQL for more."
    if path.parent.exists() and not _taken(path.with_name(f"{path.name}-node"), held):
        yield "Another process serves this SQLite file: SQLite is for one node, use PostgreSQL for more."


def _taken(path: Path, held: ExitStack) -> bool:
    """Take the lock file until ``held`` is closed; whether it was free. The system frees it when a process dies."""
    try:
        import fcntl  # noqa: PLC0415 -- not on every platform
    except ImportError:
        return True
    file = held.enter_context(path.open("a"))
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _path(database: Database) -> Path | None:
    return Path(database.url.database) if database.is_sqlite and database.url.database else None


def _nearest(path: Path) -> Path:
    """The path, or the nearest folder above it that is there."""
    return next(found for found in (path, *path.absolute().parents) if found.exists())
