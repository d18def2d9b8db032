"""The demo: real past rounds of the FinEst challenge, and one invented live round in the middle of its life."""

from __future__ import annotations

from pathlib import Path

from sqlmodel import select, update

from challenge.cities import actions as cities
from challenge.demo import live, past
from challenge.demo.cast import PEOPLE, ROLES
from challenge.demo.links import link_for
from challenge.kernel import migrate
from challenge.kernel.clock import now
from challenge.kernel.database import Database
from challenge.kernel.i18n import _
from challenge.kernel.work import open_work
from challenge.people.models import Membership, Role
from challenge.people.queries import find_by_email
from challenge.rounds.models import Round
from challenge.settings import VAR, Settings


def settings(host: str, port: int) -> Settings:
    """An embedded database of its own under var/, no mail server, no network."""
    return Settings(
        env="development", demo=True, database_url=f"sqlite:///{VAR / 'demo.db'}", files=Path(VAR / "demo-files"),
        public_url=f"http://{host}:{port}", smtp_url="",
    )  # fmt: skip


def opened(chosen: Settings) -> Database:
    """The demo's database, played. One that an earlier version played, with fewer people, is put aside and kept."""
    database = Database(chosen.database_url)
    migrate.upgrade(database)
    if _lacks_somebody(database):
        database.close()
        put_aside(Path(str(database.url.database)), chosen.files)
        database = Database(chosen.database_url)
        migrate.upgrade(database)
    fill(database, chosen)
    return database


def _lacks_somebody(database: Database) -> bool:
    with open_work(database, now(), writing=False) as w:
        was_played = w.session.exec(select(Round.id).limit(1)).first() is not None
        return was_played and any(find_by_email(w, PEOPLE[key].email) is None for key in ROLES)


def put_aside(*paths: Path) -> Path:
    """Move the files of the demo, the log of the database too, into a folder beside them; gives it back."""
    aside = paths[0].with_name(f"{paths[0].stem}-until-{now():%Y-%m-%dT%H%M%S}")
    aside.mkdir()
    for path in paths:
        for found in [path, *path.parent.glob(f"{path.name}-*")]:
            if found.exists():
                found.rename(aside / found.name)
    return aside


def fill(database: Database, chosen: Settings) -> None:
    """Play the example data, once."""
    instant = now()
    with open_work(database, instant) as w:
        if w.session.exec(select(Round.id).limit(1)).first() is not None:
            return
        cities.load_municipalities(w)
        past.load(w)
    live.play(database, chosen, instant)
    with open_work(database, instant) as w:  # what was played began a year ago: since then they were confirmed
        for table in (Role, Membership):
            w.session.exec(update(table).values(confirmed_at=instant))


def welcome(database: Database, chosen: Settings) -> str:
    """What is printed: where it is, and one fresh sign-in link per role."""
    lines = ["", str(_("The demo is at %(url)s", url=chosen.public_url)), "", str(_("Sign in as:"))]
    with open_work(database, now()) as w:
        for key, role in ROLES.items():
            member = PEOPLE[key]
            lines.append(f"  {role!s:<34} {member.name:<14} {link_for(w, member.email, chosen.public_url)}")
    lines += ["", str(_("Each link works once, for 12 hours. Mail stays in %(url)s/outbox", url=chosen.public_url)), ""]
    return "\n".join(lines)
