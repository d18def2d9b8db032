"""Passkeys: added with a fresh proof, and shown instead of both factors. What they sign is asked for once, by us."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

import webauthn
from sqlmodel import col, select, update
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from challenge.kernel import proof
from challenge.kernel.errors import Missing, Problem, TooMany
from challenge.kernel.i18n import _
from challenge.kernel.limits import wait_for
from challenge.kernel.work import Work
from challenge.people import factors, noted, queries
from challenge.people.actions.limits import passkey_limits
from challenge.people.actions.second_factor import added, removed
from challenge.people.actions.sign_in import TOKEN_BYTES, create_session
from challenge.people.models import Passkey, PasskeyChallenge, Person
from challenge.people.queries import token_hash
from challenge.people.states import Ceremony

CHALLENGE_VALID = timedelta(minutes=5)
UNREADABLE = (WebAuthnException, ValueError, KeyError, TypeError)  # what a broken answer of a browser can raise


@dataclass(frozen=True, slots=True)
class Site:
    """Whose passkeys they are: this host, and no other address."""

    host: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the browser's dialogue is given (JSON), and the token that binds it to this browser."""

    options: str
    browser: str


def ask_to_add(w: Work, site: Site) -> Asked:
    """Begin to add a passkey; those the person has already are not added twice."""
    proof.demand(w)
    me = queries.person(w, w.actor.id)
    browser, challenge = _challenge(w, Ceremony.ADD, me.id)
    options = webauthn.generate_registration_options(
        rp_id=site.host, rp_name=site.name, user_id=me.code.encode(), user_name=me.email, user_display_name=me.name,
        challenge=challenge, exclude_credentials=_descriptors(w, me),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )  # fmt: skip
    return Asked(webauthn.options_to_json(options), browser)


def add_passkey(w: Work, site: Site, browser: str, credential: str, name: str) -> list[str] | None:
    """Keep the public half. None when the answer is not the one asked for.

    Gives back new recovery codes, none when there are some. Other browsers are signed out.
    """
    proof.demand(w)
    me = queries.person(w, w.actor.id)
    challenge = _claim(w, Ceremony.ADD, browser, me.id)
    if challenge is None:
        return None
    try:
        made = webauthn.verify_registration_response(
            credential=credential, expected_challenge=challenge, expected_rp_id=site.host,
            expected_origin=site.origin, require_user_verification=True,
        )  # fmt: skip
    except UNREADABLE:
        return None
    w.add(
        Passkey(
            person_id=me.id, name=name, credential_id=bytes_to_base64url(made.credential_id),
            public_key=bytes_to_base64url(made.credential_public_key), sign_count=made.sign_count,
        )
    )  # fmt: skip
    return added(w, me, "add_passkey", _("A passkey was added: %(name)s.", name=name))


def remove_passkey(w: Work, code: str, user_agent: str = "") -> str:
    """It no longer signs in. Every session ends; gives back the token of a new one here. Missing when not theirs."""
    proof.demand(w)
    me = queries.person(w, w.actor.id)
    found = w.session.exec(select(Passkey).where(Passkey.code == code, Passkey.person_id == me.id)).first()
    if found is None:
        raise Missing
    name = found.name
    w.session.delete(found)
    w.session.flush()
    return removed(w, me, "remove_passkey", _("A passkey was removed: %(name)s.", name=name), user_agent)


def ask_to_sign_in(w: Work, site: Site, ip: str) -> Asked:
    """Ask for any passkey of this host: nobody types an address. Raises TooMany."""
    if seconds := wait_for(w, passkey_limits(ip)):
        raise TooMany(Problem("too_many_tries", _("Too many tries from here. Wait a few minutes.")), seconds)
    browser, challenge = _challenge(w, Ceremony.SIGN_IN, None)
    return _asked(site, browser, challenge)


