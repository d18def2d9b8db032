"""One thing that waits for somebody, as a row of “Needs you”."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from challenge.home.queries.home import Home
from challenge.home.queries.scene import Stand
from challenge.http.templates import Deadline, day, distance
from challenge.kernel.i18n import Text, _

ZONE = "Europe/Tallinn"
NEVER = float("inf")
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class When:
    """By when, or since when: the text, and where it stands among the others."""

    text: str
    order: tuple[int, float]
    is_late: bool = False
    distance: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """What, its state as a tag, what to do, where, and when."""

    what: Text | str
    tag: Text
    tone: str
    why: Text
    href: str
    when: When | None = None

    @property
    def order(self) -> tuple[int, float, str, str]:
        """Late or blocked, due, waiting, the rest."""
        place = self.when.order if self.when is not None else (0 if self.tone == "rose" else 3, NEVER)
        return (*place, str(self.what), str(self.why))


def by(at: datetime | None, stand: Stand | None, *, home: Home | None = None, zone: str = "") -> When | None:
    """A date until which something is to be done."""
    now = stand.now if stand is not None else home.now if home is not None else None
    if at is None or now is None:
        return None
    due = Deadline("", at, zone or (stand.zone if stand is not None else ZONE), now)
    is_late = due.state == "closed"
    return When(due.local, (0 if is_late else 1, at.timestamp()), is_late, due.distance, due.zone)


def by_day(text: str | None, now: datetime, zone: str = "") -> When | None:
    """A day on which something is to be done; it is late once the day is over, where the round is."""
    if not text:
        return None
    due, zone = date.fromisoformat(text[:10]), zone or ZONE
    today = now.astimezone(ZoneInfo(zone)).date()
    days = (due - today).days
    far = str(_("today")) if days == 0 else distance(days * DAY_SECONDS)
    instant = datetime.combine(due, time(23, 59), tzinfo=ZoneInfo(zone))
    place = Deadline("", instant, zone, now).zone
    return When(day(due), (0 if days < 0 else 1, instant.timestamp()), days < 0, far, place)


def since(at: datetime | None, stand: Stand | None) -> When | None:
    """A date since which something has waited."""
    if at is None:
        return None
    text = str(_("since %(day)s", day=day(at, stand.zone if stand is not None else ZONE)))
    return When(text, (2, at.timestamp()))
