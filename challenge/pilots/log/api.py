"""The log and the notes in JSON, from the same forms."""

from __future__ import annotations

from datetime import date, datetime

from fastapi import APIRouter, Request
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from challenge.http.api import PREFIX, PROBLEMS, check_if_match, once, one
from challenge.http.work import work
from challenge.kernel.work import Work
from challenge.people.queries import names
from challenge.pilots import queries as pilots
from challenge.pilots.log import actions, queries
from challenge.pilots.log.queries import Met
from challenge.pilots.log.schemas import DecisionIn, MeetingIn, NoteIn, StrikeIn

router = APIRouter()
PATH = f"{PREFIX}/pilots/{{code}}"
TAG = "pilots"


class DecisionOut(BaseModel):
    """What was decided; ``who`` is a name, null where nobody in particular does it."""

    code: str
    version: int
    text: str
    who: str | None
    due_on: date | None
    done_on: date | None


class MeetingOut(BaseModel):
    """A meeting with what it decided."""

    code: str
    version: int
    held_on: date
    present: str
    noted: str
    by: str
    decisions: list[DecisionOut]


class LogOut(BaseModel):
    """Meetings, the newest first."""

    items: list[MeetingOut]


class NoteOut(BaseModel):
    """A note of the mentor; the team reads it once ``shared_at`` is set."""

    code: str
    version: int
    text: str
    by: str
    created_at: datetime
    shared_at: datetime | None


class NotesOut(BaseModel):
    """Those the reader may know of, the newest first."""

    items: list[NoteOut]


@router.get(f"{PATH}/log", tags=[TAG], response_model=LogOut, responses=PROBLEMS)
def log(request: Request, code: str) -> Response:
    """Meetings and decisions, for those inside."""
    with work(request) as w:
        return _sent(LogOut(items=_meetings(w, queries.log(w, pilots.whole(w, code)))))


def _meetings(w: Work, met: list[Met]) -> list[MeetingOut]:
    who = names(w, [row for one in met for row in (one.meeting.by_id, *(each.who_id for each in one.decisions))])
    return [
        MeetingOut(
            **{name: getattr(one.meeting, name) for name in ("code", "version", "held_on", "present", "noted")},
            by=who.get(one.meeting.by_id, ""),
            decisions=[
                DecisionOut(
                    **{name: getattr(row, name) for name in ("code", "version", "text", "due_on", "done_on")},
                    who=who.get(row.who_id or 0),
                )
                for row in one.decisions
            ],
        )
        for one in met
    ]  # fmt: skip


def _meeting(request: Request, w: Work, code: str, item: str, status: int = 200) -> Response:
    found = queries.met(w, pilots.whole(w, code), item)
    return one(request, found.meeting, _meetings(w, [found])[0], status=status)


@router.post(f"{PATH}/log", tags=[TAG], status_code=201, response_model=MeetingOut, responses=PROBLEMS)
def add_meeting(request: Request, code: str, given: MeetingIn) -> Response:
    """Note a meeting."""
    with work(request) as w:

        def act() -> Response:
            made = actions.add_meeting(w, pilots.whole(w, code), given)
            return _meeting(request, w, code, made.code, 201)

        return once(w, given, act)


