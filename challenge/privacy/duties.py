"""What still rests on a person: as long as anything does, they cannot be erased. Each reason names the next step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from challenge.jury.models import Juror, Review
from challenge.jury.states import OPEN as OPEN_REVIEW
from challenge.kernel.approval import Approval
from challenge.kernel.errors import Problem, Remedy
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people.actions import LAST_ADMINISTRATOR, is_last_administrator
from challenge.people.models import Membership, Organisation, Person
from challenge.people.states import PLACES, Seat
from challenge.pilots.models import Pilot
from challenge.pilots.states import OPEN as OPEN_PILOT
from challenge.privacy import holds
from challenge.proposals.models import Proposal
from challenge.proposals.queries import in_sight
from challenge.proposals.states import ENDS
from challenge.rounds.models import Round
from challenge.rounds.states import RoundState
from challenge.selection.models import Appeal
from challenge.selection.states import AppealState

LIVE_APPEAL = (AppealState.FILED, AppealState.HEARD)


def reasons(w: Work, person: Person, *, locking: bool = False) -> list[Problem]:
    """Why this person cannot be erased now; empty when they can. ``locking`` where it is done at once."""
    found = [*_hold(w, person), *_leading(w, person), *_piloting(w, person), *_city(w, person), *_judging(w, person)]
    found += [*_keys(w, person), *_appeals(w, person)]
    if is_last_administrator(w, person, locking=locking):
        found.append(LAST_ADMINISTRATOR)
    return found


def _hold(w: Work, person: Person) -> Iterator[Problem]:
    if (hold := holds.standing(w, person.id)) is not None:
        yield Problem(
            "on_hold",
            _("A legal hold stands: %(reason)s. It is lifted by an administrator when its reason is gone.",
              reason=hold.reason.rstrip(".")),
        )  # fmt: skip


def _leading(w: Work, person: Person) -> Iterator[Problem]:
    """By title where the actor may read the proposal, else by its code: an administrator may not."""
    led = (Proposal.lead_id == person.id, col(Proposal.state).not_in(ENDS))
    read = set(w.session.exec(select(Proposal.id).where(*led, in_sight(w))))
    for proposal in w.session.exec(select(Proposal).where(*led).order_by(col(Proposal.id))):
        text = _("The proposal “%(title)s” is led by this person. Hand the lead over to a co-lead, or withdraw it.",
                 title=proposal.title if proposal.id in read else proposal.code)  # fmt: skip
        yield Problem("leads_proposal", text, remedy=Remedy(_("Go to the team"), f"/proposals/{proposal.code}/team"))


def _piloting(w: Work, person: Person) -> Iterator[Problem]:
    mine = or_(col(Pilot.lead_id) == person.id, col(Pilot.mentor_id) == person.id)
    for pilot in w.session.exec(select(Pilot).where(mine, col(Pilot.state).in_(OPEN_PILOT)).order_by(col(Pilot.id))):
        text = _("The pilot “%(title)s” is led or mentored by this person. A coordinator names somebody else first.",
                 title=pilot.title)  # fmt: skip
        yield Problem("leads_pilot", text, remedy=Remedy(_("Go to the pilot"), f"/pilots/{pilot.code}"))


def _city(w: Work, person: Person) -> Iterator[Problem]:
    """A city without a lead could not act; another organisation may end with its only member."""
    another = aliased(Membership)
    others = (
        select(func.count(col(another.id)))
        .where(another.organisation_id == Organisation.id, another.person_id != person.id)
        .correlate(Organisation)
        .scalar_subquery()
    )
    led = (
        select(Organisation)
        .join(Membership, col(Membership.organisation_id) == Organisation.id)
        .where(
            Membership.person_id == person.id, Membership.seat == Seat.LEAD,
            or_(col(Organisation.kind).in_(PLACES), others > 0),
        )
    )  # fmt: skip
    for organisation in w.session.exec(led.order_by(col(Organisation.id))):
        text = _("%(name)s is led by this person. Invite a deputy if there is none, and hand over to them.",
                 name=organisation.name)  # fmt: skip
        remedy = Remedy(_("Go to the organisation"), f"/organisations/{organisation.code}")
        yield Problem("leads_organisation", text, remedy=remedy)


def _judging(w: Work, person: Person) -> Iterator[Problem]:
    waiting: Any = (
        select(func.count(col(Review.id)))
        .join(Juror, col(Juror.id) == Review.juror_id)
        .join(Round, col(Round.id) == Review.round_id)
        .where(
            Juror.person_id == person.id, col(Review.state).in_(OPEN_REVIEW), Round.state == RoundState.PUBLISHED
        )
    )  # fmt: skip
    if w.session.exec(waiting).one():
        text = _("Reviews wait for this person. Hand them in, or leave the panel, so that others can take them over.")
        yield Problem("open_reviews", text, remedy=Remedy(_("Go to the reviews"), "/reviews"))


def _keys(w: Work, person: Person) -> Iterator[Problem]:
    asked = select(Approval.expires_at).where(
        Approval.asked_by == person.id, col(Approval.approved_at).is_(None), col(Approval.dropped_at).is_(None),
        Approval.expires_at > w.now,
    )  # fmt: skip
    if (until := w.session.exec(asked.order_by(col(Approval.expires_at).desc())).first()) is not None:
        text = _("A decision this person asked for waits for a second one. It must be taken, or end on %(day)s.",
                 day=until.date().isoformat())  # fmt: skip
        yield Problem("open_approval", text, remedy=Remedy(_("Go to what waits"), "/home"))


def _appeals(w: Work, person: Person) -> Iterator[Problem]:
    mine = or_(col(Appeal.handler_id) == person.id, col(Appeal.filed_by) == person.id)
    if w.session.exec(select(Appeal.id).where(mine, col(Appeal.state).in_(LIVE_APPEAL))).first() is not None:
        text = _("An appeal this person filed or hears is not decided yet. It must be decided first.")
        yield Problem("open_appeal", text, remedy=Remedy(_("Go to the appeals"), "/appeals"))
