"""Copies without identities: names become bars, and what is not declared here is left out. The one place for both.

A copy is made of a kept version of a proposal. It knows no language and no domain words: names and how they are spelt
are handed in.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from itertools import pairwise
from typing import Any

BAR = "█████"  # of one length, whatever the name


class Treatment(Enum):
    """What becomes of a part of the content in a copy."""

    MARKED = "names in it become bars"
    KEPT = "as it is"
    NUMBERED = "partners get numbers; cities keep their names"
    DROPPED = "not in the copy"


# Every part of a kept version. What is not named here is in no copy; tests/policy/test_redaction.py asks for a name.
PARTS: dict[str, Treatment] = {
    "title": Treatment.MARKED,
    "summary": Treatment.MARKED,
    "answers": Treatment.MARKED,
    "size_class": Treatment.KEPT,
    "months": Treatment.KEPT,
    "challenges": Treatment.KEPT,
    "cities": Treatment.KEPT,  # what jurors score rests on who pairs with whom: docs/decisions/0017
    "budget": Treatment.NUMBERED,
    "own_shares": Treatment.NUMBERED,
    "files": Treatment.DROPPED,
}
CHOSEN = frozenset({"mims", "people_checks"})  # answers that are keys of a list, not words

_ADDRESS = re.compile(
    r"[\w.+'’-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,63}\.[\w.-]{1,190}"  # e-mail
    r"|(?:https?://|www\.)\S+"  # web
    r"|\b\d{4}-\d{4}-\d{4}-\d{3}[\dXx]\b"  # ORCID
    r"|(?<![\w+])\+\d(?:[\s()-]?\d){7,14}\b",  # telephone
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
_GAP = 3  # characters between the words of one name: a space, a hyphen, a comma and a space
_SHORT, _LONG = 3, 6  # a shorter name is a name only with a capital; a longer one is recognised by its beginning
_ENDING = re.compile(r"[aeiou]{0,2}(?:d|t|te|de|id)?(?:sse|s|st|l|le|lt|ks|ni|na|ta|ga|t|d)?(?:gi|ki)?")
_WEAK_ENDING = re.compile(r"[aei](?:d|t|te|de|id)?(?:sse|s|st|l|le|lt|ks|ni|na|ta|ga|t|d)?(?:gi|ki)?")
_TAIL = 6  # letters that may follow a long name
_BEGINNING = 2  # letters that no ending changes
_WEAKENED = {"k": "g", "p": "b", "t": "d"}

Spell = Callable[[str], str]


def weak_stems(name: str) -> Iterator[str]:
    """What a name written plainly becomes before an Estonian ending: ``sepp`` → ``sep(a)``, ``kask`` → ``kas(e)``."""
    if name.endswith(("kk", "pp", "tt", "sk")):
        yield name[:-1]
    elif name.endswith("ne"):
        yield f"{name[:-2]}s"
    elif name.endswith("gi"):
        yield name[:-2]
    elif name[-1:] in _WEAKENED:
        yield name[:-1] + _WEAKENED[name[-1]]


def is_like(name: str, word: str) -> bool:
    """Whether a word, written plainly, is the name or a form of it."""
    if word == name:
        return True
    if len(name) < _SHORT:
        return False
    if word.startswith(name):
        rest = word[len(name) :]
        return (len(name) >= _LONG and len(rest) <= _TAIL) or _ENDING.fullmatch(rest) is not None
    return any(
        word.startswith(stem) and _WEAK_ENDING.fullmatch(word[len(stem) :]) is not None for stem in weak_stems(name)
    )


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    key: str
    has_capital: bool


@dataclass(slots=True)
class Marker:
    """Marks names in texts and counts them. ``names`` are words or several words in a row; ``kept`` stay readable.

    ``spell`` writes a word plainly: without case, accents and look-alike letters. The longest name at a place counts,
    so that a city stays readable and a university called after it does not.
    """

    names: Iterable[str]
    kept: Iterable[str]
    spell: Spell
    count: int = 0
    _phrases: dict[str, list[tuple[tuple[str, ...], bool]]] = field(default_factory=dict)  # by how they begin

    def __post_init__(self) -> None:
        """Longest first; where two are as long, what stays readable."""
        found = {self._key(name): True for name in self.names} | {self._key(name): False for name in self.kept}
        found.pop((), None)
        for phrase, is_name in sorted(found.items(), key=lambda entry: (-len(entry[0]), entry[1])):
            self._phrases.setdefault(phrase[0][:_BEGINNING], []).append((phrase, is_name))

    def _key(self, name: str) -> tuple[str, ...]:
        return tuple(token.key for token in self._tokens(seen(name)))

    def _tokens(self, text: str) -> list[_Token]:
        found = (
            _Token(word.start(), word.end(), self.spell(word[0]), word[0][:1].isupper())
            for word in _WORD.finditer(text)
        )
        return [token for token in found if token.key]

    def __call__(self, text: str) -> str:
        """The text with a bar for each name."""
        text = seen(text)
        spans = [(found.start(), found.end()) for found in _ADDRESS.finditer(text)]
        tokens = self._tokens(text)
        at = 0
        while at < len(tokens):
            length, is_name = self._here(text, tokens, at)
            if is_name:
                spans.append((tokens[at].start, tokens[at + length - 1].end))
            at += max(length, 1)
        return self._barred(text, sorted(spans))

    def _here(self, text: str, tokens: list[_Token], at: int) -> tuple[int, bool]:
        """How many words from here are one name, and whether it is one to hide."""
        for phrase, is_name in self._phrases.get(tokens[at].key[:_BEGINNING], ()):
            run = tokens[at : at + len(phrase)]
            if len(run) < len(phrase) or not all(map(is_like, phrase, (token.key for token in run))):
                continue
            gaps = (text[one.end : after.start] for one, after in pairwise(run))
            if any(len(gap) > _GAP for gap in gaps):
                continue
            if len(phrase) == 1 and len(phrase[0]) < _SHORT and not run[0].has_capital:
                continue
            return len(phrase), is_name
        return 0, False

    def _barred(self, text: str, spans: list[tuple[int, int]]) -> str:
        pieces: list[str] = []
        last = 0
        for start, end in spans:
            if start < last:  # inside an address
                continue
            between = text[last:start]
            if pieces and between and not between.strip():
                last = end  # names side by side are one: how many there were is nobody's business
                continue
            pieces += [between, BAR]
            self.count += 1
            last = end
        return "".join([*pieces, text[last:]])


def seen(text: str) -> str:
    """The text as it is seen: composed letters, nothing invisible in between."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(char for char in composed if unicodedata.category(char) != "Cf")


