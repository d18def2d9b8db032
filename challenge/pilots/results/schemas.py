"""Outputs, kit, news, reuses and a city's wish, as people enter them."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from challenge.kernel.ask import Ask, Words
from challenge.kernel.i18n import N_, Text, _
from challenge.pilots.asks import Given
from challenge.pilots.past.reading import WEB
from challenge.pilots.results.models import OutputKind

KINDS: dict[OutputKind, Text] = {
    OutputKind.SOFTWARE: _("Software"),
    OutputKind.DATA: _("Data"),
    OutputKind.DESIGN: _("Design or device"),
    OutputKind.REPORT: _("Report or guide"),
    OutputKind.PUBLICATION: _("Publication"),
    OutputKind.SERVICE: _("Service"),
}


def _web(value: str) -> str:
    if value and not WEB.fullmatch(value):
        raise ValueError(N_("Write an address that begins with https://"))
    return value


Web = Annotated[str, Field(max_length=400), AfterValidator(_web)]


class OutputIn(Given):
    """Something the pilot made."""

    kind: Annotated[OutputKind, Field(title=N_("Kind")), Ask("radios", missing=N_("Choose what it is"))]
    title: Annotated[str, Field(min_length=1, max_length=160, title=N_("Title")), Ask("text", missing=N_("Name it"))]
    description: Annotated[str, Field(max_length=1000, title=N_("What it does")), Words(120),
        Ask("textarea", rows=4)] = ""  # fmt: skip
    licence: Annotated[str, Field(min_length=1, max_length=80, title=N_("Licence"),
        description=N_("For example EUPL-1.2, CC BY 4.0, or “all rights reserved”.")),
        Ask("text", missing=N_("Say under which licence others may use it"))]  # fmt: skip
    url: Annotated[Web, Field(title=N_("Where it can be found"))] = ""


class KitIn(Given):
    """What the next city needs to know."""

    lessons: Annotated[str, Field(max_length=4000, title=N_("Lessons"),
        description=N_("What worked, what did not, what you would do otherwise.")), Words(500),
        Ask("textarea", rows=8)] = ""  # fmt: skip
    needs: Annotated[str, Field(max_length=4000, title=N_("What a city needs"),
        description=N_("Data, permits, people, devices, agreements.")), Words(400),
        Ask("textarea", rows=6)] = ""  # fmt: skip
    steps: Annotated[str, Field(max_length=4000, title=N_("Steps"),
        description=N_("What to do first, next, and how long it takes.")), Words(400),
        Ask("textarea", rows=6)] = ""  # fmt: skip
    costs: Annotated[str, Field(max_length=2000, title=N_("Costs"),
        description=N_("To begin and for each year, as far as they are known.")), Words(200),
        Ask("textarea", rows=4)] = ""  # fmt: skip


class NewsIn(Given):
    """Something that happened."""

    title: Annotated[str, Field(min_length=1, max_length=160, title=N_("Title")), Ask("text", missing=N_("Name it"))]
    text: Annotated[str, Field(min_length=1, max_length=4000, title=N_("Text")), Words(400),
        Ask("textarea", rows=6, missing=N_("Say what happened"))]  # fmt: skip
    published_on: Annotated[date, Field(title=N_("Day")), Ask("date", missing=N_("Say when it happened"))]


class ReuseIn(Given):
    """Somebody uses what the pilot made."""

    who: Annotated[str, Field(min_length=1, max_length=160, title=N_("Who uses it"),
        description=N_("A city, an organisation, a programme; no names of people.")),
        Ask("text", missing=N_("Say who uses it"))]  # fmt: skip
    how: Annotated[str, Field(max_length=600, title=N_("How")), Words(80), Ask("textarea", rows=3)] = ""
    url: Annotated[Web, Field(title=N_("Where it can be seen"))] = ""
    since: Annotated[date, Field(title=N_("Since")), Ask("date", missing=N_("Say since when"))]


class WishIn(Given):
    """Why a city would like to do the same."""

    reason: Annotated[str, Field(min_length=1, max_length=1000, title=N_("Why, and what for"),
        description=N_("Coordinators and the pilot’s own people read this; everybody sees how many cities wish it.")),
        Words(120), Ask("textarea", rows=5, missing=N_("Say why"))]  # fmt: skip
