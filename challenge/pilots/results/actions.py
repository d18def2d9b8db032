"""Telling what came of a pilot. What it made and tells itself is an archive once it has ended; who reuses it, which
cities would like to, and who may be asked goes on: that is when others begin.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from sqlmodel import select

from challenge.kernel.errors import Forbidden, Invalid, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people import rules as people
from challenge.people.models import Organisation
from challenge.pilots import content
from challenge.pilots.actions import permit, writing
from challenge.pilots.models import Pilot
from challenge.pilots.results import queries, rules
from challenge.pilots.results.models import Contact, Kit, News, Output, Reuse, ReuseInterest
from challenge.pilots.results.queries import TABLES, Kinds
from challenge.pilots.results.schemas import KitIn, NewsIn, WishIn

NOT_SAID = Problem("not_interested", _("Your city has not said that it would like to do the same."))


def add(w: Work, pilot: Pilot, kind: Kinds, draft: BaseModel) -> Output | News | Reuse:
    """Add an output, a piece of news or a reuse."""
    _begin(w, pilot, kind)
    _has_happened(w, draft)
    values = draft.model_dump() | ({} if kind == "output" else {"by_id": w.actor.id})
    made: Output | News | Reuse = w.add(TABLES[kind](pilot_id=pilot.id, **values))
    w.note(content.WORKFLOW, pilot, f"add_{kind}", {"item": made.code})
    return made


def change(w: Work, pilot: Pilot, kind: Kinds, item: Output | News | Reuse, draft: BaseModel) -> None:
    """Say it otherwise."""
    _begin(w, pilot, kind)
    _has_happened(w, draft)
    for name, value in draft.model_dump().items():
        setattr(item, name, value)
    w.session.flush()
    w.note(content.WORKFLOW, pilot, f"change_{kind}", {"item": item.code})


def drop(w: Work, pilot: Pilot, kind: Kinds, item: Output | News | Reuse) -> None:
    """Take it out again."""
    _begin(w, pilot, kind)
    w.session.delete(item)
    w.session.flush()
    w.note(content.WORKFLOW, pilot, f"drop_{kind}", {"item": item.code})


def _begin(w: Work, pilot: Pilot, kind: Kinds) -> None:
    permit(w, pilot, rules.may_tell)
    if kind != "reuse":
        writing(w, pilot)


def _has_happened(w: Work, draft: BaseModel) -> None:
    if isinstance(draft, NewsIn) and draft.published_on > w.now.date():
        text = _("This day is still to come")
        raise Invalid(Problem("still_to_come", text, {"published_on": text}))


def write_kit(w: Work, pilot: Pilot, draft: KitIn) -> None:
    """Write lessons and kit."""
    permit(w, pilot, rules.may_tell)
    writing(w, pilot)
    found = queries.kit(w, pilot) or w.add(Kit(pilot_id=pilot.id))
    for name, value in draft.model_dump().items():
        setattr(found, name, value)
    w.session.flush()
    w.note(content.WORKFLOW, pilot, "write_kit")


def be_contact(w: Work, pilot: Pilot) -> None:
    """The actor agrees to be named with their address; only they can."""
    permit(w, pilot, rules.may_be_asked)
    if not queries.is_contact(w, pilot):
        who: Any = w.actor.id  # whoever may be asked is signed in
        w.add(Contact(pilot_id=pilot.id, person_id=who, consented_at=w.now))
        w.note(content.WORKFLOW, pilot, "be_contact")


def no_contact(w: Work, pilot: Pilot) -> None:
    """The actor takes it back, whatever they are to the pilot by now."""
    found = select(Contact).where(Contact.pilot_id == pilot.id, Contact.person_id == w.actor.id)
    if (row := w.session.exec(found).first()) is not None:
        w.session.delete(row)
        w.note(content.WORKFLOW, pilot, "no_contact")


# Cities that would like to do the same


def wish(w: Work, pilot: Pilot, city: Organisation, draft: WishIn) -> ReuseInterest:
    """A city says that it would like to do the same: told to the coordinators and the lead."""
    if problem := rules.may_wish(w, pilot, city):
        raise (Forbidden if problem.code == "may_not" else Refused)(problem)
    found = queries.wish_of(w, pilot, city.id)
    if found is not None:
        found.reason = draft.reason
        w.session.flush()
        return found
    who: Any = w.actor.id  # whoever speaks for a city is signed in
    made = w.add(ReuseInterest(pilot_id=pilot.id, city_id=city.id, by_id=who, reason=draft.reason))
    told = {"city": city.code, "city_name": city.name, "reason": draft.reason}
    w.note(content.WORKFLOW, pilot, "show_reuse_interest", told)
    return made


def take_back_wish(w: Work, pilot: Pilot, city: Organisation) -> None:
    """It no longer would."""
    if problem := people.represents(w, city):
        raise Forbidden(problem)
    found = queries.wish_of(w, pilot, city.id)
    if found is None:
        raise Refused(NOT_SAID)
    found.withdrawn_at = w.now
    w.session.flush()
    w.note(content.WORKFLOW, pilot, "withdraw_reuse_interest", {"city": city.code})
