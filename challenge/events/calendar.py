"""Dates as an iCalendar file (RFC 5545). Instants are written in UTC: no calendar can read them an hour wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

PRODUCT = "-//city-challenge//calendar//EN"
MEDIA_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Date:
    """Something in a calendar. ``key`` stays the same for ever, ``sequence`` grows with each change.

    Without ``ends_at`` it is a deadline: a point in time that keeps nobody busy. ``is_sure`` is False for who waits
    for a seat. ``path`` is the page of it.
    """

    key: str
    sequence: int
    begins_at: datetime
    title: str
    path: str
    ends_at: datetime | None = None
    text: str = ""
    place: str = ""
    is_cancelled: bool = False
    is_sure: bool = True


def written(dates: Iterable[Date], name: str, public_url: str, now: datetime) -> bytes:
    """The file. Who reads it again finds the same things under the same names."""
    from icalendar import Calendar, Event  # noqa: PLC0415 -- loaded when the first calendar is asked for

    host = public_url.split("://", 1)[-1].split("/", 1)[0].split(":", 1)[0]
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for date in dates:
        one = Event()
        one.add("uid", f"{date.key}@{host}")
        one.add("sequence", date.sequence)
        one.add("dtstamp", now)
        one.add("dtstart", date.begins_at)
        if date.ends_at is not None:
            one.add("dtend", date.ends_at)
        one.add("transp", "OPAQUE" if date.ends_at is not None and not date.is_cancelled else "TRANSPARENT")
        one.add("status", "CANCELLED" if date.is_cancelled else "CONFIRMED" if date.is_sure else "TENTATIVE")
        one.add("summary", date.title)
        if date.text:
            one.add("description", date.text)
        if date.place:
            one.add("location", date.place)
        one.add("url", f"{public_url}{date.path}")
        calendar.add_component(one)
    written_: bytes = calendar.to_ical()
    return written_
