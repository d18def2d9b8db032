"""The providers people may sign in with, as the settings name them (docs/identity.md)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError, model_validator

from challenge.kernel.i18n import locale
from challenge.settings import Settings

Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "HS256"]
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def _words(value: object) -> object:
    """A list, or one text of words with spaces between."""
    return tuple(value.split()) if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_words)]


class Provider(BaseModel):
    """One provider. ``issuer`` is what its tokens must say to the letter."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")
    title: str = Field(min_length=1, max_length=60)
    title_et: str = Field(default="", max_length=60)
    issuer: str = Field(max_length=300)
    client_id: str = Field(min_length=1, max_length=300)
    client_secret: SecretStr = SecretStr("")
    client_secret_file: Path | None = None
    token_auth: Literal["client_secret_basic", "client_secret_post"] = "client_secret_basic"  # noqa: S105 -- a method
    scopes: Words = ("openid", "email", "profile")
    algorithms: tuple[Algorithm, ...] = ("RS256", "PS256", "ES256", "EdDSA")
    acr_values: Words = ()  # asked for
    second_factor_acr: Words = ()  # with one of these, signing in there counts as two factors
    second_factor_amr: Words = ()
    always_asks: bool = False  # each sign-in there asks for a credential, though its tokens have no auth_time
    prompt_again: str = "login"  # how it is asked to ask again; empty: it cannot be
    new_people: bool = False  # makes an account for an address it has verified and nobody has here
    private_network: bool = False  # its addresses may be private or loopback ones

    @model_validator(mode="after")
    def _is_safe(self) -> Provider:
        parts = urlsplit(self.issuer)
        inside = self.private_network and parts.scheme == "http" and is_inside(parts.hostname or "")
        if parts.scheme != "https" and not inside:
            raise ValueError("issuer must begin with https://")
        if not parts.hostname or parts.query or parts.fragment or "@" in parts.netloc:
            raise ValueError("issuer must be an address without question mark, # and @")
        if "openid" not in self.scopes:
            raise ValueError("scopes must contain openid")
        if not self.secret:
            raise ValueError("client_secret or client_secret_file must be set")
        return self

    @property
    def secret(self) -> str:
        """What this service proves itself with to the provider."""
        if self.client_secret_file is not None:
            return self.client_secret_file.read_text(encoding="utf-8").strip()
        return self.client_secret.get_secret_value()

    def __str__(self) -> str:
        """The title in the reader's language."""
        return self.title_et if locale() == "et" and self.title_et else self.title

    def may_confirm(self, *, needs_both: bool) -> bool:
        """Whether it can show anew that it is oneself; with both factors where two are needed."""
        asks = self.always_asks or bool(self.prompt_again)
        return asks and bool(not needs_both or self.second_factor_acr or self.second_factor_amr)

    def is_strong(self, claims: Mapping[str, Any]) -> bool:
        """Whether the sign-in these claims tell of counts as two factors."""
        said = claims.get("amr")
        methods = said if isinstance(said, list) else []
        return claims.get("acr") in self.second_factor_acr or any(one in self.second_factor_amr for one in methods)


def is_inside(host: str) -> bool:
    """Whether a host name says by itself that it is this machine or a private network."""
    try:
        return host in LOOPBACK or not ipaddress.ip_address(host).is_global
    except ValueError:
        return False


class Misconfigured(ValueError):  # noqa: N818 -- it says what the settings are
    """The settings of providers make no sense; ``faults`` says why, one sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


def read(settings: Settings) -> tuple[Provider, ...]:
    """The providers of the settings. Raises Misconfigured, so that nothing starts half-configured."""
    found, faults = [], []
    for place, given in enumerate(_given(settings), 1):
        try:
            found.append(Provider.model_validate(given))
        except (ValidationError, OSError) as error:
            faults += [f"CHALLENGE_OIDC: provider {place}: {fault}." for fault in _faults(error)]
    for what in ("key", "issuer"):
        values = [getattr(provider, what) for provider in found]
        twice = sorted({value for value in values if values.count(value) > 1})
        faults += [f"CHALLENGE_OIDC: the {what} {value} is used twice." for value in twice]
    if faults:
        raise Misconfigured(faults)
    return tuple(found)


def _given(settings: Settings) -> Iterator[object]:
    if settings.oidc_issuer:
        yield {
            "key": settings.oidc_key, "title": settings.oidc_title, "title_et": settings.oidc_title_et,
            "issuer": settings.oidc_issuer, "client_id": settings.oidc_client_id,
            "client_secret": settings.oidc_client_secret, "client_secret_file": settings.oidc_client_secret_file,
            "scopes": settings.oidc_scopes, "second_factor_acr": settings.oidc_second_factor_acr,
            "second_factor_amr": settings.oidc_second_factor_amr,
        }  # fmt: skip
    try:
        texts = [settings.oidc_providers]
        if settings.oidc_providers_file is not None:
            texts.append(settings.oidc_providers_file.read_text(encoding="utf-8"))
        for text in texts:
            listed = yaml.safe_load(text) if text.strip() else []
            if not isinstance(listed, list):
                raise Misconfigured(["CHALLENGE_OIDC_PROVIDERS is not a list of providers."])
            yield from listed
    except yaml.YAMLError as error:
        raise Misconfigured(["CHALLENGE_OIDC_PROVIDERS is neither JSON nor YAML."]) from error
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(["CHALLENGE_OIDC_PROVIDERS_FILE cannot be read."]) from error


def _faults(error: ValidationError | OSError) -> list[str]:
    if isinstance(error, OSError):
        return [f"client_secret_file: {error.strerror}"]
    return [f"{'.'.join(map(str, one['loc'])) or 'it'}: {one['msg']}" for one in error.errors(include_input=False)]
