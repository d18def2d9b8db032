"""The log as its pages show it: what waits, and how a text read before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from challenge.http.templates import day
from challenge.kernel import diff
from challenge.kernel.diff import Piece
from challenge.kernel.i18n import Text, _
from challenge.kernel.work import Work
from challenge.people.queries import names
from challenge.pilots.log import queries
from challenge.pilots.log.queries import Met
from challenge.pilots.pages import views
from challenge.pilots.pages.portfolio import zone_of

if TYPE_CHECKING:
    from challenge.pilots.log.models import Decision
    from challenge.pilots.models import Pilot

LABELS: Mapping[str, Text] = {
    "held_on": _("Day of the meeting"), "present": _("Who was there"), "noted": _("What was said"),
    "text": _("What was decided"), "who": _("Who does it"), "due_on": _("By when"),
}  # fmt: skip
DAYS = ("held_on", "due_on")


def today(w: Work, pilot: Pilot) -> date:
    """The day it is where the pilot's round is."""
    return views.today(w.now, zone_of(w, pilot))


def waiting(met: Iterable[Met]) -> list[tuple[Met, Decision]]:
    """What somebody is still to do, by its day; what has none comes last."""
    found = [(one, row) for one in met for row in one.decisions if row.who_id is not None and row.done_on is None]
    return sorted(found, key=lambda pair: (pair[1].due_on is None, pair[1].due_on or date.max, pair[1].id))


@dataclass(frozen=True, slots=True)
class Wording:
    """A correction: by whom, when, and what became what."""

    about: str
    who: str
    at: datetime
    changes: tuple[tuple[str, list[Piece]], ...]


def wordings(w: Work, met: Met) -> list[Wording]:
    """Every correction of a meeting and of what it decided, the newest first."""
    kept = queries.wordings(w, met)
    who = names(w, [one.by_id for one in kept])
    called = queries.called(w, (str(one.content["who"]) for one in kept if one.content.get("who")))
    about = {row.code: row.text for row in met.decisions} | {met.meeting.code: str(_("The meeting"))}
    last: dict[str, dict[str, str]] = {}
    found = []
    for one in kept:
        said = _said(one.content, called)
        if (before := last.get(one.subject_code)) is not None:
            changes = tuple(diff.changes(before, said).items())
            found.append(Wording(about[one.subject_code], who.get(one.by_id or 0, ""), one.at, changes))
        last[one.subject_code] = said
    return found[::-1]


def _said(content: Mapping[str, Any], called: Mapping[str, str]) -> dict[str, str]:
    """Label → text as people read it."""
    said = {}
    for name, value in content.items():
        text = str(value or "")
        if name in DAYS and text:
            text = str(day(date.fromisoformat(text)))
        said[str(LABELS[name])] = called.get(text, "") if name == "who" else text
    return said
