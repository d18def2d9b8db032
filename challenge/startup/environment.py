"""Unsafe settings of the environment."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterator
from ipaddress import ip_network
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.engine import make_url

from challenge.people import leaked
from challenge.people.oidc import providers
from challenge.settings import VAR, Settings

SECRET_BYTES = 32
FEWEST_DIFFERENT = 8  # bytes of a secret that was drawn, not typed
KNOWN_SECRETS = (
    "secret for the tests",
    "changeme",
    "change-me",
    "change me",
    "please-change",
    "example",
    "your-secret",
)
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104 -- compared with, never listened on
SSL_MODES = frozenset({"disable", "require", "verify-ca", "verify-full"})
SMTP = frozenset({"smtp", "smtp+starttls", "smtps"})


def has_a_secret(settings: Settings) -> Iterator[str]:
    """Missing, short, typed by hand or published: whoever knows it forges receipts and sessions."""
    try:
        secret = settings.secret
    except (ValueError, OSError):
        yield "CHALLENGE_SECRET_KEY is not set (or CHALLENGE_SECRET_KEY_FILE cannot be read)."
        return
    if len(secret) < SECRET_BYTES:
        yield f"CHALLENGE_SECRET_KEY has {len(secret)} bytes: at least {SECRET_BYTES} are needed."
    if len(set(secret)) < FEWEST_DIFFERENT or any(known in secret.decode(errors="replace") for known in KNOWN_SECRETS):
        yield "CHALLENGE_SECRET_KEY is one that others know or guess: draw one with `openssl rand -hex 32`."
    elif settings.secret_key_file is not None and settings.secret_key_file.resolve() == (VAR / "secret").resolve():
        yield "CHALLENGE_SECRET_KEY_FILE is the one made for development and demo: draw another."


def has_a_public_address(settings: Settings) -> Iterator[str]:
    """Links in letters and the Secure cookies need https and a name others can reach."""
    parts = urlsplit(settings.public_url)
    if parts.scheme != "https":
        yield f"CHALLENGE_PUBLIC_URL is {parts.scheme or 'without scheme'}: it must be https."
    if not parts.hostname or parts.hostname in LOOPBACK or parts.hostname.endswith(".localhost"):
        yield f"CHALLENGE_PUBLIC_URL names {parts.hostname or 'no host'}: others cannot reach it."


def names_its_hosts(settings: Settings) -> Iterator[str]:
    """With any host allowed, a link in a letter may lead to a stranger's server."""
    if any("*" in host for host in settings.hosts):
        yield "CHALLENGE_ALLOWED_HOSTS contains *: name each host."


def trusts_named_proxies(settings: Settings) -> Iterator[str]:
    """Who is believed to be a proxy can claim any address, and so escape every limit."""
    for proxy in settings.proxies:
        try:
            network = ip_network(proxy)
        except ValueError:
            yield f"CHALLENGE_TRUSTED_PROXIES contains {proxy}: name addresses or networks."
            continue
        if network.prefixlen == 0:
            yield f"CHALLENGE_TRUSTED_PROXIES contains {proxy}: that is everybody."


def sends_mail(settings: Settings) -> Iterator[str]:
    """Nobody could sign in or hear of a decision."""
    scheme = urlsplit(settings.smtp_url).scheme
    if not settings.smtp_url:
        yield "CHALLENGE_SMTP_URL is not set: letters would go nowhere."
    elif scheme not in SMTP:
        yield f"CHALLENGE_SMTP_URL is {scheme or 'no address'}: use {', '.join(sorted(SMTP))}, or letters go nowhere."
    elif scheme == "smtp" and urlsplit(settings.smtp_url).hostname not in LOOPBACK:
        yield "CHALLENGE_SMTP_URL is smtp to another machine: sign-in links would travel in clear, use smtp+starttls."
    if settings.mail_from.rstrip(">").endswith("@localhost"):
        yield "CHALLENGE_MAIL_FROM is at localhost: receivers refuse such letters."


def reaches_the_database_in_private(settings: Settings) -> Iterator[str]:
    """Left to itself the client falls back to plain text: over a network that must be said, not happen."""
    url = make_url(settings.database_url)
    named = url.query.get("host", ())
    hosts = {url.host or "", *((named,) if isinstance(named, str) else named)}
    far = sorted(host for host in hosts - LOOPBACK if host and not host.startswith(("/", "@")))
    if url.get_backend_name() == "postgresql" and far and url.query.get("sslmode") not in SSL_MODES:
        yield (
            f"CHALLENGE_DATABASE_URL reaches {far[0]} and does not say how: add ?sslmode=verify-full&sslrootcert=…, "
            "or ?sslmode=disable where the network between is yours alone."
        )


def finds_its_scanner(settings: Settings) -> Iterator[str]:
    """Nobody could send a file; that it answers is seen with the first one."""
    if not settings.scanner:
        return
    try:
        command = shlex.split(settings.scanner)
    except ValueError:
        yield "CHALLENGE_SCANNER cannot be read: a quotation mark is missing."
        return
    if not command or shutil.which(command[0]) is None:
        yield f"CHALLENGE_SCANNER names {command[0] if command else 'nothing'}: there is no such program to run."


def knows_leaked_passwords(settings: Settings) -> Iterator[str]:
    """A list in another order holds nothing that is looked for."""
    if settings.leaked_passwords is not None and (fault := leaked.fault(settings.leaked_passwords)):
        yield f"CHALLENGE_LEAKED_PASSWORDS {fault}: {settings.leaked_passwords}."


def offers_sound_sign_ins(settings: Settings) -> Iterator[str]:
    """A provider that is asked in plain text, or half configured."""
    try:
        found = providers.read(settings)
    except providers.Misconfigured as error:
        yield from error.faults
        return
    for provider in found:
        if not provider.issuer.startswith("https:"):
            yield f"CHALLENGE_OIDC: provider {provider.key}: issuer must begin with https://."


def is_no_demo(settings: Settings) -> Iterator[str]:
    """The demo signs anybody in as anybody."""
    if settings.demo:
        yield "CHALLENGE_DEMO is on: it shows links that sign anybody in."
    if settings.database_url.split("?")[0].endswith("/demo.db"):
        yield "CHALLENGE_DATABASE_URL is the demo's database."


def debugs_nothing(settings: Settings) -> Iterator[str]:
    """Debug logs name people and addresses."""
    if settings.log == "debug":
        yield "CHALLENGE_LOG is debug: logs would name people."


def keeps_the_clock(settings: Settings) -> Iterator[str]:
    """A moved clock is for rehearsals."""
    if settings.clock_shift_seconds:
        yield f"CHALLENGE_CLOCK_SHIFT_SECONDS is {settings.clock_shift_seconds:g}: deadlines would be wrong."


def knows_time_zones(_settings: Settings) -> Iterator[str]:
    """Deadlines are shown in the round's zone."""
    try:
        ZoneInfo.no_cache("Europe/Tallinn")
    except ZoneInfoNotFoundError:
        yield "Time zones are missing: install tzdata."
