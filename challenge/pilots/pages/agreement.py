"""The agreement: what is signed, by whom, and who has not yet."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import work
from challenge.kernel import revision
from challenge.kernel.errors import Invalid
from challenge.kernel.i18n import _
from challenge.people import rules as people
from challenge.people.queries import names, organisations
from challenge.pilots import actions, content, queries, rules
from challenge.pilots.pages.portfolio import zone_of
from challenge.pilots.pages.shared import form_page, permit, same_version, take
from challenge.pilots.schemas import AgreementIn, SignatureIn
from challenge.pilots.states import PilotState

router = APIRouter(include_in_schema=False)
HEADING = _("Text of the agreement")


@router.get("/pilots/{code}/agreement")
def show(request: Request, code: str) -> Response:
    """The agreement as it stands, with its signatures."""
    with work(request) as w:
        pilot = queries.whole(w, code)
        members = content.members(w, pilot)
        kept = revision.at(w, content.WORKFLOW, pilot.code, pilot.revision) if pilot.revision else None
        places = organisations(w, [row.city_id for row in members])
        can_sign = pilot.revision > 0 and rules.has_not_ended(w, pilot) is None
        return page(
            w, "pilots/agreement.html", pilot=pilot, members=[row for row in members if row.counts], kept=kept,
            owner=organisations(w, [pilot.organisation_id]).get(pilot.organisation_id or 0), zone=zone_of(w, pilot),
            names=names(w, [pilot.lead_signed_by_id, *(row.signed_by_id for row in members)]),
            signing={
                row.code
                for row in members
                if can_sign and row.signed_revision != pilot.revision
                and people.represents_in_person(w, places[row.city_id]) is None
            },
            signs_as_lead=can_sign
            and pilot.lead_signed_revision != pilot.revision
            and rules.leads_pilot(w, pilot) is None,
            may_write=pilot.state is PilotState.PREPARING and rules.is_coordinator(w, pilot) is None,
        )  # fmt: skip


@router.get("/pilots/{code}/agreement/edit")
def edit(request: Request, code: str) -> Response:
    """The text."""
    with work(request) as w:
        pilot = queries.whole(w, code)
        permit(w, pilot, rules.is_coordinator)
        form = Form(AgreementIn, {"agreement": pilot.agreement})
        base = f"/pilots/{code}/agreement"
        return form_page(w, pilot, form, HEADING, f"{base}/edit", base)


@router.post("/pilots/{code}/agreement/edit")
def write(request: Request, code: str, sent: Sent) -> Response:
    """Set it."""
    with work(request) as w:
        pilot = queries.whole(w, code)
        base = f"/pilots/{code}/agreement"
        return take(
            w, pilot, sent, AgreementIn, lambda draft: actions.write_agreement(w, pilot, draft.agreement),
            heading=HEADING, url=f"{base}/edit", back=base, say=_("Saved. Everybody signs this version."),
        )  # fmt: skip


@router.post("/pilots/{code}/agreement/sign")
def sign(request: Request, code: str, sent: Sent) -> Response:
    """Sign for a city, or for the lead organisation where no city is named."""
    with work(request) as w:
        pilot = queries.whole(w, code)
        same_version(pilot, sent)
        form = Form(SignatureIn, {"revision": sent.get("revision")})
        if not form.valid:
            raise Invalid(actions.NOT_READ)
        if sent.get("city"):
            _member, city = queries.member(w, pilot, sent.get("city"))
            actions.sign_agreement(w, pilot, city, form.value.revision)
        else:
            actions.sign_as_lead(w, pilot, form.value.revision)
        return see_other(w, f"/pilots/{code}/agreement", say=_("Signed."))
