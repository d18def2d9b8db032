"""What the steps of a pilot and of a report ask for; texts here are read by those they concern."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from challenge.kernel.ask import Ask, Instant, Words
from challenge.kernel.i18n import N_


class Given(BaseModel):
    """Nothing that is not asked for; spaces around an answer do not count."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Reason(Given):
    """Why."""

    reason: Annotated[str, Field(min_length=1, max_length=2000, title=N_("Reason"),
        description=N_("The member cities and the team read this.")), Words(200),
        Ask("textarea", rows=4, missing=N_("Say why"))]  # fmt: skip


class Suspension(Reason):
    """Why, and by when it must go on."""

    cure_until: Annotated[Instant, Field(title=N_("To be cured by"),
        description=N_("If the pilot cannot go on by then, two coordinators decide about its end.")),
        Ask("datetime", missing=N_("Say by when the pilot must go on"))]  # fmt: skip


class Points(Given):
    """What must be put right in a report."""

    points: Annotated[str, Field(min_length=1, max_length=4000, title=N_("Points to put right"),
        description=N_("One a line; the team answers each of them.")), Words(400),
        Ask("textarea", rows=6, missing=N_("Say what must be put right"))]  # fmt: skip
