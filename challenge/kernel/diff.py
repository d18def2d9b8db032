"""What changed between two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

_TOKEN = re.compile(r"\s+|[^\s]+")
MOST_EDITS = 600  # the time grows with its square


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed, was added or was removed."""

    kind: Literal["same", "added", "removed"]
    text: str


def words(old: str, new: str) -> list[Piece]:
    """The pieces that lead from ``old`` to ``new``, in reading order; removed before added.

    Where too much differs, all between the first and the last difference is removed and added as a whole.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    pieces, x = list[Piece](), 0
    for edit in _edits(before, after):
        pieces.append(Piece("same", "".join(before[x : edit.start])))
        pieces.append(Piece("removed", "".join(before[edit.start : edit.end])))
        pieces.append(Piece("added", "".join(edit.put)))
        x = edit.end
    pieces.append(Piece("same", "".join(before[x:])))
    return [piece for piece in pieces if piece.text]


def both(began: str, theirs: str, mine: str) -> str:
    """What two people made of one text, in one: where both changed the same words, theirs stand before mine."""
    words_ = _TOKEN.findall(began)
    edits = [(edit, side) for side, text in enumerate((theirs, mine)) for edit in _edits(words_, _TOKEN.findall(text))]
    edits.sort(key=lambda one: (one[0].start, one[0].end))
    made, x = list[str](), 0
    while edits:
        start, end, group = edits[0][0].start, edits[0][0].end, list[tuple[_Edit, int]]()
        while edits and edits[0][0].start <= end:
            group.append(edits.pop(0))
            end = max(end, group[-1][0].end)
        ways = [_changed(words_, start, end, [edit for edit, of in group if of == side]) for side in (0, 1)]
        stayed = words_[start:end]
        if ways[0] in (stayed, ways[1]):
            ways = ways[1:]
        elif ways[1] == stayed:
            ways = ways[:1]
        made += [*words_[x:start], " ".join("".join(way) for way in ways)]
        x = end
    return "".join([*made, *words_[x:]])


@dataclass(frozen=True, slots=True)
class _Edit:
    """The words from ``start`` to ``end`` become ``put``."""

    start: int
    end: int
    put: list[str]


def _edits(before: list[str], after: list[str]) -> list[_Edit]:
    head = alike(before, after)
    tail = alike(before[head:][::-1], after[head:][::-1])
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    found, x, y = list[_Edit](), 0, 0
    for at, there, count in [*_stayed(old, new), (len(old), len(new), 0)]:
        if x < at or y < there:
            found.append(_Edit(head + x, head + at, new[y:there]))
        x, y = at + count, there + count
    return found


def _changed(before: list[str], start: int, end: int, edits: Sequence[_Edit]) -> list[str]:
    """The words of a stretch after these edits."""
    made, x = list[str](), start
    for edit in edits:
        made += [*before[x : edit.start], *edit.put]
        x = edit.end
    return [*made, *before[x:end]]


def alike(first: Sequence[str], second: Sequence[str]) -> int:
    """How many they have in common at the beginning."""
    return next(
        (n for n, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )


def _stayed(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int, int]]:
    """Runs that stayed, as (place in ``a``, place in ``b``, length); none where more than ``MOST_EDITS`` differ.

    E. W. Myers: An O(ND) difference algorithm and its variations. Algorithmica 1 (1986). ``furthest[k]`` is how far one
    gets in ``a`` with so many edits on the diagonal ``k``, where the places in ``a`` and ``b`` are ``k`` apart.
    """
    furthest, trace = {1: 0}, list[dict[int, int]]()
    for edits in range(MOST_EDITS + 1):
        trace.append({k: furthest[k] for k in range(-edits - 1, edits + 2) if k in furthest})
        for k in range(-edits, edits + 1, 2):
            x = _step(furthest, k, edits)
            while x < len(a) and 0 <= x - k < len(b) and a[x] == b[x - k]:
                x += 1
            furthest[k] = x
            if k == len(a) - len(b) and x >= len(a):
                return _back(trace, k, x)
    return []


def _step(furthest: Mapping[int, int], k: int, edits: int) -> int:
    """Where one stands on diagonal ``k`` after one more edit: one word added, or one removed."""
    if k == -edits or (k != edits and furthest[k - 1] < furthest[k + 1]):
        return furthest[k + 1]
    return furthest[k - 1] + 1


def _back(trace: Sequence[Mapping[int, int]], k: int, x: int) -> list[tuple[int, int, int]]:
    """The runs on the way back from the end."""
    found = []
    for edits in range(len(trace) - 1, -1, -1):
        furthest = trace[edits]
        begun = _step(furthest, k, edits) if edits else 0
        if x > begun:
            found.append((begun, begun - k, x - begun))
        k = k + 1 if k == -edits or (k != edits and furthest[k - 1] < furthest[k + 1]) else k - 1
        x = furthest.get(k, 0)
    return found[::-1]


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
