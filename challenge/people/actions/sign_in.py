"""Links, sessions, passwords and tokens: how somebody proves who they are. Only hashes of secrets are kept."""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select, update

from challenge.kernel import proof
from challenge.kernel.database import Database
from challenge.kernel.errors import Busy, Missing, Problem, TooMany
from challenge.kernel.i18n import Text, _n
from challenge.kernel.limits import wait_for
from challenge.kernel.work import Work, open_work
from challenge.people import factors, known, letters, noted
from challenge.people.actions.limits import known_link_limits, link_limits, password_limits
from challenge.people.models import ApiToken, Person, SignInLink, SignInSession
from challenge.people.queries import SEEN_EVERY, find_by_email, person, token_hash
from challenge.people.spelling import address_key

LINK_VALID = HALF_VALID = timedelta(minutes=10)
TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session: its token (the cookie), where the person wanted to go, and whether a second factor is missing."""

    token: str
    next_path: str = ""
    is_half: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """Whose password is to be compared, outside of the unit of work. ``kept`` is None where there is none to match."""

    person_id: int | None
    kept: str | None
    code: str = ""  # theirs, for the log


def ask_link(w: Work, email: str, ip: str = "", mark: str = "") -> bool:
    """Count one more link asked for; False when it were too many. Whether anybody has this address is not looked at.

    ``mark`` is the cookie of a browser that has signed in before: those are counted apart from strangers.
    """
    limits = known_link_limits(email) if known.is_known(w, mark, email) else link_limits(email, ip)
    return wait_for(w, limits) == 0


def send_link(w: Work, email: str, next_path: str = "", *, public_url: str, browser: Text) -> None:
    """Mail a one-time link to whoever has this address; older links are void. Silent about everything else.

    Called when the answer is out: the time it takes would tell whether there is somebody.
    """
    found = find_by_email(w, email)
    if found is None or found.disabled_at is not None or found.erased_at is not None:
        return
    _void_links(w, found.id)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = w.add(
        SignInLink(
            person_id=found.id, token_hash=token_hash(token), sent_at=w.now, expires_at=w.now + LINK_VALID,
            next_path=next_path[:300],
        )
    )  # fmt: skip
    letters.sign_in(w, found, link, f"{public_url}/sign-in/{token}", browser)


def claim_link(w: Work, token: str, user_agent: str = "") -> SignedIn | None:
    """Use a link up and sign its person in; None when it was used, is void, over or unknown. One of many wins."""
    claimed = w.session.exec(
        update(SignInLink)
        .where(
            col(SignInLink.token_hash) == token_hash(token), col(SignInLink.claimed_at).is_(None),
            col(SignInLink.void_at).is_(None), col(SignInLink.expires_at) > w.now,
        )
        .values(claimed_at=w.now)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    if claimed.rowcount != 1:
        noted.turned_away("link")
        return None
    link = w.session.exec(select(SignInLink).where(SignInLink.token_hash == token_hash(token))).one()
    owner = person(w, link.person_id)
    if owner.disabled_at is not None or owner.erased_at is not None:
        noted.turned_away("link", owner.code)
        return None
    return enter_with_one(w, owner, "link", user_agent, link.next_path)


def candidate(w: Work, email: str, ip: str = "") -> Candidate:
    """Count a try and say what to compare the password with. Raises TooMany."""
    _count_password_try(w, email, ip)
    known = select(Person.id, Person.password_hash, Person.code).where(
        Person.email_key == address_key(email), col(Person.disabled_at).is_(None), col(Person.erased_at).is_(None)
    )
    return Candidate(*(w.session.exec(known).first() or (None, None, "")))


def own_candidate(w: Work, ip: str = "") -> Candidate:
    """The same for the actor, who is asked for the current password. Raises TooMany."""
    me = person(w, w.actor.id)
    _count_password_try(w, me.email, ip)
    return Candidate(me.id, me.password_hash, me.code)


def enter(w: Work, found: Candidate, user_agent: str = "", renewed: str | None = None) -> SignedIn | None:
    """Sign in whose password matched; None when the person was disabled or the password changed meanwhile.

    ``renewed`` is a hash of the same password at the cost of now, kept instead.
    """
    if found.person_id is None:
        return None
    owner = person(w, found.person_id)
    if owner.disabled_at is not None or owner.erased_at is not None or owner.password_hash != found.kept:
        return None
    if renewed is not None:
        owner.password_hash = renewed
    return enter_with_one(w, owner, "password", user_agent)


def enter_with_one(
    w: Work, owner: Person, by: str, user_agent: str = "", next_path: str = "", *, proven_at: datetime | None = None
) -> SignedIn:
    """Sign in who has shown one factor (``by``): half where a second one is set up (``confirm`` makes it whole)."""
    is_half = factors.are_set_up(w.session, owner.id)
    half_until = w.now + HALF_VALID if is_half else None
    token = create_session(w, owner.id, user_agent, half_until=half_until, proven_at=proven_at)
    noted.let_in(by, owner.code, is_half=is_half)
    return SignedIn(token, next_path, is_half)


def create_session(
    w: Work, person_id: int, user_agent: str = "", *,
    half_until: datetime | None = None, proven_at: datetime | None = None, strong_at: datetime | None = None,
) -> str:  # fmt: skip
    """Sign somebody in: a new session, in place of the one this browser had. Gives back the token, kept nowhere.

    ``proven_at``: when a credential was shown, if not now; ``strong_at``: when two factors were vouched for.
    """
    if w.actor.session_id is not None:
        end_session(w, w.actor.session_id)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    w.add(
        SignInSession(
            person_id=person_id, token_hash=token_hash(token), started_at=w.now, seen_at=w.now,
            proven_at=proven_at or w.now, half_until=half_until, strong_at=strong_at, user_agent=user_agent[:200],
        )
    )  # fmt: skip
    return token


def confirm(w: Work) -> str:
    """A credential was just shown in this session: it goes on, whole and freshly proven, under a new token."""
    session = w.session.get_one(SignInSession, w.actor.session_id)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.token_hash, session.proven_at, session.half_until = token_hash(token), w.now, None
    w.session.flush()
    return token


def end_session(w: Work, session_id: int | None) -> None:
    """Sign out: the token is worth nothing from now on."""
    if session_id is not None:
        _end(w, col(SignInSession.id) == session_id)


def end_own_session(w: Work, handle: str) -> None:
    """Sign one of the actor's other browsers out; ``handle`` is the beginning of its hash. Missing when not theirs."""
    own = col(SignInSession.person_id) == w.actor.id
    if not _end(w, own, col(SignInSession.token_hash).startswith(handle, autoescape=True)):
        raise Missing


