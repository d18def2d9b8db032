"""Marks: kept in tenths, read and shown as people write them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from challenge.kernel.i18n import Text, _
from challenge.rounds.schemas import Rules

TENTHS = 10
# What whole marks mean on a scale from 0 to 5, after the scale of Horizon Europe; halves stand between.
WORDS: dict[int, Text] = {
    0: _("Fails: the criterion is not addressed, or cannot be judged"),
    5: _("Between fails and poor"),
    10: _("Poor: serious weaknesses"),
    15: _("Between poor and fair"),
    20: _("Fair: addressed in general, with significant weaknesses"),
    25: _("Between fair and good"),
    30: _("Good: addressed well, with a number of shortcomings"),
    35: _("Good to very good"),
    40: _("Very good: a small number of shortcomings"),
    45: _("Very good to excellent"),
    50: _("Excellent: any shortcoming is minor"),
}
SHORT = _("0 fails · 1 poor · 2 fair · 3 good · 4 very good · 5 excellent")


@dataclass(frozen=True, slots=True)
class Scale:
    """The marks of a round: from 0 to ``maximum`` by ``step``, in tenths."""

    maximum: int
    step: int

    @property
    def marks(self) -> tuple[int, ...]:
        """Every mark there is."""
        return tuple(range(0, self.maximum + 1, self.step))

    @property
    def words(self) -> dict[int, Text]:
        """What marks mean; nothing where the scale is not that of Horizon Europe."""
        return {mark: WORDS[mark] for mark in self.marks if mark in WORDS} if self.maximum == max(WORDS) else {}

    @property
    def short(self) -> Text:
        """The scale in one line."""
        return SHORT if self.words else _("0 is the lowest mark, %(maximum)s the highest", maximum=shown(self.maximum))

    def read(self, mark: Decimal) -> int | None:
        """The mark in tenths; None when it is off the scale or between two steps."""
        tenths = mark * TENTHS
        return int(tenths) if 0 <= tenths <= self.maximum and tenths % self.step == 0 else None


def scale_of(rules: Rules) -> Scale:
    """The scale of a round. Raises ValueError where its step cannot be kept in tenths."""
    maximum, step = rules.scale.maximum * TENTHS, rules.scale.step * TENTHS
    if maximum % 1 or step % 1:
        message = f"marks by {rules.scale.step} cannot be kept: the step must be a multiple of 0.1"
        raise ValueError(message)
    return Scale(int(maximum), int(step))


def shown(tenths: int) -> str:
    """A mark as it is written: ``4``, ``3.5``."""
    whole, rest = divmod(tenths, TENTHS)
    return f"{whole}.{rest}" if rest else str(whole)
