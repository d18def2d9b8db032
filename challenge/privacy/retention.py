"""Retention: what has been kept long enough is removed once a day, after it could be looked at (reliability.md §4).

A class says what is due now. Whoever is on hold keeps everything of theirs; so does what somebody on hold works on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, CursorResult, and_, delete, func, or_, select, true, update
from sqlmodel import col

from challenge.kernel.editing import Aside, Editing
from challenge.kernel.i18n import Text, _
from challenge.kernel.idempotency import IdempotencyKey
from challenge.kernel.letter import Letter
from challenge.kernel.limits import Attempt
from challenge.kernel.looking import Looked
from challenge.kernel.work import Work
from challenge.notifications.models import Message
from challenge.people.models import ApiToken, PasskeyChallenge, SeatInvitation, SignInLink, SignInSession
from challenge.people.oidc.models import OidcFlow
from challenge.people.queries import ABSOLUTE
from challenge.privacy import drafts, holds, periods


@dataclass(frozen=True, slots=True)
class Due:
    """What a class would remove now: how many, of these the ones on hold, and since when the oldest is due."""

    count: int
    on_hold: int
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Class:
    """A kind of data with a period. ``over`` counts what is due; ``remove`` removes it and says how many."""

    key: str
    title: Text
    kept: Text
    due: Callable[[Work], Due]
    remove: Callable[[Work], int]


@dataclass(frozen=True, slots=True)
class _Rows:
    """A class whose rows are deleted, or emptied where the fact that they were is kept."""

    table: type
    over: Callable[[Work], ColumnElement[bool]]
    person: str | None = None
    at: str = ""
    emptied: tuple[str, ...] = ()

    def due(self, w: Work) -> Due:
        """Counted in the database."""
        over, at = self.over(w), getattr(self.table, self.at)
        all_of, oldest = w.session.execute(select(func.count(), func.min(at)).select_from(self.table).where(over)).one()
        free = w.session.execute(select(func.count()).select_from(self.table).where(over, self._free())).scalar_one()
        return Due(free, all_of - free, oldest)

    def remove(self, w: Work) -> int:
        """One statement."""
        which = and_(self.over(w), self._free())
        statement = (
            update(self.table).where(which).values(dict.fromkeys(self.emptied, ""))
            if self.emptied
            else delete(self.table).where(which)
        )  # fmt: skip
        done = w.session.execute(statement.execution_options(synchronize_session=False))
        return done.rowcount if isinstance(done, CursorResult) else 0

    def _free(self) -> ColumnElement[bool]:
        if self.person is None:
            return true()
        person = col(getattr(self.table, self.person))
        return or_(person.is_(None), person.not_in(holds.held()))


def _class(key: str, title: Text, kept: Text, rows: _Rows) -> Class:
    return Class(key, title, kept, rows.due, rows.remove)


def _drafts(w: Work) -> Due:
    found = drafts.due(w)
    free = [one for one in found if not one.on_hold]
    return Due(len(free), len(found) - len(free), min((one.since for one in found), default=None))


def _sessions(w: Work) -> ColumnElement[bool]:
    long_ago = w.now - periods.SESSIONS
    return or_(col(SignInSession.ended_at) < long_ago, col(SignInSession.started_at) < long_ago - ABSOLUTE)


def _tokens(w: Work) -> ColumnElement[bool]:
    long_ago = w.now - periods.SESSIONS
    return or_(col(ApiToken.ended_at) < long_ago, col(ApiToken.expires_at) < long_ago)


def _letters(w: Work) -> ColumnElement[bool]:
    left = func.coalesce(col(Letter.sent_at), col(Letter.failed_at))
    return and_(left < w.now - periods.MAIL, col(Letter.text) != "")


def _messages(w: Work) -> ColumnElement[bool]:
    return and_(col(Message.at) < w.now - periods.MAIL, col(Message.text) != "")


def _editing(w: Work) -> ColumnElement[bool]:
    return col(Editing.seen_at) < w.now - periods.DRAFTS


def _offers(w: Work) -> ColumnElement[bool]:
    return and_(
        col(SeatInvitation.created_at) < w.now - periods.DRAFTS,
        or_(col(SeatInvitation.ended_at).is_not(None), col(SeatInvitation.accepted_at).is_not(None)),
    )


SHORT = _("two days")
CLASSES: tuple[Class, ...] = (
    Class(
        "drafts", _("Drafts of challenges and proposals that were never submitted"),
        _("As the rules of the round say, after it was closed; of a cancelled round 180 days after the last save"),
        _drafts, drafts.remove,
    ),
    _class("texts", _("Text that somebody was writing and did not save"), _("180 days"),
           _Rows(Aside, lambda w: col(Aside.at) < w.now - periods.DRAFTS, "person_id", "at")),
    _class("presence", _("Who was at work on which form"), _("180 days"),
           _Rows(Editing, _editing, "person_id", "seen_at")),
    _class("looks", _("When somebody last read the comments on a text"), _("180 days"),
           _Rows(Looked, lambda w: col(Looked.at) < w.now - periods.DRAFTS, "person_id", "at")),
    _class("mail", _("Words of letters that were sent or given up"), _("90 days"),
           _Rows(Letter, _letters, "person_id", "created_at", ("text", "subject", "error"))),
    _class("messages", _("Words of messages in the inbox"), _("90 days"),
           _Rows(Message, _messages, "person_id", "at", ("text",))),
    _class("sessions", _("Sessions that are over"), _("30 days"),
           _Rows(SignInSession, _sessions, "person_id", "started_at")),
    _class("tokens", _("Tokens that are over"), _("30 days"), _Rows(ApiToken, _tokens, "person_id", "created_at")),
    _class("links", _("Sign-in links that are over"), SHORT,
           _Rows(SignInLink, lambda w: col(SignInLink.expires_at) < w.now - periods.TRIES, None, "expires_at")),
    _class("passkeys", _("Questions to passkeys that are over"), _("minutes"),
           _Rows(PasskeyChallenge, lambda w: col(PasskeyChallenge.expires_at) < w.now, None, "expires_at")),
    _class("providers", _("Visits to sign-in providers that are over"), SHORT,
           _Rows(OidcFlow, lambda w: col(OidcFlow.begun_at) < w.now - periods.TRIES, None, "begun_at")),
    _class("tries", _("Attempts at what is limited, such as signing in"), SHORT,
           _Rows(Attempt, lambda w: col(Attempt.at) < w.now - periods.TRIES, None, "at")),
    _class("answers", _("Answers to programs, kept in case they ask twice"), SHORT,
           _Rows(IdempotencyKey, lambda w: col(IdempotencyKey.at) < w.now - periods.TRIES, None, "at")),
    _class("invitations", _("Invitations to a seat that were answered"), _("180 days"),
           _Rows(SeatInvitation, _offers, "person_id", "created_at")),
)  # fmt: skip


def preview(w: Work) -> list[tuple[Class, Due]]:
    """What the next run would remove. Nothing is."""
    return [(one, one.due(w)) for one in CLASSES]


def run(w: Work) -> dict[str, int]:
    """Remove what is due; the journal says how many of each class."""
    removed = {one.key: count for one in CLASSES if (count := one.remove(w))}
    if removed:
        w.step("service", "retention", "remove", old=None, new=None, given=dict(removed))
    return removed
