"""What waits for a person as themselves: as somebody of a city, of a team, of a pilot, or just invited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, false, func, or_
from sqlmodel import col, select

from challenge.home.queries.asking import extension, need
from challenge.home.queries.panels import of_panels
from challenge.jury.models import Juror
from challenge.kernel.work import Work
from challenge.notifications.models import Message
from challenge.partners.models import PartnerInvitation
from challenge.partners.states import InvitationState
from challenge.people import yearly
from challenge.people.models import Membership, Organisation, Person, Role, SeatInvitation
from challenge.people.states import RoleName, Seat
from challenge.pilots.models import MemberCity, Milestone, Pilot, Report
from challenge.pilots.states import PilotState, ReportState
from challenge.proposals.models import Commitment, Preference, Proposal, ProposalChallenge, TeamMember, TeamTask
from challenge.proposals.states import ENDS, CommitmentState, ProposalState
from challenge.rounds.models import Round
from challenge.rounds.pairing import COUNTING
from challenge.selection.models import Outcome
from challenge.selection.states import OutcomeState, Verdict
from challenge.submissions.models import Submission

AHEAD = timedelta(days=30)  # a report is announced this long before it is due
UNDER_WAY = (PilotState.AGREED, PilotState.RUNNING, PilotState.SUSPENDED)
RATED = (ProposalState.SUBMITTED, ProposalState.IN_REVIEW)
MERGING = (ProposalState.IN_REVIEW, ProposalState.CO_DEVELOPMENT)


def of_person(w: Work) -> Iterator[Select[Any]]:
    """Everything that asks something of this person; nothing of rounds they run."""
    yield invited_to_seat(w)
    yield invited_to_team(w)
    yield invited_to_panel(w)
    if any(w.actor.holds_anywhere(role) for role in (RoleName.ADMINISTRATOR, RoleName.COORDINATOR)):
        yield to_confirm(Role, yearly.due_roles(w))
        yield to_confirm(Membership, yearly.due_seats(w))
    elif w.actor.organisations(Seat.LEAD):
        yield to_confirm(Membership, yearly.due_seats(w))
    if w.actor.organisations(Seat.LEAD, Seat.DEPUTY):
        yield invitations(w)
        yield commitments(w)
        yield ideas_to_rate(w)
        yield agreements_of_city(w)
    yield from of_panels(w)
    yield offers(w)
    yield team_tasks(w)
    yield mergers(w)
    yield agreements_of_lead(w)
    yield reports(w)
    yield late_milestones(w)
    yield messages(w)


# Anybody


def invited_to_seat(w: Work) -> Select[Any]:
    """A seat in an organisation, offered."""
    return (
        need("seat", code=SeatInvitation.code, title=Organisation.name, note=SeatInvitation.seat)
        .join(Organisation, col(Organisation.id) == SeatInvitation.organisation_id)
        .where(
            col(SeatInvitation.person_id) == w.actor.id,
            col(SeatInvitation.accepted_at).is_(None),
            col(SeatInvitation.ended_at).is_(None),
        )
    )


def invited_to_team(w: Work) -> Select[Any]:
    """A place in a proposal's team, offered to one of the person's addresses."""
    address = select(Person.email_key).where(Person.id == w.actor.id).scalar_subquery()
    return (
        need("team", code=Proposal.code, title=Proposal.title, note=TeamMember.role, round_id=Proposal.round_id)
        .join(TeamMember, col(TeamMember.proposal_id) == Proposal.id)
        .where(
            col(TeamMember.person_id).is_(None),
            col(TeamMember.left_at).is_(None),
            col(TeamMember.email_key) == address,
            col(Proposal.state).not_in(ENDS),
        )
    )


def invited_to_panel(w: Work) -> Select[Any]:
    """A place on a jury, offered."""
    return (
        need("panel", code=Juror.code, title=Round.title, round_id=Juror.round_id)
        .join(Round, col(Round.id) == Juror.round_id)
        .where(
            col(Juror.person_id) == w.actor.id,
            col(Juror.accepted_at).is_(None),
            col(Juror.declined_at).is_(None),
            col(Juror.left_at).is_(None),
        )
    )


def to_confirm(table: type[Role | Membership], due: tuple[ColumnElement[bool], ...]) -> Select[Any]:
    """How many roles, or seats, of others must be confirmed for another year."""
    kind = "roles" if table is Role else "seats"
    return need(kind, n=func.count(col(table.id))).join(Person, col(Person.id) == table.person_id).where(*due)


def messages(w: Work) -> Select[Any]:
    """How many messages are new."""
    return need("messages", n=func.count(col(Message.id))).where(
        col(Message.person_id) == w.actor.id, col(Message.read_at).is_(None)
    )


# People of a city


def invitations(w: Work) -> Select[Any]:
    """A proposal asks the city to take part."""
    return (
        need("partner", code=PartnerInvitation.code, title=Proposal.title, city=Organisation.name,
             at=PartnerInvitation.answer_by, round_id=Proposal.round_id)
        .join(PartnerInvitation, col(PartnerInvitation.proposal_id) == Proposal.id)
        .join(Organisation, col(Organisation.id) == PartnerInvitation.city_id)
        .where(
            col(PartnerInvitation.state) == InvitationState.ASKED,
            col(PartnerInvitation.answer_by) > w.now,
            col(PartnerInvitation.city_id).in_(w.actor.organisations(Seat.LEAD, Seat.DEPUTY)),
        )
    )  # fmt: skip


def commitments(w: Work) -> Select[Any]:
    """A proposal asks for the city's word."""
    return (
        need(
            "commitment", code=Proposal.code, title=Proposal.title, note=Commitment.kind, extra=Proposal.state,
            city=Organisation.code, at=extension("proposal", Proposal.code), round_id=Proposal.round_id,
        )
        .join(Commitment, col(Commitment.proposal_id) == Proposal.id)
        .join(Organisation, col(Organisation.id) == Commitment.city_id)
        .where(
            col(Commitment.state) == CommitmentState.ASKED,
            col(Commitment.city_id).in_(w.actor.organisations(Seat.LEAD, Seat.DEPUTY)),
            col(Proposal.state).not_in(ENDS),
        )
    )  # fmt: skip


