"""Letters leave by SMTP: claimed under a lease, sent outside of any unit of work, stamped in one of their own."""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from challenge.kernel import letter as letters
from challenge.kernel.clock import Clock
from challenge.kernel.database import Database
from challenge.kernel.letter import Letter
from challenge.kernel.work import open_work
from challenge.settings import Settings

log = logging.getLogger("challenge.mail")
TIMEOUT_SECONDS = 20
PERMANENT = range(500, 600)


def mail(letter: Letter, settings: Settings) -> EmailMessage:
    """The letter as a mail: one recipient, a stable Message-ID, plainly machine-made."""
    message = EmailMessage()
    message["From"] = settings.mail_from
    user, _, host = letter.address.rpartition("@")
    message["To"] = Address(username=user, domain=host)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.created_at)
    message["Message-ID"] = f"<{letter.message_id}@{urlsplit(settings.public_url).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = letter.locale
    message.set_content(letter.text)
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    return message


@contextmanager
def connection(url: str) -> Iterator[smtplib.SMTP]:
    """An SMTP connection for ``smtp://``, ``smtp+starttls://`` or ``smtps://user:password@host:port``."""
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT_SECONDS)
    with server:
        if parts.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server


def deliver(database: Database, settings: Settings, clock: Clock, most: int = 200) -> int:
    """Send what is due, at most ``most`` letters; how many were taken by the mail server. Nothing without a server."""
    if not settings.smtp_url:
        return 0
    sent = 0
    for _turn in range(most):
        with open_work(database, clock()) as w:
            letter = letters.claim(w)
        if letter is None:
            break
        sent += _send(database, settings, clock, letter)
    return sent


def _send(database: Database, settings: Settings, clock: Clock, letter: Letter) -> bool:
    sender = parseaddr(settings.mail_from)[1]
    try:
        with connection(settings.smtp_url) as server:
            server.send_message(mail(letter, settings), from_addr=sender, to_addrs=[letter.address])
    except (smtplib.SMTPException, OSError, ValueError) as error:
        log.warning("letter %s was not sent: %s", letter.message_id, type(error).__name__)
        with open_work(database, clock()) as w:
            letters.failed(w, letter, f"{type(error).__name__}: {error}", final=is_final(error))
        return False
    with open_work(database, clock()) as w:
        letters.sent(w, letter)
    return True


def is_final(error: Exception) -> bool:
    """Whether the server refused this recipient or message for good (5xx), so that trying again is pointless."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code in PERMANENT for code, _text in error.recipients.values())
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return False  # ours to mend: the letter must wait
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code in PERMANENT
    return isinstance(error, ValueError)
