"""Signing in with an account of elsewhere: begun and finished once, in one browser; linked by its owner only."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select, update

from challenge.kernel import proof
from challenge.kernel.errors import Missing, Problem, TooMany
from challenge.kernel.i18n import _
from challenge.kernel.limits import wait_for
from challenge.kernel.work import Work
from challenge.people import factors, letters, noted
from challenge.people.actions.limits import oidc_limits
from challenge.people.actions.people import invite_person
from challenge.people.actions.sign_in import SignedIn, confirm, create_session, end_sessions, enter_with_one
from challenge.people.models import Person, SignInSession
from challenge.people.oidc import failures, identities
from challenge.people.oidc.models import OidcFlow, OidcIdentity
from challenge.people.oidc.providers import Provider
from challenge.people.oidc.tokens import Found
from challenge.people.queries import find_by_email, person, token_hash
from challenge.people.schemas import valid_address

VALID = timedelta(minutes=10)
SECRET_BYTES = 32
UNPROVEN = proof.FRESH * 2  # how old a proof is taken to be that nobody says the age of


@dataclass(frozen=True, slots=True)
class Begun:
    """The secrets of one sign-in. ``browser`` stays in the browser that began it; the verifier is made from it."""

    state: str
    nonce: str
    browser: str

    @property
    def verifier(self) -> str:
        """For PKCE: nobody makes it who has the address or the database only."""
        return verifier_of(self.browser, self.state)


@dataclass(frozen=True, slots=True)
class Taken:
    """A sign-in whose answer has come, and counts now or never."""

    id: int
    nonce_hash: str
    verifier: str


def verifier_of(browser: str, state: str) -> str:
    """The PKCE verifier of a sign-in: 256 bits from the secret of the browser."""
    made = hmac.digest(browser.encode(), f"verifier {state}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def begin_oidc(w: Work, provider: Provider, next_path: str, browser: str, ip: str = "") -> Begun:
    """Note a sign-in that begins. ``browser`` is the secret this browser has from an earlier one, if any."""
    if seconds := wait_for(w, oidc_limits(ip)):
        raise TooMany(Problem("oidc_too_many", _("Too many sign-ins were begun here. Wait some minutes.")), seconds)
    begun = Begun(
        secrets.token_urlsafe(SECRET_BYTES), secrets.token_urlsafe(SECRET_BYTES),
        browser if _is_secret(browser) else secrets.token_urlsafe(SECRET_BYTES),
    )  # fmt: skip
    w.add(
        OidcFlow(
            provider=provider.key, state_hash=token_hash(begun.state), nonce_hash=token_hash(begun.nonce),
            browser_hash=token_hash(begun.browser), begun_at=w.now, next_path=next_path[:300],
            person_id=_signed_in_as(w),
        )
    )  # fmt: skip
    return begun


def take_oidc(w: Work, provider: Provider, state: str, browser: str) -> Taken | None:
    """Use the sign-in of this state up; None when it was not begun here, by whoever is signed in now, or is over."""
    taken = w.session.exec(
        update(OidcFlow)
        .where(
            col(OidcFlow.state_hash) == token_hash(state), col(OidcFlow.browser_hash) == token_hash(browser),
            col(OidcFlow.provider) == provider.key, col(OidcFlow.taken_at).is_(None),
            col(OidcFlow.begun_at) > w.now - VALID, col(OidcFlow.person_id).is_not_distinct_from(_signed_in_as(w)),
        )
        .values(taken_at=w.now)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    if taken.rowcount != 1:
        return None
    flow = w.session.exec(select(OidcFlow).where(OidcFlow.state_hash == token_hash(state))).one()
    return Taken(flow.id, flow.nonce_hash, verifier_of(browser, state))


def arrive(w: Work, taken: Taken, provider: Provider, found: Found, user_agent: str, language: str) -> SignedIn | None:
    """Sign in whose identity this is, or confirm who is signed in; None for one that nobody has linked yet."""
    flow = w.session.get_one(OidcFlow, taken.id)
    if flow.person_id != _signed_in_as(w):
        raise failures.not_begun()
    identity = identities.known(w, found)
    if identity is None and not w.actor.signed_in and provider.new_people:
        identity = _new_person(w, provider, found, language)
    if identity is None:
        flow.subject, flow.label = found.subject, found.label
        flow.strong_at = w.now if found.is_strong else None
        w.session.flush()
        return None
    owner = person(w, identity.person_id)
    if owner.disabled_at is not None or owner.erased_at is not None:
        noted.turned_away(f"oidc {provider.key}", owner.code)
        raise failures.closed()
    identity.used_at, identity.label = w.now, found.label or identity.label
    if w.actor.signed_in:
        if w.actor.id != owner.id:
            raise failures.of_somebody_else(provider)
        token = _confirm(w, provider, found)
        noted.confirmed(f"oidc {provider.key}", owner.code)
        return SignedIn(token, flow.next_path)
    proven_at = found.shown_at or w.now - UNPROVEN
    if found.is_strong:
        noted.let_in(f"oidc {provider.key}", owner.code)
        token = create_session(w, owner.id, user_agent, proven_at=proven_at, strong_at=w.now)
        return SignedIn(token, flow.next_path)
    return enter_with_one(w, owner, f"oidc {provider.key}", user_agent, flow.next_path, proven_at=proven_at)


def link_identity(w: Work, browser: str, providers: Mapping[str, Provider]) -> str:
    """Link the account that waits in this browser to the actor, with a fresh proof; gives back the session's new token.

    Missing when nothing waits.
    """
    proof.demand(w)
    flow = identities.offered(w, browser)
    if flow is None or flow.subject is None or flow.provider not in providers:
        raise Missing
    me, provider, strong_at = person(w, w.actor.id), providers[flow.provider], flow.strong_at
    _add(w, me, provider, flow.subject, flow.label)
    forget_offered(w, browser)
    letters.second_factor_changed(w, me, _("An account of %(provider)s was linked.", provider=provider))
    return _go_on(w, w.actor.proven_at or w.now, strong_at)


def forget_offered(w: Work, browser: str) -> None:
    """No account waits in this browser any more."""
    w.session.exec(
        update(OidcFlow)
        .where(col(OidcFlow.browser_hash) == token_hash(browser))
        .values(subject=None, label="")
        .execution_options(synchronize_session=False)
    )


def unlink_identity(w: Work, code: str) -> None:
    """It signs nobody in any more, and every other session ends. Missing when it is not the actor's."""
    proof.demand(w)
    me = person(w, w.actor.id)
    found = w.session.exec(
        select(OidcIdentity).where(OidcIdentity.code == code, OidcIdentity.person_id == me.id)
    ).first()
    if found is None:
        raise Missing
    w.session.delete(found)
    w.session.flush()
    end_sessions(w, me.id, but=w.actor.session_id)
    letters.second_factor_changed(w, me, _("A linked account no longer signs you in."))
    w.note("person", me, "unlink_identity")


