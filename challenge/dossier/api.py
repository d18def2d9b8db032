"""Dossiers in JSON."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from challenge import dossier
from challenge.http.api import PREFIX, PROBLEMS
from challenge.http.work import work

router = APIRouter()
TAG = "dossiers"


class SectionOut(BaseModel):
    """A section; its rows are objects with the same names."""

    key: str
    title: str
    note: str | None
    rows: list[dict[str, Any]]


class DossierOut(BaseModel):
    """What decisions rested on. ``hidden`` counts proposals one has a conflict with."""

    kind: str
    code: str
    title: str
    at: str
    hidden: int
    sections: list[SectionOut]


@router.get(f"{PREFIX}/rounds/{{code}}/dossier", tags=[TAG], response_model=DossierOut, responses=PROBLEMS)
def of_round(request: Request, code: str) -> Response:
    """Everything the decisions of a round rested on."""
    with work(request) as w:
        return JSONResponse(dossier.plain(dossier.of_round(w, code)))


@router.get(f"{PREFIX}/proposals/{{code}}/dossier", tags=[TAG], response_model=DossierOut, responses=PROBLEMS)
def of_proposal(request: Request, code: str) -> Response:
    """Everything the decisions on a proposal rested on, as far as one may read it."""
    with work(request) as w:
        return JSONResponse(dossier.plain(dossier.of_proposal(w, code)))
