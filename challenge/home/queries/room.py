"""What waits in the room of a pilot: money to check and to decide, claims that came back, decisions to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, or_
from sqlmodel import col, select

from challenge.home.queries.asking import need
from challenge.kernel.approval import Approval
from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.people.states import RoleName
from challenge.pilots.log.models import Decision
from challenge.pilots.models import Pilot, Tranche
from challenge.pilots.money.models import ChangeRequest, Claim
from challenge.pilots.money.states import ChangeState, ClaimState
from challenge.pilots.queries import inside
from challenge.pilots.states import OPEN
from challenge.proposals.models import Exclusion
from challenge.rounds.models import Round


def of_person(w: Work) -> Iterator[Select[Any]]:
    """What the person is to do in a pilot they are inside of."""
    yield decisions(w)
    if w.actor.organisations():
        yield claims_returned(w)


def of_rounds(w: Work) -> Iterator[Select[Any]]:
    """What a coordinator is to check, to decide, or to approve as the second person."""
    yield claims_handed_in(w)
    yield second_keys(w, "tranche_key", Tranche, Tranche.label, Tranche.cents)
    yield second_keys(w, "change_key", ChangeRequest, ChangeRequest.kind, ChangeRequest.cents)
    yield changes_asked(w)


# The person


def decisions(w: Work) -> Select[Any]:
    """What a meeting decided that they do, as long as they are of the pilot and it has not ended."""
    return (
        need(
            "decision", code=Pilot.code, title=Pilot.title, note=Decision.text, extra=Decision.code, city=Round.zone,
            day=cast(col(Decision.due_on), String), round_id=Pilot.round_id, at=Decision.created_at,
        )
        .join(Pilot, col(Pilot.id) == Decision.pilot_id)
        .join(Round, col(Round.id) == Pilot.round_id)
        .where(
            col(Decision.who_id) == w.actor.id, col(Decision.done_on).is_(None), col(Pilot.state).in_(OPEN), inside(w),
        )
    )  # fmt: skip


def claims_returned(w: Work) -> Select[Any]:
    """Claims of the person's organisation that came back; whoever sits there can put them right."""
    return (
        need("claim_back", code=Claim.code, title=Pilot.title, city=Organisation.name, note=cast(Claim.cents, String),
             round_id=Pilot.round_id)
        .join(Pilot, col(Pilot.id) == Claim.pilot_id)
        .join(Organisation, col(Organisation.id) == Claim.organisation_id)
        .where(
            col(Claim.state) == ClaimState.RETURNED, col(Claim.organisation_id).in_(w.actor.organisations()), inside(w),
        )
    )  # fmt: skip


# Those who run the round


def runs(w: Work) -> list[ColumnElement[bool]]:
    """Pilots of the actor's rounds that no conflict of interest keeps them from."""
    scopes = w.actor.scopes(RoleName.COORDINATOR)
    barred = select(Exclusion.proposal_id).where(Exclusion.person_id == w.actor.id)
    free = or_(col(Pilot.proposal_id).is_(None), col(Pilot.proposal_id).not_in(barred))
    return [free] if scopes is None else [free, col(Pilot.round_id).in_(scopes)]


def claims_handed_in(w: Work) -> Select[Any]:
    """Claims to check, by somebody who neither handed them in nor belongs to the partner."""
    return (
        need("claim_in", code=Claim.code, title=Pilot.title, city=Organisation.name, note=cast(Claim.cents, String),
             at=Claim.submitted_at, round_id=Pilot.round_id)
        .join(Pilot, col(Pilot.id) == Claim.pilot_id)
        .join(Organisation, col(Organisation.id) == Claim.organisation_id)
        .where(
            *runs(w), col(Claim.state) == ClaimState.SUBMITTED, col(Claim.submitted_by_id) != w.actor.id,
            col(Claim.organisation_id).not_in(w.actor.organisations()),
        )
    )  # fmt: skip


def waits(w: Work, record: Any) -> ColumnElement[bool]:
    """An approval of this record that still holds and waits for a second person."""
    return and_(
        col(Approval.workflow) == record.__tablename__, col(Approval.subject_code) == record.code,
        col(Approval.subject_version) == record.version, col(Approval.approved_at).is_(None),
        col(Approval.dropped_at).is_(None), col(Approval.expires_at) > w.now,
    )  # fmt: skip


def second_keys(w: Work, kind: str, record: Any, what: Any, cents: Any) -> Select[Any]:
    """What a colleague asks a second person to approve."""
    asked = [col(ChangeRequest.asked_by_id) != w.actor.id] if record is ChangeRequest else []
    return (
        need(kind, code=record.code, title=Pilot.title, note=what, extra=cast(cents, String), city=Round.zone,
             at=Approval.expires_at, round_id=Pilot.round_id)
        .join(Pilot, col(Pilot.id) == record.pilot_id)
        .join(Round, col(Round.id) == Pilot.round_id)
        .join(Approval, waits(w, record))
        .where(*runs(w), *asked, col(Approval.asked_by) != w.actor.id)
    )  # fmt: skip


def changes_asked(w: Work) -> Select[Any]:
    """Changes nobody has begun to decide, asked by somebody else."""
    return (
        need("change_in", code=ChangeRequest.code, title=Pilot.title, note=ChangeRequest.kind,
             at=ChangeRequest.created_at, round_id=Pilot.round_id)
        .join(Pilot, col(Pilot.id) == ChangeRequest.pilot_id)
        .where(
            *runs(w), col(ChangeRequest.state) == ChangeState.ASKED, col(ChangeRequest.asked_by_id) != w.actor.id,
            ~select(Approval.id).where(waits(w, ChangeRequest)).exists(),
        )
    )  # fmt: skip
