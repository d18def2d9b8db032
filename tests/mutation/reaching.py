"""Which test reaches which planted place, kept between runs: only tests whose file changed are asked again.

What else changed (a fixture, code without faults) is not seen: then the kept file is removed by hand.
"""

from __future__ import annotations

import hashlib
import json
import pathlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from tests.mutation.active import ACTIVE
from tests.mutation.planting import Fault

LONG = 0.5  # seconds: a test that is not run to warm up


class Noting:
    """A pytest plugin: which test reaches which planted places, and how long it took."""

    def __init__(self) -> None:
        self.reached: dict[str, tuple[float, list[int]]] = {}

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        started = time.monotonic()
        with ACTIVE.noting() as reached:
            yield
        self.reached[item.nodeid] = (time.monotonic() - started, sorted(reached))


def names(made: Iterable[Fault]) -> list[str]:
    """A name for each fault that does not move with the lines; the second of a kind says so."""
    seen: Counter[str] = Counter()
    given = []
    for fault in made:
        seen[fault.key] += 1
        given.append(f"{fault.key} #{seen[fault.key]}")
    return given


class Kept:
    """What earlier runs found: the tests that reach each fault, and the one that turned red for it."""

    def __init__(self, file: pathlib.Path | None, made: list[Fault]) -> None:
        self.file, self.made, self.names = file, made, names(made)
        kept: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file and file.exists() else {}
        self.files: dict[str, str] = kept.get("files", {})
        self.reached: dict[str, list[Any]] = kept.get("reached", {})
        self.known: list[str] = kept.get("known", [])
        self.killers: dict[str, str] = kept.get("killers", {})

    def refresh(self, tests: list[str], note: Callable[[list[str]], dict[str, tuple[float, list[int]]]]) -> None:
        """Ask the tests whose files are new or changed. A new place counts as reached by what reaches its neighbour."""
        now = dict(_digests(tests))
        stale = {path for path, digest in now.items() if self.files.get(path) != digest}
        at = {name: place for place, name in enumerate(self.known)}
        stands: dict[int, list[int]] = {}
        before: dict[str, int] = {}
        for number, name in enumerate(self.names):
            found = before[_place(name)] = at.get(name, before.get(_place(name), -1))
            stands.setdefault(found, []).append(number)
        self.reached = {
            test: [took, sorted(number for place in places for number in stands.get(place, []))]
            for test, (took, places) in self.reached.items()
            if _file(test) not in stale and pathlib.Path(_file(test)).exists()
        }
        for test, (took, places) in (note(sorted(stale)) if stale else {}).items():
            self.reached[test] = [took, places]
        self.files |= now
        self.known = self.names
        self.save()

    def save(self) -> None:
        """Write it down, if somebody asked for that."""
        if self.file:
            kept = {"files": self.files, "known": self.known, "reached": self.reached, "killers": self.killers}
            self.file.write_text(json.dumps(kept), encoding="utf-8")

    def quickest(self) -> list[str]:
        """The quickest test of each file that reaches much: half of what any reaches there."""
        most = {_file(test): 0 for test in self.reached}
        for test, (_took, places) in self.reached.items():
            most[_file(test)] = max(most[_file(test)], len(places))
        found: dict[str, tuple[float, str]] = {}
        for test, (took, places) in self.reached.items():
            if took < LONG and 2 * len(places) >= most[_file(test)] > 0:
                found[_file(test)] = min(found.get(_file(test), (took, test)), (took, test))
        return [test for _took, test in found.values()]

    def is_killed(self, fault: Fault) -> bool:
        """Whether an earlier run saw a test turn red for it, and that test stands as it was."""
        return self.killers.get(self.names[fault.number]) in self.reached

    def killed(self, fault: Fault, test: str) -> None:
        """Remember which test turned red."""
        self.killers[self.names[fault.number]] = test


def _file(test: str) -> str:
    return test.split("::", maxsplit=1)[0]


def _place(name: str) -> str:
    return name.split(": ", maxsplit=1)[0]


def _digests(tests: list[str]) -> Iterator[tuple[str, str]]:
    for given in tests:
        path = pathlib.Path(given)
        for file in sorted(path.rglob("test_*.py")) if path.is_dir() else [path]:
            yield str(file), hashlib.sha256(file.read_bytes()).hexdigest()
