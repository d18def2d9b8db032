"""The table of all routes, and the question a request is asked before anything else."""

from __future__ import annotations

from collections.abc import Iterator

from challenge.policy.api import API
from challenge.policy.console import CONSOLE
from challenge.policy.pages import PAGES
from challenge.policy.piloting import PILOTING
from challenge.policy.reach import Reach


def _lines() -> Iterator[tuple[tuple[str, str], Reach]]:
    for table in (PAGES, PILOTING, CONSOLE, API):
        for reach, text in table.items():
            for line in text.strip().splitlines():
                *methods, path = line.split()
                yield from (((method, path), reach) for method in methods)


ROUTES: dict[tuple[str, str], Reach] = dict(_lines())


def reach_of(method: str, path: str) -> Reach | None:
    """How far the route reaches; ``path`` is the route's own, with its parameters in braces. None: it is not named."""
    found = ROUTES.get((method, path))
    return found or ROUTES.get((method, f"{path.rsplit('/', 1)[0]}/*"))


def lets_in(method: str, path: str, *, signed_in: bool) -> bool:
    """Whether the route answers this reader. What the table does not name is for nobody who is not signed in."""
    return signed_in or reach_of(method, path) is Reach.EVERYBODY


def is_for_entering(method: str, path: str) -> bool:
    """Whether the route works for somebody who must set up a second factor first."""
    return reach_of(method, path) in {Reach.EVERYBODY, Reach.ENTERING}
