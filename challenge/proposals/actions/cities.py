"""Partner cities: taken in, given another role, gone."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import col, select

from challenge.kernel.errors import Forbidden, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.proposals import content, rules
from challenge.proposals.actions.budget import drop_budget
from challenge.proposals.actions.changes import content_changed
from challenge.proposals.actions.permits import invalid, permit, require
from challenge.proposals.asks import Ended
from challenge.proposals.content import City
from challenge.proposals.models import Commitment, PartnerCity, Proposal
from challenge.proposals.queries import partner_city
from challenge.proposals.states import EDITABLE, CommitmentState
from challenge.proposals.workflow import COMMITMENT
from challenge.rounds.actions import extend
from challenge.rounds.states import CityRole

MAX_CITIES = 12


def ask_city(w: Work, proposal: Proposal, city_code: str, role: CityRole) -> PartnerCity:
    """Take a city in as a partner. Its people see the proposal from now on and decide whether to sign."""
    permit(w, proposal, rules.runs_team)
    require(w, proposal, rules.may_change_cities)
    return _take_in(w, proposal, may_take_in(w, proposal, city_code, role), role, "ask_city")


def join_as_city(w: Work, proposal: Proposal, city_code: str, role: CityRole) -> PartnerCity:
    """A city accepts the team's invitation. The caller has asked who may."""
    require(w, proposal, rules.may_change_cities)
    return _take_in(w, proposal, may_take_in(w, proposal, city_code, role), role, "join_city")


def may_take_in(w: Work, proposal: Proposal, city_code: str, role: CityRole) -> Organisation:
    """The city, where the proposal has room for it in this role. Raises Invalid, Refused."""
    city = w.session.exec(select(Organisation).where(Organisation.code == city_code)).first()
    if city is None or city.kind not in rules.rules_of(w, proposal).city_kinds:
        raise invalid("no_city", "city", _("Choose a city from the list"))
    present = content.cities(w, proposal)
    if any(partner.id == city.id for partner in present):
        raise invalid("is_partner", "city", _("%(city)s is a partner city already", city=city.name))
    if len(present) >= MAX_CITIES:
        raise Refused(Problem("many_cities", _("A proposal has at most %(most)s partner cities.", most=MAX_CITIES)))
    _one_lead_city(present, role)
    return city


def _take_in(w: Work, proposal: Proposal, city: Organisation, role: CityRole, act: str) -> PartnerCity:
    made = w.add(
        PartnerCity(proposal_id=proposal.id, city_id=city.id, country=city.country, role=role, joined_at=w.now)
    )
    w.note(content.WORKFLOW, proposal, act, {"city": city.code, "role": str(role), "comment": city.name})
    content_changed(w, proposal)
    return made


def change_city_role(w: Work, proposal: Proposal, city_code: str, role: CityRole) -> None:
    """Another role for a partner city; followers do not count for the pairing rule."""
    permit(w, proposal, rules.runs_team)
    require(w, proposal, rules.may_change_cities)
    city = partner_city(w, proposal, city_code)
    if city.role is role:
        return
    _one_lead_city([other for other in content.cities(w, proposal) if other.id != city.id], role)
    _row(w, proposal, city).role = role
    w.session.flush()
    given = {"city": city.code, "role": str(role), "comment": city.name}
    w.note(content.WORKFLOW, proposal, "change_city_role", given)
    content_changed(w, proposal)


def remove_city(w: Work, proposal: Proposal, city_code: str) -> None:
    """The team goes on without a city."""
    permit(w, proposal, rules.runs_team)
    require(w, proposal, rules.may_change_cities)
    _part(w, proposal, partner_city(w, proposal, city_code), "remove_city", _("The team goes on without this city."))


def leave_as_city(w: Work, proposal: Proposal, city_code: str, reason: str) -> None:
    """A city leaves: its commitment ends, and the team may replace cities (only those) until a date."""
    city = partner_city(w, proposal, city_code)
    if problem := rules.leads_city(w, city):
        raise Forbidden(problem)
    require(w, proposal, rules.is_live)
    _part(w, proposal, city, "leave", reason)
    if proposal.state not in EDITABLE:
        until = w.now + timedelta(days=rules.rules_of(w, proposal).offer_days)
        extend(w, proposal, rules.REPLACING, until, str(_("%(city)s left the proposal.", city=city.name)))


def _part(w: Work, proposal: Proposal, city: City, act: str, why: object) -> None:
    live = select(Commitment).where(
        Commitment.proposal_id == proposal.id,
        Commitment.city_id == city.id,
        col(Commitment.state).in_([CommitmentState.ASKED, CommitmentState.SIGNED]),
    )
    for commitment in w.session.exec(live).all():
        COMMITMENT.cause(w, commitment, "withdraw", Ended(why=str(why)[:400]))
    _row(w, proposal, city).left_at = w.now
    drop_budget(w, proposal, city.id)
    w.session.flush()
    w.note(content.WORKFLOW, proposal, act, {"city": city.code, "reason": str(why)})
    content_changed(w, proposal)


def _row(w: Work, proposal: Proposal, city: City) -> PartnerCity:
    return w.session.exec(
        select(PartnerCity).where(
            PartnerCity.proposal_id == proposal.id, PartnerCity.city_id == city.id, col(PartnerCity.left_at).is_(None)
        )
    ).one()


def _one_lead_city(others: list[City], role: CityRole) -> None:
    leading = next((city for city in others if city.role is CityRole.LEAD), None)
    if role is CityRole.LEAD and leading is not None:
        text = _("%(city)s is the lead city already. Give it another role first", city=leading.name)
        raise invalid("lead_city", "role", text)
