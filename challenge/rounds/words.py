"""Words in sentences that depend on the reader's language: a moment, a country."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime

from challenge.kernel.i18n import locale


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant as it stands on the clock of a zone: ``Wed 31 March 2027, 17:00 (Tallinn)``."""

    at: datetime
    zone: str

    def __str__(self) -> str:
        pattern = "EEE d MMMM y, HH:mm" if locale() == "en" else "EEE, d. MMMM y, HH:mm"
        place = self.zone.rsplit("/", maxsplit=1)[-1].replace("_", " ")
        return f"{format_datetime(self.at, pattern, tzinfo=ZoneInfo(self.zone), locale=locale())} ({place})"


@dataclass(frozen=True, slots=True)
class Country:
    """A country by its two letters, as the reader calls it."""

    code: str

    def __str__(self) -> str:
        return str(Locale(locale()).territories.get(self.code, self.code))
