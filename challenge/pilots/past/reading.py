"""What a row says, as a past pilot: each cell is read for itself, and what cannot be read is said by column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import ValidationError

from challenge.kernel.i18n import Text, _
from challenge.kernel.messages import message_of
from challenge.kernel.money import read_euros
from challenge.people.spelling import fold
from challenge.pilots.past.columns import Row
from challenge.pilots.schemas import ImportedPilot
from challenge.pilots.states import PilotState
from challenge.rounds.pieces import Theme

STATES = (PilotState.AGREED, PilotState.RUNNING, PilotState.COMPLETED, PilotState.TERMINATED)
DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4})")
ABOUT = re.compile(r"[12]\d{3}(-(0[1-9]|1[0-2]))?")
WEB = re.compile(r"https?://[^\s<>\"']+")
LONGEST_KEY = 60

Faults = dict[str, Text]


class UnreadableError(ValueError):
    """A cell that does not say what its column asks for; carries what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


def pilot_in(row: Row, themes: Sequence[Theme]) -> tuple[ImportedPilot | None, Faults]:
    """The pilot of a row, without its cities; or, by column, what is wrong with it."""
    faults: Faults = {}

    def cell(name: str, read: Callable[[str], Any]) -> Any:
        """What ``read`` makes of the cell; None when it is empty, or when it is at fault."""
        if not row.get(name):
            return None
        try:
            return read(row.get(name))
        except UnreadableError as error:
            faults[name] = error.text
            return None

    if len(row.get("key")) > LONGEST_KEY:
        faults["key"] = _("Shorten this to %(limit)s characters", limit=LONGEST_KEY)
    for name in ("key", "round", "title", "state", "cities"):
        if not row.get(name):
            faults[name] = _("This is missing")
    starts, ends = cell("starts_on", _when), cell("ends_on", _when)
    facts: dict[str, Any] = {name: row.get(name) for name in ("lead",) if row.get(name)}
    facts |= {name: found for name in ("research_partners", "products") if (found := row.parts(name))}
    facts |= {name: when for name, when in (("start", starts), ("end", ends)) if isinstance(when, str)}
    values = {
        "title": row.get("title"), "full_title": row.get("full_title"), "summary": row.get("summary"),
        "state": cell("state", _state) or PilotState.COMPLETED, "themes": cell("themes", _themes(themes)) or [],
        "budget_cents": cell("budget_eur", _money), "months": cell("months", _months),
        "starts_on": starts if isinstance(starts, date) else None, "ends_on": ends if isinstance(ends, date) else None,
        "public_summary": row.get("public_summary"), "replication_plan": row.get("replication_plan"),
        "notes": row.get("notes"), "sources": cell("sources", _sources) or [], "facts": facts,
    }  # fmt: skip
    if values["starts_on"] and values["ends_on"] and values["ends_on"] < values["starts_on"]:
        faults["ends_on"] = _("The last day lies before the first day.")
    made, more = _validated(values)
    faults = {**more, **faults}
    return (None if faults else made), faults


def _validated(values: Mapping[str, Any]) -> tuple[ImportedPilot | None, Faults]:
    try:
        return ImportedPilot.model_validate(values), {}
    except ValidationError as error:
        columns = {"budget_cents": "budget_eur"}
        return None, {
            columns.get(name, name): message_of(fault, ImportedPilot.model_fields.get(name))
            for fault in error.errors(include_url=False)
            for name in [str(fault["loc"][0]) if fault["loc"] else "title"]
        }


def _state(text: str) -> PilotState:
    found = next((state for state in STATES if text.lower() == state), None)
    if found is None:
        raise UnreadableError(_("“%(text)s” is no state. Write one of: %(known)s.", text=text, known=", ".join(STATES)))
    return found


def _themes(known: Sequence[Theme]) -> Callable[[str], list[str]]:
    by_name = {fold(name): theme.key for theme in known for name in (theme.key, theme.title, theme.title_et) if name}

    def read(text: str) -> list[str]:
        names = [part.strip() for part in text.split(";") if part.strip()]
        odd = [name for name in names if fold(name) not in by_name]
        if odd:
            titles = ", ".join(theme.title for theme in known) or "–"
            raise UnreadableError(
                _("No theme of this round: %(names)s. It has: %(known)s", names=", ".join(odd), known=titles)
            )
        return [by_name[fold(name)] for name in names]

    return read


def _money(text: str) -> int:
    try:
        cents = read_euros(text)
    except ValueError as error:
        raise UnreadableError(_("“%(text)s” is no amount in euros, for example 1200000.", text=text)) from error
    if not 0 <= cents <= 10**13:
        raise UnreadableError(_("“%(text)s” is no amount a pilot can have.", text=text))
    return cents


def _months(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= 120):  # noqa: PLR2004 -- as the form has it
        raise UnreadableError(_("“%(text)s” is no number of months from 1 to 120.", text=text))
    return int(text)


def _when(text: str) -> date | str:
    """A day; or, as it was written, a month or a year."""
    if ABOUT.fullmatch(text):
        return text
    match = DAY.fullmatch(text)
    numbers = [int(part) for part in match.groups() if part is not None] if match else []
    try:
        return date(*numbers if text[4:5] == "-" else reversed(numbers))
    except (ValueError, TypeError) as error:
        raise UnreadableError(_("“%(text)s” is no day, month or year, for example 2024-11-01.", text=text)) from error


def _sources(text: str) -> list[str]:
    found = [part.strip() for part in text.split(";") if part.strip()]
    odd = [part for part in found if not WEB.fullmatch(part)]
    if odd:
        raise UnreadableError(_("“%(text)s” is no address that begins with https://.", text=odd[0]))
    return found


def said(faults: Mapping[str, Text]) -> list[tuple[str, str]]:
    """The faults in words, each with its column."""
    return [(name, str(text)) for name, text in faults.items()]
