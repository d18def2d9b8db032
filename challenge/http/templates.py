"""The main template environment: strict, escaped, with texts, dates and money in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import nh3
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from challenge.http.components import Govuk
from challenge.http.statics import address
from challenge.kernel.i18n import _n, gettext, locale, ngettext
from challenge.kernel.money import amount, euros

PACKAGE = Path(__file__).parent.parent
TAGS = {"a", "blockquote", "br", "code", "em", "h3", "h4", "hr", "li", "ol", "p", "pre", "strong", "table", "tbody",
        "td", "th", "thead", "tr", "ul"}  # fmt: skip
_WEB = re.compile(r"https?://|mailto:|/(?![/\\])", re.IGNORECASE)
# Beyond these a text is shown as it was typed: what could be markup would keep a thread busy for seconds.
MOST_CHARACTERS, MOST_MARKS, LONGEST_WORD = 20_000, 1_500, 2_000
_MARK = re.compile(r"[\[*_`<|&\\@]|://|\.\w")
_LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD}}}")
_markdown = MarkdownIt("commonmark", {"html": False, "linkify": True}).enable(["table", "linkify"])


def template_folder() -> Path:
    """Beside the package in a checkout, inside it in the wheel."""
    inside = PACKAGE / "templates"
    return inside if inside.is_dir() else PACKAGE.parent / "templates"


def environment(more: dict[str, Any] | None = None) -> Environment:
    """The environment of our own templates. ``more`` adds globals."""
    env = Environment(
        auto_reload=False,
        bytecode_cache=FileSystemBytecodeCache(),  # of this user, in the temporary folder: compiled once a machine
        loader=FileSystemLoader(template_folder()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.filters |= {
        "day": day, "moment": moment, "euros": euros, "number": number, "amount": amount, "percent": percent,
        "markdown": markdown, "lines": lines,
    }  # fmt: skip
    env.globals |= {"govuk": Govuk(gettext), "static": static, "locale": locale, **(more or {})}
    return env


def static(path: str) -> str:
    """The address of a static file, with the hash of the whole folder, so that browsers may keep it for ever."""
    return address(path)


def day(value: date | datetime | None, zone: str = "Europe/Tallinn") -> str:
    """``31 March 2027``; an instant as the day it is in ``zone``."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(zone)).date()
    return _day(value, locale())


@lru_cache(maxsize=4_096)  # a list shows the same few days many times, and Babel takes longer than the rest of the row
def _day(value: date, language: str) -> str:
    return format_date(value, "d MMMM y" if language == "en" else "d. MMMM y", locale=language)


def moment(value: datetime | None, zone: str = "Europe/Tallinn") -> str:
    """``31 March 2027, 17:00``."""
    if value is None:
        return ""
    pattern = "d MMMM y, HH:mm" if locale() == "en" else "d. MMMM y, HH:mm"
    return format_datetime(value, pattern, tzinfo=ZoneInfo(zone), locale=locale())


def number(value: float) -> str:
    """With the separators of the language."""
    return format_decimal(value, locale=locale())


def percent(value: Decimal | None) -> str:
    """``82.5 %``; a dash where there is nothing to take a part of."""
    return "–" if value is None else f"{number(float(value))}\u00a0%"


def markdown(text: str | None) -> Markup:
    """What people write with light markup, made safe: no HTML, no images, links only to the web and mail."""
    text = text or ""
    if not _is_light(text):
        return Markup("<p>{}</p>").format(lines(text))
    html = nh3.clean(
        _markdown.render(text), tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow", attribute_filter=_web_only,
    )  # fmt: skip
    return Markup(html)  # noqa: S704 -- cleaned just above


def _is_light(text: str) -> bool:
    """Whether its markup is of an extent people write by hand."""
    if len(text) > MOST_CHARACTERS or _LONG_WORD.search(text):
        return False
    return sum(1 for _mark in _MARK.finditer(text)) <= MOST_MARKS


def _web_only(_tag: str, name: str, value: str) -> str | None:
    """Addresses of the web, of mail and of our own pages; nothing that a kind browser would complete."""
    return value if name != "href" or _WEB.match(value) else None


def lines(text: str | None) -> Markup:
    """Plain text with its line breaks."""
    return Markup("<br>").join((text or "").split("\n"))


class Deadline:
    """A point in time as people need it: how far, when in the round's zone, which zone, and UTC."""

    def __init__(self, label: str, at: datetime, zone: str, now: datetime, grace_seconds: int = 0) -> None:
        local = at.astimezone(ZoneInfo(zone))
        self.label, self.grace_seconds, self.at = label, grace_seconds, at
        self.iso = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
        pattern = "EEE d MMMM y, HH:mm" if locale() == "en" else "EEE, d. MMMM y, HH:mm"
        self.local = format_datetime(local, pattern, tzinfo=ZoneInfo(zone), locale=locale())
        offset = int((local.utcoffset() or (local - local)).total_seconds() // 60)
        minutes = f":{abs(offset) % 60:02}" if offset % 60 else ""
        place = zone.rsplit("/", maxsplit=1)[-1].replace("_", " ")
        sign = "+" if offset >= 0 else "−"
        self.zone = f"{place}, {local.tzname()} (UTC{sign}{abs(offset) // 60}{minutes})"
        self.utc = at.astimezone(UTC).strftime("%H:%M UTC")
        seconds = (at - now).total_seconds()
        self.state = "closed" if seconds <= 0 else "soon" if seconds < 7 * 86_400 else "open"
        self.distance = distance(seconds)


def distance(seconds: float) -> str:
    """``in 2 days``, ``in 3 hours``, ``12 days ago``: whole units, never rounded up."""
    size = abs(seconds)
    per = next((unit for unit in (86_400, 3_600) if size >= unit), 60)
    count = int(size // per)
    ahead = {
        86_400: _n("in one day", "in %(n)s days", count), 3_600: _n("in one hour", "in %(n)s hours", count),
        60: _n("in one minute", "in %(n)s minutes", count),
    }  # fmt: skip
    past = {
        86_400: _n("one day ago", "%(n)s days ago", count), 3_600: _n("one hour ago", "%(n)s hours ago", count),
        60: _n("one minute ago", "%(n)s minutes ago", count),
    }  # fmt: skip
    return str((ahead if seconds > 0 else past)[per])


Globals = Callable[[], dict[str, Any]]
