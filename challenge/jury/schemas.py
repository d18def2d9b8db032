"""What the jury's acts ask for."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from challenge.jury.states import Confidence, ConflictKind
from challenge.kernel.ask import Ask, Instant
from challenge.kernel.i18n import N_
from challenge.people.schemas import visible

LONGEST_COMMENT = 4000
LONGEST_OVERALL = 8000


class Strict(BaseModel):
    """Unknown answers are refused, white space around texts is not kept."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Reason(Strict):
    """Why."""

    reason: Annotated[str, Ask(widget="textarea", rows=4, missing=N_("Say why"))] = Field(
        min_length=1, max_length=2000, title=N_("Reason"), description=N_("It stays in the journal.")
    )


class Reopening(Reason):
    """Why a submitted review is opened again, and until when."""

    reason: Annotated[str, Ask(widget="textarea", rows=4, missing=N_("Say why"))] = Field(
        min_length=1,
        max_length=2000,
        title=N_("Reason"),
        description=N_("The juror reads it. It stays in the journal."),
    )
    until: Annotated[Instant | None, Ask(widget="datetime")] = Field(
        default=None, title=N_("New due date"), description=N_("In the time zone of the round.")
    )


class NoReason(Strict):
    """Why, if one wants to say it."""

    reason: Annotated[str, Ask(widget="textarea", rows=3)] = Field(
        default="", max_length=2000, title=N_("Reason"), description=N_("Only the coordinators read it.")
    )


class Stepping(Strict):
    """A conflict of interest in the juror's words."""

    kind: Annotated[ConflictKind, Ask(widget="radios", missing=N_("Say what the conflict is"))] = Field(
        title=N_("What is it?")
    )
    explanation: Annotated[str, Ask(widget="textarea", rows=3, missing=N_("Explain it in a sentence"))] = Field(
        min_length=1, max_length=2000, title=N_("Explain it in a sentence"),
        description=N_("Only the coordinators and observers of the round read it."),
    )  # fmt: skip


class Declaration(Strict):
    """The answer to the conflict question, before the file opens."""

    answer: Annotated[
        Literal["none"] | ConflictKind,
        Ask(widget="radios", missing=N_("Answer the question: without an answer the proposal stays closed")),
    ] = Field(title=N_("Do you have a conflict of interest with anybody named here?"))
    explanation: Annotated[str, Ask(widget="textarea", rows=3)] = Field(
        default="", max_length=2000, title=N_("If you have one, explain it in a sentence"), validate_default=True,
        description=N_("Only the coordinators and observers of the round read it."),
    )  # fmt: skip

    @field_validator("explanation")
    @classmethod
    def _explained(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("answer", "none") != "none" and not value:
            raise ValueError(N_("Explain the conflict in a sentence"))
        return value


class MarkIn(Strict):
    """The mark and the comment for one criterion; a draft may lack both."""

    mark: Decimal | None = None
    comment: str = Field(default="", max_length=LONGEST_COMMENT)


class ReviewIn(Strict):
    """A draft of a review. Criteria that are not named stay as they are."""

    marks: dict[str, MarkIn] = Field(default_factory=dict, max_length=40)
    comment: str | None = Field(default=None, max_length=LONGEST_OVERALL)
    confidence: Confidence | None = None
    revision: int | None = Field(default=None, ge=1)  # of the proposal, as it was read


class JurorInvite(Strict):
    """Somebody to join the panel."""

    name: Annotated[str, AfterValidator(visible), Ask(missing=N_("Give the name"), autocomplete="off")] = Field(
        min_length=1, max_length=120, title=N_("Name")
    )
    email: Annotated[str, Ask(widget="email", missing=N_("Give the e-mail address"), autocomplete="off")] = Field(
        min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", title=N_("E-mail address")
    )
    locale: Annotated[str, Ask(widget="select")] = Field(default="en", title=N_("Language of the letter"))
    load_max: int = Field(default=10, ge=1, le=200, title=N_("Most reviews at one gate"))


class PersonCheck(Strict):
    """Somebody who might be invited."""

    address: Annotated[str, Ask(widget="email", missing=N_("Give the e-mail address"), autocomplete="off")] = Field(
        min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", title=N_("E-mail address")
    )


class Expertise(Strict):
    """What a juror says of herself."""

    themes: Annotated[list[str], Ask(widget="checkboxes")] = Field(
        default_factory=list, max_length=40, title=N_("Themes")
    )
    languages: Annotated[list[str], Ask(widget="checkboxes")] = Field(
        default_factory=list, max_length=20, title=N_("Languages you can review in")
    )
    expertise: Annotated[str, Ask(widget="textarea", rows=4)] = Field(
        default="", max_length=4000, title=N_("Expertise"),
        description=N_("Fields, methods and kinds of city you know well. It helps to assign proposals."),
    )  # fmt: skip


class JurorPlace(Expertise):
    """What a coordinator sets for a juror."""

    load_min: int = Field(default=0, ge=0, le=200, title=N_("Fewest reviews at one gate"))
    load_max: int = Field(default=10, ge=1, le=200, title=N_("Most reviews at one gate"))

    @field_validator("load_max")
    @classmethod
    def _ordered(cls, value: int, info: ValidationInfo) -> int:
        if value < info.data.get("load_min", 0):
            raise ValueError(N_("The most must not be less than the fewest"))
        return value


class Acceptance(Strict):
    """Accepting the invitation: both texts, each for itself."""

    contract: Annotated[bool, Ask(widget="checkbox")] = Field(
        default=False, title=N_("I accept the contract"), validate_default=True
    )
    confidentiality: Annotated[bool, Ask(widget="checkbox")] = Field(
        default=False, title=N_("I keep everything I read and hear confidential"), validate_default=True
    )

    @field_validator("contract", "confidentiality")
    @classmethod
    def _accepted(cls, value: bool) -> bool:  # noqa: FBT001 -- a validator's signature
        if not value:
            raise ValueError(N_("Accept this, or decline the invitation"))
        return value


class ConflictIn(Strict):
    """A conflict a coordinator sets, whatever the person's role."""

    person: Annotated[str, Ask(widget="select", missing=N_("Choose the person"))] = Field(title=N_("Person"))
    proposal: Annotated[str, Ask(widget="select", missing=N_("Choose the proposal"))] = Field(title=N_("Proposal"))
    kind: Annotated[ConflictKind, Ask(widget="select", missing=N_("Choose the kind"))] = Field(title=N_("Kind"))
    reason: Annotated[str, Ask(widget="textarea", rows=3, missing=N_("Say why"))] = Field(
        min_length=1, max_length=2000, title=N_("Reason")
    )


class Suggesting(Strict):
    """Rules of one suggestion beside those of the round; empty: no limit."""

    same_panel: int | None = Field(
        default=None, ge=1, le=1000, title=N_("Proposals that may have the very same jurors"),
        description=N_("At most so many. Empty: no limit."),
    )  # fmt: skip
    per_theme: int | None = Field(
        default=None, ge=1, le=1000, title=N_("Reviews of one theme for a juror"),
        description=N_("At most so many. Empty: no limit."),
    )  # fmt: skip


class PanelOrder(Strict):
    """How the panel orders equals: codes of proposals, best first."""

    order: list[str] = Field(min_length=2, max_length=50)
    reason: Annotated[str, Ask(widget="textarea", rows=3, missing=N_("Say what the panel went by"))] = Field(
        min_length=1, max_length=2000, title=N_("What the panel went by")
    )
