"""Commands of the command line: retention, backup, restore, releasing held mail, signing everybody out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console

from challenge.kernel.clock import now
from challenge.kernel.database import Database
from challenge.kernel.errors import Refused
from challenge.kernel.work import open_work
from challenge.people import known
from challenge.privacy import backup, drafts, restore, retention
from challenge.settings import Settings

T = TypeVar("T")
out = Console(highlight=False, soft_wrap=True)


def add_to(app: typer.Typer) -> None:
    """Give the command line these commands."""
    for name, command in (
        ("retention", run_retention), ("backup", back_up), ("restore", bring_back), ("release-mail", release_mail),
        ("sign-out-everybody", sign_out_everybody),
    ):  # fmt: skip
        app.command(name)(command)


def run_retention(
    run: Annotated[bool, typer.Option("--run/--preview", help="Remove it; else only say.")] = False,  # noqa: FBT002
) -> None:
    """Say what has been kept long enough, or remove it. The nightly job does the same."""
    settings, database = _opened()
    with open_work(database, now(), writing=run) as w:
        for one, due in retention.preview(w):
            held = f", {due.on_hold} on hold" if due.on_hold else ""
            out.print(f"{one.key:12} {due.count:6} due{held}  ({one.kept})")
        if run:
            removed = retention.run(w)
            loose = drafts.sweep_files(w, settings.files)
            out.print(f"Removed: {sum(removed.values())} rows, {loose} files without an owner.")


def back_up(folder: Path) -> None:
    """Back up database and files into FOLDER/<instant>/, with a manifest and the list of the erased beside it."""
    settings, database = _opened()
    made = _said(lambda: backup.back_up(database, settings.files, folder, now()))
    out.print(f"{made.path}: {made.steps} steps, {made.files} files. Backups removed as too old: {made.removed}.")


def bring_back(
    source: Path, erasures: Annotated[Path | None, typer.Option(help="A newer list of the erased.")] = None
) -> None:
    """Restore a backup into an empty database and files folder; mail that was unsent waits for release-mail."""
    settings, database = _opened()
    done = _said(lambda: restore.restore(source, database, settings.files, now(), settings.public_url, erasures))
    out.print(f"Restored {done.steps} steps. Erased again: {done.erased}. Everybody is signed out.")
    out.print(f"Letters held: {done.held}. Look at them, then: ./run challenge release-mail")


def release_mail() -> None:
    """Send the letters that a restore held."""
    _settings, database = _opened()
    with open_work(database, now()) as w:
        out.print(f"Released: {restore.release_mail(w)} letters")


def sign_out_everybody() -> None:
    """End every session, sign-in link and token at once: when secrets may be in wrong hands."""
    _settings, database = _opened()
    with open_work(database, now()) as w:
        restore.void(w)
        known.forget_everybody(w)
        w.step("service", "sessions", "sign_out_everybody", old=None, new=None)
    out.print("Everybody is signed out; links and tokens of before are void.")


def _opened() -> tuple[Settings, Database]:
    settings = Settings()
    return settings, Database(settings.database_url)


def _said(act: Callable[[], T]) -> T:
    try:
        return act()
    except Refused as error:
        out.print(f"[red]refused[/] {error.problem.text}")
        raise typer.Exit(1) from error
