"""Words of a text as terms that are alike in most of their forms, for Estonian and English in one text.

Estonian has fourteen cases in two numbers: *linn, linna, linnas, linnad, linnade, linnadega* are one word (town). A
full analysis needs a dictionary for each language, and texts mix both, with names that belong to neither. One rule for
all is nearly as good: the beginning of a word carries its meaning, the end its grammar (Can and others 2008,
*Information retrieval on Turkish texts*, JASIST 59: cutting after a fixed length does as well as a dictionary). Six
letters are kept; of these, vowels, s and d at the end are dropped down to four, so that short words meet their forms.
What the rule merges too much (*intern* and *international*) it merges on both sides.
"""

from __future__ import annotations

import re
import unicodedata

WORD = re.compile(r"[^\W_]{2,}")
LONGEST = 6
SHORTEST = 4
ENDINGS = "aeiousd"


def words(text: str) -> list[str]:
    """Runs of two and more letters or digits of any script, case-folded and composed (NFKC), in order."""
    return WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def stem(word: str) -> str:
    """The term of a word; what holds a digit stays as it is."""
    if not word.isalpha():
        return word
    return word[:SHORTEST] + word[SHORTEST:LONGEST].rstrip(ENDINGS)


# Words that are among the most frequent of one language and no words of the other (``on``, ``see``, ``need`` are both).
FREQUENT = {
    "en": frozenset(words("the of and to in is that for it as with are this be by from which have an will at or")),
    "et": frozenset(words("ja ei et mis ka kui oma või ning aga seda mida selle siis kus nii kes kuid välja üle")),
}
FEWEST = 5  # frequent words below which a text is too short to tell


def language(text: str) -> str:
    """The language a text is mostly written in, by its most frequent words; empty where that cannot be told."""
    found = words(text)
    counts = {name: sum(word in frequent for word in found) for name, frequent in FREQUENT.items()}
    best, other = sorted(counts, key=lambda name: -counts[name])
    return best if counts[best] >= FEWEST and counts[best] > 2 * counts[other] else ""
