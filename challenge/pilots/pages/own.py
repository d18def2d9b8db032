"""What is kept about a pilot, and what it leaves behind."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Form
from challenge.http.sent import Sent
from challenge.http.work import work
from challenge.kernel.i18n import _
from challenge.people.queries import person
from challenge.pilots import actions, queries, rules
from challenge.pilots.pages.shared import form_page, permit, take
from challenge.pilots.schemas import PilotIn, Results

router = APIRouter(include_in_schema=False)
DETAILS, RESULTS = _("Details of the pilot"), _("Results")
NOTE = _("Changed money or dates make a new version of the agreement, which everybody signs again.")


@router.get("/pilots/{code}/edit")
def edit(request: Request, code: str) -> Response:
    """Title, summary, money, dates, mentor, notes."""
    with work(request) as w:
        pilot = queries.whole(w, code)
        permit(w, pilot, rules.is_coordinator)
        known = {name: getattr(pilot, name) for name in PilotIn.model_fields if name != "mentor"}
        known["mentor"] = person(w, pilot.mentor_id).email if pilot.mentor_id is not None else ""
        form = Form(PilotIn, known)
        return form_page(w, pilot, form, DETAILS, f"/pilots/{code}/edit", f"/pilots/{code}", note=NOTE)


@router.post("/pilots/{code}/edit")
def update(request: Request, code: str, sent: Sent) -> Response:
    """Change them."""
    with work(request) as w:
        pilot = queries.whole(w, code)
        return take(
            w, pilot, sent, PilotIn, lambda draft: actions.revise(w, pilot, draft), heading=DETAILS,
            url=f"/pilots/{code}/edit", back=f"/pilots/{code}", say=_("Saved."), note=NOTE,
        )  # fmt: skip


@router.get("/pilots/{code}/results")
def results(request: Request, code: str) -> Response:
    """Public summary and replication plan."""
    with work(request) as w:
        pilot = queries.whole(w, code)
        permit(w, pilot, rules.may_plan)
        known = {"public_summary": pilot.public_summary, "replication_plan": pilot.replication_plan}
        return form_page(w, pilot, Form(Results, known), RESULTS, f"/pilots/{code}/results", f"/pilots/{code}")


@router.post("/pilots/{code}/results")
def tell_results(request: Request, code: str, sent: Sent) -> Response:
    """Write them."""
    with work(request) as w:
        pilot = queries.whole(w, code)
        return take(
            w, pilot, sent, Results, lambda draft: actions.tell_results(w, pilot, draft), heading=RESULTS,
            url=f"/pilots/{code}/results", back=f"/pilots/{code}", say=_("Saved."),
        )  # fmt: skip
