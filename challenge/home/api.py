"""The journal in JSON, for those who may read it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from challenge.home.queries import journal
from challenge.http.api import PREFIX, PROBLEMS, listing
from challenge.http.work import work

router = APIRouter()


class StepOut(BaseModel):
    """A step of the journal."""

    at: datetime
    workflow: str
    code: str
    act: str
    old: str | None
    new: str | None
    who: str


class StepsOut(BaseModel):
    """A page of steps, newest first."""

    items: list[StepOut]
    next: str | None = None


@router.get(f"{PREFIX}/steps", tags=["journal"], response_model=StepsOut, responses=PROBLEMS)
def index(request: Request, workflow: str = "", subject: str = "", cursor: str | None = None) -> Response:
    """The steps one may read."""
    with work(request) as w:
        journal.require_reader(w)
        filters = journal.Filters(workflow=workflow[:32], subject=subject[:40])
        return listing(request, journal.steps(w, filters, cursor), _shown)


def _shown(row: Any) -> StepOut:
    return StepOut.model_validate(row, from_attributes=True)
