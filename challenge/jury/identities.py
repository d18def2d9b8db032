"""Which addresses and names of organisations speak for one house: domains, their parts, units of an organisation."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from challenge.people.spelling import address_key, fold

# Domains anybody can have an address of: they say nothing about where somebody works. Those ending in a reserved name
# (RFC 2606) are of nobody.
ANYBODYS = frozenset({
    "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "ymail.com",
    "icloud.com", "me.com", "mac.com", "aol.com", "proton.me", "protonmail.com", "pm.me", "gmx.com", "gmx.net",
    "gmx.de", "web.de", "mail.com", "mail.ee", "hot.ee", "online.ee", "neti.ee", "suhtlus.ee", "tuta.com",
    "tutanota.com", "fastmail.com", "zoho.com", "yandex.com", "mail.ru", "inbox.lv", "seznam.cz", "wp.pl", "o2.pl",
    "laposte.net", "orange.fr", "free.fr", "libero.it", "eircom.net", "example.org", "example.com", "example.net",
})  # fmt: skip
SHORT_SECOND = frozenset(["ac", "co", "com", "edu", "gov", "net", "org", "nom"])  # before a country: ac.uk, com.pl
_UNIT = re.compile(r"\s*(?:,|:|\(|/|\s[-–—]\s)")


def mailbox(email: str) -> str:
    """The address without what its holder may vary: a tag after ``+``, the two names of one provider, its dots."""
    local, _at, domain = address_key(email).rpartition("@")
    local = local.partition("+")[0]
    if domain in {"gmail.com", "googlemail.com"}:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def domain_of(email: str) -> str:
    """The domain of the house an address belongs to, its parts left out (``cs.taltech.ee``); empty if anybody's."""
    return _house(address_key(email).rpartition("@")[2])


def domain_of_site(website: str | None) -> str:
    """The same of a website."""
    typed = website or ""
    return _house(fold(urlsplit(typed if "//" in typed else f"//{typed}").hostname or ""))


def _house(domain: str) -> str:
    labels = domain.strip(".").split(".")
    if len(labels) < 2 or domain in ANYBODYS:  # noqa: PLR2004 -- a name and what it is under
        return ""
    own = 3 if len(labels[-1]) == 2 and labels[-2] in SHORT_SECOND else 2  # noqa: PLR2004 -- letters of a country
    found = ".".join(labels[-own:])
    return "" if found in ANYBODYS else found


def house_of(name: str, country: str) -> tuple[str, str]:
    """What an organisation and its units have in common: the name before a comma, bracket or dash, and the country."""
    return fold(_UNIT.split(name, maxsplit=1)[0]), country
