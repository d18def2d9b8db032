"""Countries by their two letters, named in the reader's language."""

from __future__ import annotations

from functools import cache

from babel import Locale

from challenge.kernel.i18n import locale
from challenge.people.spelling import plain

_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})


def country_name(code: str) -> str:
    """``EE`` → Estonia, or Eesti; a code nobody knows stays a code."""
    return _names(locale()).get(code, code)


def countries() -> list[tuple[str, str]]:
    """(code, name) of every country and territory, by name."""
    return sorted(_names(locale()).items(), key=lambda country: plain(country[1]))


def countries_called(text: str) -> list[str]:
    """The codes of countries whose name, in the reader's language or in English, begins with the text."""
    wanted = plain(text)
    if not wanted:
        return []
    both = {**_names("en")}.items() | _names(locale()).items()
    return sorted({code for code, name in both if plain(name).startswith(wanted) or code.lower() == wanted})


@cache
def _names(language: str) -> dict[str, str]:
    territories = Locale.parse(language).territories
    return {
        code: name
        for code, name in territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES  # noqa: PLR2004 -- not the numbered regions
    }
