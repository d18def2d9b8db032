"""The pages of the finder: a proposal's candidates, invitations, and the matching of a whole round."""

from fastapi import APIRouter

from challenge.http.transitions import add_pages
from challenge.partners.pages import finder, matching
from challenge.partners.pages.finder import ACTS, to_find_for

router = APIRouter()
for part in (finder, matching):
    router.include_router(part.router)
add_pages(router, ACTS)

__all__ = ["ACTS", "router", "to_find_for"]