def enter_with_passkey(w: Work, site: Site, browser: str, credential: str, user_agent: str = "") -> str | None:
    """Sign in whose passkey it is: it counts as both factors. None when it is not known, copied, or not asked for."""
    challenge = _claim(w, Ceremony.SIGN_IN, browser, None)
    owner = _verified(w, site, challenge, credential) if challenge is not None else None
    if owner is None:
        noted.turned_away("passkey")
        return None
    noted.let_in("passkey", owner.code)
    return create_session(w, owner.id, user_agent)


def ask_to_confirm(w: Work, site: Site) -> Asked:
    """Ask the actor for one of their own passkeys."""
    me = queries.person(w, w.actor.id)
    browser, challenge = _challenge(w, Ceremony.CONFIRM, me.id)
    return _asked(site, browser, challenge, _descriptors(w, me))


def confirms(w: Work, site: Site, browser: str, credential: str) -> bool:
    """Whether the actor has shown one of their own passkeys."""
    me = queries.person(w, w.actor.id)
    challenge = _claim(w, Ceremony.CONFIRM, browser, me.id)
    return challenge is not None and _verified(w, site, challenge, credential) is me


def _challenge(w: Work, ceremony: Ceremony, person_id: int | None) -> tuple[str, bytes]:
    browser, challenge = secrets.token_urlsafe(TOKEN_BYTES), secrets.token_bytes(TOKEN_BYTES)
    w.add(
        PasskeyChallenge(
            browser_hash=token_hash(browser), challenge=bytes_to_base64url(challenge), ceremony=ceremony,
            person_id=person_id, expires_at=w.now + CHALLENGE_VALID,
        )
    )  # fmt: skip
    return browser, challenge


def _claim(w: Work, ceremony: Ceremony, browser: str, person_id: int | None) -> bytes | None:
    """Use the challenge of this browser up, whatever comes of it. One of many wins."""
    whose = col(PasskeyChallenge.person_id)
    claimed = w.session.exec(
        update(PasskeyChallenge)
        .where(
            col(PasskeyChallenge.browser_hash) == token_hash(browser), col(PasskeyChallenge.ceremony) == ceremony,
            whose.is_(None) if person_id is None else whose == person_id,
            col(PasskeyChallenge.claimed_at).is_(None), col(PasskeyChallenge.expires_at) > w.now,
        )
        .values(claimed_at=w.now)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    if claimed.rowcount != 1:
        return None
    kept = select(PasskeyChallenge.challenge).where(PasskeyChallenge.browser_hash == token_hash(browser))
    return base64url_to_bytes(w.session.exec(kept).one())


def _asked(
    site: Site, browser: str, challenge: bytes, allowed: list[PublicKeyCredentialDescriptor] | None = None
) -> Asked:
    options = webauthn.generate_authentication_options(
        rp_id=site.host, challenge=challenge, allow_credentials=allowed,
        user_verification=UserVerificationRequirement.REQUIRED,
    )  # fmt: skip
    return Asked(webauthn.options_to_json(options), browser)


def _descriptors(w: Work, owner: Person) -> list[PublicKeyCredentialDescriptor]:
    known = factors.passkeys(w, owner.id)
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.credential_id)) for key in known]


def _verified(w: Work, site: Site, challenge: bytes, credential: str) -> Person | None:
    """Whose passkey signed this challenge; its use is noted. A counter that does not grow betrays a copy."""
    try:
        answer = parse_authentication_credential_json(credential)
        key = w.session.exec(select(Passkey).where(Passkey.credential_id == answer.id)).first()
        if key is None:
            return None
        owner = queries.person(w, key.person_id)
        if owner.disabled_at is not None or owner.erased_at is not None:
            return None
        if answer.response.user_handle not in (None, owner.code.encode()):
            return None
        shown = webauthn.verify_authentication_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=site.host, expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(key.public_key), credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )  # fmt: skip
    except UNREADABLE:
        return None
    key.sign_count, key.last_used_at = shown.new_sign_count, w.now
    w.session.flush()
    return owner
