"""Organisations and who sits in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Choices, Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import WebWork, work
from challenge.kernel import proof
from challenge.kernel.errors import Forbidden, Invalid
from challenge.kernel.i18n import _, locale
from challenge.people import actions, directory, rules, yearly
from challenge.people.browser import public_url
from challenge.people.countries import countries, country_name
from challenge.people.schemas import NewOrganisation, OrganisationRevision, SeatChange, SeatOffer, StandInName
from challenge.people.standing import actions as standing_actions
from challenge.people.standing import queries as standing
from challenge.people.states import KINDS, PLACES, SEATS, Seat

if TYPE_CHECKING:
    from challenge.people.models import Organisation

router = APIRouter(include_in_schema=False)


@router.get("/organisations")
def index(request: Request) -> Response:
    """All of them for who runs or observes the programme, one's own for everybody else."""
    with work(request) as w:
        text, after = request.query_params.get("q", ""), request.query_params.get("after")
        found = directory.organisations(w, text, after)
        return page(
            w, "people/organisations.html", found=found, q=text, is_first=not after, country_name=country_name,
            may_create=rules.runs_the_programme(w, None) is None,
        )  # fmt: skip


@router.get("/organisations/new")
def new(request: Request) -> Response:
    """A new organisation that is no city."""
    with work(request) as w:
        _only_programme(w)
        return page(w, "people/organisation_new.html", form=Form(NewOrganisation, choices=_choices()))


@router.post("/organisations/new")
def create(request: Request, sent: Sent) -> Response:
    """Make it."""
    with work(request) as w:
        _only_programme(w)
        form = Form.sent(NewOrganisation, sent, choices=_choices())
        if not form.valid:
            return page(w, "people/organisation_new.html", status=422, form=form)
        made = actions.create_organisation(w, **form.value.model_dump())
        return see_other(w, f"/organisations/{made.code}", say=_("%(name)s is added.", name=made.name))


@router.get("/organisations/{code}")
def show(request: Request, code: str) -> Response:
    """Its people, and what the reader may do about them."""
    with work(request) as w:
        return _show(w, directory.organisation(w, code))


@router.get("/organisations/{code}/edit")
def edit(request: Request, code: str) -> Response:
    """Name, kind, website."""
    with work(request) as w:
        _only_programme(w)
        organisation = directory.organisation(w, code)
        known = {"kind": organisation.kind, "name": organisation.name, "website": organisation.website}
        form = Form(OrganisationRevision, known, choices=_kinds_like(organisation))
        return page(w, "people/organisation_edit.html", form=form, organisation=organisation)


@router.post("/organisations/{code}/edit")
def update(request: Request, code: str, sent: Sent) -> Response:
    """Change them."""
    with work(request) as w:
        _only_programme(w)
        organisation = directory.organisation(w, code)
        form = Form.sent(OrganisationRevision, sent, choices=_kinds_like(organisation))
        if not form.valid:
            return page(w, "people/organisation_edit.html", status=422, form=form, organisation=organisation)
        actions.revise_organisation(w, organisation, **form.value.model_dump())
        return see_other(w, f"/organisations/{code}", say=_("Saved."))


@router.post("/organisations/{code}/invitations")
def invite(request: Request, code: str, sent: Sent) -> Response:
    """Offer somebody a seat."""
    with work(request) as w:
        organisation = directory.organisation(w, code)
        form = Form.sent(SeatOffer, sent, choices={"seat": _seats(w, organisation)})
        if not form.valid:
            return _show(w, organisation, form)
        try:
            actions.offer_seat(w, organisation, **form.value.model_dump(), public_url=public_url(request),
                               locale=locale())  # fmt: skip
        except Invalid as error:
            form.say_problem(error.problem)
            return _show(w, organisation, form)
        said = _("An invitation is on its way to %(email)s.", email=form.value.email)
        return see_other(w, f"/organisations/{code}", say=said)


@router.post("/organisations/{code}/invitations/{invitation}/take-back")
def take_back(request: Request, code: str, invitation: str) -> Response:
    """Take an invitation back."""
    with work(request) as w:
        organisation = directory.organisation(w, code)
        actions.take_back_offer(w, organisation, directory.offer(w, invitation))
        return see_other(w, f"/organisations/{code}", say=_("The invitation is taken back."))


@router.post("/organisations/{code}/stand-ins")
def name_stand_in(request: Request, code: str, sent: Sent) -> Response:
    """Name who acts in the lead's place for a while."""
    with work(request) as w:
        organisation = directory.organisation(w, code)
        form = Form.sent(StandInName, sent, choices={"person": _plain_members(w, organisation)})
        if not form.valid:
            return _show(w, organisation, standing_form=form)
        member = directory.member(w, organisation, form.value.person)
        try:
            standing_actions.name_stand_in(w, organisation, member, form.value.first, form.value.last)
        except Invalid as error:
            form.say_problem(error.problem)
            return _show(w, organisation, standing_form=form)
        return see_other(w, f"/organisations/{code}", say=_("%(name)s stands in, and is told.", name=member.name))


