"""The announcement as a rehearsal, and the letters about one outcome exactly as the outbox has them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.pages import page
from challenge.http.work import WebWork, work
from challenge.kernel.errors import Missing
from challenge.kernel.i18n import LANGUAGES, _, _n
from challenge.kernel.money import euros
from challenge.notifications.rehearsal import Rehearsal, of_outcome, rehearse
from challenge.selection import queries, rules
from challenge.selection.pages.shared import large, tabs, verdict_words
from challenge.selection.queries import Item
from challenge.selection.states import OUTCOME_LABELS, VERDICTS

router = APIRouter(include_in_schema=False)


@router.get("/rounds/{code}/announce/preview")
def preview(request: Request, code: str) -> Response:
    """What announcing would do now: every mail, the money and the places after, what is held back."""
    with work(request) as w:
        round_ = queries.inside(w, code)
        found = rehearse(w, round_, request.app.state.settings.public_url)
        return page(
            w, "notifications/rehearsal.html", round=round_, found=found, stats=_stats(found),
            tabs=tabs(round_, "announce"), words=verdict_words, verdicts=VERDICTS, languages=LANGUAGES,
        )  # fmt: skip


def _stats(found: Rehearsal) -> list[tuple[str, str, str]]:
    """The rehearsal in four numbers."""
    batch, languages = found.batch, len(found.languages)
    left = "–" if batch.left is None else large(max(batch.left, 0))
    return [
        (str(_("Mails")), str(found.count), str(_n("in one language", "in %(n)s languages", languages))),
        (str(_("Awarded now")), large(batch.funded_cents), str(_n("by one award", "by %(n)s awards", batch.awards))),
        (str(_("Budget after")), left, str(_("of %(budget)s", budget=euros(batch.budget))) if batch.budget else "–"),
        (str(_("Held back")), str(len(batch.held)), str(_("told later, when they are ready") if batch.held
                                                          else _("nothing waits"))),
    ]  # fmt: skip


@router.get("/outcomes/{code}/letters")
def letters(request: Request, code: str) -> Response:
    """Every mail about this outcome, whole, one for each person, in that person's language."""
    with work(request) as w:
        outcome = queries.visible(w, code)
        found = of_outcome(w, outcome, request.app.state.settings.public_url)
        if not found:
            raise Missing
        round_ = rules.round_of(w, outcome)
        before, after = _neighbours(w, round_, outcome)
        return page(
            w, "selection/letters.html", outcome=outcome, proposal=rules.proposal_of(w, outcome), round=round_,
            mails=found, words=verdict_words(outcome), label=OUTCOME_LABELS[outcome.state], languages=LANGUAGES,
            before=before, after=after,
        )  # fmt: skip


def _neighbours(w: WebWork, round_: Any, outcome: Any) -> tuple[Item | None, Item | None]:
    """The outcomes before and after it in the batch that is to be announced, for reading them one by one."""
    items = [item for item in queries.batch(w, round_).items if not item.is_hidden]
    here = next((at for at, item in enumerate(items) if item.outcome.code == outcome.code), None)
    if here is None:
        return None, None
    return (items[here - 1] if here else None), (items[here + 1] if here + 1 < len(items) else None)
