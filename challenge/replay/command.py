"""``challenge replay``: what a round was decided on, computed once more."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import chain

import typer
from sqlmodel import select

from challenge import replay
from challenge.kernel.clock import now
from challenge.kernel.database import Database
from challenge.kernel.work import Work, open_work
from challenge.rounds.models import Round
from challenge.settings import Settings


def add_to(app: typer.Typer, opened: Callable[[], AbstractContextManager[tuple[Settings, Database]]]) -> None:
    """Give the command line this command; ``opened`` gives settings and database."""

    @app.command("replay")
    def run(code: str) -> None:
        """Compute a round's calibrations, scenarios and rankings again, look at the marks beneath, and compare."""
        with opened() as (_settings, database), open_work(database, now(), writing=False) as w:
            _say(w, code)


def _say(w: Work, code: str) -> None:
    round_ = w.session.exec(select(Round).where(Round.code == code.strip().upper())).first()
    if round_ is None:
        typer.echo(f"There is no round {code}.", err=True)
        raise typer.Exit(1)
    faults = list(replay.faults(w, round_.id))
    done = list(chain(replay.calibrations(w, round_), replay.scenarios(w, round_), replay.rankings(w, round_)))
    for fault in faults:
        typer.echo(f"fault  {fault}")
    for one in done:
        typer.echo(f"fault  {one.what}: {', '.join(one.differs)}" if one.differs else f"same   {one.what}")
        if one.note:
            typer.echo(f"       {one.note}")
    if faults or any(one.differs for one in done):
        raise typer.Exit(1)
    typer.echo(f"{round_.title}: every mark is as it was handed in, {len(done)} computations give the same again.")
