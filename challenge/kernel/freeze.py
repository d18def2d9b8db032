"""A part of the service closed for a while: a row in the database, which each node reads again every ten seconds."""

from __future__ import annotations

import enum
import re
import threading
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint
from sqlmodel import Field, Session, col, delete, select

from challenge.kernel.columns import UtcDateTime, one_of
from challenge.kernel.errors import Frozen, Problem
from challenge.kernel.i18n import Text, _
from challenge.kernel.record import Row
from challenge.kernel.work import Work

WORKFLOW = "freeze"
KEPT = timedelta(seconds=10)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class FreezeScope(enum.StrEnum):
    """What can be closed."""

    REVIEWS = "reviews"
    SIGN_IN = "sign-in"
    SUBMISSIONS = "submissions"
    ALL = "all"


class Freeze(Row, table=True):
    """This part is closed, until then or until it is opened by hand."""

    __table_args__ = (CheckConstraint("until IS NULL OR until > since", name="until_later"),)

    scope: FreezeScope = Field(sa_type=one_of(FreezeScope), unique=True)
    reason: str = Field(default="", max_length=300)
    since: datetime = Field(sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)


_API = r"(/api/v1)?"
_JURY = r"(ranking|calibration|assignment|conflicts|jurors|panel|meeting|reactions)"
_PANEL = r"(discussion|moderator|minutes|reaction)"
_READING = {
    FreezeScope.REVIEWS: re.compile(
        rf"{_API}/(reviews|conflicts|consensus)(/|$)|{_API}/rounds/[^/]+/{_JURY}(/|$)"
        rf"|{_API}/proposals/[^/]+/{_PANEL}(/|$)"
    ),
    FreezeScope.SIGN_IN: re.compile(r"/sign-in(/|$)"),
    FreezeScope.ALL: re.compile(r"(?!/(healthz|readyz|robots\.txt|favicon\.ico)$)"),
}
_WRITING = {FreezeScope.SUBMISSIONS: re.compile(rf"{_API}/(submissions|proposals|challenges)(/|$)")}
WORDS: dict[FreezeScope, Text] = {
    FreezeScope.REVIEWS: _("Reviews are closed for the moment."),
    FreezeScope.SIGN_IN: _("Nobody can sign in at the moment. Who is signed in stays so."),
    FreezeScope.SUBMISSIONS: _("Nothing can be handed in or changed at the moment. Deadlines are looked after."),
    FreezeScope.ALL: _("The service is closed for the moment."),
}


def covers(scope: FreezeScope, method: str, path: str) -> bool:
    """Whether a request belongs to what is closed; of submissions only the writing is."""
    if scope in _READING:
        return _READING[scope].match(path) is not None
    return method not in SAFE and _WRITING[scope].match(path) is not None


def freeze(w: Work, scope: FreezeScope, reason: str = "", until: datetime | None = None) -> None:
    """Close it; what was said before about it is replaced."""
    was = w.session.exec(select(Freeze.id).where(Freeze.scope == scope)).first()
    w.session.exec(delete(Freeze).where(col(Freeze.scope) == scope))
    w.add(Freeze(scope=scope, reason=reason, since=w.now, until=until))
    given = {"reason": reason, "until": until.isoformat() if until else ""}
    w.step(WORKFLOW, scope, "freeze", old="frozen" if was else "open", new="frozen", given=given)


def unfreeze(w: Work, scope: FreezeScope) -> bool:
    """Open it again; False when it was open."""
    if w.session.exec(select(Freeze.id).where(Freeze.scope == scope)).first() is None:
        return False
    w.session.exec(delete(Freeze).where(col(Freeze.scope) == scope))
    w.step(WORKFLOW, scope, "unfreeze", old="frozen", new="open")
    return True


class Freezes:
    """What a node knows of it; looked up again when that is older than ``KEPT``."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read_at: datetime | None = None
        self._rows: list[tuple[FreezeScope, str, datetime | None]] = []

    def check(self, session: Session, method: str, path: str, now: datetime) -> None:
        """Raises Frozen, with why and until when."""
        with self._lock:
            if self._read_at is None or not timedelta(0) <= now - self._read_at < KEPT:
                self._rows = [(row.scope, row.reason, row.until) for row in session.exec(select(Freeze))]
                self._read_at = now
            rows = self._rows
        for scope, reason, until in rows:
            if (until is None or now < until) and covers(scope, method, path):
                wait = int((until - now).total_seconds()) + 1 if until else 300
                raise Frozen(Problem("frozen", _said(scope, reason, until)), wait)


def _said(scope: FreezeScope, reason: str, until: datetime | None) -> Text:
    what = WORDS[scope]
    if until is None:
        return _("%(what)s %(reason)s Come back later; what you had saved is kept.", what=what, reason=reason)
    at = f"{until:%Y-%m-%d %H:%M} UTC"
    return _(
        "%(what)s %(reason)s It opens again at %(at)s; what you had saved is kept.", what=what, reason=reason, at=at
    )
