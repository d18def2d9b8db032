"""Confirming roles and seats for another year, and what happens to those nobody confirms."""

from __future__ import annotations

from typing import TypeVar

from sqlmodel import col, or_, select

from challenge.kernel import proof
from challenge.kernel.errors import Forbidden, Missing
from challenge.kernel.work import Work
from challenge.people import queries, rules, yearly
from challenge.people.actions.people import held_role, is_last_administrator, note_role
from challenge.people.models import Membership, Organisation, Person, Role, Suspension
from challenge.people.states import RoleName, Seat

H = TypeVar("H", Role, Membership)


def confirm_role(w: Work, person: Person, name: RoleName, round_id: int | None = None) -> bool:
    """For another year; a suspended one is held again. False when it was confirmed already. Missing when not held."""
    if problem := rules.may_confirm_role(w, person, name, round_id):
        raise Forbidden(problem)
    proof.demand(w)
    held = held_role(w, person.id, name, round_id, locking=True)
    if held is None:
        suspended = yearly.suspended_role(w, person.id, name, round_id)
        if suspended is None:
            raise Missing
        w.session.delete(suspended)
        w.add(Role(person_id=person.id, name=name, round_id=round_id))
    elif not _renew(w, held):
        return False
    note_role(w, person, "confirm_role", name, round_id)
    return True


def confirm_seat(w: Work, organisation: Organisation, person: Person) -> bool:
    """The same for a seat. A suspended lead comes back as a deputy where somebody else leads by now."""
    if problem := rules.is_oneself(w, person) or rules.may_run(w, organisation):
        raise Forbidden(problem)
    proof.demand(w)
    here = Membership.organisation_id == organisation.id
    held = w.session.exec(select(Membership).where(here, Membership.person_id == person.id).with_for_update()).first()
    if held is None:
        suspended = yearly.suspended_seat(w, person.id, organisation.id)
        if suspended is None or suspended.seat is None:
            raise Missing
        has_lead = w.session.exec(select(Membership.id).where(here, Membership.seat == Seat.LEAD)).first() is not None
        seat = Seat.DEPUTY if has_lead and suspended.seat is Seat.LEAD else suspended.seat
        w.session.delete(suspended)
        held = w.add(Membership(person_id=person.id, organisation_id=organisation.id, seat=seat))
    elif not _renew(w, held):
        return False
    w.note("organisation", organisation, "confirm_seat", {"person": person.code, "seat": str(held.seat)})
    return True


def review(w: Work) -> None:
    """By the system: end roles whose time is over, suspend what nobody confirmed in time, remind of what is due.

    Nothing is suspended of which the person was not told 30 days before, however long the jobs stood still.
    """
    for role in w.session.exec(select(Role).where(col(Role.until) <= w.now).order_by(col(Role.id)).with_for_update()):
        w.session.delete(role)
        note_role(w, queries.person(w, role.person_id), "end_role", role.name, role.round_id)
    kept = set[int]()
    for role in _over(w, Role):
        person = queries.person(w, role.person_id)
        if role.name is RoleName.ADMINISTRATOR and is_last_administrator(w, person, locking=True):
            kept.add(role.id)  # is told instead, with everybody who is reminded
            continue
        w.session.delete(role)
        w.add(Suspension(person_id=person.id, name=role.name, round_id=role.round_id, suspended_at=w.now))
        note_role(w, person, "suspend_role", role.name, role.round_id)
    for held in _over(w, Membership):
        w.session.delete(held)
        w.add(
            Suspension(
                person_id=held.person_id, organisation_id=held.organisation_id, seat=held.seat, suspended_at=w.now
            )
        )
        _note_seat(w, held, "suspend_seat")
    _remind(w, kept)


def _remind(w: Work, kept: set[int]) -> None:
    """A message to the person 30 days before and again when it is due; one to all who confirm."""
    codes, rounds, places = {found.id: found.code for found in queries.rounds(w)}, set[str](), set[str]()
    due_roles, due_seats = _due(w, Role), _due(w, Membership)
    for role in due_roles:
        act = "role_overdue" if role.id in kept else "role_due"
        note_role(w, queries.person(w, role.person_id), act, role.name, role.round_id, _until(w, role, act))
        rounds |= {codes[role.round_id]} if role.round_id is not None else set()
        role.reminded_at = w.now
    for held in due_seats:
        _note_seat(w, held, "seat_due", _until(w, held, "seat_due"))
        places.add(w.session.get_one(Organisation, held.organisation_id).code)
        held.reminded_at = w.now
    if due_roles or due_seats:
        given = {"rounds": sorted(rounds), "organisations": sorted(places)}
        w.step("service", "roles", "confirmations_due", old=None, new=None, given=given)


def _over(w: Work, table: type[H]) -> list[H]:
    """What nobody confirmed for a year and 30 days, although the person was told 30 days ago."""
    over = (
        col(table.confirmed_at) <= w.now - yearly.YEAR - yearly.GRACE, col(table.reminded_at) <= w.now - yearly.GRACE
    )  # fmt: skip
    return list(w.session.exec(select(table).where(*over).order_by(col(table.id)).with_for_update()))


def _due(w: Work, table: type[H]) -> list[H]:
    """What must be confirmed soon and of which nobody was told within 30 days."""
    due = (
        col(table.confirmed_at) <= w.now - yearly.YEAR + yearly.NOTICE,
        or_(col(table.reminded_at).is_(None), col(table.reminded_at) <= w.now - yearly.NOTICE),
    )
    return list(w.session.exec(select(table).where(*due).order_by(col(table.id)).with_for_update()))


def _until(w: Work, held: Role | Membership, act: str) -> dict[str, str]:
    """The day of the suspension, as it is told; for the last administrator the day it would have been."""
    ends_at = yearly.ends_at(held.confirmed_at)
    return {"until": (ends_at if act == "role_overdue" else max(ends_at, w.now + yearly.GRACE)).date().isoformat()}


def _renew(w: Work, held: Role | Membership) -> bool:
    if not yearly.may_be_confirmed(held.confirmed_at, w.now):
        return False
    held.confirmed_at, held.reminded_at = w.now, None
    w.session.flush()
    return True


def _note_seat(w: Work, held: Membership, act: str, given: dict[str, str] | None = None) -> None:
    organisation, person = w.session.get_one(Organisation, held.organisation_id), queries.person(w, held.person_id)
    w.note("organisation", organisation, act, {"person": person.code, "seat": str(held.seat), **(given or {})})
