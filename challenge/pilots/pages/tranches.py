"""A tranche: what it rests on, whom it goes to, where it stands, and who approves it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.pages import page
from challenge.http.timeline import history
from challenge.http.transitions import Acts, add_pages, buttons
from challenge.http.work import work
from challenge.people.queries import names, organisations
from challenge.pilots.money import actions, ledger, queries, rules
from challenge.pilots.money.states import Account
from challenge.pilots.money.workflow import TRANCHE
from challenge.pilots.pages.portfolio import zone_of
from challenge.pilots.queries import named_items
from challenge.pilots.states import REPORT_KINDS, REPORT_LABELS, TRANCHE_LABELS

router = APIRouter(include_in_schema=False)
ACTS = Acts(
    workflow=TRANCHE, noun="tranches", find=queries.tranche, fire=actions.fire_tranche,
    show=lambda tranche: f"/tranches/{tranche.code}", title=lambda tranche: tranche.label,
    zone=lambda w, tranche: zone_of(w, rules.pilot_of(w, tranche)),
)  # fmt: skip


@router.get("/tranches/{code}")
def show(request: Request, code: str) -> Response:
    """The tranche, for those inside."""
    with work(request) as w:
        tranche = queries.tranche(w, code)
        pilot = rules.pilot_of(w, tranche)
        whose = tranche.recovers_from_id or tranche.payee_id or pilot.organisation_id
        rests = named_items(w, tranche.report_id, tranche.milestone_id)
        award = ledger.awarded(w, pilot)
        return page(
            w, "pilots/tranche.html", tranche=tranche, pilot=pilot, label=TRANCHE_LABELS[tranche.state],
            payee=organisations(w, [whose]).get(whose or 0), report=rests[0], milestone=rests[1], award=award,
            paid=-ledger.on(w, pilot, Account.BANK), report_kinds=REPORT_KINDS, report_labels=REPORT_LABELS,
            acts=buttons(ACTS, w, tranche),
            entries=history(w, TRANCHE, tranche.code, names_of=names, zone=ACTS.zone(w, tranche)),
        )  # fmt: skip


add_pages(router, ACTS)
