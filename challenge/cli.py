"""The command line: ``./run challenge …``. Each command opens the unit of work the pages open too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
import uvicorn
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape

from challenge import docs, replay, startup
from challenge.app import create_app
from challenge.home.queries.sights import sights
from challenge.jobs import ticker
from challenge.kernel import freeze, journal, logs, migrate
from challenge.kernel.clock import now, shifted
from challenge.kernel.database import Database
from challenge.kernel.freeze import FreezeScope
from challenge.kernel.paging import MOST
from challenge.kernel.work import Work, open_work
from challenge.people import actions as people
from challenge.people import queries as people_queries
from challenge.people.states import RoleName
from challenge.pilots.past import command as importing
from challenge.privacy import commands
from challenge.replay import command as replaying
from challenge.rounds import actions as rounds
from challenge.rounds import queries as round_queries
from challenge.seed import command as seeding
from challenge.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="The city-challenge service.")
person_app = typer.Typer(no_args_is_help=True, help="People and what they hold.")
round_app = typer.Typer(no_args_is_help=True, help="Rounds as YAML.")
token_app = typer.Typer(no_args_is_help=True, help="Tokens for the JSON API.")
for _name, _group in (("people", person_app), ("round", round_app), ("token", token_app)):
    app.add_typer(_group, name=_name)
commands.add_to(app)
seeding.add_to(app)
out = Console(highlight=False, soft_wrap=True)

Host = Annotated[str, typer.Option(help="Address to listen on.")]
Port = Annotated[int, typer.Option(help="Port to listen on.")]


def main() -> None:
    """Run the command line."""
    app()


@contextmanager
def opened() -> Iterator[tuple[Settings, Database]]:
    """Settings and the database they name."""
    try:
        settings = Settings()
    except ValidationError as error:
        refuse([f"CHALLENGE_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors()])
    logs.begin(settings.log)
    database = Database(settings.database_url)
    try:
        yield settings, database
    finally:
        database.close()


replaying.add_to(app, opened)
importing.add_to(app, opened)


def refuse(faults: list[str]) -> NoReturn:
    """Say on one line each why the service does not start; leave with EX_CONFIG."""
    for fault in faults:
        typer.echo(fault, err=True)
    raise typer.Exit(startup.UNSAFE)


@contextmanager
def checked(settings: Settings, database: Database) -> Iterator[None]:
    """Development starts with the newest schema; production only when nothing is unsafe."""
    if settings.env == "development":
        migrate.upgrade(database)
        yield
        return
    try:
        with startup.safe(settings, database, shifted(settings.clock_shift_seconds)):
            yield
    except startup.Unsafe as unsafe:
        refuse(unsafe.faults)


@contextmanager
def work(*, writing: bool = True) -> Iterator[Work]:
    """A unit of work of the system."""
    with opened() as (_settings, database), open_work(database, now(), writing=writing) as w:
        yield w


@app.command()
def serve(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Serve pages and API. On the embedded database the background jobs run in the same process."""
    with opened() as (settings, database), checked(settings, database):
        run_server(settings, database, host, port)


def run_server(settings: Settings, database: Database, host: str, port: int) -> None:
    """Uvicorn, and the ticker where nobody else could run it. Each worker process makes its own application."""
    clock = shifted(settings.clock_shift_seconds)
    scheduler = ticker.start(database, settings, clock) if database.is_sqlite else None
    app_or_name = create_app(settings, database) if settings.workers == 1 else "challenge.app:create_app"
    try:
        uvicorn.run(
            app_or_name, factory=settings.workers > 1, workers=settings.workers, host=host, port=port,
            http=protocol(), log_config=logs.config(settings.log), log_level="warning", server_header=False,
            proxy_headers=False, timeout_keep_alive=5, timeout_graceful_shutdown=20, ws="none",
        )  # fmt: skip
    finally:
        if scheduler is not None:
            scheduler.shutdown(wait=False)


def protocol() -> Any:
    """The connections that lose patience; uvicorn's own where httptools is not to be had (Windows)."""
    try:
        from challenge.http.connection import Patient  # noqa: PLC0415 -- see above
    except ImportError:
        return "auto"
    return Patient


@app.command(name="work")
def work_jobs() -> None:
    """Run the background jobs on a node of their own (PostgreSQL; any number of nodes)."""
    with opened() as (settings, database), checked(settings, database):
        ticker.run_forever(database, settings, shifted(settings.clock_shift_seconds))


@app.command(name="migrate")
def migrate_database(
    revision: Annotated[str, typer.Argument(help="head, base or a revision")] = "head",
    grant_to: Annotated[str | None, typer.Option(help="PostgreSQL role that serves and owns nothing.")] = None,
) -> None:
    """Bring the database to a revision of the schema."""
    with opened() as (_settings, database):
        if revision == "head":
            migrate.upgrade(database)
        else:
            migrate.downgrade(database, revision)
        if grant_to is not None and not database.is_sqlite:
            migrate.grant(database, grant_to)
        out.print(f"schema: {migrate.current(database)} (newest: {migrate.head()})")


@app.command(name="freeze")
def freeze_part(
    scope: FreezeScope = FreezeScope.ALL,
    reason: Annotated[str, typer.Option(help="Told to everybody who comes.")] = "",
    until: Annotated[datetime | None, typer.Option(help="In UTC; without it, until `unfreeze`.")] = None,
) -> None:
    """Close a part of the service on every node, within ten seconds."""
    with work() as w:
        ends = until.replace(tzinfo=UTC) if until else None
        if ends is not None and ends <= w.now:
            raise typer.BadParameter("this time has passed", param_hint="--until")
        freeze.freeze(w, scope, reason, ends)
        out.print(f"{scope.value}: closed{f' until {ends:%Y-%m-%d %H:%M} UTC' if ends else ''}")


