"""Texts in the reader's language: a message is an English sentence with names, translated when it is shown."""

from __future__ import annotations

import functools
import pathlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from babel.messages.pofile import read_po

LANGUAGES = {"en": "English", "et": "Eesti"}
CATALOGUES = pathlib.Path(__file__).parent.parent / "locale"

_locale: ContextVar[str] = ContextVar("locale", default="en")


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Within, texts are shown in ``locale`` (a key of ``LANGUAGES``; others fall back to English)."""
    token = _locale.set(locale if locale in LANGUAGES else "en")
    try:
        yield
    finally:
        _locale.reset(token)


def locale() -> str:
    """The language texts are shown in here and now."""
    return _locale.get()


@functools.cache
def catalogue(language: str) -> Mapping[str, tuple[str, ...]]:
    r"""Message (with context as ``context\x04message``) → its forms, read from the committed .po file."""
    path = CATALOGUES / language / "LC_MESSAGES" / "messages.po"
    if language == "en" or not path.exists():
        return {}
    with path.open("rb") as file:
        messages = read_po(file)
    found = {}
    for message in messages:
        if not message.id or message.fuzzy:
            continue
        identity = message.id if isinstance(message.id, str) else message.id[0]
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        if all(forms):
            found[f"{message.context}\x04{identity}" if message.context else identity] = forms
    return found


def gettext(message: str) -> str:
    """The message in the current language; English where no translation is known."""
    forms = catalogue(_locale.get()).get(message)
    return forms[0] if forms else message


def ngettext(singular: str, plural: str, number: float) -> str:
    """The form for ``number``; English and Estonian both have one form for 1 and one for the rest."""
    forms = catalogue(_locale.get()).get(singular)
    pair = forms if forms and len(forms) > 1 else (singular, plural)
    return pair[0] if number == 1 else pair[1]


class Text:
    """A sentence that is translated when it becomes a string, in the language of whoever reads it."""

    __slots__ = ("message", "names", "number", "plural")

    def __init__(
        self,
        message: str,
        plural: str | None = None,
        number: float | None = None,
        names: Mapping[str, object] | None = None,
    ) -> None:
        self.message = message
        self.plural = plural
        self.number = number
        self.names = dict(names or {})

    def __str__(self) -> str:
        if self.plural is not None and self.number is not None:
            return ngettext(self.message, self.plural, self.number) % {"n": self.number, **self.names}
        found = gettext(self.message)
        return found % self.names if self.names else found

    def __repr__(self) -> str:
        return f"Text({self.message!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Text):
            return NotImplemented
        mine = (self.message, self.plural, self.number, self.names)
        return mine == (other.message, other.plural, other.number, other.names)

    def __hash__(self) -> int:
        return hash((self.message, self.plural, self.number))


def _(message: str, /, **names: object) -> Text:
    """A text of one form: ``_("%(city)s has withdrawn.", city=name)``."""
    return Text(message, names=names)


def _n(singular: str, plural: str, number: float, /, **names: object) -> Text:
    """A text that depends on a number, named ``n``: ``_n("%(n)s word", "%(n)s words", count)``."""
    return Text(singular, plural, number, names)


def N_(message: str) -> str:  # noqa: N802 -- the customary name of the marker
    """Marks a plain string for extraction; ``gettext`` it where it is shown (titles of form fields)."""
    return message
