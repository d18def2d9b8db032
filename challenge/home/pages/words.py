"""Dates, amounts and names in sentences, as the pages of this package say them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from challenge.home.queries.scene import Stand
from challenge.http.templates import Deadline, day
from challenge.kernel.i18n import Text, _, locale
from challenge.kernel.money import euros

MILLION_CENTS = 100_000_000
DAY_AND_MONTH = {"en": "d MMMM", "et": "d. MMMM"}


def listed(things: Iterable[object]) -> str:
    """``Fingal and Dún Laoghaire-Rathdown``."""
    return format_list([str(thing) for thing in things], locale=locale())


def period(opens_at: datetime, closes_at: datetime, zone: str) -> str:
    """``1 May – 30 June 2027``: the year once where it is the same."""
    first, last = (at.astimezone(ZoneInfo(zone)).date() for at in (opens_at, closes_at))
    start = day(first) if first.year != last.year else format_date(first, DAY_AND_MONTH[locale()], locale=locale())
    return f"{start} – {day(last)}"


def month(day: date) -> str:
    """``November 2024``."""
    return format_date(day, "MMMM y", locale=locale())


def amount(cents: int) -> str:
    """A sum one reads at a glance: ``€1.2 m``, ``€860,000``."""
    if cents < MILLION_CENTS:
        return euros(cents)
    millions = Decimal(cents) / MILLION_CENTS
    shown = format_decimal(millions, format="#,##0.##", locale=locale())
    return str(_("€%(millions)s m", millions=shown))


def clock(stand: Stand, label: Text, at: datetime) -> Deadline:
    """A date of a round as ``parts/clock.html`` shows it."""
    return Deadline(str(label), at, stand.zone, stand.now)
