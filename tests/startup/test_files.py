"""Disk, file system, SQLite's build, and one process per SQLite file."""

import fcntl
import shutil
import sqlite3
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest

from challenge.startup.files import LAYERED, filesystem


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_too_little_room(place, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(10**12, 10**12, 999_999_999))
    code, lines = place.start()
    assert code == 78
    assert [line.split(" (")[0] for line in lines] == [
        "Only 999 MB are free for CHALLENGE_FILES", "Only 999 MB are free for the database",
    ]  # fmt: skip


def mounted(kind: str, at: str) -> str:
    return f"22 1 8:1 / / rw - ext4 /dev/sda1 rw\n30 22 0:30 / {at} rw,relatime shared:5 - {kind} somewhere rw\n"


@pytest.mark.parametrize(
    ("kind", "words"), [("nfs4", "network file system"), ("cifs", "network file system"), ("overlay", "own layer")]
)
def test_a_file_system_that_does_not_keep_it(place, sqlite, tmp_path, monkeypatch, kind, words):
    table = tmp_path / "mountinfo"
    table.write_text(mounted(kind, str(tmp_path)))
    monkeypatch.setattr("challenge.startup.files.MOUNTS", table)
    monkeypatch.setattr("challenge.startup.files.LAYERED", LAYERED)
    code, lines = place.start()
    assert code == 78
    assert len(lines) == 1
    assert words in lines[0]
    assert kind in lines[0]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/city/city.db", "nfs4"), ("/srv/city two/city.db", "tmpfs"), ("/srv/citywide/city.db", "ext4"),
        ("/srv", "ext4"), ("/srv/city/local/city.db", "xfs"),
    ],
)  # fmt: skip
def test_the_nearest_mount_decides(path, kind):
    mounts = (
        "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:1 / /srv/city rw shared:1 - nfs4 host:/x rw\n"
        "3 1 0:2 / /srv/city\\040two rw - tmpfs tmpfs rw\n4 2 0:3 / /srv/city/local rw - xfs /dev/sdb rw\n"
    )
    assert filesystem(Path(path), mounts) == kind
    assert filesystem(Path(path), "") == ""


def test_a_sqlite_that_can_lose_commits(place, sqlite, monkeypatch):
    old = SimpleNamespace(sqlite_version="3.46.1", sqlite_version_info=(3, 46, 1), dbapi2=sqlite3)
    with sqlite3.connect(sqlite) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    monkeypatch.setattr("challenge.startup.files.sqlite_module", lambda: old)
    code, lines = place.start()
    assert code == 78
    assert [line.split(":")[0] for line in lines] == ["SQLite 3.46.1 can lose data in write-ahead mode"]


def test_the_same_sqlite_without_write_ahead_mode(place, sqlite, monkeypatch):
    old = SimpleNamespace(sqlite_version="3.46.1", sqlite_version_info=(3, 46, 1), dbapi2=sqlite3)
    with sqlite3.connect(sqlite) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    monkeypatch.setattr("challenge.startup.files.sqlite_module", lambda: old)
    assert place.start() == (0, [])


def test_a_second_node_on_one_sqlite_file(place, sqlite):
    with sqlite.with_name("city.db-node").open("a") as taken:
        fcntl.flock(taken, fcntl.LOCK_EX)
        code, lines = place.start()
    assert code == 78
    assert [line.split(":")[0] for line in lines] == ["Another process serves this SQLite file"]
    assert place.start()[0] == 0
