"""Who may plan and who may come, and when."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from challenge.events.models import Event, Registration
from challenge.events.states import EventKind, EventState, Guests
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import Text, _
from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.people.rules import is_coordinator, may_not
from challenge.people.states import OrganisationKind
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.rounds.states import RoundState

WORKFLOW = "event"
SIGN_IN = may_not(_("Sign in to do this."))
NOT_FOR_YOU: dict[Guests, Text] = {
    Guests.CITIES: _("This event is for people of cities. If you are of a city, ask it to give you a seat."),
    Guests.RESEARCHERS: _(
        "This event is for people of universities, companies and other organisations. Ask yours to give you a seat."
    ),
}


def round_of(w: Work, event: Event) -> Round:
    """The round an event belongs to."""
    return w.session.get_one(Round, event.round_id)


def round_is_told(w: Work, event: Event) -> Problem | None:
    """People come to what they can look up."""
    if round_of(w, event).state is RoundState.PUBLISHED:
        return None
    return Problem("round_not_published", _("Publish the round first: an event is found on its page."))


def is_ahead(w: Work, event: Event) -> Problem | None:
    """It has not begun."""
    if w.now < event.begins_at:
        return None
    return Problem("event_begun", _("The event has begun already."))


def is_not_over(w: Work, event: Event) -> Problem | None:
    """It has not ended."""
    return None if w.now < event.ends_at else Problem("event_over", _("The event is over."))


def has_begun(w: Work, event: Event) -> Problem | None:
    """Nobody has attended what has not begun."""
    if event.state is EventState.ANNOUNCED and w.now >= event.begins_at:
        return None
    return Problem("not_begun", _("Record who came once the event has begun."))


def has_talks(_w: Work, event: Event) -> Problem | None:
    """Talks are held at a matchmaking day."""
    if event.kind is EventKind.MATCHMAKING:
        return None
    return Problem("no_talks", _("Talks are held at a matchmaking day only."))


def is_announced(_w: Work, event: Event) -> Problem | None:
    """It is told and takes place."""
    if event.state is EventState.ANNOUNCED:
        return None
    return Problem("not_announced", _("This event does not take place."))


def may_revise(w: Work, event: Event) -> Problem | None:
    """What was cancelled or is over stays as it was."""
    if event.state is EventState.CANCELLED:
        return is_announced(w, event)
    return is_not_over(w, event)


def is_guest(w: Work, event: Event) -> Problem | None:
    """Somebody the event is for: by the kind of an organisation they have a seat in. Coordinators may come to all."""
    if event.guests is Guests.EVERYBODY or is_coordinator(w, event) is None:
        return None
    kinds, cities = kinds_of(w), rules_of(round_of(w, event)).city_kinds
    is_meant = bool(kinds & cities) if event.guests is Guests.CITIES else is_of_research(kinds, cities)
    return None if is_meant else may_not(NOT_FOR_YOU[event.guests])


def kinds_of(w: Work) -> set[OrganisationKind]:
    """The kinds of organisations the actor has a seat in."""
    places = w.actor.organisations()
    return {
        OrganisationKind(kind)
        for kind in w.session.exec(select(Organisation.kind).where(col(Organisation.id).in_(places)))
    }


def is_of_research(kinds: set[OrganisationKind], cities: set[OrganisationKind]) -> bool:
    """Whether one of the kinds may propose: neither a city of the round nor the programme's host."""
    return bool(kinds - cities - {OrganisationKind.PROGRAMME})


def registration(w: Work, event: Event, person_id: int | None) -> Registration | None:
    """The person's live registration, if any."""
    return w.session.exec(
        select(Registration).where(
            Registration.event_id == event.id, Registration.person_id == person_id,
            col(Registration.left_at).is_(None),
        )
    ).first()  # fmt: skip


def may_register(w: Work, event: Event) -> Problem | None:
    """Until it begins, once."""
    if problem := is_announced(w, event) or is_ahead(w, event):
        return problem
    if registration(w, event, w.actor.id) is not None:
        return Problem("registered", _("You are registered already."))
    return None


def may_leave(w: Work, event: Event) -> Problem | None:
    """Until it begins."""
    if registration(w, event, w.actor.id) is None:
        return Problem("not_registered", _("You are not registered."))
    return is_announced(w, event) or is_ahead(w, event)


def sees_link(w: Work, event: Event, own: Any) -> bool:
    """The link is for those who have a seat, and for those who run or observe the round."""
    inside = any(w.actor.holds(role, event.round_id) for role in ("coordinator", "observer"))
    return inside or (own is not None and own.slot is not None)
