"""Cities join, change and leave. Every change is checked against the pairing rule under the pilot's lock."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from challenge.kernel.errors import Missing, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people import rules as people
from challenge.people.models import Organisation
from challenge.pilots import content, rules
from challenge.pilots.actions.guard import changing, permit
from challenge.pilots.asks import Suspension
from challenge.pilots.capacity import can_carry
from challenge.pilots.models import MemberCity, Pilot
from challenge.pilots.states import PAIRED, PilotState
from challenge.pilots.workflow import PILOT
from challenge.rounds.models import Round
from challenge.rounds.pairing import COUNTING, City
from challenge.rounds.queries import rules_of
from challenge.rounds.states import CityRole


def add_member(w: Work, pilot: Pilot, city: Organisation, role: CityRole) -> MemberCity:
    """A city joins."""
    _begin(w, pilot)
    if role is CityRole.LEAD:
        _no_second_lead(w, pilot)
    made = _join(w, pilot, city, role)
    _settled(w, pilot, "add_member", {"city": city.code, "role": str(role)})
    return made


def change_role(w: Work, pilot: Pilot, city: Organisation, role: CityRole) -> MemberCity:
    """A member takes another role; followers do not count for the rule."""
    _begin(w, pilot)
    row = _row(w, pilot, city)
    if role is CityRole.LEAD and row.role is not CityRole.LEAD:
        _no_second_lead(w, pilot)
    others = [entry for entry in _cities(w, pilot) if entry[2] != city.id]
    _still_paired(pilot, [*others, (row.country, role, city.id)])
    before, row.role = row.role, role
    w.session.flush()
    _settled(w, pilot, "change_role", {"city": city.code, "from": str(before), "to": str(role)})
    return row


def replace_member(w: Work, pilot: Pilot, goes: Organisation, comes: Organisation) -> MemberCity:
    """Another city takes a member's place and role. It joins before the other leaves."""
    _begin(w, pilot)
    row = _row(w, pilot, goes)
    others = [entry for entry in _cities(w, pilot) if entry[2] != goes.id]
    _still_paired(pilot, [*others, (comes.country, row.role, comes.id)])
    made = _join(w, pilot, comes, row.role)
    w.session.delete(row)
    w.session.flush()
    _settled(w, pilot, "replace_member", {"goes": goes.code, "comes": comes.code, "role": str(made.role)})
    return made


def remove_member(w: Work, pilot: Pilot, city: Organisation) -> None:
    """A member goes, where the rule allows it. In a live pilot the last city of its kind is replaced, not removed."""
    _begin(w, pilot)
    row = _row(w, pilot, city)
    _still_paired(pilot, [entry for entry in _cities(w, pilot) if entry[2] != city.id])
    w.session.delete(row)
    w.session.flush()
    _settled(w, pilot, "remove_member", {"city": city.code, "role": str(row.role)})


def leave(w: Work, pilot: Pilot, city: Organisation, reason: str) -> None:
    """A city's lead takes it out. If that breaks the rule of a live pilot, it is suspended in the same act.

    1. The pilot is suspended with a cure date by the rules of its round.
    2. The city goes.
    3. A step asks for a partner: what is missing.
    """
    permit(w, city, people.leads)
    row = _row(w, pilot, city)
    changing(w, pilot)
    problem = content.paired(pilot, [entry for entry in _cities(w, pilot) if entry[2] != city.id])
    breaks = problem is not None and pilot.state is not PilotState.PREPARING
    w.note(content.WORKFLOW, pilot, "leave", {"city": city.code, "role": str(row.role), "reason": reason})
    if breaks:
        _suspend(w, pilot, city)
    w.session.delete(row)
    w.session.flush()
    content.keep_agreement(w, pilot)
    if breaks and problem is not None:
        w.note(content.WORKFLOW, pilot, "seek_partner", {"city": city.code, "missing": str(problem.text.message)})


def _suspend(w: Work, pilot: Pilot, city: Organisation) -> None:
    """With a cure date; one that was set already stands."""
    days = rules_of(w.session.get_one(Round, pilot.round_id)).cure_days
    until = w.now + timedelta(days=days)
    if pilot.state is PilotState.SUSPENDED:
        pilot.cure_until = pilot.cure_until or until
        w.session.flush()
        return
    reason = str(_("%(city)s left the pilot.", city=city.name))
    PILOT.cause(w, pilot, "suspend", Suspension(reason=reason, cure_until=until))


def describe_site(w: Work, pilot: Pilot, city: Organisation, site: str) -> None:
    """Say what happens in a member city."""
    permit(w, pilot, people.any_of(rules.may_plan, _of_city(city)))
    row = _row(w, pilot, city)
    changing(w, pilot)
    row.site = site
    w.session.flush()
    w.note(content.WORKFLOW, pilot, "describe_site", {"city": city.code})


def _of_city(city: Organisation) -> people.Rule:
    def represents_city(w: Work, _pilot: Pilot) -> Problem | None:
        return people.represents_in_person(w, city)

    return represents_city


# What every change shares


def _begin(w: Work, pilot: Pilot) -> None:
    permit(w, pilot, rules.is_coordinator)
    changing(w, pilot)


def _settled(w: Work, pilot: Pilot, act: str, given: dict[str, str]) -> None:
    content.keep_agreement(w, pilot)
    w.note(content.WORKFLOW, pilot, act, given)


def _row(w: Work, pilot: Pilot, city: Organisation) -> MemberCity:
    found = select(MemberCity).where(MemberCity.pilot_id == pilot.id, MemberCity.city_id == city.id)
    row = w.session.exec(found).first()
    if row is None:
        raise Missing
    return row


def _cities(w: Work, pilot: Pilot) -> list[tuple[str, CityRole, int]]:
    """As they stand now, under the lock."""
    found = select(MemberCity.country, MemberCity.role, MemberCity.city_id).where(MemberCity.pilot_id == pilot.id)
    return [(country, CityRole(role), city_id) for country, role, city_id in w.session.exec(found)]


def _still_paired(pilot: Pilot, after: list[tuple[str, CityRole, int]]) -> None:
    """The rule would hold afterwards, where it must."""
    must_hold = pilot.state in PAIRED or (pilot.state is PilotState.SUSPENDED and pilot.cure_until is None)
    cities: list[City] = list(after)
    if must_hold and (problem := content.paired(pilot, cities)) is not None:
        raise Refused(problem)


def _no_second_lead(w: Work, pilot: Pilot) -> None:
    if any(role is CityRole.LEAD for _country, role, _city in _cities(w, pilot)):
        raise Refused(Problem("second_lead", _("There is a lead city already. Give that one another role first.")))


def _join(w: Work, pilot: Pilot, city: Organisation, role: CityRole) -> MemberCity:
    if any(entry[2] == city.id for entry in _cities(w, pilot)):
        raise Refused(Problem("already_member", _("This city is a member of the pilot already.")))
    kinds = rules_of(w.session.get_one(Round, pilot.round_id)).city_kinds
    if city.kind not in kinds:
        raise Refused(Problem("not_a_city", _("%(name)s does not count as a city in this round.", name=city.name)))
    if role in COUNTING and (problem := can_carry(w, pilot.round_id, [city.id])) is not None:
        raise Refused(problem)
    return w.add(MemberCity(pilot_id=pilot.id, city_id=city.id, country=city.country, role=role, joined_at=w.now))
