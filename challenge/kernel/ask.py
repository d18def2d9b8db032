"""How a field of a form is asked for: one Pydantic model is the HTML form, the JSON body and the word limits.

``Field(title=, description=)`` are label and hint; ``Ask`` says the widget; ``Words`` limits and counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, GetCoreSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from challenge.kernel.i18n import N_
from challenge.kernel.money import read_euros

Widget = Literal[
    "text", "textarea", "select", "radios", "checkboxes", "checkbox", "date", "datetime", "number", "money",
    "email", "password", "hidden", "own",
]  # fmt: skip
"""``own``: the page asks it itself (a table of cells), ``fields()`` leaves it out."""
WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Ask:
    """Widget and words of one field. ``missing`` says what to do when it is empty; ``part`` groups a long form."""

    widget: Widget = "text"
    rows: int = 5
    missing: str = ""
    part: str = ""
    autocomplete: str = ""


def count_words(text: str) -> int:
    """Words as the live counter counts them: runs of anything but white space."""
    return len(WORD.findall(text))


@dataclass(frozen=True, slots=True)
class Words:
    """At most this many words."""

    limit: int

    def check(self, value: str) -> str:
        """The value, or an error that says how many words are too many."""
        over = count_words(value) - self.limit
        if over > 0:
            raise PydanticCustomError("too_many_words", "{over} words too many", {"over": over, "limit": self.limit})
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))


def _read_money(value: object) -> object:
    if isinstance(value, str):
        try:
            return read_euros(value)
        except ValueError as error:
            raise PydanticCustomError("money", "not an amount of money") from error
    return value


def _read_instant(value: object, info: ValidationInfo) -> object:
    """A local time as typed becomes an instant; one that does not exist or exists twice is refused."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip().replace(" ", "T"))
        except ValueError as error:
            raise PydanticCustomError("datetime_parsing", "not a date and time") from error
    if isinstance(value, datetime) and value.tzinfo is None:
        zone = ZoneInfo((info.context or {}).get("zone", "UTC"))
        return local_instant(value, zone)
    return value


def local_instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a wall-clock time in a zone. Raises PydanticCustomError in the two hours of a clock change."""
    first, second = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
    if first.utcoffset() != second.utcoffset():
        if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
            raise PydanticCustomError("time_missing", "the clock skips this time")
        raise PydanticCustomError("time_twice", "this time happens twice")
    return first.astimezone(UTC)


Euros = Annotated[int, BeforeValidator(_read_money)]  # cents; a person types euros
Instant = Annotated[datetime, BeforeValidator(_read_instant)]  # UTC; a person types local time of the context's zone
DAY = timedelta(days=1)

TOO_LONG = N_("Shorten this to %(limit)s characters")
