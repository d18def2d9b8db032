"""The pages of outcomes, announcements, results, appeals and the end of a round."""

from fastapi import APIRouter

from challenge.http.transitions import add_pages
from challenge.selection.pages import (
    announcing,
    appeals,
    applicants,
    closing,
    gates,
    outcomes,
    portfolio,
    reserve,
    results,
    scenarios,
)
from challenge.selection.pages.shared import APPEALS, OUTCOMES

router = APIRouter()
for part in (scenarios, portfolio, outcomes, announcing, results, reserve, applicants, appeals, gates, closing):
    router.include_router(part.router)
add_pages(router, OUTCOMES)
add_pages(router, APPEALS)

__all__ = ["router"]
