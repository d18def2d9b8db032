"""The workflow of events on the web, and how the time of an event is said."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from challenge.events import actions, queries
from challenge.events.workflow import EVENT
from challenge.http.transitions import Acts
from challenge.kernel.i18n import locale

ACTS = Acts(
    workflow=EVENT, noun="events", find=queries.visible, fire=actions.fire,
    show=lambda event: f"/events/{event.code}", title=lambda event: str(event.title),
    zone=lambda _w, event: str(event.zone),
)  # fmt: skip


def when(event: Any) -> str:
    """``Wed 18 October 2023, 10:00–12:30``; with both days where it ends on another."""
    zone = ZoneInfo(event.zone)
    begins, ends = event.begins_at.astimezone(zone), event.ends_at.astimezone(zone)
    pattern = "EEE d MMMM y, HH:mm" if locale() == "en" else "EEE, d. MMMM y, HH:mm"
    whole = format_datetime(begins, pattern, locale=locale())
    if begins.date() == ends.date():
        return f"{whole}–{ends:%H:%M}"
    return f"{whole} – {format_datetime(ends, pattern, locale=locale())}"


def zone_name(event: Any) -> str:
    """The clock the hours are read on: ``Tallinn (UTC+3)``."""
    begins = event.begins_at.astimezone(ZoneInfo(event.zone))
    minutes = int(begins.utcoffset().total_seconds() // 60)
    sign, hours, rest = "+" if minutes >= 0 else "−", abs(minutes) // 60, abs(minutes) % 60
    offset = f"UTC{sign}{hours}{f':{rest:02}' if rest else ''}"
    place = event.zone.rsplit("/", maxsplit=1)[-1].replace("_", " ")
    return place if place == "UTC" else f"{place} ({offset})"
