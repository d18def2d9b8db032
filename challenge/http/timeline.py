"""A record's steps as its timeline: what happened in the workflow's own words, who did it, when, and why.

The journal knows people by id and acts by name; the words come from the workflow's table. What was given with a step is
shown only where it is a reason: drafts and answers are journalled too, and a timeline is no place to read them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from challenge.http.templates import moment
from challenge.kernel.i18n import Text, _
from challenge.kernel.journal import Step, StepText
from challenge.kernel.work import FOR, Work
from challenge.kernel.workflow import Workflow

NamesOf = Callable[[Work, Iterable[int | None]], Mapping[int, str]]
MOST = 50
ACTED: Mapping[str, Text] = {
    "start": _("Begun"),
    "revise": _("Answers changed"),
    "attach": _("File added"),
    "detach": _("File removed"),
    "extend": _("More time given"),
    "came_late": _("Came after the deadline"),
    "import": _("Imported"),
}
REASONS = ("reason", "statement", "points", "comment", "why")


@dataclass(frozen=True, slots=True)
class Entry:
    """What ``parts/timeline.html`` shows."""

    title: str
    who: str
    when: str
    text: str = ""


def history(
    w: Work,
    workflow: Workflow,
    code: str,
    *,
    names_of: NamesOf,
    zone: str = "Europe/Tallinn",
    acts: Mapping[str, Text] | None = None,
    masked: Collection[int] = (),
    without: Collection[str] = (),
    most: int = MOST,
) -> list[Entry]:
    """The latest steps of one record, newest first, in three queries.

    ``acts`` words what is no transition; ``masked`` are people whom the reader may not know (shown as “Jury”),
    ``without`` acts that are nobody's here.
    """
    rows = w.session.exec(
        select(Step, StepText.given)
        .outerjoin(StepText, col(StepText.step_id) == Step.id)
        .where(Step.workflow == workflow.name, Step.subject_code == code, col(Step.transition).not_in(without))
        .order_by(col(Step.id).desc())
        .limit(most)
    ).all()
    people = names_of(w, {who for step, given in rows for who in (step.actor_id, (given or {}).get(FOR))})
    return [
        Entry(
            title=str(title_of(workflow, step.transition, acts)),
            who=who_of(step.actor_id, people, masked, (given or {}).get(FOR)),
            when=moment(step.at, zone),
            text=reason_in(given),
        )
        for step, given in rows
    ]


def title_of(workflow: Workflow | None, act: str, acts: Mapping[str, Text] | None = None) -> Text | str:
    """What happened, in the words of the workflow's row; an act that is no row in the package's words, or ours."""
    rows = {} if workflow is None else {row.name: row for row in workflow.rows}
    if act in rows:
        return rows[act].told or rows[act].label
    if (asked := act.removeprefix("ask_")) in rows:
        return _("Asked for: %(act)s", act=rows[asked].label)
    return (acts or {}).get(act) or ACTED.get(act) or act.replace("_", " ").capitalize()


def who_of(
    actor_id: int | None, people: Mapping[int, str], masked: Collection[int] = (), principal: int | None = None
) -> str:
    """The person's name, “Jury” for somebody the reader may not know, “the service” when nobody acted.

    Who stood in for somebody is named with them.
    """
    if actor_id is None:
        return str(_("the service"))
    name = str(_("Jury")) if actor_id in masked else people.get(actor_id, "")
    if principal is None or principal not in people:
        return name
    return str(_("%(name)s for %(principal)s", name=name, principal=people[principal]))


def reason_in(given: Mapping[str, Any] | None) -> str:
    """The reason given with a step, if one was."""
    found = (given or {}).get
    return next((text for key in REASONS if isinstance(text := found(key), str) and text), "")
