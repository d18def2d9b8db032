"""Settings from the environment (CHALLENGE_*), read once, frozen."""

from __future__ import annotations

import secrets
from functools import cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

VAR = Path("var")


class Settings(BaseSettings):
    """See docs/operating.md. Development works with nothing set."""

    model_config = SettingsConfigDict(env_prefix="CHALLENGE_", frozen=True, extra="ignore")

    env: Literal["development", "production"] = "development"
    database_url: str = "sqlite:///var/challenge.db"
    secret_key: SecretStr = SecretStr("")
    secret_key_file: Path | None = None
    secret_keys_previous: SecretStr = SecretStr("")  # what was signed or sealed with these still holds; commas between
    public_url: str = "http://127.0.0.1:8000"
    smtp_url: str = ""  # empty in development: mail stays in the visible outbox
    mail_from: str = "City Challenge <no-reply@localhost>"
    contact_email: str = ""  # where people reach the coordinators; shown on /contact and in security.txt
    files: Path = VAR / "files"
    scanner: str = ""  # a command that is given each file people send, on its input (docs/operating.md)
    leaked_passwords: Path | None = None  # a sorted list of SHA-1 hashes (docs/operating.md)
    log: Literal["debug", "info", "warning"] = "info"
    allowed_hosts: str = ""  # more host names than that of the public address, separated by commas
    trusted_proxies: str = ""  # addresses or networks whose X-Forwarded-For and -Proto are believed
    workers: int = Field(default=1, ge=1, le=64)  # processes of ``serve``; PostgreSQL only
    head_seconds: float = 10.0  # within which the head of a request must be there
    body_seconds: float = 30.0  # and its body, plus the time it needs at ``body_rate`` bytes a second
    body_rate: int = 16_384
    connections: int = 800  # open at a time, of them so many from one address
    connections_per_address: int = 50
    requests: int = 200  # worked on at a time; so many more when they submit something
    requests_reserved: int = 50
    searches: int = 5  # a second, of one person or of visitors from one place
    clock_shift_seconds: float = 0.0  # for rehearsals: the service believes it is so much later
    name: str = "City Challenge"
    oidc_providers: str = (
        ""  # a list, JSON or YAML (docs/identity.md); or in a file; or one provider by the names below
    )
    oidc_providers_file: Path | None = None
    oidc_key: str = "oidc"
    oidc_title: str = ""
    oidc_title_et: str = ""
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_client_secret_file: Path | None = None
    oidc_scopes: str = "openid email profile"
    oidc_second_factor_acr: str = ""
    oidc_second_factor_amr: str = ""
    demo: bool = Field(default=False, description="Marks the footer and shows the demo's sign-in page.")

    @cached_property
    def secret(self) -> bytes:
        """The key all signing keys are derived from; in development made once and kept in var/."""
        if self.secret_key_file is not None:
            return self.secret_key_file.read_bytes().strip()
        if self.secret_key.get_secret_value():
            return self.secret_key.get_secret_value().encode()
        if self.env == "production":
            message = "CHALLENGE_SECRET_KEY or CHALLENGE_SECRET_KEY_FILE must be set in production"
            raise ValueError(message)
        path = VAR / "secret"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(secrets.token_hex(32))
            path.chmod(0o600)
        return path.read_bytes().strip()

    @cached_property
    def previous_secrets(self) -> tuple[bytes, ...]:
        """Keys of before: nothing new is made with them."""
        return tuple(key.encode() for key in _parts(self.secret_keys_previous.get_secret_value()))

    @property
    def origin(self) -> str:
        """Scheme and host of the public address: what ``Origin`` must be."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def is_local(self) -> bool:
        """Whether it is served to this machine only."""
        return urlsplit(self.public_url).hostname in {"127.0.0.1", "localhost"}

    @property
    def hosts(self) -> frozenset[str]:
        """Host names requests may name; in development the loopback ones too."""
        found = {urlsplit(self.public_url).hostname or "", *_parts(self.allowed_hosts.lower())}
        return frozenset(found | {"127.0.0.1", "localhost"} if self.env == "development" else found)

    @property
    def proxies(self) -> tuple[str, ...]:
        """Addresses and networks that may say for whom they ask."""
        return _parts(self.trusted_proxies)


def _parts(listed: str) -> tuple[str, ...]:
    return tuple(part for part in (entry.strip() for entry in listed.split(",")) if part)
