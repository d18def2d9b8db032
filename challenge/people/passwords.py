"""Passwords: Argon2id, one at a time and outside of any unit of work; what is too easy to guess is refused.

A hash takes some 30 ms of one core and 19 MiB: two at once would starve the rest of a small machine (design.md §9).
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from challenge.kernel.errors import Problem
from challenge.kernel.i18n import Text, _
from challenge.people.spelling import plain

SHORTEST, LONGEST = 15, 128  # characters (reliability.md §4)
LEFT_OVER = 6  # different characters that must remain when everything easily guessed is taken out
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_one_at_a_time = threading.Semaphore(1)
NO_PASSWORD = _hasher.hash("nobody has this password")  # compared with where there is none: the same work is done

# What lists of leaked passwords are made of. Matched anywhere, in any case, with digits read as letters.
_LEAKED = """
    password passwort parool salasana passord losenord contrasena motdepasse haslo parole heslo wachtwoord
    qwertyuiop qwerty qwertz azerty asdfghjkl asdfgh zxcvbnm zxcvbn qazwsx 1q2w3e4r 1qaz2wsx q1w2e3r4 abc123 123abc
    letmein welcome iloveyou monkey dragon sunshine princess football baseball superman batman trustno1 shadow master
    whatever freedom starwars pokemon michael jennifer ashley charlie donald jordan liverpool chelsea arsenal
    administrator admin login secret changeme default guest temporary test testing passphrase
    january february march april june july august september october november december monday tuesday wednesday thursday
    friday saturday sunday summer winter spring autumn
    tere kallis kallike armastus lumi suvi talv kevad eesti estonia tallinn tartu suomi finland helsinki
    smartcity citychallenge challenge city finest
    correcthorsebatterystaple
"""
COMMON = tuple(_LEAKED.split())
_DIGITS_AS_LETTERS = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"})
_BETWEEN = re.compile(r"[\s\-_.,/]+")
SHORT = 2  # letters: no word, no row of keys
_RUNS = ("01234567890", "09876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _one_at_a_time:
        return _hasher.hash(normal(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether this is the password; takes as long when there is none."""
    with _one_at_a_time:
        try:
            right = _hasher.verify(kept or NO_PASSWORD, normal(password))
        except VerificationError:
            return False
    return right and kept is not None


def is_outdated(kept: str | None) -> bool:
    """Whether this was hashed at another cost than that of now; who shows the password gets a new hash."""
    return kept is not None and _hasher.check_needs_rehash(kept)


def normal(password: str) -> str:
    """The same password however the keyboard composes its accents."""
    return unicodedata.normalize("NFC", password)


def weakness(password: str, own_words: Iterable[str] = ()) -> Problem | None:
    """Why this is no good password, if it is not; ``own_words`` are what others know of the person."""
    password = normal(password)
    if len(password) < SHORTEST:
        return _weak(
            _("Use at least %(count)s characters; four words or more are easy to keep in mind.", count=SHORTEST)
        )
    if len(password) > LONGEST:
        return _weak(_("Use at most %(count)s characters.", count=LONGEST))
    own = {part for word in own_words for part in plain(word).split() if len(part) > SHORT}
    typed = _BETWEEN.sub("", password.casefold())
    for reading in (typed, typed.translate(_DIGITS_AS_LETTERS)):
        if len(set(_hard_part(reading, own))) < LEFT_OVER:
            return _weak(_("This is easy to guess: it is made of common passwords, rows of keys, or your own name."))
    return None


def _hard_part(text: str, own: set[str]) -> str:
    """What is left once common passwords, own words, rows of keys and repetitions are taken out."""
    for word in sorted({*COMMON, *own}, key=len, reverse=True):
        text = text.replace(word, "")
    for run in _RUNS:
        for size in range(len(run), SHORT, -1):
            for start in range(len(run) - size + 1):
                text = text.replace(run[start : start + size], "")
    return re.sub(r"(.+?)\1+", r"\1", text)


def _weak(text: Text) -> Problem:
    return Problem("weak_password", text, {"password": text})
