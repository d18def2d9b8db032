"""Faults in the tables of transitions: a row that forgets whom to ask, a guard, an effect, the second key …"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from challenge.kernel.workflow import Transition
from challenge.wiring import workflows
from tests.mutation.active import ACTIVE
from tests.mutation.planting import Fault

Patch = Callable[[], None]


def plant(made: list[Fault]) -> dict[int, Patch]:
    """Switches in every row of every workflow; what is no call is given back as a patch to make before the tests."""
    patches: dict[int, Patch] = {}

    def fault(where: str, what: str) -> int:
        made.append(Fault(len(made), where, 0, what))
        return made[-1].number

    def silenced(rule: Callable[..., Any], numbers: list[int]) -> Callable[..., Any]:
        @functools.wraps(rule)
        def asked(*given: Any) -> Any:
            on = [ACTIVE(number) for number in numbers]
            return None if on[0] else rule(*given)

        return asked

    for workflow in workflows():
        for row in workflow.rows:
            where = f"{workflow.name}: {row.name} from {', '.join(row.source)}"
            whom = [fault(where, "anybody may")]
            for what, patch in _patches(row):
                whom.append(fault(where, what))
                patches[whom[-1]] = patch
            _set(row, "who", silenced(row.who, whom))
            for kind in ("guards", "effects"):
                told = [silenced(call, [fault(where, f"without {call.__name__}")]) for call in getattr(row, kind)]
                _set(row, kind, tuple(told))
    return patches


def _patches(row: Transition) -> list[tuple[str, Patch]]:
    found: list[tuple[str, Patch]] = []
    if row.keys > 1:
        found.append(("one key is enough", lambda: _set(row, "keys", value=1)))
    if row.fresh:
        found.append(("no fresh proof", lambda: _set(row, "fresh", value=False)))
    if not row.offered:
        found.append(("offered to everybody it concerns", lambda: _set(row, "offered", value=True)))
    return found


def _set(row: Transition, name: str, value: object) -> None:
    object.__setattr__(row, name, value)  # the tables are frozen, and rightly
