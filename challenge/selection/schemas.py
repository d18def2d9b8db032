"""What is asked for when outcomes are proposed and appeals filed, heard and decided."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from challenge.kernel.ask import Ask, Euros, Instant, Words
from challenge.kernel.i18n import N_
from challenge.selection.states import Verdict

MOST_CONDITIONS = 12
LONGEST_CONDITION = 1000


class Given(BaseModel):
    """Strict input: an unknown answer is refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class OutcomeIn(Given):
    """An outcome as a coordinator proposes it. What does not belong to the verdict is left out."""

    verdict: Annotated[Verdict, Ask("radios", missing=N_("Choose what you propose"))] = Field(title=N_("Outcome"))
    amount_cents: Annotated[Euros | None, Ask("money")] = Field(
        default=None, validate_default=True, title=N_("Amount"), description=N_("For an award. In euros."),
    )  # fmt: skip
    reserve_rank: Annotated[int | None, Ask("number")] = Field(
        default=None, ge=1, le=99, validate_default=True, title=N_("Place on the reserve list"),
        description=N_("For the reserve list. 1 is asked first."),
    )  # fmt: skip
    accept_by: Annotated[Instant | None, Ask("datetime")] = Field(
        default=None, validate_default=True, title=N_("Offer stands until"),
        description=N_("For an award and for the reserve list. In the round’s time zone."),
    )  # fmt: skip
    reasons: Annotated[str, Words(500), Ask("textarea", rows=8, missing=N_("Say why, for the team to read"))] = Field(
        min_length=1, max_length=5000, title=N_("Reasons"),
        description=N_("The team reads this. Say what convinced and what did not; names of jurors stay out."),
    )  # fmt: skip
    conditions: Annotated[str, Ask("textarea", rows=3)] = Field(
        default="", max_length=MOST_CONDITIONS * LONGEST_CONDITION, title=N_("Conditions"),
        description=N_("For an award or a reserve. One on each line; each must be met before the pilot is agreed."),
    )  # fmt: skip
    deviation: Annotated[str, Words(200), Ask("textarea", rows=3)] = Field(
        default="", max_length=2000, title=N_("Why this departs from the rules or the ranking"),
        description=N_("Needed where reviews are missing, a threshold is not met, the adopted scenario says otherwise "
                       "or somebody before it on the reserve list is passed over. It stays in the record."),
    )  # fmt: skip
    note: Annotated[str, Words(500), Ask("textarea", rows=3)] = Field(
        default="", max_length=5000, title=N_("Internal note"), description=N_("Only those who decide read this."),
    )  # fmt: skip
    revision: Annotated[int | None, Ask("hidden")] = Field(default=None)

    @field_validator("amount_cents")
    @classmethod
    def _amount(cls, value: int | None, info: ValidationInfo) -> int | None:
        if info.data.get("verdict") is not Verdict.FUND:
            return None
        if not value or value < 0:
            raise ValueError(N_("Say how much is awarded"))
        return value

    @field_validator("reserve_rank")
    @classmethod
    def _rank(cls, value: int | None, info: ValidationInfo) -> int | None:
        if info.data.get("verdict") is not Verdict.RESERVE:
            return None
        if value is None:
            raise ValueError(N_("Say which place it has on the reserve list"))
        return value

    @field_validator("accept_by")
    @classmethod
    def _accept_by(cls, value: Instant | None, info: ValidationInfo) -> Instant | None:
        if info.data.get("verdict") not in {Verdict.FUND, Verdict.RESERVE}:
            return None
        if value is None:
            raise ValueError(N_("Say until when the offer stands"))
        return value

    @field_validator("conditions")
    @classmethod
    def _conditions(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("verdict") not in {Verdict.FUND, Verdict.RESERVE}:
            return ""
        lines = [line.strip() for line in value.split("\n") if line.strip()]
        if len(lines) > MOST_CONDITIONS:
            raise ValueError(N_("Keep to twelve conditions"))
        if any(len(line) > LONGEST_CONDITION for line in lines):
            raise ValueError(N_("Shorten the condition that has more than 1,000 characters"))
        return "\n".join(lines)


class Withdrawal(Given):
    """Why an outcome that nobody has been told is taken back."""

    reason: Annotated[str, Words(200), Ask("textarea", rows=4, missing=N_("Say why it is withdrawn"))] = Field(
        min_length=1, max_length=2000, title=N_("Reason"), description=N_("Only those who decide read this."),
    )  # fmt: skip


class GateVerdict(StrEnum):
    """What the batch of a gate says about a proposal."""

    INVITE = "invite"
    DECLINE = "decline"


class GateDecision(Given):
    """One line of a gate's batch. ``reasons`` and ``advice`` go to the team of a declined proposal."""

    proposal: str = Field(max_length=8)
    verdict: GateVerdict
    reasons: Annotated[str, Words(200)] = Field(default="", max_length=2000)
    advice: Annotated[str, Words(100)] = Field(default="", max_length=1000)


class AppealIn(Given):
    """Why the applicant thinks the decision was not made as the rules say."""

    grounds: Annotated[
        str, Words(1000), Ask("textarea", rows=14, missing=N_("Say what was not done as the rules say"))
    ] = Field(
        min_length=1, max_length=10_000, title=N_("Grounds of the appeal"),
        description=N_("Say which rule was not followed, which fact is wrong, or who had a conflict of interest. "
                       "An appeal does not score the proposal again."),
    )  # fmt: skip


class Hearing(Given):
    """What the handler has read and whom they have heard."""

    hearing: Annotated[str, Words(1000), Ask("textarea", rows=8, missing=N_("Say what you read"))] = (
        Field(min_length=1, max_length=10_000, title=N_("What you read and whom you heard"),
              description=N_("Both sides are heard before the appeal is decided. The applicant reads this."))
    )  # fmt: skip


class Result(Given):
    """The answer to an appeal."""

    result: Annotated[str, Words(1000), Ask("textarea", rows=8, missing=N_("Say why, for the applicant to read"))] = (
        Field(min_length=1, max_length=10_000, title=N_("Result"),
              description=N_("The applicant reads this. Answer each ground."))
    )  # fmt: skip


class RemarkIn(Given):
    """What somebody says about a scenario."""

    text: Annotated[str, Words(200), Ask("textarea", rows=3, missing=N_("Write the remark"))] = Field(
        min_length=1, max_length=2000, title=N_("Remark"), description=N_("Only those who decide read this."),
    )  # fmt: skip


class Announcing(Given):
    """Given by the act of announcing: the release an outcome belongs to."""

    release: str
    release_id: int = Field(exclude=True)
