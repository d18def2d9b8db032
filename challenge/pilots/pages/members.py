"""The member cities: who takes part as what, live against the pairing rule; joining, changing, leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.cities import queries as cities
from challenge.http.forms import Choices, Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import WebWork, work
from challenge.kernel.errors import Refused
from challenge.kernel.i18n import Text, _
from challenge.people import rules as people
from challenge.pilots import actions, content, queries, rules
from challenge.pilots.asks import Reason
from challenge.pilots.pages.shared import form_page, permit, same_version, take
from challenge.pilots.pages.views import indicator_of_pairing, role_and_country
from challenge.pilots.schemas import MemberIn, RoleIn, SiteIn
from challenge.rounds.states import CITY_ROLES, CityRole

if TYPE_CHECKING:
    from challenge.people.models import Organisation
    from challenge.pilots.models import Pilot

router = APIRouter(include_in_schema=False)
ROLES: Choices = [(str(role), label) for role, label in CITY_ROLES.items()]
FOUND = 12


@router.get("/pilots/{code}/members")
def index(request: Request, code: str, q: str = "") -> Response:
    """The cities, and, for coordinators, a search for another one."""
    with work(request) as w:
        return _index(w, queries.whole(w, code), q)


def _index(w: WebWork, pilot: Pilot, q: str, *, status: int = 200) -> Response:
    members = content.members(w, pilot)
    may_change = rules.is_coordinator(w, pilot) is None and rules.has_not_ended(w, pilot) is None
    known = {row.code for row in members}
    hits = [row for row in cities.search(w, q, FOUND) if row.code not in known] if q.strip() and may_change else []
    return page(
        w, "pilots/members.html", status=status, pilot=pilot, members=members, facts=indicator_of_pairing(w, pilot),
        in_country=role_and_country, may_change=may_change, q=q, hits=hits, roles=ROLES, pilot_role=CityRole.PILOT,
        own={row.code for row in members if w.actor.sits_in(row.city_id)},
    )  # fmt: skip


@router.post("/pilots/{code}/members")
def add(request: Request, code: str, sent: Sent) -> Response:
    """A city joins."""
    with work(request) as w:
        pilot = queries.whole(w, code)
        same_version(pilot, sent)
        form = Form.sent(MemberIn, sent)
        if not form.valid:
            return _index(w, pilot, sent.get("q"), status=422)
        city = cities.city(w, form.value.city).organisation
        actions.add_member(w, pilot, city, form.value.role)
        return see_other(w, f"/pilots/{code}/members", say=_("%(city)s has joined.", city=city.name))


@router.get("/pilots/{code}/members/{city}")
def show(request: Request, code: str, city: str, q: str = "") -> Response:
    """One member: its role, its site, its place taken by another, its leaving."""
    with work(request) as w:
        pilot = queries.whole(w, code)
        member, organisation = queries.member(w, pilot, city)
        may_change = rules.is_coordinator(w, pilot) is None and rules.has_not_ended(w, pilot) is None
        known = {row.code for row in content.members(w, pilot)}
        hits = [row for row in cities.search(w, q, FOUND) if row.code not in known] if q.strip() and may_change else []
        return page(
            w, "pilots/member.html", pilot=pilot, member=member, facts=indicator_of_pairing(w, pilot), hits=hits, q=q,
            place=role_and_country(member), may_change=may_change, roles=ROLES,
            may_describe=_may_describe(w, pilot, organisation),
            may_leave=people.leads(w, organisation) is None and rules.has_not_ended(w, pilot) is None,
        )  # fmt: skip


def _may_describe(w: WebWork, pilot: Pilot, city: Organisation) -> bool:
    may = rules.may_plan(w, pilot) is None or people.represents(w, city) is None
    return may and rules.has_not_ended(w, pilot) is None


@router.post("/pilots/{code}/members/{city}/role")
def change_role(request: Request, code: str, city: str, sent: Sent) -> Response:
    """Another role."""
    with work(request) as w:
        pilot = queries.whole(w, code)
        same_version(pilot, sent)
        _member, organisation = queries.member(w, pilot, city)
        form = Form.sent(RoleIn, sent)
        if form.valid:
            actions.change_role(w, pilot, organisation, form.value.role)
        return see_other(w, f"/pilots/{code}/members", say=_("Saved."))


@router.post("/pilots/{code}/members/{city}/replace")
def replace(request: Request, code: str, city: str, sent: Sent) -> Response:
    """Another city takes its place."""
    with work(request) as w:
        pilot = queries.whole(w, code)
        same_version(pilot, sent)
        _member, goes = queries.member(w, pilot, city)
        comes = cities.city(w, sent.get("city")).organisation
        actions.replace_member(w, pilot, goes, comes)
        said = _("%(comes)s has taken the place of %(goes)s.", comes=comes.name, goes=goes.name)
        return see_other(w, f"/pilots/{code}/members", say=said)


@router.post("/pilots/{code}/members/{city}/remove")
def remove(request: Request, code: str, city: str, sent: Sent) -> Response:
    """It goes."""
    with work(request) as w:
        pilot = queries.whole(w, code)
        same_version(pilot, sent)
        _member, organisation = queries.member(w, pilot, city)
        actions.remove_member(w, pilot, organisation)
        return see_other(w, f"/pilots/{code}/members", say=_("%(city)s was taken out.", city=organisation.name))


@router.get("/pilots/{code}/members/{city}/site")
def site(request: Request, code: str, city: str) -> Response:
    """What happens in the city."""
    with work(request) as w:
        pilot = queries.whole(w, code)
        member, organisation = queries.member(w, pilot, city)
        if not _may_describe(w, pilot, organisation):
            permit(w, pilot, rules.may_plan)
        heading = _("What happens in %(city)s", city=member.name)
        url = f"/pilots/{code}/members/{city}"
        return form_page(w, pilot, Form(SiteIn, {"site": member.site}), heading, f"{url}/site", url)


@router.post("/pilots/{code}/members/{city}/site")
def describe_site(request: Request, code: str, city: str, sent: Sent) -> Response:
    """Say it."""
    with work(request) as w:
        pilot = queries.whole(w, code)
        member, organisation = queries.member(w, pilot, city)
        url = f"/pilots/{code}/members/{city}"
        return take(
            w, pilot, sent, SiteIn, lambda draft: actions.describe_site(w, pilot, organisation, draft.site),
            heading=_("What happens in %(city)s", city=member.name), url=f"{url}/site", back=url, say=_("Saved."),
        )  # fmt: skip


@router.get("/pilots/{code}/members/{city}/leave")
def ask_leave(request: Request, code: str, city: str) -> Response:
    """What leaving means, before it is done."""
    with work(request) as w:
        pilot = queries.whole(w, code)
        _member, organisation = queries.member(w, pilot, city)
        actions.permit(w, organisation, people.leads)
        heading, note = _leaving(w, pilot, organisation)
        url = f"/pilots/{code}/members/{city}"
        return form_page(w, pilot, Form(Reason), heading, f"{url}/leave", url, note=note, warns=True)


@router.post("/pilots/{code}/members/{city}/leave")
def leave(request: Request, code: str, city: str, sent: Sent) -> Response:
    """The city's lead takes it out."""
    with work(request) as w:
        pilot = queries.whole(w, code)
        _member, organisation = queries.member(w, pilot, city)
        heading, note = _leaving(w, pilot, organisation)
        url = f"/pilots/{code}/members/{city}"
        return take(
            w, pilot, sent, Reason, lambda draft: actions.leave(w, pilot, organisation, draft.reason), heading=heading,
            url=f"{url}/leave", back=f"/pilots/{code}" if pilot.agreed_at or pilot.imported else "/home",
            say=_("%(city)s has left the pilot.", city=organisation.name), note=note, warns=True,
        )  # fmt: skip


def _leaving(w: WebWork, pilot: Pilot, city: Organisation) -> tuple[Text, Text]:
    heading = _("%(city)s leaves the pilot", city=city.name)
    if problem := rules.has_not_ended(w, pilot):
        raise Refused(problem)
    left = [row for row in content.members(w, pilot) if row.city_id != city.id]
    if content.paired(pilot, content.counted(left)) is None:
        return heading, _("The pilot goes on with the other cities.")
    return heading, _("Without this city the pilot is suspended, and another city is sought by the cure date.")
