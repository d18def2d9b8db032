"""The pages of events: what everybody reads, and how coordinators plan."""

from fastapi import APIRouter

from challenge.events.pages import calendar, planning, reading, talks
from challenge.events.pages.acts import ACTS
from challenge.http.transitions import add_pages

router = APIRouter()
for part in (reading, planning, calendar, talks):
    router.include_router(part.router)
add_pages(router, ACTS)

__all__ = ["ACTS", "router"]
