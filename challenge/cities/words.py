"""Keys and codes of cities in the reader's language."""

from __future__ import annotations

import re
from functools import cache

from babel import Locale

from challenge.cities.states import LANGUAGES, NETWORKS, THEMES
from challenge.kernel.i18n import Text, _, locale
from challenge.people.spelling import plain


def theme_label(key: str) -> str:
    """A known theme in the reader's language; a city's own as it was typed, more or less."""
    return str(THEMES.get(key) or key.replace("_", " ").capitalize())


def theme_key(text: str) -> str:
    """``Night-time economy`` → ``night_time_economy``; a known theme typed in the reader's language finds its key."""
    wanted = plain(text)
    known = next((key for key, label in THEMES.items() if plain(str(label)) == wanted), None)
    return known or re.sub(r"[^a-z0-9]+", "_", wanted).strip("_")[:32]


def network_label(key: str) -> str:
    """The name of a network."""
    return NETWORKS.get(key, key)


def language_label(code: str) -> str:
    """``et`` → Estonian, or eesti."""
    return _languages(locale()).get(code, code)


def language_choices() -> list[tuple[str, str]]:
    """(code, name), by name."""
    return sorted(((code, language_label(code)) for code in LANGUAGES), key=lambda choice: plain(choice[1]))


def coordinates(latitude: float, longitude: float) -> Text:
    """``58.3806° N, 26.7251° E``."""
    north = _("%(degrees)s° N", degrees=f"{latitude:.4f}") if latitude >= 0 else _(
        "%(degrees)s° S", degrees=f"{-latitude:.4f}")  # fmt: skip
    east = _("%(degrees)s° E", degrees=f"{longitude:.4f}") if longitude >= 0 else _(
        "%(degrees)s° W", degrees=f"{-longitude:.4f}")  # fmt: skip
    return _("%(north)s, %(east)s", north=north, east=east)


@cache
def _languages(language: str) -> dict[str, str]:
    names = Locale.parse(language).languages
    return {code: names.get(code, code)[:1].upper() + names.get(code, code)[1:] for code in LANGUAGES}
