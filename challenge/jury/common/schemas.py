"""Choosing the item."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from challenge.kernel.ask import Ask
from challenge.kernel.i18n import N_


class Choosing(BaseModel):
    """A proposal, and what else to hide in it."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    proposal: Annotated[str, Ask("select", missing=N_("Choose a proposal"))] = Field(
        title=N_("Proposal"),
        description=N_("Best one of an earlier round: whoever marks it has no stake in it. Names are hidden in it."),
    )
    words: Annotated[str, Ask("textarea", rows=4)] = Field(
        default="", max_length=8000, title=N_("Also hide"),
        description=N_("Names, abbreviations and products that tell who the team is, one a line."),
    )  # fmt: skip