def ideas_to_rate(w: Work) -> Select[Any]:
    """Ideas that answer a challenge of the city, which it has not rated yet; counted by round."""
    rated = select(Preference.id).where(Preference.proposal_id == Proposal.id, Preference.city_id == Submission.city_id)
    return (
        need("rate", round_id=Proposal.round_id, n=func.count(func.distinct(Proposal.id)))
        .join(ProposalChallenge, col(ProposalChallenge.proposal_id) == Proposal.id)
        .join(Submission, col(Submission.id) == ProposalChallenge.submission_id)
        .where(
            col(Submission.city_id).in_(w.actor.organisations(Seat.LEAD, Seat.DEPUTY)),
            col(Proposal.state).in_(RATED),
            ~rated.exists(),
        )
        .group_by(col(Proposal.round_id))
    )


def agreements_of_city(w: Work) -> Select[Any]:
    """A pilot's agreement that the city has not signed as it stands."""
    return (
        need("agreement", code=Pilot.code, title=Pilot.title, round_id=Pilot.round_id)
        .join(MemberCity, col(MemberCity.pilot_id) == Pilot.id)
        .where(
            col(MemberCity.city_id).in_(w.actor.organisations(Seat.LEAD, Seat.DEPUTY)),
            col(MemberCity.role).in_(COUNTING),
            unsigned(MemberCity.signed_revision),
        )
    )


# Teams and pilots


def offers(w: Work) -> Select[Any]:
    """An award that waits for the lead's answer."""
    return (
        need("offer", code=Proposal.code, title=Proposal.title, at=Outcome.accept_by, round_id=Proposal.round_id)
        .join(Outcome, col(Outcome.proposal_id) == Proposal.id)
        .where(
            col(Proposal.lead_id) == w.actor.id,
            col(Proposal.state) == ProposalState.SELECTED,
            col(Outcome.state) == OutcomeState.ANNOUNCED,
            col(Outcome.verdict) == Verdict.FUND,
            col(Outcome.accepted_at).is_(None),
        )
    )


