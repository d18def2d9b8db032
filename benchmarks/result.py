"""One measured figure with the line it must reach; the table of all of them; the file they are kept in."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import rich.box
from rich.console import Console
from rich.table import Table

FILE = Path(__file__).with_name("results.json")
PAGE = FILE.parent.parent / "docs/performance.md"
FIGURES = "## Figures\n"


@dataclass(frozen=True, slots=True)
class Result:
    """``figure`` and ``line`` as people read them; ``raw`` has the numbers behind. ``holds`` None: nothing to reach."""

    group: str
    name: str
    figure: str
    line: str = ""
    holds: bool | None = None
    against: str = ""
    raw: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """How thoroughly to measure. ``quick`` shows that the code works; its figures say little.

    ``matrices``: a folder of fits, for the group that assigns; ``gold``: one of rated papers, for likeness.
    """

    quick: bool = False
    matrices: Path | None = None
    gold: Path | None = None

    def of(self, whole: int, quick: int) -> int:
        """A size or a number of repetitions."""
        return quick if self.quick else whole

    def seconds(self, whole: float) -> float:
        """How long to measure something."""
        return whole / 8 if self.quick else whole


def say(results: Iterable[Result], console: Console) -> None:
    """The table."""
    table = Table(box=rich.box.SIMPLE_HEAD, pad_edge=False)
    for column in ("group", "what", "figure", "against", "line to reach", "holds"):
        table.add_column(column, overflow="fold")
    for one in results:
        holds = {True: "yes", False: "[bold]NO[/]", None: ""}[one.holds]
        table.add_row(one.group, one.name, one.figure, one.against, one.line, holds)
    console.print(table)


def document() -> None:
    """Write the kept figures into the document, behind its last heading."""
    known = json.loads(FILE.read_text())
    about = ", ".join(f"{key} {value}" for key, value in known["machine"].items())
    rows = ["| What | Figure | Against | Line to reach | Holds |", "| --- | --- | --- | --- | --- |"]
    for one in known["results"]:
        holds = {True: "yes", False: "**no**", None: ""}[one["holds"]]
        cells = (one["name"], one["figure"], one["against"], one["line"], holds)
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    quick = " Quick run: the figures say little." if known["quick"] else ""
    begin = PAGE.read_text().split(FIGURES)[0]
    PAGE.write_text(f"{begin}{FIGURES}\nMeasured on: {about}.{quick}\n\n" + "\n".join(rows) + "\n")


def machine() -> dict[str, str | int]:
    """What it ran on, as far as figures depend on it."""
    import os  # noqa: PLC0415 -- kept beside its only use

    from challenge.kernel.database import sqlite_module  # noqa: PLC0415

    return {
        "cores": len(os.sched_getaffinity(0)), "load": round(os.getloadavg()[0], 1), "system": platform.system(),
        "python": platform.python_version(), "sqlite": sqlite_module().sqlite_version,
    }  # fmt: skip


def keep(results: Iterable[Result], plan: Plan) -> None:
    """Write ``results.json``; what other groups measured before stays."""
    known = json.loads(FILE.read_text())["results"] if FILE.exists() else []
    new = [asdict(one) for one in results]
    groups = {one["group"] for one in new}
    kept = [one for one in known if one["group"] not in groups]
    whole = {"machine": machine(), "quick": plan.quick, "results": [*kept, *new]}
    FILE.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n")
