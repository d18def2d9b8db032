"""What a team has to do: what the gate still misses, and what it has written down itself; who does it, by when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import col, select

from challenge.kernel.ask import Ask
from challenge.kernel.i18n import Text, _, _n
from challenge.kernel.work import Work
from challenge.proposals import content, facts, rules
from challenge.proposals.models import Proposal, TeamTask
from challenge.proposals.schemas import FORMS, PARTS, Part
from challenge.proposals.states import EDITABLE

# What can be missing, in words that hold whoever asks.
KEYS: Mapping[str, Text] = {
    **{f"part-{part}": title for part, title in PARTS.items()},
    "challenges": _("Challenges it answers"),
    "cities": _("Partner cities"),
    "budget": _("Budget by partner"),
    "commitments": _("Sign-off or decision of every partner city"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """A task: ``key`` names what is missing, or is the code of one of the team's own."""

    key: str
    title: Text | str
    path: str = ""
    hint: Text | str = ""
    is_own: bool = False
    person_id: int | None = None
    due_on: date | None = None
    done_at: datetime | None = None


def missing(w: Work, proposal: Proposal) -> list[Item]:
    """What the gate it is written for still misses: parts of the form, then what stands beside it."""
    if proposal.state not in EDITABLE:
        return []
    form = FORMS[content.gate_of(proposal)]
    lacks: dict[str, int] = {}
    for name in rules.lacking(w, proposal):
        part = next((one.part for one in form.model_fields[name].metadata if isinstance(one, Ask)), "")
        lacks[part] = lacks.get(part, 0) + 1
    parts = [
        Item(f"part-{part}", PARTS[part], f"edit?part={part}", _n("one answer", "%(n)s answers", lacks[part]))
        for part in Part
        if part in lacks
    ]
    beside = [
        Item(task.key, task.title, task.path, task.problem or "")
        for task in facts.outside_the_form(w, proposal)
        if not task.is_done
    ]
    return [*parts, *beside]


def tasks_of(w: Work, proposal: Proposal) -> list[Item]:
    """All of it: what is missing, then the team's own, open before done; each with who does it and by when."""
    written = select(TeamTask).where(TeamTask.proposal_id == proposal.id).order_by(col(TeamTask.id))
    rows = list(w.session.exec(written))
    known = {row.key: row for row in rows if row.key is not None}
    found = [_given(item, known.get(item.key)) for item in missing(w, proposal)]
    own = [_given(Item(row.code, row.title, is_own=True), row) for row in rows if row.key is None]
    return [*found, *sorted(own, key=lambda item: (item.done_at is not None, item.due_on or date.max))]


def _given(item: Item, row: TeamTask | None) -> Item:
    if row is None:
        return item
    return replace(item, person_id=row.person_id, due_on=row.due_on, done_at=row.done_at if item.is_own else None)
