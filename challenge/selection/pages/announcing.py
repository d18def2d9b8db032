"""Announcing: the preview of everything that would be told, and the two keys."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import WebWork, work
from challenge.kernel.i18n import _, _n
from challenge.kernel.money import euros
from challenge.people import queries as people
from challenge.people.rules import is_coordinator
from challenge.rounds.queries import rules_of
from challenge.selection import actions, queries
from challenge.selection.pages.shared import large, tabs, verdict_words
from challenge.selection.states import VERDICTS, Verdict

router = APIRouter(include_in_schema=False)


@router.get("/rounds/{code}/announce")
def preview(request: Request, code: str) -> Response:
    """Who would be told what, what is held back and why, the money after."""
    with work(request) as w:
        return _preview(w, code)


@router.post("/rounds/{code}/announce")
def announce(request: Request, code: str, sent: Sent) -> Response:
    """Turn a key for exactly the batch that was looked at."""
    with work(request) as w:
        round_ = queries.inside(w, code)
        release = actions.announce(w, round_, sent.get("batch") or "none")
        if release is None:
            said = _("Asked for. Another coordinator looks at the same letters and announces.")
            return see_other(w, f"/rounds/{code}/announce", say=said)
        told = release.funded + release.reserved + release.declined + release.ineligible
        said = _n("Announced: one outcome. The letters are on their way.",
                  "Announced: %(n)s outcomes. The letters are on their way.", told)  # fmt: skip
        return see_other(w, f"/rounds/{code}/results", say=said)


def _preview(w: WebWork, code: str) -> Response:
    round_ = queries.inside(w, code)
    batch = queries.batch(w, round_)
    asked_by = people.names(w, [batch.asked.asked_by]) if batch.asked else {}
    groups = [
        (VERDICTS[verdict], [item for item in batch.items if item.outcome.verdict is verdict]) for verdict in Verdict
    ]
    return page(
        w, "selection/announce.html", round=round_, batch=batch, groups=[group for group in groups if group[1]],
        words=verdict_words, problem=actions.why_not_announce(w, batch), may_announce=is_coordinator(w, round_) is None,
        asked_by=next(iter(asked_by.values()), ""), tabs=tabs(round_, "announce"),
        stats=_stats(round_, batch),
    )  # fmt: skip


def _stats(round_: Any, batch: queries.Batch) -> list[tuple[str, str, str]]:
    """The batch in four numbers; fewer awards than planned is valid and said."""
    planned = sum(size.planned for size in rules_of(round_).size_classes)
    funded = batch.count(Verdict.FUND)
    few = _("of %(planned)s planned; fewer is a valid result", planned=planned)
    left = "–" if batch.left is None else euros(batch.left)
    return [
        (str(_("Awards")), str(funded), str(few if funded < planned else _("of %(n)s planned", n=planned))),
        (str(_("Awarded now")), large(batch.funded_cents), str(_("%(left)s of the budget left", left=left))),
        (str(_("Reserve list")), str(batch.count(Verdict.RESERVE)),
         str(_("in the order below") if batch.count(Verdict.RESERVE) else _("nobody waits"))),
        (str(_("Not selected")), str(batch.count(Verdict.DECLINE) + batch.count(Verdict.INELIGIBLE)),
         str(_("each with reasons and feedback"))),
    ]  # fmt: skip
