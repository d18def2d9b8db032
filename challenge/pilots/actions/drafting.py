"""The plan as far as a proposal says it in a way that can be read; the rest is left to people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import ValidationError

from challenge.kernel.work import Work
from challenge.pilots.models import Indicator, Milestone, Pilot
from challenge.proposals.lines import Indicator as Promised
from challenge.proposals.models import Proposal

MONTH = re.compile(r"^\W*(?:month|months|m|kuu)?\W{0,3}(\d{1,3})(?!\d)\W*(.+)$", re.IGNORECASE)
NUMBER = re.compile(r"^\D{0,3}?([-+−]?\d[\d \u00a0]*(?:[.,]\d+)?)\s*(.*)$")


def draft_plan(w: Work, pilot: Pilot, proposal: Proposal) -> None:
    """Milestones with their months, indicators with their numbers. What cannot be read is left to people."""
    first = _first_of_next_month(w.now.date())
    for title, starts_on, due_on in milestones_in(str(proposal.answers.get("milestones") or ""), first):
        w.add(Milestone(pilot_id=pilot.id, title=title[:160], starts_on=starts_on, due_on=due_on))
    for answer in proposal.answers.get("indicators") or []:
        try:
            promised = Promised.model_validate(answer)
        except ValidationError:
            continue
        w.add(Indicator(pilot_id=pilot.id, **indicator_in(promised)))


def milestones_in(text: str, first: date) -> Iterator[tuple[str, date, date]]:
    """(title, from, to) of the lines that begin with a month: ``Month 6: sensors stand``; one starts where one ends."""
    found = [(int(match[1]), match[2].strip()) for line in text.splitlines() if (match := MONTH.match(line.strip()))]
    starts_on = first
    for month, title in sorted(entry for entry in found if 1 <= entry[0] <= 120):  # noqa: PLR2004 -- months of a pilot
        due_on = _months_later(first, month) - timedelta(days=1)
        yield title, min(starts_on, due_on), due_on
        starts_on = due_on + timedelta(days=1)


def indicator_in(promised: Promised) -> dict[str, Any]:
    """The columns of an indicator; baseline and target are kept in words where they are no numbers."""
    baseline, unit = number_in(promised.baseline)
    target, target_unit = number_in(promised.target)
    unread = f"{promised.baseline} → {promised.target}" if baseline is None or target is None else ""
    return {
        "title": promised.name[:160], "baseline": baseline, "target": target, "unit": (target_unit or unit)[:40],
        "source": ". ".join(part for part in (promised.source, unread) if part)[:400],
    }  # fmt: skip


def number_in(text: str) -> tuple[Decimal | None, str]:
    """The number a short text begins with, and its unit: ``48 h`` → 48, ``h``."""
    match = NUMBER.match(text.strip())
    if match is None:
        return None, ""
    digits = match[1].replace("\u00a0", "").replace(" ", "").replace("−", "-").replace(",", ".")
    try:
        value = Decimal(digits)
    except InvalidOperation:
        return None, ""
    return (value if abs(value) < 10**10 else None), match[2].strip()


def _first_of_next_month(day: date) -> date:
    return _months_later(day.replace(day=1), 1)


def _months_later(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)
