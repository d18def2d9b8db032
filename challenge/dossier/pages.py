"""Dossiers as pages."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge import dossier
from challenge.dossier.shape import Dossier
from challenge.http.pages import page
from challenge.http.templates import moment
from challenge.http.work import WebWork, work
from challenge.rounds import queries as rounds
from challenge.selection.pages.shared import Tab, tabs

router = APIRouter(include_in_schema=False)


@router.get("/rounds/{code}/dossier")
def of_round(request: Request, code: str) -> Response:
    """Everything the decisions of a round rested on."""
    with work(request) as w:
        found = dossier.of_round(w, code)
        round_ = rounds.visible(w, code)
        return _page(w, found, round_.zone, back=(f"/rounds/{code}", round_.title), tabs=tabs(round_, "dossier"))


@router.get("/proposals/{code}/dossier")
def of_proposal(request: Request, code: str) -> Response:
    """Everything the decisions on a proposal rested on, as far as one may read it."""
    with work(request) as w:
        found = dossier.of_proposal(w, code)
        return _page(w, found, "Europe/Tallinn", back=(f"/proposals/{code}", found.title), tabs=[])


def _page(w: WebWork, found: Dossier, zone: str, *, back: tuple[str, str], tabs: list[Tab]) -> Response:
    def words(cell: object) -> str:
        return dossier.words(cell, lambda at: moment(at, zone))

    return page(w, "dossier/show.html", found=found, words=words, back=back, tabs=tabs)