@router.patch(f"{PATH}/log/{{item}}", tags=[TAG], response_model=MeetingOut, responses=PROBLEMS)
def change_meeting(request: Request, code: str, item: str, given: MeetingIn) -> Response:
    """Correct it; the earlier wording is kept."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        row = queries.met(w, pilot, item).meeting
        check_if_match(request, row)
        actions.change_meeting(w, pilot, row, given)
        return _meeting(request, w, code, item)


@router.post(f"{PATH}/log/{{item}}/erasure", tags=[TAG], response_model=MeetingOut, responses=PROBLEMS)
def strike(request: Request, code: str, item: str, given: StrikeIn) -> Response:
    """Remove words about somebody for good, from every wording; once the pilot has ended too. For coordinators."""
    with work(request) as w:

        def act() -> Response:
            pilot = pilots.whole(w, code)
            actions.strike(w, pilot, queries.met(w, pilot, item), given)
            return _meeting(request, w, code, item)

        return once(w, given, act)


@router.post(f"{PATH}/log/{{item}}/decisions", tags=[TAG], status_code=201, response_model=MeetingOut,
             responses=PROBLEMS)  # fmt: skip
def add_decision(request: Request, code: str, item: str, given: DecisionIn) -> Response:
    """Note what a meeting decided; ``who`` is the code of a person."""
    with work(request) as w:

        def act() -> Response:
            pilot = pilots.whole(w, code)
            actions.add_decision(w, pilot, queries.met(w, pilot, item).meeting, given)
            return _meeting(request, w, code, item, 201)

        return once(w, given, act)


@router.patch(f"{PATH}/decisions/{{item}}", tags=[TAG], response_model=MeetingOut, responses=PROBLEMS)
def change_decision(request: Request, code: str, item: str, given: DecisionIn) -> Response:
    """Correct a decision."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        row = queries.decision(w, pilot, item)
        check_if_match(request, row)
        actions.change_decision(w, pilot, row, given)
        return _meeting(request, w, code, queries.meeting_of(w, row).code)


@router.post(f"{PATH}/decisions/{{item}}/completion", tags=[TAG], response_model=MeetingOut, responses=PROBLEMS)
def do_decision(request: Request, code: str, item: str) -> Response:
    """It is done."""
    with work(request) as w:

        def act() -> Response:
            pilot = pilots.whole(w, code)
            row = queries.decision(w, pilot, item)
            actions.do_decision(w, pilot, row)
            return _meeting(request, w, code, queries.meeting_of(w, row).code)

        return once(w, None, act)


# Notes of the mentor


@router.get(f"{PATH}/notes", tags=[TAG], response_model=NotesOut, responses=PROBLEMS)
def notes(request: Request, code: str) -> Response:
    """Notes the reader may know of."""
    with work(request) as w:
        return _notes(w, code)


def _notes(w: Work, code: str, status: int = 200) -> Response:
    rows = queries.notes(w, pilots.whole(w, code))
    who = names(w, [row.by_id for row in rows])
    shown = ("code", "version", "text", "created_at", "shared_at")
    return _sent(
        NotesOut(
            items=[
                NoteOut.model_validate({name: getattr(row, name) for name in shown} | {"by": who.get(row.by_id, "")})
                for row in rows
            ]
        ),
        status,
    )


@router.post(f"{PATH}/notes", tags=[TAG], status_code=201, response_model=NotesOut, responses=PROBLEMS)
def add_note(request: Request, code: str, given: NoteIn) -> Response:
    """Write a note, as the mentor."""
    with work(request) as w:

        def act() -> Response:
            actions.add_note(w, pilots.whole(w, code), given)
            return _notes(w, code, 201)

        return once(w, given, act)


@router.patch(f"{PATH}/notes/{{item}}", tags=[TAG], response_model=NotesOut, responses=PROBLEMS)
def change_note(request: Request, code: str, item: str, given: NoteIn) -> Response:
    """Say it otherwise, until it is shared."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        row = queries.note(w, pilot, item)
        check_if_match(request, row)
        actions.change_note(w, pilot, row, given)
        return _notes(w, code)


@router.post(f"{PATH}/notes/{{item}}/sharing", tags=[TAG], response_model=NotesOut, responses=PROBLEMS)
def share_note(request: Request, code: str, item: str) -> Response:
    """Show it to the team."""
    with work(request) as w:

        def act() -> Response:
            pilot = pilots.whole(w, code)
            actions.share_note(w, pilot, queries.note(w, pilot, item))
            return _notes(w, code)

        return once(w, None, act)


def _sent(body: BaseModel, status: int = 200) -> Response:
    return JSONResponse(jsonable_encoder(body), status)
