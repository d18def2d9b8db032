"""The ticker: APScheduler only wakes it. What is due is planned, claimed and done here, each in a unit of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.blocking import BlockingScheduler

from challenge.jobs import calibrating, choosing, comments, events, matching, overdue, slots, suggesting, windows
from challenge.jobs.slots import LostLease
from challenge.kernel import letter
from challenge.kernel.clock import Clock
from challenge.kernel.database import Database
from challenge.kernel.work import Work, open_work
from challenge.notifications import actions as notifications
from challenge.notifications.delivery import deliver
from challenge.privacy import drafts
from challenge.settings import Settings

log = logging.getLogger("challenge.jobs")
EVERY_SECONDS = 10
MOST_SLOTS = 100

JOBS: dict[str, Callable[[Work, str], None]] = {
    "window": windows.run, "overdue": overdue.run, "sweep": overdue.sweep, "roles": overdue.roles,
    "invitations": overdue.invitations, "event": events.run, "seats": events.seats,
    "comments": comments.run,
}  # fmt: skip
COMPUTING = (suggesting, matching, choosing, calibrating)  # the longest last: up to a minute


def tick(database: Database, settings: Settings, clock: Clock) -> None:
    """One turn: plan and run what is due, tell the steps, send the letters; then what takes long."""
    plan(database, clock)
    if run_due(database, clock):
        with open_work(database, clock(), writing=False) as w:
            drafts.sweep_files(w, settings.files)
    while tell(database, settings, clock):
        pass
    with open_work(database, clock()) as w:
        letter.expire(w)
    deliver(database, settings, clock)
    for work in COMPUTING:
        work.run(database, clock)


def plan(database: Database, clock: Clock) -> None:
    """Write down the slots that have become due."""
    with open_work(database, clock()) as w:
        slots.plan(w, [*windows.due(w), *overdue.due(w), *events.due(w), *comments.due(w)])


def run_due(database: Database, clock: Clock) -> int:
    """Claim and run slots until none is due; how many were done here."""
    done = 0
    for _turn in range(MOST_SLOTS):
        with open_work(database, clock()) as w:
            slot = slots.claim(w)
        if slot is None:
            break
        done += _run(database, clock, slot.id, slot.key)
    return done


def _run(database: Database, clock: Clock, slot_id: int, key: str) -> bool:
    from challenge.jobs.models import Slot  # noqa: PLC0415 -- kept beside its only use

    try:
        with open_work(database, clock()) as w:
            slot = w.session.get_one(Slot, slot_id)
            JOBS[key.split(":", 1)[0]](w, key)
            slots.finish(w, slot)
    except LostLease:
        return False
    except Exception as error:
        log.exception("job %s failed", key)
        with open_work(database, clock()) as w:
            slots.fail(w, w.session.get_one(Slot, slot_id), f"{type(error).__name__}: {error}")
        return False
    return True


def tell(database: Database, settings: Settings, clock: Clock) -> int:
    """Make the messages of a batch of steps; how many steps were handled."""
    with open_work(database, clock()) as w:
        return notifications.tell(w, settings.public_url)


def start(database: Database, settings: Settings, clock: Clock) -> BackgroundScheduler:
    """Tick in the background every ten seconds; late turns are made up by one, never dropped."""
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(
        tick, "interval", (database, settings, clock), seconds=EVERY_SECONDS, coalesce=True, max_instances=1,
        misfire_grace_time=None, next_run_time=_soon(clock),
    )  # fmt: skip
    scheduler.start()
    return scheduler


def run_forever(database: Database, settings: Settings, clock: Clock) -> None:
    """Tick in the foreground until the process is told to stop (``./run work``)."""
    scheduler = BlockingScheduler(timezone="UTC")
    scheduler.add_job(
        tick, "interval", (database, settings, clock), seconds=EVERY_SECONDS, coalesce=True, max_instances=1,
        misfire_grace_time=None, next_run_time=_soon(clock),
    )  # fmt: skip
    scheduler.start()


def _soon(clock: Clock) -> datetime:
    return clock() + timedelta(seconds=1)