@app.command(name="unfreeze")
def unfreeze_part(scope: FreezeScope = FreezeScope.ALL) -> None:
    """Open a part of the service again."""
    with work() as w:
        out.print(f"{scope.value}: {'open again' if freeze.unfreeze(w, scope) else 'was open'}")


@app.command()
def verify(head: Annotated[str, typer.Option(help="A head noted earlier: was the end cut off since?")] = "") -> None:
    """Check the journal (every link of the chain, every column, every word kept), jurors' marks and pilots' ledgers."""
    with work(writing=False) as w:
        faults, last = [*journal.faults(w.session, head.strip()), *replay.every_fault(w)], journal.head(w.session)
    for fault in faults:
        out.print(f"[red]fault[/] {fault}")
    if faults:
        raise typer.Exit(1)
    out.print(f"The journal verifies: one chain, nothing changed. Its head, to be noted elsewhere: {last}")


@app.command(name="who-saw")
def who_saw(code: str) -> None:
    """Say who was shown review identities of a review, proposal, round or place on a panel, the newest first."""
    with work(writing=False) as w:
        found = sights(w, code.strip().upper(), size=MOST)
    for row in found.rows:
        at, who, title = f"{row.at:%Y-%m-%d %H:%M:%S} UTC", escape(row.who), escape(row.round_title)
        out.print(f"{at}  {who}  {row.place}  {title}  {row.count}")
    out.print(f"{len(found.rows)}{' newest' if found.following else ''} reads of {escape(code)}")


@app.command(name="docs")
def write_docs(check: Annotated[bool, typer.Option(help="Only say whether they are current.")] = False) -> None:  # noqa: FBT002
    """Write the workflow pages and the role × transition matrix under docs/."""
    stale = docs.stale(docs.FOLDER) if check else docs.write(docs.FOLDER)
    for name in stale:
        out.print(f"{'stale' if check else 'wrote'} {name}")
    if check and stale:
        raise typer.Exit(1)


@app.command()
def demo(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Serve the demo: real past rounds, one invented live round, a sign-in link per role. Asks nothing."""
    from challenge import demo as demonstration  # noqa: PLC0415 -- example data is not loaded in production

    settings = demonstration.settings(host, port)
    logs.begin(settings.log)
    database = demonstration.opened(settings)
    out.print(demonstration.welcome(database, settings))
    run_server(settings, database, host, port)


@person_app.command("add")
def add_person(name: str, email: str, locale: Annotated[str, typer.Argument()] = "en") -> None:
    """Add a person (or find the one with this address)."""
    with work() as w:
        person = people.invite_person(w, name, email, locale)
        out.print(f"{person.code} {person.name} <{person.email}>")


@person_app.command("role")
def give_role(email: str, role: RoleName, round_code: Annotated[str | None, typer.Option("--round")] = None) -> None:
    """Give a person a role, for one round or for all."""
    with work() as w:
        person = people_queries.find_by_email(w, email)
        if person is None:
            raise typer.BadParameter(f"nobody has the address {email}")
        scope = round_queries.visible(w, round_code).id if round_code else None
        people.give_role(w, person, role, scope)
        out.print(f"{person.name} is {role.value}{f' of {round_code}' if round_code else ''}")


@person_app.command("disable")
def disable_person(email: str) -> None:
    """Disable a person at once, everywhere."""
    with work() as w:
        person = people_queries.find_by_email(w, email)
        if person is None:
            raise typer.BadParameter(f"nobody has the address {email}")
        people.disable(w, person)
        out.print(f"{person.name} is disabled")


@person_app.command("reset-second-factor")
def reset_second_factor(email: str) -> None:
    """Take somebody's second step at sign-in away, when phone and recovery codes are lost."""
    with work() as w:
        person = people_queries.find_by_email(w, email)
        if person is None:
            raise typer.BadParameter(f"nobody has the address {email}")
        people.reset_second_factor(w, person)
        out.print(f"{person.name} signs in with one step and is told so")


@token_app.command("create")
def create_token(email: str, name: str, days: int = 90) -> None:
    """Create an API token for a person; it is shown once."""
    with work() as w:
        person = people_queries.find_by_email(w, email)
        if person is None:
            raise typer.BadParameter(f"nobody has the address {email}")
        out.print(people.create_token(w, person.id, name, days))


@round_app.command("export")
def export_round(code: str) -> None:
    """Print a round's document."""
    with work(writing=False) as w:
        typer.echo(rounds.export_yaml(w, round_queries.visible(w, code)))


@round_app.command("import")
def import_round(path: Path) -> None:
    """Make a draft round from a YAML document."""
    with work() as w:
        made = rounds.import_yaml(w, path.read_text(encoding="utf-8"))
        out.print(f"{made.code} {made.title} (draft)")


@round_app.command("clone")
def clone_round(code: str, title: str, opens_on: Annotated[datetime | None, typer.Option()] = None) -> None:
    """Make a draft round with the rules of another."""
    with work() as w:
        made = rounds.clone(w, round_queries.visible(w, code), title, opens_on)
        out.print(f"{made.code} {made.title} (draft)")
