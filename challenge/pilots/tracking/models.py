"""Measurements, which are only ever added; risks and issues, which are kept when they are over."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Numeric
from sqlmodel import Field

from challenge.kernel.columns import UtcDateTime, one_of
from challenge.kernel.record import Record, Row
from challenge.kernel.triggers import append_only, register

QUANTITY: Any = Numeric(14, 4)


class RiskKind(StrEnum):
    """What may happen, or what has."""

    RISK = "risk"
    ISSUE = "issue"


class Measurement(Row, table=True):
    """A value of an indicator on a day. A correction is a further row: of one day the last counts."""

    indicator_id: int = Field(foreign_key="indicator.id", ondelete="RESTRICT", index=True)
    value: Decimal = Field(sa_type=QUANTITY)
    measured_on: date
    source: str = Field(default="", max_length=400)
    by_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT", index=True)
    at: datetime = Field(sa_type=UtcDateTime)


class Risk(Record, table=True):
    """A risk or an issue of a pilot: how likely and how grave (1 to 3), and what is done about it."""

    __table_args__ = (
        CheckConstraint("title <> ''", name="has_title"),
        CheckConstraint("likelihood BETWEEN 1 AND 3", name="likelihood_possible"),
        CheckConstraint("impact BETWEEN 1 AND 3", name="impact_possible"),
        CheckConstraint("closed_on IS NULL OR ending <> ''", name="closed_says_how"),
    )

    pilot_id: int = Field(foreign_key="pilot.id", ondelete="RESTRICT", index=True)
    kind: RiskKind = Field(sa_type=one_of(RiskKind))
    title: str = Field(max_length=160)
    likelihood: int
    impact: int
    response: str = Field(default="", max_length=1000)
    opened_on: date
    closed_on: date | None = Field(default=None)
    ending: str = Field(default="", max_length=1000)

    @property
    def weight(self) -> int:
        """Likelihood times impact: 1 to 9."""
        return self.likelihood * self.impact


for _trigger in append_only("measurement"):
    register(_trigger)
