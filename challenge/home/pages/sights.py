"""Who saw what of the jury."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.home.queries import sights as queries
from challenge.http.pages import page
from challenge.http.work import work
from challenge.kernel.i18n import Text, _

router = APIRouter()
LONGEST = 9
PLACES: dict[str, Text] = {
    "review": _("Review"),
    "dossier": _("Dossier"),
    "ranking": _("Ranking"),
    "juror": _("Panel"),
    "panel": _("Panel"),
    "assignment": _("Assignment"),
    "conflicts": _("Conflicts"),
    "discussion": _("Discussion of the panel"),
    "meeting": _("Meeting"),
    "reports": _("Reviews with names"),
    "journal": _("Journal"),
}


@router.get("/journal/reads", include_in_schema=False)
def index(request: Request) -> Response:
    """The reads, the newest first."""
    code = request.query_params.get("code", "")[:LONGEST].strip().upper()
    following = request.query_params.get("after") or None
    with work(request) as w:
        found = queries.sights(w, code, following)
        kept = {"code": code} if code else {}
        more = f"/journal/reads?{urlencode({**kept, 'after': found.following})}" if found.following else None
        first = f"/journal/reads?{urlencode(kept)}" if following else None
        return page(
            w, "home/sights.html", rows=found.rows, places=PLACES, code=code, following=more, first=first,
        )  # fmt: skip
