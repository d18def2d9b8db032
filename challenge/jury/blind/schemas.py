"""What preparing a copy without names asks for."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from challenge.kernel.ask import Ask
from challenge.kernel.i18n import N_

MOST = 200
LONGEST = 120


class Names(BaseModel):
    """Words to mark, and words to leave, one a line."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    words: Annotated[str, Ask("textarea", rows=4)] = Field(
        default="", max_length=8000, title=N_("Also hide"),
        description=N_("Names, abbreviations and products that tell who the team is, one a line."),
    )  # fmt: skip
    spared: Annotated[str, Ask("textarea", rows=3)] = Field(
        default="", max_length=8000, title=N_("Leave readable"),
        description=N_("Words that are hidden because somebody is called so, and mean something else here."),
    )  # fmt: skip

    @field_validator("words", "spared")
    @classmethod
    def _short_lines(cls, text: str) -> str:
        found = lines_of(text)
        if len(found) > MOST or any(len(line) > LONGEST for line in found):
            raise ValueError(N_("At most 200 lines of at most 120 characters each"))
        return text


def lines_of(text: str) -> list[str]:
    """The lines of it that say something, each once."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
