"""The jury's pages: a juror's queue and reviews; the panel, board, conflicts and ranking of a round."""

from __future__ import annotations

from fastapi import APIRouter

from challenge.http.transitions import add_pages
from challenge.jury.pages import (
    assignment,
    certificates,
    common,
    conflicts,
    consensus,
    copies,
    discussion,
    jurors,
    meeting,
    queue,
    ranking,
    reaction,
    reviews,
    suggestions,
)
from challenge.jury.pages.acts import CONFLICTS, REVIEWS

router = APIRouter(include_in_schema=False)
add_pages(router, REVIEWS)
add_pages(router, CONFLICTS)
routers = (
    router, queue.router, reviews.router, jurors.router, assignment.router, suggestions.router,
    conflicts.router, ranking.router, certificates.router, discussion.router, consensus.router, meeting.router,
    reaction.router, copies.router, common.router,
)  # fmt: skip

__all__ = ["CONFLICTS", "REVIEWS", "routers"]
