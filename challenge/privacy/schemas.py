"""What is asked before data is destroyed, or kept from being destroyed."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from challenge.kernel.ask import Ask
from challenge.kernel.i18n import N_
from challenge.people.schemas import Strict


class ErasureAsk(Strict):
    """The name once more, so that nobody is erased by a slip."""

    name: Annotated[str, Ask("text", missing=N_("Type the name"), autocomplete="off")] = Field(
        title=N_("Type the name to confirm"), max_length=120
    )


class HoldAsk(Strict):
    """Why data must be kept, or why no longer."""

    reason: Annotated[str, Ask("textarea", rows=3, missing=N_("Say why; the person reads it"))] = Field(
        title=N_("Reason"),
        description=N_("For example the number of a court case or an audit. The person reads it."),
        min_length=1,
        max_length=1000,
    )
