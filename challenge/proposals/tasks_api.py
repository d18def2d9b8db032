"""The tasks of a team in JSON: what is still missing and its own, who does each, by when."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from challenge.http.api import PREFIX, PROBLEMS, once
from challenge.http.work import work
from challenge.kernel.errors import Forbidden
from challenge.kernel.work import Work
from challenge.proposals import actions, queries, rules
from challenge.proposals.asks import Assigned, NewTask
from challenge.proposals.tasks import tasks_of

TAG = "proposals"
PATH = f"{PREFIX}/proposals/{{code}}/tasks"
router = APIRouter()


class TaskOut(BaseModel):
    """A task: ``key`` names what the gate still misses, or is the code of one of the team's own.

    ``person`` (a code) and ``name`` are those of who does it.
    """

    key: str
    title: str
    hint: str
    own: bool
    person: str | None
    name: str | None
    due_on: date | None
    done_at: datetime | None


class TasksOut(BaseModel):
    """What is missing, then the team's own, open before done."""

    items: list[TaskOut]


@router.get(PATH, tags=[TAG], name="api.proposals.tasks", response_model=TasksOut, responses=PROBLEMS)
def index(request: Request, code: str) -> Response:
    """The list; for the team alone."""
    with work(request) as w:
        return _sent(w, queries.visible(w, code))


@router.post(
    PATH, tags=[TAG], name="api.proposals.add_task", status_code=201, response_model=TasksOut, responses=PROBLEMS
)
def add(request: Request, code: str, given: NewTask) -> Response:
    """Write a task of the team's own down; whom it is given to hears of it."""
    with work(request) as w:

        def act() -> Response:
            proposal = queries.visible(w, code)
            actions.add_task(w, proposal, given)
            return _sent(w, proposal, 201)

        return once(w, given, act)


@router.put(f"{PATH}/{{key}}/assignment", tags=[TAG], response_model=TasksOut, responses=PROBLEMS)
def assign(request: Request, code: str, key: str, given: Assigned) -> Response:
    """Who does it, by when; neither need be known. ``person`` is the code of somebody of the team."""
    with work(request) as w:
        proposal = queries.visible(w, code)
        actions.assign_task(w, proposal, key, given)
        return _sent(w, proposal)


@router.put(f"{PATH}/{{key}}/done", tags=[TAG], response_model=TasksOut, responses=PROBLEMS)
def done(request: Request, code: str, key: str) -> Response:
    """A task of the team's own is done. What the gate misses is done when it is there."""
    return _settle(request, code, key, "done")


@router.delete(f"{PATH}/{{key}}/done", tags=[TAG], response_model=TasksOut, responses=PROBLEMS)
def reopen(request: Request, code: str, key: str) -> Response:
    """A task of the team's own is open again."""
    return _settle(request, code, key, "reopen")


@router.delete(f"{PATH}/{{key}}", tags=[TAG], response_model=TasksOut, responses=PROBLEMS)
def drop(request: Request, code: str, key: str) -> Response:
    """Take a task of the team's own off the list."""
    return _settle(request, code, key, "drop")


def _settle(request: Request, code: str, key: str, act: str) -> Response:
    with work(request) as w:
        proposal = queries.visible(w, code)
        actions.settle_task(w, proposal, key, act)
        return _sent(w, proposal)


def _sent(w: Work, proposal: Any, status: int = 200) -> Response:
    """The list as it is now. Raises Forbidden for whoever is not of the team."""
    if problem := rules.is_team(w, proposal):
        raise Forbidden(problem)
    team = queries.team(w, proposal)
    codes = queries.codes_of(w, team)
    known = {member.person_id: (codes.get(member.email_key, ""), member.name) for member in team}
    items = []
    for item in tasks_of(w, proposal):
        person, name = known.get(item.person_id, (None, None)) if item.person_id is not None else (None, None)
        items.append(
            TaskOut(
                key=item.key, title=str(item.title), hint=str(item.hint), own=item.is_own, person=person, name=name,
                due_on=item.due_on, done_at=item.done_at,
            )
        )  # fmt: skip
    return JSONResponse(jsonable_encoder(TasksOut(items=items)), status)
