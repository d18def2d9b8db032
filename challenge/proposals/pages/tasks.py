"""What the team has to do: what is still missing and its own tasks, who does each, by when."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent, SentBody
from challenge.http.work import WebWork, work
from challenge.kernel.errors import Forbidden, Invalid, Missing
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people.queries import names
from challenge.proposals import actions, queries, rules
from challenge.proposals.asks import Assigned, NewTask
from challenge.proposals.pages.forms import NOUN, due_clock, zone_of
from challenge.proposals.tasks import tasks_of

router = APIRouter()
BASE = "/proposals/{code}/tasks"
SAID = {"done": _("Done."), "reopen": _("It is open again."), "drop": _("The task is taken off.")}


def _team(w: Work, proposal: Any) -> list[tuple[str, object]]:
    """(code, name) of those who can be given something: who has joined."""
    joined = [member for member in queries.team(w, proposal) if member.person_id is not None]
    codes = queries.codes_of(w, joined)
    return [("", _("nobody yet")), *((codes.get(one.email_key, ""), one.name) for one in joined)]


@router.get(BASE, include_in_schema=False)
def index(request: Request, code: str) -> Response:
    """The list; for the team alone."""
    with work(request) as w:
        proposal = queries.visible(w, code)
        return _page(w, proposal, Form(NewTask, choices={"person": _team(w, proposal)}))


def _page(
    w: WebWork, proposal: Any, form: Form[NewTask], late: Form[Assigned] | None = None, key: str = "", status: int = 200
) -> Response:
    if problem := rules.is_team(w, proposal):
        raise Forbidden(problem)
    items, people = tasks_of(w, proposal), _team(w, proposal)
    known = names(w, [one for item in items if (one := item.person_id) is not None])
    codes = {member.person_id: code for member, code in _members(w, proposal)}
    return page(
        w, "proposals/tasks.html", status=status, proposal=proposal, form=form, late=late, late_key=key,
        missing=[item for item in items if not item.is_own],
        open=[item for item in items if item.is_own and item.done_at is None],
        done=[item for item in items if item.done_at is not None], names=known, codes=codes, people=people,
        me=w.actor.id, my_code=w.actor.code, today=w.now.date(), zone=zone_of(w, proposal),
        may_write=rules.may_write(w, proposal) is None and rules.is_live(w, proposal) is None,
        deadline=due_clock(w, proposal) if rules.is_editable(w, proposal) is None else None,
    )  # fmt: skip


def _members(w: Work, proposal: Any) -> list[tuple[Any, str]]:
    rows = queries.team(w, proposal)
    codes = queries.codes_of(w, rows)
    return [(member, codes.get(member.email_key, "")) for member in rows]


@router.post(BASE, include_in_schema=False)
def add(request: Request, code: str, sent: Sent) -> Response:
    """A task of the team's own."""
    with work(request) as w:
        proposal = queries.visible(w, code)
        form = Form.sent(NewTask, sent, choices={"person": _team(w, proposal)})
        if form.valid:
            try:
                actions.add_task(w, proposal, form.value)
            except Invalid as refusal:
                form.say_problem(refusal.problem)
            else:
                return see_other(w, f"/{NOUN}/{code}/tasks", say=_("The task is on the list."))
        return _page(w, proposal, form, status=422)


@router.post(f"{BASE}/{{key}}", include_in_schema=False)
def change(request: Request, code: str, key: str, sent: Sent) -> Response:
    """Give it to somebody, take it, say it is done."""
    with work(request) as w:
        proposal, act = queries.visible(w, code), sent.get("act")
        if act in SAID:
            actions.settle_task(w, proposal, key, act)
            return see_other(w, f"/{NOUN}/{code}/tasks", say=SAID[act])
        if act != "assign":
            raise Missing
        body = SentBody({name: sent.fields[name] for name in Assigned.model_fields if name in sent.fields})
        form = Form.sent(Assigned, body, choices={"person": _team(w, proposal)})
        if form.valid:
            try:
                actions.assign_task(w, proposal, key, form.value)
            except Invalid as refusal:
                form.say_problem(refusal.problem)
            else:
                return see_other(w, f"/{NOUN}/{code}/tasks", say=_("Kept: who does it, and by when."))
        return _page(w, proposal, Form(NewTask, choices={"person": _team(w, proposal)}), form, key, status=422)
