"""The product's own guard of a pilot: one change at a time (design.md §4.1), and none once it has ended.

The archive is here: whatever writes in a pilot begins with ``writing`` or ``changing``, and both refuse when it is
over. Steps of a workflow take the bare ``lock``: what may still happen after the end stands in their tables, and only
settles the money (payments, claims of what was spent, the report a payment waits for). Striking words about somebody
out of the log takes the bare ``lock`` too: the law does not end with the pilot.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from challenge.kernel.errors import Forbidden, Refused, Stale
from challenge.kernel.work import Work
from challenge.people.rules import Rule
from challenge.pilots import rules
from challenge.pilots.models import Pilot


def permit(w: Work, record: Any, *who: Rule) -> None:
    """The actor is the one to do this. Raises Forbidden."""
    for rule in who:
        if problem := rule(w, record):
            raise Forbidden(problem)


def require(w: Work, record: Any, *guards: Rule) -> None:
    """The thing and the clock allow it. Raises Refused."""
    for guard in guards:
        if problem := guard(w, record):
            raise Refused(problem)


def lock(w: Work, pilot: Pilot) -> None:
    """Nobody else changes this pilot or its members until this work ends. Stale when somebody has since it was read.

    ``FOR NO KEY UPDATE``: it waits for other changes, not for the foreign keys of new rows. SQLite has one writer.
    """
    seen = pilot.version
    w.session.refresh(pilot, with_for_update={"key_share": True})
    if pilot.version != seen:
        raise Stale


def writing(w: Work, pilot: Pilot) -> None:
    """Lock the pilot, as long as it is not over. Raises Refused: an archive is read."""
    lock(w, pilot)
    require(w, pilot, rules.has_not_ended)


def changing(w: Work, pilot: Pilot) -> None:
    """Write what the pilot itself is: whoever looked at it before must look again."""
    writing(w, pilot)
    bump(w, pilot)


def bump(w: Work, pilot: Pilot) -> None:
    """A new version of a pilot that is locked."""
    flag_modified(pilot, "title")
    w.session.flush()
