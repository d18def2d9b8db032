"""The log as those inside read it, in a constant number of queries, and the notes as far as they concern the actor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlmodel import col, select

from challenge.kernel.errors import Missing
from challenge.kernel.i18n import _
from challenge.kernel.record import Record
from challenge.kernel.revision import Revision
from challenge.kernel.work import Work
from challenge.people.models import Membership, Person, Role
from challenge.people.states import RoleName, Seat
from challenge.pilots.log import rules
from challenge.pilots.log.models import Decision, Meeting, MentorNote
from challenge.pilots.models import MemberCity, Pilot
from challenge.pilots.rules import is_coordinator, is_excluded
from challenge.proposals.models import Exclusion, TeamMember

R = TypeVar("R", bound=Record)
MEETING, DECISION, NOTE = "pilot_meeting", "pilot_decision", "mentor_note"  # as the journal knows them


@dataclass(frozen=True, slots=True)
class Met:
    """A meeting with what it decided."""

    meeting: Meeting
    decisions: list[Decision] = field(default_factory=list)


def log(w: Work, pilot: Pilot) -> list[Met]:
    """Its meetings, the newest first, each with its decisions."""
    meetings = w.session.exec(
        select(Meeting)
        .where(Meeting.pilot_id == pilot.id)
        .order_by(col(Meeting.held_on).desc(), col(Meeting.id).desc())
    )
    found = {row.id: Met(row) for row in meetings}
    for row in w.session.exec(select(Decision).where(Decision.pilot_id == pilot.id).order_by(col(Decision.id))):
        found[row.meeting_id].decisions.append(row)
    return list(found.values())


def met(w: Work, pilot: Pilot, code: str) -> Met:
    """One meeting with its decisions."""
    meeting = _one(w, Meeting, pilot, code)
    found = select(Decision).where(Decision.meeting_id == meeting.id).order_by(col(Decision.id))
    return Met(meeting, list(w.session.exec(found)))


def decision(w: Work, pilot: Pilot, code: str) -> Decision:
    """A decision of this pilot."""
    return _one(w, Decision, pilot, code)


def _one(w: Work, table: type[R], pilot: Pilot, code: str, *more: ColumnElement[bool]) -> R:
    columns: Any = table
    found = w.session.exec(select(table).where(columns.pilot_id == pilot.id, col(table.code) == code, *more)).first()
    if found is None:
        raise Missing
    return found


def meeting_of(w: Work, row: Decision) -> Meeting:
    """The meeting of a decision one has reached."""
    return w.session.get_one(Meeting, row.meeting_id)


def wordings(w: Work, met: Met) -> list[Revision]:
    """Every wording of a meeting and of what it decided, in the order of writing."""
    codes = [row.code for row in met.decisions]
    these = or_(
        and_(col(Revision.workflow) == MEETING, col(Revision.subject_code) == met.meeting.code),
        and_(col(Revision.workflow) == DECISION, col(Revision.subject_code).in_(codes)),
    )
    return list(w.session.exec(select(Revision).where(these).order_by(col(Revision.id))))


# Who can be named


def people(w: Work, pilot: Pilot) -> Mapping[str, Person]:
    """Code → person: the pilot's own people and the coordinators of its round, by name."""
    team = select(TeamMember.person_id).where(
        TeamMember.proposal_id == pilot.proposal_id, col(TeamMember.left_at).is_(None)
    )
    cities = select(MemberCity.city_id).where(MemberCity.pilot_id == pilot.id)
    seats = select(Membership.person_id).where(
        or_(
            col(Membership.organisation_id).in_(cities),
            and_(col(Membership.organisation_id) == pilot.organisation_id, col(Membership.seat) == Seat.LEAD),
        )
    )
    barred = select(Exclusion.person_id).where(Exclusion.proposal_id == pilot.proposal_id)
    runs = select(Role.person_id).where(
        Role.name == RoleName.COORDINATOR, or_(col(Role.round_id).is_(None), col(Role.round_id) == pilot.round_id),
        col(Role.person_id).not_in(barred),
    )  # fmt: skip
    here = col(Person.id)
    found = select(Person).where(
        or_(here == pilot.lead_id, here == pilot.mentor_id, here.in_(team), here.in_(seats), here.in_(runs)),
        col(Person.disabled_at).is_(None), col(Person.erased_at).is_(None),
    )  # fmt: skip
    return {row.code: row for row in w.session.exec(found.order_by(col(Person.name)))}


def named(w: Work, pilot: Pilot, row: Decision | None = None) -> Mapping[str, Person]:
    """The same, with who is named already, who may have left since."""
    found = dict(people(w, pilot))
    if row is not None and row.who_id is not None:
        who = w.session.get_one(Person, row.who_id)
        found[who.code] = who
    return found


def called(w: Work, codes: Iterable[str]) -> dict[str, str]:
    """Code → name, of whoever was named once; somebody erased is called “somebody who left”."""
    found = select(Person.code, Person.name, Person.erased_at).where(col(Person.code).in_(set(codes)))
    return {code: str(_("somebody who left")) if gone else name for code, name, gone in w.session.exec(found)}


# Notes


def notes(w: Work, pilot: Pilot) -> list[MentorNote]:
    """The notes the actor may read, the newest first."""
    found = select(MentorNote).where(MentorNote.pilot_id == pilot.id, _readable(w, pilot))
    return list(w.session.exec(found.order_by(col(MentorNote.id).desc())))


def note(w: Work, pilot: Pilot, code: str) -> MentorNote:
    """One of them."""
    return _one(w, MentorNote, pilot, code, _readable(w, pilot))


def _readable(w: Work, pilot: Pilot) -> ColumnElement[bool]:
    """One's own; those of the round to its coordinators; the shared ones to the team and to observers of the round."""
    if is_coordinator(w, pilot) is None:
        return true()
    observed = w.actor.scopes(RoleName.OBSERVER)
    watches = (observed is None or pilot.round_id in observed) and not is_excluded(w, pilot)
    shared = col(MentorNote.shared_at).is_not(None) if watches or rules.reads_shared(w, pilot) is None else false()
    return or_(col(MentorNote.by_id) == w.actor.id, shared)


def has_notes(w: Work, pilot: Pilot) -> bool:
    """Whether there is anything on the page of notes for the actor."""
    found = select(MentorNote.id).where(MentorNote.pilot_id == pilot.id, _readable(w, pilot)).limit(1)
    return w.session.exec(found).first() is not None
