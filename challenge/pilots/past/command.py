"""``challenge import-pilots``: past pilots from a CSV or XLSX file."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

from challenge.kernel import sheets
from challenge.kernel.clock import now
from challenge.kernel.database import Database
from challenge.kernel.errors import Refusal
from challenge.kernel.work import open_work
from challenge.pilots.past.actions import import_all
from challenge.pilots.past.checking import Checked, Verdict, check
from challenge.pilots.past.columns import rows_of
from challenge.settings import Settings


def add_to(app: typer.Typer, opened: Callable[[], AbstractContextManager[tuple[Settings, Database]]]) -> None:
    """Give the command line this command; ``opened`` gives settings and database."""

    @app.command("import-pilots")
    def run(
        file: Annotated[Path, typer.Argument(help="CSV or XLSX; the template is on the page “Import past pilots”.")],
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what becomes of each row.")] = False,  # noqa: FBT002
    ) -> None:
        """Import past pilots, all rows or none; every row that is not right is named with its reasons."""
        try:
            rows = rows_of(sheets.read(file.read_bytes()))
        except (Refusal, OSError) as error:
            typer.echo(str(error.problem.text) if isinstance(error, Refusal) else str(error), err=True)
            raise typer.Exit(1) from error
        with opened() as (_settings, database), open_work(database, now(), writing=not dry_run) as w:
            checked = check(w, rows)
            bad = _say(checked)
            if not bad and not dry_run:
                import_all(w, rows)
        new = sum(row.verdict is Verdict.NEW for row in checked)
        there = sum(row.verdict is Verdict.THERE for row in checked)
        done = "would be imported" if dry_run else "not imported: all rows or none" if bad else "imported"
        typer.echo(f"{len(checked)} rows: {new} new, {there} there already, {bad} not right; {done}.")
        if bad:
            raise typer.Exit(1)


def _say(checked: list[Checked]) -> int:
    """Name the bad rows; how many there are."""
    bad = [row for row in checked if row.verdict is Verdict.BAD]
    for row in bad:
        why = "; ".join(f"{column}: {text}" for column, text in row.reasons)
        typer.echo(f"row {row.number}  {row.key or '–'}  {row.title or '–'}  {why}")
    return len(bad)
