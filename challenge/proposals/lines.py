"""Answers that are tables: kept, compared and read line by line, each line with its cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from challenge.kernel.i18n import N_

SEPARATOR = " | "  # between the cells of a line
MAX_INDICATORS = 8
MAX_TASKS = 30
LAST_MONTH = 120


class Row(BaseModel):
    """A line of such an answer: text cells, kept as ``one | two | three``."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _from_line(cls, line: Any) -> Any:
        return cls.cells(line) if isinstance(line, str) else line

    @classmethod
    def cells(cls, line: str) -> dict[str, str]:
        """The cells of a line, complete or not."""
        parts = [part.strip() for part in line.split(SEPARATOR.strip())]
        missing = [""] * len(cls.model_fields)
        return dict(zip(cls.model_fields, [*parts, *missing][: len(missing)], strict=True))


class Indicator(Row):
    """What is measured, and how far it shall get. Kept as one line, ``name | baseline | target | source``."""

    name: Annotated[str, Field(min_length=1, max_length=160)]
    baseline: Annotated[str, Field(min_length=1, max_length=80)]
    target: Annotated[str, Field(min_length=1, max_length=80)]
    source: Annotated[str, Field(max_length=160)] = ""


class PlanTask(Row):
    """A task of the work plan: who leads it, from which month to which. Kept as ``name | lead | first | last``."""

    name: Annotated[str, Field(min_length=1, max_length=160)]
    lead: Annotated[str, Field(max_length=120)] = ""
    first: Annotated[int, Field(ge=1, le=LAST_MONTH)]
    last: Annotated[int, Field(ge=1, le=LAST_MONTH)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError(N_("A task ends in the month it begins in, or later"))
        return self


def tasks_in(lines: Iterable[Any] | None) -> list[PlanTask]:
    """The tasks of a work plan that are complete; the others are still being written."""
    found = []
    for line in lines or ():
        try:
            found.append(PlanTask.model_validate(line))
        except ValueError:
            continue
    return found


def last_month(tasks: Sequence[PlanTask]) -> int:
    """The month in which the last task ends."""
    return max((task.last for task in tasks), default=0)