def copy_of(content: Mapping[str, Any], mark: Marker) -> dict[str, Any]:
    """The copy of a kept version: each part as ``PARTS`` says, what they do not name left out."""
    copy: dict[str, Any] = {}
    for part, value in content.items():
        match PARTS.get(part, Treatment.DROPPED):
            case Treatment.MARKED:
                copy[part] = _marked(value, mark)
            case Treatment.NUMBERED:
                copy[part] = _numbered(value, content)
            case Treatment.KEPT:
                copy[part] = value
            case Treatment.DROPPED:
                pass
    return copy


def _marked(value: Any, mark: Marker) -> Any:
    if isinstance(value, str):
        return mark(value)
    if isinstance(value, Mapping):
        return {key: one if key in CHOSEN else _marked(one, mark) for key, one in value.items()}
    return [_marked(one, mark) for one in value] if isinstance(value, list) else value


def _numbered(lines: list[Mapping[str, Any]], content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Who spends and pays what: cities by name, the others as a bar and a number in the order of what they spend."""
    cities = {city["city"] for city in content.get("cities", [])}
    sums: dict[str, int] = {}
    for line in content["budget"]:
        if line["partner"] not in cities:
            sums[line["partner"]] = sums.get(line["partner"], 0) + line["cents"]
    numbers = {partner: at for at, partner in enumerate(sorted(sums, key=lambda one: -sums[one]), 1)}
    hidden = {partner: f"{BAR} {number}" for partner, number in numbers.items()}
    return [
        {
            "partner": line["partner"] if line["partner"] in cities else "",
            "name": hidden.get(line["partner"], line["name"]),
            **{key: line[key] for key in ("category", "year", "cents") if key in line},
        }
        for line in lines
    ]