@router.post("/organisations/{code}/stand-ins/{stand_in}/end")
def end_stand_in(request: Request, code: str, stand_in: str) -> Response:
    """End it at once."""
    with work(request) as w:
        organisation = directory.organisation(w, code)
        standing_actions.end_stand_in(w, organisation, standing.one(w, organisation, stand_in))
        return see_other(w, f"/organisations/{code}", say=_("It is ended."))


@router.post("/organisations/{code}/members/{person}/seat")
def change_seat(request: Request, code: str, person: str, sent: Sent) -> Response:
    """Lead, deputy or member; making somebody the lead is handing over."""
    with work(request) as w:
        organisation = directory.organisation(w, code)
        member = directory.member(w, organisation, person)
        form = Form.sent(SeatChange, sent, choices={"seat": [(str(seat), SEATS[seat]) for seat in Seat]})
        if not form.valid:
            return _show(w, organisation)
        actions.change_seat(w, organisation, member, form.value.seat)
        said = _("%(name)s: %(seat)s.", name=member.name, seat=SEATS[form.value.seat])
        return see_other(w, f"/organisations/{code}", say=said)


@router.post("/organisations/{code}/members/{person}/remove")
def remove(request: Request, code: str, person: str) -> Response:
    """Take a seat away, or leave."""
    with work(request) as w:
        organisation = directory.organisation(w, code)
        member = directory.member(w, organisation, person)
        leaving = member.id == w.actor.id
        actions.remove_member(w, organisation, member)
        if leaving:
            return see_other(w, "/account", say=_("You left %(name)s.", name=organisation.name))
        return see_other(w, f"/organisations/{code}", say=_("%(name)s has no seat here any more.", name=member.name))


def _show(
    w: WebWork, organisation: Organisation, form: Form[SeatOffer] | None = None,
    standing_form: Form[StandInName] | None = None,
) -> Response:  # fmt: skip
    may_run = rules.may_run(w, organisation) is None
    may_appoint = rules.may_appoint_lead(w, organisation) is None
    held = {one.person_code: one for one in yearly.of_organisation(w, organisation.id)}
    members = [
        (row, _seat_choices(w, organisation, row), _may_remove(w, row, may_run=may_run), held[row.code])
        for row in directory.members(w, organisation)
    ]
    return page(
        w, "people/organisation.html", status=422 if form or standing_form else 200, wrong=form or standing_form,
        organisation=organisation, members=members,
        kind=KINDS[organisation.kind], country=country_name(organisation.country), is_place=organisation.kind in PLACES,
        has_lead=any(row.seat is Seat.LEAD for row, *_rest in members),
        suspended=[one for one in held.values() if one.suspended_at is not None], now=w.now,
        unproven=proof.missing(w), stand_ins=standing.of_organisation(w, organisation.id),
        standing=standing_form or Form(StandInName, choices={"person": _plain_members(w, organisation)}),
        offers=directory.offers_of(w, organisation) if may_run else [], seats=SEATS,
        form=form or Form(SeatOffer, choices={"seat": _seats(w, organisation)}), may_run=may_run,
        may_edit=may_appoint, me=w.actor.code,
    )  # fmt: skip


def _plain_members(w: WebWork, organisation: Organisation) -> Choices:
    """Who can stand in: members that are no deputies."""
    rows = directory.members(w, organisation)
    return [(row.code, row.name) for row in rows if row.seat is Seat.MEMBER and not row.disabled]


def _only_programme(w: WebWork) -> None:
    if problem := rules.runs_the_programme(w, None):
        raise Forbidden(problem)


def _choices() -> dict[str, Choices]:
    kinds = [(str(kind), label) for kind, label in KINDS.items() if kind not in PLACES]
    return {"kind": kinds, "country": countries()}


def _kinds_like(organisation: Organisation) -> dict[str, Choices]:
    """A city stays a place on the map, a university does not become one."""
    is_place = organisation.kind in PLACES
    return {"kind": [(str(kind), label) for kind, label in KINDS.items() if (kind in PLACES) is is_place]}


def _seats(w: WebWork, organisation: Organisation) -> Choices:
    """The seats the actor may offer."""
    may_appoint = rules.may_appoint_lead(w, organisation) is None
    return [(str(seat), SEATS[seat]) for seat in reversed(Seat) if may_appoint or seat is not Seat.LEAD]


def _seat_choices(w: WebWork, organisation: Organisation, row: directory.SeatRow) -> list[tuple[str, str]]:
    """What the actor may make of this member, as buttons."""
    if rules.may_run(w, organisation) is not None or row.seat is Seat.LEAD:
        return []
    others = {Seat.DEPUTY: _("Make a member"), Seat.MEMBER: _("Make a deputy")}
    choices = [(str(Seat.MEMBER if row.seat is Seat.DEPUTY else Seat.DEPUTY), str(others[row.seat]))]
    hands_over = rules.leads(w, organisation) is None and row.seat is Seat.DEPUTY
    appoints = rules.may_appoint_lead(w, organisation) is None and row.code != w.actor.code
    if hands_over or appoints:
        choices.append((str(Seat.LEAD), str(_("Hand over to this person") if hands_over else _("Make the lead"))))
    return choices


def _may_remove(w: WebWork, row: directory.SeatRow, *, may_run: bool) -> bool:
    if row.code == w.actor.code:
        return row.seat is not Seat.LEAD
    return may_run
