"""Who writes the log, who mentors, and whom a note of the mentor concerns."""

from __future__ import annotations

from sqlmodel import col, select

from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people.rules import any_of, may_not
from challenge.pilots.log.models import Decision, MentorNote
from challenge.pilots.models import Pilot
from challenge.pilots.rules import is_coordinator, leads_pilot, represents_member
from challenge.proposals.models import TeamMember
from challenge.proposals.states import TeamRole


def is_on_team(w: Work, pilot: Pilot) -> Problem | None:
    """Somebody of the team of its proposal."""
    return None if _role(w, pilot) is not None else may_not(_("Only the team of this pilot can do this."))


def mentors(w: Work, pilot: Pilot) -> Problem | None:
    """Its mentor: named by a coordinator, or in the team of its proposal."""
    held = w.actor.id is not None and w.actor.id == pilot.mentor_id
    held = held or _role(w, pilot) is TeamRole.MENTOR
    return None if held else may_not(_("Only the mentor of this pilot can do this."))


def _role(w: Work, pilot: Pilot) -> TeamRole | None:
    if pilot.proposal_id is None or w.actor.id is None:
        return None
    found = select(TeamMember.role).where(
        TeamMember.proposal_id == pilot.proposal_id, TeamMember.person_id == w.actor.id,
        col(TeamMember.left_at).is_(None),
    )  # fmt: skip
    role = w.session.exec(found).first()
    return None if role is None else TeamRole(role)


def _writes(_w: Work, _pilot: Pilot) -> Problem | None:
    """Says who, when nobody of them is meant."""
    return may_not(_("Only the pilot’s lead, its team, leads and deputies of its cities, its mentor and coordinators"
                     " can do this."))  # fmt: skip


may_log = any_of(_writes, leads_pilot, is_on_team, represents_member, mentors, is_coordinator)
reads_shared = any_of(leads_pilot, is_on_team)


def may_do(w: Work, pilot: Pilot, decision: Decision) -> Problem | None:
    """Who says that it is done: whoever was to do it, and those who write the log."""
    if w.actor.id is not None and w.actor.id == decision.who_id:
        return None
    return may_log(w, pilot)


def wrote(w: Work, note: MentorNote) -> Problem | None:
    """A note is its writer's to change and to share."""
    held = w.actor.id is not None and w.actor.id == note.by_id
    return None if held else may_not(_("Only who wrote this note can do this."))
