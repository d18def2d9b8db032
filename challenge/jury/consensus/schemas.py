"""What the panel's common acts ask for."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from challenge.jury.schemas import Strict
from challenge.kernel.ask import Ask
from challenge.kernel.i18n import N_

LONGEST = 4000
WORDS_A_PAGE = 500


class NoteIn(Strict):
    """A contribution to the discussion."""

    text: Annotated[str, Ask(widget="textarea", rows=4, missing=N_("Write what you want to say"))] = Field(
        min_length=1, max_length=LONGEST, title=N_("Say something to the panel"),
        description=N_("Your name stands beside it. It cannot be changed; a new note corrects."),
    )  # fmt: skip


class ModeratorIn(Strict):
    """Who writes the consensus of a proposal: a place on the panel."""

    juror: Annotated[str, Ask(widget="select", missing=N_("Choose the moderator"))] = Field(
        max_length=9, title=N_("Moderator"), description=N_("One of those who have handed in on this proposal.")
    )


class ConsensusIn(Strict):
    """A draft of the consensus. What is not named stays as it is."""

    marks: dict[str, Decimal | None] = Field(default_factory=dict, max_length=40)
    note: str | None = Field(default=None, max_length=LONGEST)
    statement: str | None = Field(default=None, max_length=LONGEST)


class ReplyIn(Strict):
    """A panel member's answer."""

    answer: Annotated[Literal["confirm", "object"], Ask(widget="radios", missing=N_("Confirm or object"))] = Field(
        title=N_("Is this what the panel agreed?")
    )
    reason: Annotated[str, Ask(widget="textarea", rows=3)] = Field(
        default="", max_length=2000, title=N_("Reason"), validate_default=True,
        description=N_("Needed if you object. It stays in the record, beside the consensus."),
    )  # fmt: skip

    @field_validator("reason")
    @classmethod
    def _explained(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("answer") == "object" and not value:
            raise ValueError(N_("Say why you object"))
        return value


class ReactionIn(Strict):
    """The applicants' answer to the comments."""

    text: Annotated[str, Ask(widget="textarea", rows=16, missing=N_("Write your answer"))] = Field(
        min_length=1, max_length=40_000, title=N_("Your answer to the panel"),
        description=N_("Correct facts and answer questions. New content is not read."),
    )  # fmt: skip


class MinutesIn(Strict):
    """What was said in the meeting of the panel."""

    text: Annotated[str, Ask(widget="textarea", rows=6)] = Field(default="", max_length=20_000, title=N_("Minutes"))
