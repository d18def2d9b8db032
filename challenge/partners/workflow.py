"""The life of an invitation: one table."""

from __future__ import annotations

from typing import Any

from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.kernel.workflow import Transition as T  # noqa: N817 -- a table of them
from challenge.kernel.workflow import Workflow
from challenge.partners import rules
from challenge.partners.models import PartnerInvitation
from challenge.partners.schemas import Refusal
from challenge.partners.states import ENDS, LABELS
from challenge.partners.states import InvitationState as S
from challenge.people.rules import is_system


def answered(w: Work, invitation: PartnerInvitation, _given: Any) -> None:
    """Who answered for the city, and when."""
    invitation.answered_at, invitation.answered_by_id = w.now, w.actor.id


def refused(w: Work, invitation: PartnerInvitation, given: Refusal) -> None:
    """Why not."""
    answered(w, invitation, given)
    invitation.reason = given.reason


# fmt: off
INVITATION = Workflow("partner_invitation", S.ASKED, ENDS, LABELS, (
    T("accept", (S.ASKED,), S.ACCEPTED, rules.speaks_for_city, _("Accept the invitation"),
      (rules.not_over, rules.cities_may_change), effects=(answered,), told=_("The city takes part"), tone="primary"),
    T("decline", (S.ASKED,), S.DECLINED, rules.speaks_for_city, _("Decline the invitation"), (rules.not_over,),
      asks=Refusal, effects=(refused,), told=_("The city does not take part")),
    T("take_back", (S.ASKED,), S.TAKEN_BACK, rules.runs_team, _("Take back"), told=_("Taken back by the team")),
    T("lapse", (S.ASKED,), S.LAPSED, is_system, _("Let it lapse"), (rules.is_over,), offered=False,
      told=_("Not answered in time")),
))
# fmt: on
