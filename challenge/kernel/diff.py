"""What changed between two texts, word by word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

_TOKEN = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed, was added or was removed."""

    kind: Literal["same", "added", "removed"]
    text: str


def words(old: str, new: str) -> list[Piece]:
    """The pieces that lead from ``old`` to ``new``, in reading order; removed before added."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    pieces = []
    for kind, a1, a2, b1, b2 in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", "".join(before[a1:a2])))
            continue
        if a2 > a1:
            pieces.append(Piece("removed", "".join(before[a1:a2])))
        if b2 > b1:
            pieces.append(Piece("added", "".join(after[b1:b2])))
    return pieces


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[Piece]]:
    """Word diffs of the answers that differ, by key; lists are compared line by line."""
    found = {}
    for key in dict.fromkeys([*old, *new]):
        before, after = plain(old.get(key)), plain(new.get(key))
        if before != after:
            found[key] = words(before, after)
    return found


def plain(value: Any) -> str:
    """An answer as text."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return "\n".join(f"{key}: {plain(entry)}" for key, entry in value.items())
    if isinstance(value, list | tuple | set):
        return "\n".join(plain(entry) for entry in value)
    return str(value)