def end_sessions(w: Work, person_id: int | None, *, but: int | None = None) -> None:
    """Sign somebody out everywhere, except in one session; browsers are known again when they sign in."""
    known.forget(w, person_id)
    _end(w, col(SignInSession.person_id) == person_id, col(SignInSession.id) != (but if but is not None else -1))


def set_password(w: Work, password_hash: str, user_agent: str = "") -> str:
    """Keep the hash of the actor's new password and sign out everywhere; gives back the token of a new session here."""
    me = person(w, w.actor.id)
    me.password_hash = password_hash
    end_sessions(w, me.id)
    _void_links(w, me.id)
    w.note("person", me, "set_password")
    return create_session(w, me.id, user_agent)


def create_token(w: Work, person_id: int, name: str, days: int) -> str:
    """A bearer token for the API, for this many days, with a fresh proof. Gives back the secret, kept nowhere."""
    proof.demand(w)
    owner = person(w, person_id)
    token = f"cc_{secrets.token_urlsafe(TOKEN_BYTES)}"
    w.add(
        ApiToken(
            person_id=person_id, name=name, token_hash=token_hash(token), created_at=w.now,
            expires_at=w.now + timedelta(days=days),
        )
    )  # fmt: skip
    w.note("person", owner, "create_token", {"name": name, "days": days})
    return token


def end_own_token(w: Work, handle: str) -> None:
    """End one of the actor's tokens; ``handle`` is the beginning of its hash. Missing when not theirs."""
    found = w.session.exec(
        select(ApiToken).where(
            ApiToken.person_id == w.actor.id, col(ApiToken.ended_at).is_(None),
            col(ApiToken.token_hash).startswith(handle, autoescape=True),
        )
    ).first()  # fmt: skip
    if found is None:
        raise Missing
    found.ended_at = w.now
    w.note("person", person(w, w.actor.id), "end_token", {"name": found.name})


def end_everything(w: Work, person_id: int) -> None:
    """No session, link or token of this person works any more."""
    end_sessions(w, person_id)
    _void_links(w, person_id)
    w.session.exec(
        update(ApiToken)
        .where(col(ApiToken.person_id) == person_id, col(ApiToken.ended_at).is_(None))
        .values(ended_at=w.now)
        .execution_options(synchronize_session=False)
    )


def mark_seen(database: Database, session_id: int, now: datetime) -> None:
    """Note that a session is in use, in a unit of work of its own; when many are writing, the next request does it."""
    with contextlib.suppress(Busy), open_work(database, now) as w:
        w.session.exec(
            update(SignInSession)
            .where(
                col(SignInSession.id) == session_id, col(SignInSession.ended_at).is_(None),
                col(SignInSession.seen_at) < now - SEEN_EVERY,
            )
            .values(seen_at=now)
            .execution_options(synchronize_session=False)
        )  # fmt: skip


def alarm(database: Database, person_id: int, kind: str, count: int, now: datetime) -> None:
    """Journal that somebody looked at too much, in a unit of work of its own: administrators are written to."""
    with contextlib.suppress(Busy), open_work(database, now) as w:
        w.note("person", w.session.get_one(Person, person_id), f"{kind}_alert", {"count": count - 1})


def _count_password_try(w: Work, email: str, ip: str) -> None:
    if seconds := wait_for(w, password_limits(email, ip)):
        minutes = -(-seconds // 60)
        text = _n(
            "Too many tries. Wait one minute, or ask for a link by e-mail.",
            "Too many tries. Wait %(n)s minutes, or ask for a link by e-mail.",
            minutes,
        )
        raise TooMany(Problem("too_many_tries", text), seconds)


def _void_links(w: Work, person_id: int) -> None:
    w.session.exec(
        update(SignInLink)
        .where(
            col(SignInLink.person_id) == person_id, col(SignInLink.claimed_at).is_(None),
            col(SignInLink.void_at).is_(None),
        )
        .values(void_at=w.now)
        .execution_options(synchronize_session=False)
    )  # fmt: skip


def _end(w: Work, *which: object) -> bool:
    ended = w.session.exec(
        update(SignInSession)
        .where(col(SignInSession.ended_at).is_(None), *which)  # type: ignore[arg-type]
        .values(ended_at=w.now)
        .execution_options(synchronize_session=False)
    )
    return ended.rowcount > 0
