"""Words in sentences that depend on the reader's language: a moment, a country, a list, an amount."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.lists import format_list
from babel.numbers import format_decimal

from challenge.kernel.i18n import gettext, locale
from challenge.kernel.money import euros
from challenge.people.countries import country_name


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
        return country_name(self.code)


@dataclass(frozen=True, slots=True)
class Listed:
    """Things in a row, as the language lists them: ``city, municipality and county council``."""

    things: tuple[object, ...]
    lower: bool = False

    def __str__(self) -> str:
        texts = [str(thing) for thing in self.things]
        british = "en_GB" if locale() == "en" else locale()  # no comma before "and"
        return format_list([text.lower() for text in texts] if self.lower else texts, locale=british)


@dataclass(frozen=True, slots=True)
class Money:
    """Cents as an amount."""

    cents: int

    def __str__(self) -> str:
        return euros(self.cents)


@dataclass(frozen=True, slots=True)
class Told:
    """A text somebody stored; a default of ours is translated, anything else stays as it was typed."""

    text: str

    def __str__(self) -> str:
        return gettext(self.text) if self.text else ""


@dataclass(frozen=True, slots=True)
class Sentences:
    """Whole sentences one after the other."""

    texts: tuple[object, ...]

    def __str__(self) -> str:
        return " ".join(str(text) for text in self.texts)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number without zeros that say nothing: ``0.5``, ``30``, ``2/3``, ``16.67``."""

    value: Decimal | Fraction | int

    def __str__(self) -> str:
        value = self.value
        exact = Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else Decimal(value)
        if exact != round(exact, 4) and exact < 1:
            return str(value)
        return format_decimal(round(exact, 2) if exact != round(exact, 4) else exact, locale=locale())
