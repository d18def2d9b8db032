"""The pages of rounds."""

from fastapi import APIRouter

from challenge.rounds.pages import editing, learning, making, reading
from challenge.rounds.pages.acts import ACTS, transitions
from challenge.rounds.pages.words import clock_of

router = APIRouter()
for _part in (making, reading, editing, learning):  # /rounds/new before /rounds/{code}
    router.include_router(_part.router)

__all__ = ["ACTS", "clock_of", "router", "transitions"]
