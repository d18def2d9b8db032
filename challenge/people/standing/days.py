"""Days for which something is held: whole days of Tallinn, half a year at most."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Tallinn")
LONGEST = timedelta(days=183)


def midnight(day: date) -> datetime:
    """When the day begins."""
    return datetime.combine(day, time(), tzinfo=ZONE)


def midnight_after(day: date) -> datetime:
    """When the day is over."""
    return midnight(day + timedelta(days=1))
