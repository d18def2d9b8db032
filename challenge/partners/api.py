"""The finder and invitations in JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from challenge.http.api import PREFIX, PROBLEMS, add_api, once, one
from challenge.http.work import work
from challenge.kernel.work import Work
from challenge.partners import actions, queries
from challenge.partners.pages import ACTS, to_find_for
from challenge.partners.schemas import InvitationIn
from challenge.proposals import queries as proposals

TAG = "proposals"
FINDER = f"{PREFIX}/proposals/{{code}}/partners"
router = APIRouter()


class PointsOut(BaseModel):
    """A reason and its points in tenths."""

    reason: str
    tenths: int


class CandidateOut(BaseModel):
    """A city that could take part: the points add up to the score, both in tenths."""

    code: str
    name: str
    country: str
    score: int
    closes_gap: bool
    points: list[PointsOut]
    unknown: list[str]
    can_answer: bool


class FinderOut(BaseModel):
    """The best candidates, best first, and how many there are."""

    items: list[CandidateOut]
    count: int


class InvitationOut(BaseModel):
    """An invitation of a city."""

    code: str
    version: int
    state: str
    city: str
    role: str
    message: str
    answer_by: datetime
    reason: str


@router.get(FINDER, tags=[TAG], response_model=FinderOut, responses=PROBLEMS)
def find(request: Request, code: str) -> Response:
    """Cities that fit, those that close the pairing gap first."""
    with work(request) as w:
        found = queries.candidates(w, to_find_for(w, code))
        items = [
            CandidateOut(
                code=one_.city.code, name=one_.city.name, country=one_.city.place.country, score=one_.fit.score,
                closes_gap=one_.fit.closes_gap, unknown=[str(reason) for reason in one_.fit.unknown],
                points=[PointsOut(reason=str(reason), tenths=tenths) for reason, tenths in one_.fit.points.items()],
                can_answer=one_.city.has_people,
            )
            for one_ in found.candidates
        ]  # fmt: skip
        return JSONResponse(FinderOut(items=items, count=found.count).model_dump(mode="json"))


@router.post(f"{FINDER}/{{city}}/invitation", tags=[TAG], status_code=201, response_model=InvitationOut,
             responses=PROBLEMS)  # fmt: skip
def invite(request: Request, code: str, city: str, given: InvitationIn) -> Response:
    """Invite a city."""
    with work(request) as w:

        def act() -> Response:
            made = actions.invite(w, proposals.visible(w, code), city, given)
            return one(request, made, shown(w, made), status=201, location=f"{PREFIX}/partner-invitations/{made.code}")

        return once(w, given, act)


@router.get(f"{PREFIX}/partner-invitations/{{code}}", tags=[TAG], response_model=InvitationOut, responses=PROBLEMS)
def show(request: Request, code: str) -> Response:
    """An invitation, for the team and the city."""
    with work(request) as w:
        found = queries.invitation(w, code)
        return one(request, found, shown(w, found))


def shown(w: Work, found: Any) -> Any:
    """An invitation as JSON."""
    about = queries.shown(w, found)
    return InvitationOut(
        code=found.code, version=found.version, state=str(found.state), city=about.city_code, role=str(found.role),
        message=found.message, answer_by=found.answer_by, reason=found.reason,
    )  # fmt: skip


add_api(router, ACTS, TAG)
