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
