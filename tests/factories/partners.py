"""Invitations of cities as rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from challenge.kernel.work import Work
from challenge.partners.models import PartnerInvitation
from challenge.partners.states import InvitationState
from challenge.proposals.models import Proposal
from challenge.rounds.states import CityRole
from tests.cast import PEOPLE, PLACES

ANSWERED = (InvitationState.ACCEPTED, InvitationState.DECLINED)


def make_invitation(w: Work, proposal: Proposal, *, city: str = "tallinn", by: str = "ravi", **fields: Any) -> Any:
    """A city's invitation in any state; tallinn's (tiina leads it) unless said otherwise."""
    state = fields.get("state", InvitationState.ASKED)
    answered = {"answered_at": w.now, "answered_by_id": PEOPLE["tiina"].id} if state in ANSWERED else {}
    why = {"reason": "No staff this year."} if state is InvitationState.DECLINED else {}
    return w.add(
        PartnerInvitation(
            proposal_id=proposal.id, round_id=proposal.round_id, round_code=proposal.round_code,
            city_id=PLACES[city].id, asked_by_id=PEOPLE[by].id,
            **{"role": CityRole.PILOT, "message": "Join us.", "answer_by": w.now + timedelta(days=14)}
            | answered | why | fields,
        )
    )  # fmt: skip
