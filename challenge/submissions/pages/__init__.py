"""The pages of submissions, challenges, interests and public questions."""

from fastapi import APIRouter

from challenge.http.drafts import add_draft_pages
from challenge.http.papers import add_paper_pages, add_receipt_key
from challenge.http.printed import Printing, add_print_page
from challenge.http.transitions import add_pages
from challenge.kernel.i18n import _
from challenge.submissions.pages import challenges, interests, questions, submissions
from challenge.submissions.pages.forms import ACTS, DRAFTS

router = APIRouter()
for part in (submissions, challenges, interests, questions):
    router.include_router(part.router)
add_pages(router, ACTS)
add_draft_pages(router, DRAFTS)
add_paper_pages(router, DRAFTS)
add_print_page(router, Printing(drafts=DRAFTS, kicker=_("Challenge")))
add_receipt_key(router)

__all__ = ["router"]
