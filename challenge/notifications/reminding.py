"""Reminders to the people of pilots: what is over, behind or grave, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from challenge.kernel.errors import Forbidden, Invalid, Problem
from challenge.kernel.i18n import _, _n, speaking
from challenge.kernel.journal import Step
from challenge.kernel.work import Work
from challenge.notifications import audiences
from challenge.notifications.queries import readers
from challenge.notifications.subjects import Subject
from challenge.people.models import Person
from challenge.pilots import content, rules
from challenge.pilots.models import Pilot
from challenge.pilots.queries import inside
from challenge.pilots.tracking.health import Level
from challenge.pilots.tracking.queries import health_of
from challenge.selection.letters import Letter

ACT = "remind"
MOST = 100
NOBODY = Problem("nobody", _("None of these pilots has a reason to be reminded, or nobody to tell. Choose others."))


def of_pilot(w: Work, subject: Subject, _step: Step | None, _given: dict[str, Any], person: Person) -> Letter:
    """The letter to one person about one pilot, in the language spoken to them."""
    pilot: Pilot = subject.record
    with speaking(person.locale):
        found = health_of(w, pilot)
        reasons = [] if found is None else [f"– {one.text}" for one in found.reasons]
        opening = _n("In “%(title)s” one thing needs you:", "In “%(title)s” %(n)s things need you:", len(reasons),
                     title=pilot.title)  # fmt: skip
        closing = _("Please bring it up to date on the page of the pilot, or write to the coordinators there.")
        return Letter(
            person.locale, str(_("Reminder: %(title)s", title=pilot.title)),
            (("", str(opening)), ("", "\n".join(reasons)), ("", str(closing))),
            (str(_("Open the pilot")), f"/pilots/{pilot.code}/plan"),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planned:
    """A mail as it would go out."""

    pilot: Pilot
    person: Person
    letter: Letter


def chosen(w: Work, codes: Sequence[str]) -> list[Pilot]:
    """Pilots of these codes that the actor runs. Raises Forbidden where they run one not."""
    found = select(Pilot).where(inside(w), col(Pilot.code).in_(list(codes)[:MOST])).order_by(col(Pilot.title))
    pilots = list(w.session.exec(found))
    for pilot in pilots:
        if problem := rules.is_coordinator(w, pilot):
            raise Forbidden(problem)
    return pilots


def planned(w: Work, codes: Sequence[str]) -> list[Planned]:
    """Who would get which mail: the people of the pilots that have a reason, each in their language."""
    mails: list[Planned] = []
    for pilot in chosen(w, codes):
        found = health_of(w, pilot)
        if found is None or found.level <= Level.ON_TRACK:
            continue
        subject = Subject(pilot)
        wanted = audiences.of_pilot(w, pilot)
        mails += [Planned(pilot, who, of_pilot(w, subject, None, {}, who)) for who in readers(w, wanted, None)]
    return mails


def send(w: Work, codes: Sequence[str]) -> int:
    """Journal the reminders; the mails of the preview leave through the outbox. How many there are."""
    mails = planned(w, codes)
    if not mails:
        raise Invalid(NOBODY)
    for pilot in {mail.pilot.id: mail.pilot for mail in mails}.values():
        w.note(content.WORKFLOW, pilot, ACT)
    return len(mails)
