"""A report: written on the server as one types, handed in, accepted or sent back with points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.drafts import Drafts, add_draft_pages
from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.papers import add_paper_pages, may_edit
from challenge.http.printed import Printing, add_print_page
from challenge.http.transitions import Acts, add_pages, buttons
from challenge.http.work import work
from challenge.kernel import attachment
from challenge.kernel.errors import Forbidden, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people.queries import names
from challenge.pilots import actions, content, queries, rules
from challenge.pilots.schemas import REPORT_FORMS
from challenge.pilots.states import REPORT_KINDS, REPORT_LABELS
from challenge.pilots.workflow import REPORT
from challenge.rounds import queries as rounds

if TYPE_CHECKING:
    from challenge.pilots.models import Report

router = APIRouter(include_in_schema=False)


def editable(w: Work, code: str) -> Report:
    """A report to be written on: by whom, and as long as it is open."""
    report = queries.report(w, code)
    if problem := rules.may_report(w, queries.pilot_of(w, report)):
        raise Forbidden(problem)
    if problem := rules.is_open(w, report) or rules.may_go_on(w, report):
        raise Refused(problem)
    return report


def _context(w: Work, report: Report) -> Mapping[str, Any]:
    return {"pilot": queries.pilot_of(w, report)}


ACTS = Acts(
    workflow=REPORT, noun="reports", find=queries.report, fire=actions.fire_report,
    show=lambda report: f"/reports/{report.code}", title=lambda report: str(REPORT_KINDS[report.kind]),
    zone=lambda w, report: rounds.get(w, report.round_id).zone,
)  # fmt: skip
DRAFTS = Drafts(
    acts=ACTS, model=lambda _w, report: REPORT_FORMS[report.kind], editable=editable, revise=actions.write_report,
    names_of=names, parts={"report": _("Since the last report")}, context=_context,
    files_hint=_("PDF, PNG, JPEG, DOCX, XLSX or CSV, up to 20 MB, at most 10 files. Only the pilot’s own people and the"
                 " programme can read them."),
    edit_template="pilots/report_edit.html", check_template="pilots/report_check.html",
)  # fmt: skip


@router.get("/reports/{code}")
def show(request: Request, code: str) -> Response:
    """What it says, where it stands, what is to be put right."""
    with work(request) as w:
        report = queries.report(w, code)
        pilot = queries.pilot_of(w, report)
        return page(
            w, "pilots/report.html", report=report, pilot=pilot, title=REPORT_KINDS[report.kind],
            label=REPORT_LABELS[report.state], fields=Form(REPORT_FORMS[report.kind], report.answers).fields,
            acts=buttons(ACTS, w, report), can_edit=may_edit(DRAFTS, w, report), zone=ACTS.zone(w, report),
            files=attachment.of(w, content.REPORTING, report.code), is_late=w.now.date() > report.due_on,
            who=names(w, [report.submitted_by_id]).get(report.submitted_by_id or 0, ""),
        )  # fmt: skip


@router.post("/reports/{code}/outline")
def begin(request: Request, code: str) -> Response:
    """Begin it with what is known."""
    with work(request) as w:
        actions.begin_report(w, editable(w, code))
        return see_other(w, f"/reports/{code}/edit", say=_("Filled in with what is known. Look it over, and go on."))


add_pages(router, ACTS)
add_draft_pages(router, DRAFTS)
add_paper_pages(router, DRAFTS)
add_print_page(router, Printing(drafts=DRAFTS, kicker=_("Report of a pilot")))
