"""``challenge seed``: a synthetic programme in an empty database."""

from __future__ import annotations

from typing import Annotated

import typer

from challenge.kernel import migrate
from challenge.kernel.clock import now
from challenge.kernel.database import Database
from challenge.seed.programme import NotEmpty, fill
from challenge.settings import Settings


def add_to(app: typer.Typer) -> None:
    """Give the command line this command."""
    app.command("seed")(seed)


def seed(
    scale: Annotated[int, typer.Option(min=10, help="How many proposals.")] = 1_000,
    rng: Annotated[int, typer.Option(help="The same number gives the same programme.")] = 1,
) -> None:
    """Fill an empty database with a synthetic programme: invented, numbered people and cities."""
    settings = Settings()
    if settings.env == "production":
        typer.echo("refused: invented people do not belong in production", err=True)
        raise typer.Exit(1)
    database = Database(settings.database_url)
    migrate.upgrade(database)
    try:
        made = fill(database, now(), scale=scale, rng=rng)
    except NotEmpty as error:
        typer.echo("refused: there are people in this database; a synthetic programme goes into an empty one", err=True)
        raise typer.Exit(1) from error
    finally:
        database.close()
    people = made.society
    typer.echo(
        f"Round {made.round_code}: {scale} proposals, {len(made.challenges)} challenges, {len(people.cities)} cities, "
        f"{len(people.jurors)} jurors. Sign in as {people.offices[0].email}, {people.researchers[0].email} or "
        f"{people.jurors[0].email}."
    )