def _new_person(w: Work, provider: Provider, found: Found, language: str) -> OidcIdentity | None:
    """Only for an address the provider has verified and nobody has here; whoever has it links the account instead."""
    try:
        email = valid_address(found.email)
    except ValueError:
        return None
    if find_by_email(w, email) is not None:
        return None
    name = found.name if len(found.name) > 1 else email.partition("@")[0]
    return _add(w, invite_person(w, name, email, language), provider, found.subject, found.label)


def _add(w: Work, owner: Person, provider: Provider, subject: str, label: str) -> OidcIdentity:
    made = w.add(OidcIdentity(person_id=owner.id, issuer=provider.issuer, subject=subject, label=label, used_at=w.now))
    w.note("person", owner, "link_identity", {"provider": provider.key})
    return made


def _confirm(w: Work, provider: Provider, found: Found) -> str:
    """The session goes on with the proof that was shown there; two factors there count as both, else one as one."""
    is_fresh = found.shown_at is not None and w.now - found.shown_at <= proof.FRESH
    is_enough = found.is_strong or not factors.are_set_up(w.session, w.actor.id or 0)
    if not found.is_strong and not (is_fresh and is_enough):
        raise failures.not_confirmed(provider)
    before = w.actor.proven_at or w.now - UNPROVEN
    shown_at = found.shown_at if is_fresh and found.shown_at is not None else before
    return _go_on(w, max(before, shown_at), w.now if found.is_strong else None)


def _go_on(w: Work, proven_at: datetime, strong_at: datetime | None) -> str:
    session = w.session.get_one(SignInSession, w.actor.session_id)
    token = confirm(w)
    session.proven_at, session.strong_at = proven_at, strong_at or session.strong_at
    w.session.flush()
    return token


def _signed_in_as(w: Work) -> int | None:
    return w.actor.id if w.actor.signed_in else None


def _is_secret(text: str) -> bool:
    return len(text) == len(secrets.token_urlsafe(SECRET_BYTES)) and text.isascii() and text.isprintable()
