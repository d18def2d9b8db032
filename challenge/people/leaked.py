"""Passwords known to have leaked, in a local file of their SHA-1, one a line, sorted: nobody outside is asked."""

from __future__ import annotations

import hashlib
import logging
import os
import re
from pathlib import Path
from typing import BinaryIO, Final

from challenge.kernel.errors import Problem
from challenge.kernel.i18n import Text, _
from challenge.people.passwords import normal

log = logging.getLogger("challenge")
DIGITS: Final = 40
LONGEST: Final = 100  # bytes of a line; a file that is something else is not read into memory
SAMPLES: Final = 64
_LINE = re.compile(rb"[0-9A-Fa-f]{40}(:[0-9]+)?\r?\n?")
LEAKED = _(
    "This password is on a list of leaked passwords, which is what guessers try first. Choose another one; four words"
    " that do not belong together are easy to keep in mind."
)
UNCHECKED = _(
    "Passwords cannot be compared with those that leaked now, so none is set. Try again later; until then sign in by a"
    " link."
)


def problem(path: Path | None, password: str) -> Problem | None:
    """Why this password is not taken, if it is on the list. Outside of any unit of work."""
    if path is None:
        return None
    try:
        return _refusal(LEAKED) if is_listed(path, password) else None
    except OSError:
        log.exception("the list of leaked passwords cannot be read, none is set")
        return _refusal(UNCHECKED)


def is_listed(path: Path, password: str) -> bool:
    """Whether the list holds this password: some thirty places of the file are read, whatever its size."""
    wanted = hashlib.sha1(normal(password).encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file:
        low, high = 0, os.fstat(file.fileno()).st_size  # the line begins at one of these bytes, if there is one
        while low < high:
            middle = (low + high) // 2
            start, line = _line_from(file, middle)
            if not line or start >= high or (found := line[:DIGITS].upper()) > wanted:
                high = middle
            elif found == wanted:
                return True
            else:
                low = start + len(line)
    return False


def fault(path: Path) -> str | None:
    """Why the file is no such list, by a few of its lines; the operator is told at start."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            lines = [_line_from(file, size * place // SAMPLES)[1] for place in range(SAMPLES)]
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if not lines[0]:
        return "is empty"
    if not all(_LINE.fullmatch(line) for line in lines if line):
        return "is no list of SHA-1 hashes, one a line"
    hashes = [line[:DIGITS].upper() for line in lines if line]
    return None if hashes == sorted(hashes) else "is not sorted by hash"


def _line_from(file: BinaryIO, place: int) -> tuple[int, bytes]:
    """The first line that begins at this byte or after it, and where; empty at the end of the file."""
    file.seek(max(place - 1, 0))
    if place:
        file.readline(LONGEST)  # the rest of the line before
    return file.tell(), file.readline(LONGEST)


def _refusal(text: Text) -> Problem:
    return Problem("leaked_password", text, {"password": text})
