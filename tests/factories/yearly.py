"""A year passes: what the jobs do, what people are told, and confirming as a browser does it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlmodel import select

from challenge.jobs import ticker
from challenge.notifications import actions as notifications
from challenge.notifications.models import Message
from challenge.people.models import Organisation
from tests.cast import PEOPLE, PLACES
from tests.factories.people import another_browser, person_of
from tests.world import World

DUE = 335  # days after it was confirmed: a month of notice


def let_lapse(world: World) -> None:
    """A year and 30 days pass, with the jobs at work, and nobody confirms anything."""
    for days in (DUE, 30, 30):
        world.move(days=days)
        run_jobs(world)


def grow_old(held: Any) -> None:
    """As if nobody had confirmed this role or seat for 400 days, and the person had been told."""
    held.confirmed_at -= timedelta(days=400)
    held.reminded_at = held.confirmed_at + timedelta(days=365)


def run_jobs(world: World) -> None:
    """What the background jobs do on this day, the messages too."""
    ticker.plan(world.database, world.clock)
    ticker.run_due(world.database, world.clock)
    while True:
        with world.acting() as w:
            if not notifications.tell(w, "http://127.0.0.1:8000"):
                return


def told(world: World, name: str) -> list[tuple[str, str]]:
    with world.acting(writing=False) as w:
        rows = select(Message).where(Message.person_id == PEOPLE[name].id).order_by(Message.id)
        return [(message.template.split(".")[1], message.path) for message in w.session.exec(rows)]


def role_key(world: World, name: str, role: str, round_code: str = "") -> str:
    with world.acting(writing=False) as w:
        return f"role.{person_of(w, name).code}.{role}.{round_code}"


def seat_key(world: World, name: str, place: str) -> str:
    with world.acting(writing=False) as w:
        return f"seat.{person_of(w, name).code}.{w.session.get_one(Organisation, PLACES[place].id).code}"


def holds(world: World, name: str, role: str) -> bool:
    return world.actor(name).holds_anywhere(role)


def confirm(world: World, who: str, *keys: str, **more: str) -> Any:
    return another_browser(world, who).post("/roles", data={"which": list(keys), **more})
