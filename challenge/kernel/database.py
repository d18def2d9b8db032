"""Both databases, set up the same way: readers cannot write, writers queue, nothing is lost (style.md §4.4)."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlmodel import Session

from challenge.kernel.errors import Busy

MAX_WAITING = 2  # of the four threads: the others must be free to read
PATIENCE_SECONDS = 10.0
A_MOMENT_SECONDS = 0.25  # a waiter that just got the lock gives its place back within this
FIXED_SQLITE = (3, 51, 3)  # 3.7.0–3.51.2 can lose commits in WAL mode (walresetbug)


def sqlite_module() -> ModuleType:
    """The SQLite to use: the wheel with a fixed build where there is one, else Python's own."""
    try:
        import pysqlite3  # noqa: PLC0415 -- not on every platform
    except ImportError:
        return sqlite3
    return pysqlite3  # type: ignore[no-any-return]


class Database:
    """One engine and, on SQLite, the one write lock of this process."""

    def __init__(self, url: str, *, pool_size: int = 5) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite(url) if self.is_sqlite else _postgresql(url, pool_size)
        self._write_lock = threading.Lock()
        self._waiting = threading.Semaphore(MAX_WAITING)

    @contextmanager
    def session(self, *, writing: bool, patient: bool = False) -> Iterator[Session]:
        """A session; the caller commits. ``patient`` waits in any queue: submitting is never turned away."""
        if writing and self.is_sqlite:
            with self._turn(patient=patient):
                yield from self._open(writing=True)
        else:
            yield from self._open(writing=writing)

    def _open(self, *, writing: bool) -> Iterator[Session]:
        engine = self.engine.execution_options(writing=writing)
        with Session(engine, expire_on_commit=False, autoflush=True) as session:
            yield session

    @contextmanager
    def _turn(self, *, patient: bool) -> Iterator[None]:
        if not self._write_lock.acquire(blocking=False):
            if not self._waiting.acquire(timeout=None if patient else A_MOMENT_SECONDS):
                raise Busy
            try:
                if not self._write_lock.acquire(timeout=PATIENCE_SECONDS * (6 if patient else 1)):
                    raise Busy
            finally:
                self._waiting.release()
        try:
            yield
        finally:
            self._write_lock.release()

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def _sqlite(url: str) -> Engine:
    module = sqlite_module()
    path = make_url(url).database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        module=module.dbapi2,
        connect_args={"check_same_thread": False, "timeout": 5},
        hide_parameters=True,
    )
    wal = module.sqlite_version_info >= FIXED_SQLITE

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        for pragma in (
            f"journal_mode={'WAL' if wal else 'DELETE'}",
            f"synchronous={'FULL' if wal else 'EXTRA'}",
            "foreign_keys=ON",
            "busy_timeout=5000",
            "recursive_triggers=ON",
            "trusted_schema=OFF",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        if connection.get_execution_options().get("writing", True):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("PRAGMA query_only=ON")
            connection.exec_driver_sql("BEGIN")

    @event.listens_for(engine, "reset")
    def on_reset(connection: Any, _record: object, _state: object) -> None:
        connection.rollback()
        connection.execute("PRAGMA query_only=OFF")

    return engine


def _postgresql(url: str, pool_size: int) -> Engine:
    options = "-c lock_timeout=10s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s -c timezone=UTC"
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",  # REPEATABLE READ would break the pairing rule (design.md §4.1)
        connect_args={"options": options},
        hide_parameters=True,  # what people wrote is not for the log
    )

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        if not connection.get_execution_options().get("writing", True):
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")

    return engine
