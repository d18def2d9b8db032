"""The people of a proposal: invited by e-mail, with a role; one of them leads."""

from __future__ import annotations

from sqlmodel import select

from challenge.kernel.errors import Forbidden, Missing, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people.actions import invite_person
from challenge.people.models import Person
from challenge.people.queries import person
from challenge.people.rules import may_not
from challenge.proposals import content, rules
from challenge.proposals.actions.permits import invalid, permit, require
from challenge.proposals.actions.tasks import let_go
from challenge.proposals.models import Proposal, TeamMember
from challenge.proposals.rules import members
from challenge.proposals.schemas import Invitation
from challenge.proposals.states import TeamRole

MAX_TEAM = 60


def invite_member(w: Work, proposal: Proposal, draft: Invitation) -> TeamMember:
    """Invite somebody by e-mail. The lead and the co-leads decide who belongs to the team.

    Until they join, the team reads what was typed: an account would tell that it is there, and what it is called.
    """
    permit(w, proposal, rules.runs_team)
    require(w, proposal, rules.is_live)
    invited = invite_person(w, draft.name, draft.email, w.actor.locale)
    present = members(w, proposal)
    if any(member.email_key == invited.email_key for member in present):
        raise invalid("in_team", "email", _("This person is in the team already, or invited"))
    if len(present) >= MAX_TEAM:
        raise Refused(Problem("team_full", _("The team has %(most)s people: no more can be added.", most=MAX_TEAM)))
    made = _add(w, proposal, invited, draft.role)
    made.name, made.email = " ".join(draft.name.split()), draft.email
    w.note(
        content.WORKFLOW,
        proposal,
        "invite_member",
        {"person": invited.code, "role": str(draft.role), "comment": made.name},
    )
    return made


def _add(w: Work, proposal: Proposal, who: Person, role: TeamRole) -> TeamMember:
    return w.add(
        TeamMember(
            proposal_id=proposal.id, name=who.name, email=who.email, email_key=who.email_key, role=role,
            invited_at=w.now,
        )
    )  # fmt: skip


def accept_invitation(w: Work, proposal: Proposal) -> TeamMember:
    """Join the team one is invited to."""
    member = invitation(w, proposal)
    if member is None:
        raise Forbidden(may_not(_("You have no open invitation to this team.")))
    require(w, proposal, rules.is_live)
    me = person(w, w.actor.id)
    member.person_id, member.name, member.email, member.accepted_at = me.id, me.name, me.email, w.now
    w.session.flush()
    w.note(content.WORKFLOW, proposal, "accept_invitation", {"role": str(member.role)})
    return member


def decline_invitation(w: Work, proposal: Proposal) -> None:
    """Do not join."""
    member = invitation(w, proposal)
    if member is None:
        raise Forbidden(may_not(_("You have no open invitation to this team.")))
    member.left_at = w.now
    w.session.flush()
    w.note(content.WORKFLOW, proposal, "decline_invitation")


def change_role(w: Work, proposal: Proposal, member: TeamMember, role: TeamRole) -> None:
    """Give somebody another role; leading is handed over, not given."""
    permit(w, proposal, rules.runs_team)
    if TeamRole.LEAD in (role, member.role):
        raise Refused(Problem("hand_over", _("To change who leads, hand the lead over to a co-lead.")))
    member.role = role
    w.session.flush()
    w.note(content.WORKFLOW, proposal, "change_role", {"person": _code(w, member), "role": str(role)})


def remove(w: Work, proposal: Proposal, member: TeamMember) -> None:
    """Take somebody out of the team, or take an invitation back."""
    permit(w, proposal, rules.runs_team)
    _gone(w, proposal, member, "remove_member")


def leave(w: Work, proposal: Proposal) -> None:
    """Leave the team oneself."""
    permit(w, proposal, rules.is_team)
    _gone(w, proposal, next(row for row in members(w, proposal) if row.person_id == w.actor.id), "leave_team")


def _gone(w: Work, proposal: Proposal, member: TeamMember, act: str) -> None:
    if member.role is TeamRole.LEAD:
        raise Refused(Problem("hand_over", _("The lead hands over to a co-lead before leaving.")))
    member.left_at = w.now
    w.session.flush()
    let_go(w, proposal, member.person_id)
    w.note(content.WORKFLOW, proposal, act, {"person": _code(w, member), "comment": member.name})


def hand_over(w: Work, proposal: Proposal, member: TeamMember) -> None:
    """The lead goes to a co-lead; a coordinator does it with the organisation's letter."""
    permit(w, proposal, rules.may_hand_over)
    require(w, proposal, rules.is_live)
    if member.role is not TeamRole.CO_LEAD or member.person_id is None:
        raise Refused(Problem("not_co_lead", _("The lead can go only to a co-lead who has joined.")))
    for row in members(w, proposal):
        if row.role is TeamRole.LEAD:
            row.role = TeamRole.CO_LEAD
    member.role = TeamRole.LEAD
    proposal.lead_id = member.person_id
    w.session.flush()
    w.note(content.WORKFLOW, proposal, "hand_over", {"person": _code(w, member), "comment": member.name})


def joins(w: Work, proposal: Proposal, person_id: int, role: TeamRole) -> None:
    """Somebody comes with a merged proposal; who is there already stays as they are."""
    who = person(w, person_id)
    if any(member.email_key == who.email_key for member in members(w, proposal)):
        return
    made = _add(w, proposal, who, role)
    made.person_id, made.accepted_at = who.id, w.now
    w.session.flush()
    w.note(content.WORKFLOW, proposal, "join", {"person": who.code, "role": str(role)})


def member_of(w: Work, proposal: Proposal, code: str) -> TeamMember:
    """Somebody of this team, or invited to it, by the person's code. Missing for others."""
    who = w.session.exec(select(Person).where(Person.code == code)).first()
    present = members(w, proposal)
    found = next((member for member in present if who is not None and member.email_key == who.email_key), None)
    if found is None:
        raise Missing
    return found


def invitation(w: Work, proposal: Proposal) -> TeamMember | None:
    """The actor's open invitation to this team."""
    if w.actor.id is None:
        return None
    me = person(w, w.actor.id)
    open_ones = (member for member in members(w, proposal) if member.person_id is None)
    return next((member for member in open_ones if member.email_key == me.email_key), None)


def _code(w: Work, member: TeamMember) -> str:
    return person(w, member.person_id).code if member.person_id is not None else ""
