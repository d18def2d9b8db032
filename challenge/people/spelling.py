"""Keys of names and addresses: what looks the same is the same, and what is typed without accents is found."""

from __future__ import annotations

import re
import unicodedata

# The letters of other scripts that look like Latin ones (the part of Unicode's confusables that names and addresses
# can hold after case folding); look-alikes within Latin letters are left alone: they tell real names apart.
_LOOK_ALIKES = str.maketrans(
    {
        # Cyrillic
        "а": "a", "с": "c", "ԁ": "d", "е": "e", "ѐ": "è", "ё": "ë", "ғ": "f", "һ": "h", "і": "i", "ї": "ï", "ј": "j",
        "к": "k", "ӏ": "l", "м": "m", "о": "o", "р": "p", "ԛ": "q", "ѕ": "s", "т": "t", "ѵ": "v", "ԝ": "w", "х": "x",
        "у": "y", "ү": "y", "ѓ": "г", "в": "b", "н": "h", "ӓ": "ä", "ӧ": "ö", "ӱ": "ÿ", "ԍ": "g",
        # Greek
        "α": "a", "β": "b", "ε": "e", "η": "n", "ι": "i", "κ": "k", "ν": "v", "ο": "o", "ρ": "p", "σ": "o", "τ": "t",
        "υ": "u", "χ": "x", "γ": "y", "ϲ": "c", "ϳ": "j", "μ": "u", "ω": "w",
        # Armenian and Latin letters made to look like others
        "օ": "o", "ս": "u", "ո": "n", "հ": "h", "ց": "g", "զ": "q", "յ": "j", "ı": "i", "ɑ": "a", "ɡ": "g", "ſ": "s",
        "ꞓ": "c", "ʏ": "y",
    }
)  # fmt: skip
# Capitals that look Latin while their small forms look like another letter; only in words that mix scripts, so that
# a word all in Greek or Cyrillic has one skeleton in capitals and in small letters.
_CAPITALS = str.maketrans(
    {"Ν": "N", "Η": "H", "Β": "B", "Ζ": "Z", "Μ": "M", "Υ": "Y", "Ρ": "P", "Χ": "X", "В": "B", "Н": "H", "Т": "T"}
)
_LATIN = re.compile(r"[A-Za-z]")
_OTHER = re.compile(r"[\u0370-\u03ff\u0400-\u052f\u0530-\u058f\u1f00-\u1fff]")
# Letters that do not come apart into a base letter and an accent.
_BASE = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ŋ": "n",
                       "ı": "i", "ə": "e"})  # fmt: skip


def fold(text: str) -> str:
    """The skeleton that makes look-alike spellings one: compatibility forms, case, script, invisible marks, spaces."""
    visible = "".join(mark for mark in unicodedata.normalize("NFKC", text) if unicodedata.category(mark) != "Cf")
    words = (word.translate(_CAPITALS) if _LATIN.search(word) else word for word in visible.split())
    folded = unicodedata.normalize("NFKC", " ".join(words).casefold()).translate(_LOOK_ALIKES)
    return unicodedata.normalize("NFC", folded.replace("i\u0307", "i"))


def mixes_alphabets(text: str) -> bool:
    """Whether a word has Latin letters beside Greek, Cyrillic or Armenian ones: nobody writes so who means well."""
    return any(_LATIN.search(word) and _OTHER.search(word) for word in unicodedata.normalize("NFC", text).split())


def address_key(email: str) -> str:
    """The skeleton of an e-mail address; a domain written as ``xn--…`` is read first, as people would see it."""
    local, at, domain = email.strip().rpartition("@")
    return fold(local + at + ".".join(_seen(label) for label in domain.split(".")))


def _seen(label: str) -> str:
    if not label.lower().startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def plain(text: str) -> str:
    """What people type when they search: the skeleton without accents, apostrophes and hyphens."""
    apart = unicodedata.normalize("NFD", fold(text))
    bare = "".join(mark for mark in apart if not unicodedata.combining(mark)).translate(_BASE)
    return " ".join("".join(mark if mark.isalnum() else " " for mark in bare if mark not in "'’‘ʼ`´").split())
