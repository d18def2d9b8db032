"""The results of a round, for everybody, once they are announced."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.pages import page
from challenge.http.work import work
from challenge.kernel.i18n import _, _n
from challenge.rounds import queries as rounds
from challenge.selection import queries
from challenge.selection.pages.shared import large

router = APIRouter(include_in_schema=False)


@router.get("/rounds/{code}/results")
def show(request: Request, code: str) -> Response:
    """What was planned and awarded. Before the announcement the page is the same whatever is decided."""
    with work(request) as w:
        round_ = rounds.visible(w, code)
        found = queries.results(w, round_)
        return page(
            w, "selection/results.html", round=round_, results=found, stats=_stats(found) if found else [],
            home=rounds.rules_of(round_).home_country,
        )  # fmt: skip


def _stats(found: queries.Results) -> list[tuple[str, str, str]]:
    """The round in four numbers."""
    given_back = _n("one offer was not taken up", "%(n)s offers were not taken up", found.not_taken_up)
    return [
        (str(_("Awarded")), str(found.awarded), str(_("of %(planned)s planned", planned=found.planned))),
        (str(_("Money")), large(found.awarded_cents), str(given_back) if found.not_taken_up else str(_("awarded"))),
        (
            str(_("Reserve list")),
            str(found.reserve),
            str(_("wait for an award to become free") if found.reserve else _("nobody waits")),
        ),
        (str(_("Decided")), str(found.decided), str(_("proposals in the jury"))),
    ]
