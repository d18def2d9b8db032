"""The door: ``./run bench [group …] [--quick]`` measures, prints one table and keeps it in ``results.json``.

``--document`` writes what is kept there into docs/performance.md.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import traceback
from pathlib import Path

from rich.console import Console

from benchmarks.result import Plan, Result, document, keep, machine, say

GROUPS = {
    "attack": "honest people while somebody attacks",
    "worlds": "two worlds that differ only in what is hidden",
    "jurors": "who reviewed, guessed from what applicants see",
    "bombs": "hostile files",
    "accounts": "known addresses told from unknown ones",
    "fields": "hostile text in every form",
    "pages": "lists against a bare page, growth, queries, sizes",
    "writes": "reviews saved against a bare write",
    "start": "cold start and memory",
    "assignment": "who judges what, proven, beside greedy and the plain programme",
    "similarity": "how alike texts are: index and questions",
    "partners": "cities and proposals that could work together, a whole round at once",
    "portfolio": "5,000 candidates chosen from under every rule",
    "knapsack": "money alone, beside pabutools",
}


def measured(name: str, plan: Plan) -> list[Result]:
    """The figures of a group; where it breaks down, those it had, and a row that says so."""
    results: list[Result] = []
    try:
        results.extend(importlib.import_module(f"benchmarks.{name}").measure(plan))
    except Exception as error:  # noqa: BLE001 -- the other groups shall still be measured
        traceback.print_exc()
        results.append(
            Result(name, "could not be measured to the end", f"{type(error).__name__}: {error}", holds=False)
        )
    return results


def main() -> None:
    """Run the groups that were named, or all."""
    parser = argparse.ArgumentParser(prog="./run bench", description="Measure and compare with the lines to reach.")
    parser.add_argument("groups", nargs="*", metavar="group", help=", ".join(f"{k} ({v})" for k, v in GROUPS.items()))
    parser.add_argument("--quick", action="store_true", help="small sizes: shows that it works, figures say little")
    parser.add_argument("--document", action="store_true", help="write the kept figures into docs/performance.md")
    parser.add_argument("--matrices", type=Path, metavar="FOLDER", help="fits to assign by as well (assignment)")
    parser.add_argument("--gold", type=Path, metavar="FOLDER", help="the gold-standard set's data folder (similarity)")
    asked = parser.parse_args()
    if unknown := [name for name in asked.groups if name not in GROUPS]:
        parser.error(f"no such group: {', '.join(unknown)}")
    for folder in filter(None, (asked.matrices, asked.gold)):
        if not folder.is_dir():
            parser.error(f"no such folder: {folder}")
    if asked.document and not asked.groups:
        document()
        return
    plan = Plan(quick=asked.quick, matrices=asked.matrices, gold=asked.gold)
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(", ".join(f"{key} {value}" for key, value in machine().items()))
    results: list[Result] = []
    for name in asked.groups or GROUPS:
        console.print(f"{name}: {GROUPS[name]} …", style="dim")
        found = measured(name, plan)
        keep(found, plan)
        results += found
    say(results, console)
    if asked.document:
        document()
    if any(one.holds is False for one in results):
        console.print("Lines that do not hold are marked NO. A loaded machine or --quick can be the reason.")


if __name__ == "__main__":
    main()
