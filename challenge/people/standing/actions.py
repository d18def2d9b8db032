"""Naming who stands in for the lead of an organisation, and ending it."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import col, select

from challenge.kernel.errors import Forbidden, Invalid, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people import rules
from challenge.people.models import Membership, Organisation, Person
from challenge.people.standing.days import LONGEST, midnight, midnight_after
from challenge.people.standing.models import StandIn
from challenge.people.states import Seat

TOO_LONG = _("At most half a year. For longer, make the person a deputy.")


def name_stand_in(w: Work, organisation: Organisation, person: Person, first: date, last: date) -> StandIn:
    """A member acts as a deputy in the lead's place on these days, the last one included. The lead names them."""
    if problem := rules.may_run(w, organisation):
        raise Forbidden(problem)
    seats = dict(
        w.session.exec(
            select(Membership.person_id, Membership.seat).where(Membership.organisation_id == organisation.id)
        ).all()
    )
    lead = next((who for who, seat in seats.items() if seat is Seat.LEAD), None)
    if lead is None:
        raise Refused(Problem("no_lead", _("There is no lead in whose place somebody could act.")))
    if seats.get(person.id) is not Seat.MEMBER:
        text = _("Choose a member. A deputy acts for the organisation at all times.")
        raise Invalid(Problem("not_a_member", text, {"person": text}))
    begins_at, until = midnight(first), midnight_after(last)
    _ask_days(w, begins_at, until)
    made = w.add(
        StandIn(
            person_id=person.id, stands_for_id=lead, organisation_id=organisation.id, begins_at=begins_at, until=until
        )
    )
    given = {"person": person.code, "since": first.isoformat(), "until": last.isoformat()}
    w.note("organisation", organisation, "name_stand_in", given)
    return made


def end_stand_in(w: Work, organisation: Organisation, found: StandIn) -> None:
    """At once: by whoever runs the organisation, or by the one who stands in."""
    if found.person_id != w.actor.id and (problem := rules.may_run(w, organisation)):
        raise Forbidden(problem)
    found.ended_at = w.now
    person = w.session.exec(select(Person.code).where(col(Person.id) == found.person_id)).one()
    w.note("organisation", organisation, "end_stand_in", {"person": person})


def _ask_days(w: Work, begins_at: datetime, until: datetime) -> None:
    if until <= begins_at:
        text = _("The last day is before the first one.")
        raise Invalid(Problem("days", text, {"last": text}))
    if until <= w.now:
        text = _("This day is over.")
        raise Invalid(Problem("days", text, {"last": text}))
    if until - begins_at > LONGEST:
        raise Invalid(Problem("days", TOO_LONG, {"last": TOO_LONG}))
