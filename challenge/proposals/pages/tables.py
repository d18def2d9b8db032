"""Answers that are tables: sent cell by cell, kept line by line; and the work plan as a time plan over its table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from challenge.http.figures import Gantt, Span, gantt
from challenge.http.forms import read
from challenge.http.saving import as_fields
from challenge.http.sent import SentBody
from challenge.kernel.i18n import Text, _
from challenge.proposals.lines import MAX_INDICATORS, MAX_TASKS, SEPARATOR, Indicator, PlanTask, Row, tasks_in
from challenge.proposals.money import MONTHS
from challenge.proposals.schemas import FORMS


@dataclass(frozen=True, slots=True)
class Kind:
    """How the fields of a table are called, what a line is, and how many there can be."""

    prefix: str
    row: type[Row]
    most: int

    @property
    def cells(self) -> tuple[str, ...]:
        """The columns."""
        return tuple(self.row.model_fields)


KINDS: Mapping[str, Kind] = {
    "indicators": Kind("indicator", Indicator, MAX_INDICATORS),
    "work_plan": Kind("task", PlanTask, MAX_TASKS),
}


def lists_of(sent: SentBody) -> SentBody:
    """What was sent, with the tables' cells as lines."""
    if sent.json is not None:
        return sent
    found: dict[str, list[str]] = {}
    for name, kind in KINDS.items():
        if any(field.startswith(f"{kind.prefix}-") for field in sent.fields):
            found[name] = _lines(sent, kind)
    if not found:
        return sent
    starts = tuple(f"{KINDS[name].prefix}-" for name in found)
    fields = {name: values for name, values in sent.fields.items() if not name.startswith(starts)}
    last = FORMS[max(FORMS, key=list(FORMS).index)]
    kept = SentBody(fields=fields, files=sent.files)
    return SentBody(fields=fields, files=sent.files, json={**read(last, kept), **found})


def _lines(sent: SentBody, kind: Kind) -> list[str]:
    lines = []
    for place in range(kind.most):
        cells = [sent.get(f"{kind.prefix}-{place}-{cell}").replace(SEPARATOR.strip(), "/") for cell in kind.cells]
        if any(cells):
            lines.append(SEPARATOR.join(cells).rstrip(" |"))
    return lines


def cells_of(name: str, answer: Any) -> list[tuple[str, str]]:
    """The same the other way round: every cell, the empty ones too."""
    if name not in KINDS:
        return as_fields(name, answer)
    kind = KINDS[name]
    lines = [kind.row.cells(line) for line in answer or [] if isinstance(line, str)]
    rows = [*lines, *(dict.fromkeys(kind.cells, "") for _line in range(kind.most - len(lines)))]
    return [(f"{kind.prefix}-{place}-{cell}", row[cell]) for place, row in enumerate(rows) for cell in kind.cells]


def rows_of(proposal: Any, name: str, least: int = 0) -> list[dict[str, str]]:
    """The lines as cells; where they are filled in, with ``least`` or one more that is empty."""
    kind = KINDS[name]
    kept = [kind.row.cells(line) for line in proposal.answers.get(name) or [] if isinstance(line, str)]
    if not least:
        return [row for row in kept if row["name"]]
    wanted = min(kind.most, max(least, len(kept) + 1))
    return [*kept, *(dict.fromkeys(kind.cells, "") for _place in range(wanted - len(kept)))]


# The work plan

FIRST_YEAR = 2001  # any year: a work plan knows months, not dates


def time_plan(lines: Any) -> Gantt:
    """The tasks along the months of the pilot."""
    spans = [
        Span(task.name, _begin(task.first), _begin(task.last + 1) - timedelta(days=1), when=str(months_of(task)),
             state=task.lead)
        for task in tasks_in(lines)
    ]  # fmt: skip
    return gantt(spans, date.min, _month)


def months_of(task: PlanTask) -> Text:
    """From which month to which."""
    if task.first == task.last:
        return _("month %(n)s", n=task.first)
    return _("months %(first)s to %(last)s", first=task.first, last=task.last)


def _begin(month: int) -> date:
    return date(FIRST_YEAR + (month - 1) // MONTHS, (month - 1) % MONTHS + 1, 1)


def _month(first: date) -> str:
    return str((first.year - FIRST_YEAR) * MONTHS + first.month)