def team_tasks(w: Work) -> Select[Any]:
    """What the person has taken on in a team, with its day; of proposals that can still go on."""
    present = select(TeamMember.proposal_id).where(
        TeamMember.person_id == w.actor.id, col(TeamMember.left_at).is_(None)
    )
    return (
        need(
            "team_task", code=Proposal.code, title=Proposal.title, note=TeamTask.key, extra=TeamTask.title,
            day=cast(col(TeamTask.due_on), String), round_id=Proposal.round_id,
        )
        .join(Proposal, col(Proposal.id) == TeamTask.proposal_id)
        .where(
            col(TeamTask.person_id) == w.actor.id, col(TeamTask.done_at).is_(None), col(TeamTask.due_on).is_not(None),
            col(Proposal.id).in_(present), col(Proposal.state).not_in(ENDS),
        )
    )  # fmt: skip


def mergers(w: Work) -> Select[Any]:
    """Another lead asks to merge a proposal into one of the person's."""
    mine = select(Proposal.id).where(Proposal.lead_id == w.actor.id)
    return need("merger", code=Proposal.code, title=Proposal.title, round_id=Proposal.round_id).where(
        col(Proposal.merge_into_id).in_(mine),
        col(Proposal.merge_agreed_at).is_(None),
        col(Proposal.state).in_(MERGING),
    )


def agreements_of_lead(w: Work) -> Select[Any]:
    """A pilot's agreement that its lead has not signed as it stands."""
    return need("agreement", code=Pilot.code, title=Pilot.title, round_id=Pilot.round_id).where(
        leads(w), unsigned(Pilot.lead_signed_revision)
    )


def reports(w: Work) -> Select[Any]:
    """Reports that were sent back, or are due within a month."""
    member = select(MemberCity.id).where(
        MemberCity.pilot_id == Pilot.id,
        col(MemberCity.city_id).in_(w.actor.organisations(Seat.LEAD, Seat.DEPUTY)),
    )
    soon = (col(Report.state) == ReportState.DUE) & (col(Report.due_on) <= (w.now + AHEAD).date())
    return (
        need(
            "report", code=Report.code, title=Pilot.title, note=Report.kind, extra=Report.state,
            day=cast(col(Report.due_on), String), round_id=Pilot.round_id,
        )
        .join(Pilot, col(Pilot.id) == Report.pilot_id)
        .where(
            or_(leads(w), member.exists()),
            col(Pilot.state).in_(UNDER_WAY),
            or_(soon, col(Report.state) == ReportState.RETURNED),
        )
    )  # fmt: skip


def late_milestones(w: Work) -> Select[Any]:
    """Milestones whose day has passed, counted by pilot; for its lead."""
    return (
        need(
            "milestones", code=Pilot.code, title=Pilot.title, day=cast(func.min(col(Milestone.due_on)), String),
            round_id=Pilot.round_id, n=func.count(col(Milestone.id)),
        )
        .join(Milestone, col(Milestone.pilot_id) == Pilot.id)
        .where(
            leads(w), col(Pilot.state).in_(UNDER_WAY), col(Milestone.done_on).is_(None),
            col(Milestone.due_on) < w.now.date(),
        )
        .group_by(col(Pilot.code), col(Pilot.title), col(Pilot.round_id))
    )  # fmt: skip


def leads(w: Work) -> ColumnElement[bool]:
    """The lead of the pilot's team, or of its organisation."""
    led = w.actor.organisations(Seat.LEAD)
    return or_(col(Pilot.lead_id) == w.actor.id, col(Pilot.organisation_id).in_(led) if led else false())


def unsigned(signed_revision: Any) -> ColumnElement[bool]:
    """The agreement has a text, and this signature is not of it."""
    waits = or_(col(signed_revision).is_(None), col(signed_revision) != Pilot.revision)
    return (col(Pilot.state) == PilotState.PREPARING) & (col(Pilot.revision) > 0) & waits
