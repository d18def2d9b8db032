"""A provider as it is reached from here. Everything in this file may wait for the network: never in a unit of work."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.integrations.httpx_client import OAuth2Client, OAuthError
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from challenge.kernel.errors import Busy
from challenge.people.oidc import failures
from challenge.people.oidc.failures import NotBelieved
from challenge.people.oidc.outgoing import STEP, Outgoing
from challenge.people.oidc.providers import Provider
from challenge.people.oidc.tokens import KINDS, Found, claims_of, found_in

log = logging.getLogger("challenge")
GOOD_FOR = timedelta(hours=1)  # how long what a provider says about itself is kept
ASK_AGAIN = timedelta(minutes=1)  # how often a key nobody knows makes us ask for the keys anew
PROOF_AGE = 600  # seconds: how old the proof may be that is asked for when somebody is to confirm
OK = 200
_waiting = threading.BoundedSemaphore(2)  # of the four threads that serve people


class Odd(Exception):  # noqa: N818 -- turned into a refusal where the provider is known
    """The provider answers, but not as agreed."""


@dataclass(frozen=True, slots=True)
class About:
    """What is used of a provider's own description."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    says_iss: bool


@contextmanager
def patience() -> Iterator[None]:
    """At most two requests wait for providers at a time, so that a slow one stops nobody else. Raises Busy."""
    if not _waiting.acquire(blocking=False):
        raise Busy
    try:
        yield
    finally:
        _waiting.release()


class Remote:
    """Asks one provider, and keeps what seldom changes."""

    def __init__(self, provider: Provider, public_url: str) -> None:
        self.provider = provider
        self.redirect_uri = f"{public_url.rstrip('/')}/sign-in/with/{provider.key}/back"
        self._about: tuple[datetime, About] | None = None
        self._keys: tuple[datetime, KeySet] | None = None

    def address(self, now: datetime, *, state: str, nonce: str, verifier: str, again: bool, language: str) -> str:
        """Where the browser is sent; ``again`` wants a credential shown there now. Raises a Refusal."""
        more: dict[str, object] = {"nonce": nonce, "ui_locales": language}
        if self.provider.acr_values:
            more["acr_values"] = " ".join(self.provider.acr_values)
        if again and self.provider.prompt_again:
            more |= {"prompt": self.provider.prompt_again, "max_age": PROOF_AGE}
        with self._in_words(), self._client() as client:
            endpoint = self._described(client, now).authorization_endpoint
            url, _state = client.create_authorization_url(endpoint, state=state, code_verifier=verifier, **more)
        return str(url)

    def who(self, now: datetime, given: Mapping[str, str], *, nonce_hash: str, verifier: str) -> Found:
        """Exchange the code and say who came back. Raises a Refusal; the log says what was wrong."""
        with self._in_words(), self._client() as client:
            about = self._described(client, now)
            if given.get("iss", self.provider.issuer) != self.provider.issuer or (
                about.says_iss and "iss" not in given
            ):
                raise NotBelieved("the answer came from another issuer (RFC 9207)")
            if "error" in given:
                log.warning("oidc %s: the provider said %.60r", self.provider.key, given["error"])
                raise failures.turned_down(self.provider)
            if not given.get("code"):
                raise NotBelieved("there is no code")
            try:
                token = client.fetch_token(
                    about.token_endpoint, grant_type="authorization_code", code=given["code"], code_verifier=verifier
                )
            except OAuthError as error:
                raise NotBelieved(f"the code was refused: {error.error!r:.60}") from error
            if not isinstance(token.get("id_token"), str):
                raise NotBelieved("there is no ID token")
            keys = partial(self._signers, client, now)
            claims = claims_of(token["id_token"], self.provider, keys, nonce_hash=nonce_hash, now=now)
            more: dict[str, Any] = {}
            if self.provider.new_people and "email" not in claims and about.userinfo_endpoint:
                more = self._json(client.get(about.userinfo_endpoint))
            return found_in(claims, more, self.provider, now)

    def _client(self) -> OAuth2Client:
        return OAuth2Client(
            client_id=self.provider.client_id, client_secret=self.provider.secret,
            token_endpoint_auth_method=self.provider.token_auth, scope=" ".join(self.provider.scopes),
            redirect_uri=self.redirect_uri, code_challenge_method="S256", leeway=0, timeout=STEP,
            follow_redirects=False, trust_env=False, transport=Outgoing(private_network=self.provider.private_network),
        )  # fmt: skip

    def _described(self, client: OAuth2Client, now: datetime) -> About:
        if self._about is not None and now - self._about[0] < GOOD_FOR:
            return self._about[1]
        url = self.provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
        said = self._json(client.request("GET", url, withhold_token=True))
        if said.get("issuer") != self.provider.issuer:
            raise NotBelieved("the provider describes another issuer than the configured one")
        about = About(
            authorization_endpoint=self._endpoint(said, "authorization_endpoint"),
            token_endpoint=self._endpoint(said, "token_endpoint"), jwks_uri=self._endpoint(said, "jwks_uri"),
            userinfo_endpoint=self._endpoint(said, "userinfo_endpoint") if "userinfo_endpoint" in said else "",
            says_iss=said.get("authorization_response_iss_parameter_supported") is True,
        )  # fmt: skip
        self._about = now, about
        return about

    def _signers(self, client: OAuth2Client, now: datetime, kid: str | None) -> KeySet:
        """The provider's keys; asked for anew when they are old, or when a key is named that is not among them."""
        if self._keys is not None:
            age, kept = now - self._keys[0], self._keys[1]
            known = kid is None or any(key.kid == kid for key in kept)
            if age < (GOOD_FOR if known else ASK_AGAIN):
                return kept
        said = self._json(client.request("GET", self._described(client, now).jwks_uri, withhold_token=True))
        listed = said.get("keys")
        if not isinstance(listed, list):
            raise Odd("it lists no keys")
        usable = [key for key in listed if isinstance(key, dict) and key.get("kty") in KINDS.values()]
        try:
            keys = KeySet.import_key_set({"keys": usable})
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise Odd("its keys cannot be read") from error
        self._keys = now, keys
        return keys

    def _endpoint(self, said: Mapping[str, Any], name: str) -> str:
        url = said.get(name)
        schemes = {"https", "http"} if self.provider.private_network else {"https"}
        if not isinstance(url, str) or urlsplit(url).scheme not in schemes or not urlsplit(url).hostname:
            raise Odd(f"its {name} is no address we would ask")
        return url

    @staticmethod
    def _json(answer: httpx2.Response) -> dict[str, Any]:
        if answer.status_code != OK:
            raise Odd(f"it answers {answer.status_code}")
        try:
            said = answer.json()
        except (ValueError, RecursionError) as error:
            raise Odd("it does not answer in JSON") from error
        if not isinstance(said, dict):
            raise Odd("it does not answer with an object")
        return said

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """Faults become refusals people can read."""
        try:
            yield
        except NotBelieved as error:
            log.warning("oidc %s: not believed: %s", self.provider.key, error)
            raise failures.not_believed(self.provider) from error
        except (httpx2.HTTPError, httpx2.InvalidURL, Odd, OAuthError, ValueError) as error:
            log.warning("oidc %s: unreachable: %s %s", self.provider.key, type(error).__name__, error)
            raise failures.unreachable(self.provider) from error
