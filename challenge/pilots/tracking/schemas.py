"""Risks and issues as people enter them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from challenge.kernel.ask import Ask, Words
from challenge.kernel.i18n import N_, Text, _
from challenge.pilots.asks import Given
from challenge.pilots.tracking.models import RiskKind

KINDS: dict[RiskKind, Text] = {
    RiskKind.RISK: _("Risk: it may happen"),
    RiskKind.ISSUE: _("Issue: it has happened"),
}
DEGREES: dict[str, Text] = {"1": _("Low"), "2": _("Middle"), "3": _("High")}


class RiskIn(Given):
    """A risk or an issue. For an issue likelihood does not matter."""

    kind: Annotated[RiskKind, Field(title=N_("Kind")), Ask("radios", missing=N_("Choose what it is"))]
    title: Annotated[str, Field(min_length=1, max_length=160, title=N_("What may happen, or has happened")),
        Ask("text", missing=N_("Say in a few words what it is"))]  # fmt: skip
    likelihood: Annotated[int, Field(ge=1, le=3, title=N_("How likely")),
        Ask("radios", missing=N_("Say how likely it is"))]  # fmt: skip
    impact: Annotated[int, Field(ge=1, le=3, title=N_("How grave for the pilot")),
        Ask("radios", missing=N_("Say how grave it would be"))]  # fmt: skip
    response: Annotated[str, Field(max_length=1000, title=N_("What is done about it")), Words(120),
        Ask("textarea", rows=4)] = ""  # fmt: skip


class EndingIn(Given):
    """How a risk or an issue ended."""

    ending: Annotated[str, Field(min_length=1, max_length=1000, title=N_("How it ended")), Words(120),
        Ask("textarea", rows=4, missing=N_("Say how it ended"))]  # fmt: skip
