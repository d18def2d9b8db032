"""Who tells of a pilot's results, and which cities may wish to do the same."""

from __future__ import annotations

from sqlmodel import col, select

from challenge.cities.models import CityProfile
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people import rules as people
from challenge.people.models import Organisation
from challenge.people.rules import any_of, may_not
from challenge.people.states import Seat
from challenge.pilots import content
from challenge.pilots.models import Pilot
from challenge.pilots.rules import is_excluded, leads_pilot, may_plan, represents_member

may_tell = may_plan


def mentors(w: Work, pilot: Pilot) -> Problem | None:
    """Its mentor."""
    held = w.actor.id is not None and w.actor.id == pilot.mentor_id
    return None if held else may_not(_("Only the pilot’s own people can be asked about it."))


may_be_asked = any_of(mentors, leads_pilot, represents_member)


def may_wish(w: Work, pilot: Pilot, city: Organisation) -> Problem | None:
    """A city that is no member yet, by its lead or deputy."""
    if problem := people.represents(w, city):
        return problem
    if w.session.exec(select(CityProfile.id).where(CityProfile.organisation_id == city.id)).first() is None:
        return may_not(_("Only cities can say that they would like to do the same."))
    if any(row.city_id == city.id for row in content.members(w, pilot)):
        return Problem("member", _("Your city is a member of this pilot already."))
    if is_excluded(w, pilot):
        return may_not(_("You have a conflict of interest here."))
    return None


def cities_of_actor(w: Work) -> list[Organisation]:
    """The organisations the actor speaks for."""
    ids = w.actor.organisations(Seat.LEAD, Seat.DEPUTY)
    return [] if not ids else list(w.session.exec(select(Organisation).where(col(Organisation.id).in_(ids))))
