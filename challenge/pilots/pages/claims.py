"""A claim: what a partner spent, written on the server as one types, with receipts; accepted or sent back."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from babel.numbers import format_decimal
from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.conflicts import said
from challenge.http.drafts import Drafts, add_draft_pages
from challenge.http.forms import Choices, Form
from challenge.http.pages import page, see_other
from challenge.http.papers import add_paper_pages, may_edit
from challenge.http.printed import Printing, add_print_page
from challenge.http.sent import Sent
from challenge.http.templates import day
from challenge.http.timeline import history
from challenge.http.transitions import Acts, add_pages, buttons
from challenge.http.work import work
from challenge.kernel import attachment
from challenge.kernel.errors import Forbidden, Missing, Refused
from challenge.kernel.i18n import _, locale
from challenge.kernel.money import read_euros
from challenge.kernel.work import Work
from challenge.people.queries import names, organisations
from challenge.pilots import queries as pilots
from challenge.pilots.money import actions, ledger, queries, rules
from challenge.pilots.money.schemas import ClaimForm
from challenge.pilots.money.states import CLAIM_LABELS
from challenge.pilots.money.workflow import CLAIM
from challenge.pilots.pages.portfolio import zone_of
from challenge.proposals.states import CATEGORIES

if TYPE_CHECKING:
    from challenge.pilots.money.models import Claim

router = APIRouter(include_in_schema=False)


def editable(w: Work, code: str) -> Claim:
    """A claim to be written on: by whom, and as long as it is open."""
    claim = queries.claim(w, code)
    if problem := rules.works_for_partner(w, claim):
        raise Forbidden(problem)
    if problem := rules.claim_is_open(w, claim):
        raise Refused(problem)
    return claim


def _context(w: Work, claim: Claim) -> Mapping[str, Any]:
    return {"pilot": rules.pilot_of(w, claim), "partner": _partner(w, claim)}


def _partner(w: Work, claim: Claim) -> str:
    return organisations(w, [claim.organisation_id])[claim.organisation_id].name


def _choices(_w: Work, _claim: Claim) -> Mapping[str, Choices]:
    return {"category": [(str(category), label) for category, label in CATEGORIES.items()]}


ACTS = Acts(
    workflow=CLAIM, noun="claims", find=queries.claim, fire=actions.fire_claim,
    show=lambda claim: f"/claims/{claim.code}", title=lambda _claim: str(_("Claim")),
    zone=lambda w, claim: zone_of(w, rules.pilot_of(w, claim)),
)  # fmt: skip
DRAFTS = Drafts(
    acts=ACTS, model=lambda _w, _claim: ClaimForm, editable=editable, revise=actions.write_claim, names_of=names,
    parts={"claim": _("The cost")}, choices=_choices, context=_context,
    files_hint=_("Receipts: PDF, PNG, JPEG, DOCX, XLSX or CSV, up to 20 MB, at most 10 files. Only the pilot’s own"
                 " people and the programme can read them."),
    edit_template="pilots/claim_edit.html", check_template="pilots/claim_check.html",
)  # fmt: skip


def answered(w: Work, claim: Claim) -> list[tuple[str, str]]:
    """(question, answer) of what was answered; days and amounts as they are read."""
    form: Form[ClaimForm] = Form(ClaimForm, claim.answers, choices=_choices(w, claim))
    shown = []
    for field in form.fields:
        text = said(field)
        if field.widget == "date" and text:
            with contextlib.suppress(ValueError):
                text = day(date.fromisoformat(text))
        if field.name == "amount" and text:
            with contextlib.suppress(ValueError):
                text = format_decimal(Decimal(read_euros(text)) / 100, "#,##0.00", locale=locale())
        if text:
            shown.append((field.label, text))
    return shown


@router.post("/pilots/{code}/claims")
def create(request: Request, code: str, sent: Sent) -> Response:
    """Begin a claim of one's organisation."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        wanted = sent.get("partner")
        partner = next((row for row in queries.partners(w, pilot).values() if row.code == wanted), None)
        if partner is None:
            raise Missing
        made = actions.start_claim(w, pilot, partner)
        return see_other(w, f"/claims/{made.code}/edit")


@router.get("/claims/{code}")
def show(request: Request, code: str) -> Response:
    """What was spent, what shows it, what is to be put right."""
    with work(request) as w:
        claim = queries.claim(w, code)
        pilot = rules.pilot_of(w, claim)
        line = (claim.organisation_id, claim.category) if claim.category is not None else None
        return page(
            w, "pilots/claim.html", claim=claim, pilot=pilot, partner=_partner(w, claim),
            label=CLAIM_LABELS[claim.state], answers=answered(w, claim),
            acts=buttons(ACTS, w, claim), can_edit=may_edit(DRAFTS, w, claim), zone=ACTS.zone(w, claim),
            files=attachment.of(w, rules.CLAIMING, claim.code),
            left=ledger.left(w, pilot, line) if line else None,
            who=names(w, [claim.submitted_by_id]).get(claim.submitted_by_id or 0, ""),
            entries=history(w, CLAIM, claim.code, names_of=names, zone=ACTS.zone(w, claim)),
        )  # fmt: skip


add_pages(router, ACTS)
add_draft_pages(router, DRAFTS)
add_paper_pages(router, DRAFTS)
add_print_page(router, Printing(drafts=DRAFTS, kicker=_("Claim of a partner")))
