"""What is believed of an ID token: only what its issuer signed, for us, for this sign-in, now."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet, OctKey

from challenge.people.oidc.failures import NotBelieved
from challenge.people.oidc.providers import Provider
from challenge.people.queries import token_hash

LEEWAY = 60  # seconds two clocks may differ
OLDEST = 600  # seconds since a token was issued
LONGEST = 255
KINDS = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}


@dataclass(frozen=True, slots=True)
class Found:
    """Who came back: the identity, how people recognise it, and what the provider vouches for.

    ``email`` is one the provider says it has verified, else empty; ``shown_at`` is when a credential was last shown
    there, None where nobody says so.
    """

    issuer: str
    subject: str
    label: str = ""
    name: str = ""
    email: str = ""
    is_strong: bool = False
    shown_at: datetime | None = None


def claims_of(
    token: str, provider: Provider, keys: Callable[[str | None], KeySet], *, nonce_hash: str, now: datetime
) -> dict[str, Any]:
    """The claims, once everything about the token is right. Raises NotBelieved. ``keys(kid)`` may ask the provider."""
    header = _header(token)
    algorithm = header.get("alg")
    if algorithm not in provider.algorithms:
        raise NotBelieved(f"algorithm {algorithm!r} is not one that was agreed on")
    key = OctKey.import_key(provider.secret) if algorithm == "HS256" else _key(header, str(algorithm), keys)
    registry = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()), leeway=LEEWAY,
        iss={"essential": True, "value": provider.issuer}, sub={"essential": True}, aud={"essential": True},
        exp={"essential": True}, iat={"essential": True},
    )  # fmt: skip
    try:
        claims = jwt.decode(token, key, algorithms=[str(algorithm)]).claims
        registry.validate(claims)
    except JoseError as error:
        raise NotBelieved(f"ID token: {error}") from error
    _check(claims, provider, nonce_hash, now)
    return claims


def found_in(claims: Mapping[str, Any], more: Mapping[str, Any], provider: Provider, now: datetime) -> Found:
    """Who it is; ``more`` is what the userinfo endpoint added, which must be about the same subject."""
    if more and more.get("sub") != claims["sub"]:
        raise NotBelieved("the userinfo is about another subject")
    said = {**more, **claims}
    email = _text(said, "email", 254)
    auth_time = claims.get("auth_time")
    shown_at = now if provider.always_asks else None
    if isinstance(auth_time, int) and not isinstance(auth_time, bool) and auth_time >= 0:
        shown_at = min(now, datetime.fromtimestamp(min(auth_time, int(now.timestamp())), UTC))
    return Found(
        issuer=provider.issuer, subject=claims["sub"],
        label=email or _text(said, "preferred_username", 254) or _text(said, "name", 254),
        name=_text(said, "name", 120), email=email if said.get("email_verified") is True else "",
        is_strong=provider.is_strong(claims), shown_at=shown_at,
    )  # fmt: skip


def _header(token: str) -> dict[str, Any]:
    parts = token.split(".")
    if len(parts) != 3:  # noqa: PLR2004 -- a signed token; an encrypted one has five
        raise NotBelieved("the ID token is not a signed one")
    try:
        header = json.loads(base64.urlsafe_b64decode(parts[0] + "=" * (-len(parts[0]) % 4)))
    except (ValueError, RecursionError) as error:
        raise NotBelieved("the header of the ID token cannot be read") from error
    if not isinstance(header, dict):
        raise NotBelieved("the header of the ID token is not an object")
    return header


def _key(header: Mapping[str, Any], algorithm: str, keys: Callable[[str | None], KeySet]) -> Key:
    """The one key that fits: by its id, or the only one of its kind where the token names none."""
    kid = header.get("kid")
    if kid is not None and not isinstance(kid, str):
        raise NotBelieved("the key id is not a text")
    fitting = [
        key
        for key in keys(kid)
        if key.key_type == KINDS[algorithm[:2]]
        and key.get("use") in {None, "sig"}
        and key.get("alg") in {None, algorithm}
        and (kid is None or key.kid == kid)
    ]
    if len(fitting) != 1:
        raise NotBelieved(f"{len(fitting)} keys of the provider fit the ID token (kid {kid!r})")
    return fitting[0]


def _check(claims: Mapping[str, Any], provider: Provider, nonce_hash: str, now: datetime) -> None:
    """What the claims registry does not know."""
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if audience != [provider.client_id]:
        raise NotBelieved("the ID token is for another audience, or for others too")
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise NotBelieved("the ID token was given to another party (azp)")
    if int(now.timestamp()) - claims["iat"] > OLDEST:
        raise NotBelieved("the ID token was issued too long ago")
    given = claims.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(token_hash(given), nonce_hash):
        raise NotBelieved("the nonce is missing or another")
    if not 0 < len(claims["sub"]) <= LONGEST or not claims["sub"].isprintable():
        raise NotBelieved("the subject is empty, too long or not printable")


def _text(claims: Mapping[str, Any], name: str, longest: int) -> str:
    value = claims.get(name)
    if not isinstance(value, str):
        return ""
    return " ".join("".join(mark if mark.isprintable() else " " for mark in value).split())[:longest]
