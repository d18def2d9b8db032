"""The pages of proposals: lists, the workspace, the long form, team, cities, budget, commitments."""

from fastapi import APIRouter

from challenge.http.drafts import add_draft_pages
from challenge.http.papers import add_paper_pages
from challenge.http.printed import add_print_page
from challenge.http.transitions import add_pages
from challenge.proposals.pages import budget, budget_file, cities, commitments, proposals, tasks, team
from challenge.proposals.pages.forms import ACTS, DRAFTS
from challenge.proposals.pages.printed import PRINTING

router = APIRouter()
for part in (proposals, team, tasks, cities, budget, budget_file, commitments):
    router.include_router(part.router)
add_pages(router, ACTS)
add_draft_pages(router, DRAFTS)
add_paper_pages(router, DRAFTS)
add_print_page(router, PRINTING)

__all__ = ["router"]
