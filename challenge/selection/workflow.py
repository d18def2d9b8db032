"""The life of an outcome and of an appeal: one table each."""

from __future__ import annotations

from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.kernel.workflow import Transition as T  # noqa: N817 -- a table of them
from challenge.kernel.workflow import Workflow
from challenge.selection import rules
from challenge.selection.models import Appeal, Outcome
from challenge.selection.rules import is_decider, is_handler
from challenge.selection.schemas import Announcing, Hearing, Result, Withdrawal
from challenge.selection.states import APPEAL_ENDS, APPEAL_LABELS, OUTCOME_LABELS
from challenge.selection.states import AppealState as A
from challenge.selection.states import OutcomeState as S


def stamp_approval(w: Work, outcome: Outcome, _given: object) -> None:
    """Who turned the second key, and when."""
    outcome.approved_by, outcome.approved_at = w.actor.id, w.now


def stamp_published(w: Work, outcome: Outcome, given: Announcing) -> None:
    """Told, by this release."""
    outcome.published_at, outcome.release_id = w.now, given.release_id


def stamp_superseded(w: Work, outcome: Outcome, _given: object) -> None:
    """It stays as it was, and no longer counts."""
    outcome.superseded_at = w.now


def keep_hearing(_w: Work, appeal: Appeal, given: Hearing) -> None:
    """What was read and who was heard."""
    appeal.hearing = given.hearing


def keep_result(w: Work, appeal: Appeal, given: Result) -> None:
    """The answer."""
    appeal.result, appeal.ended_at = given.result, w.now


TELLABLE = (rules.proposal_waits, rules.same_revision, rules.offer_is_ahead)

# fmt: off
OUTCOME = Workflow("outcome", S.PROPOSED, frozenset({S.SUPERSEDED}), OUTCOME_LABELS, (
    T("approve", (S.PROPOSED,), S.APPROVED, is_decider, _("Approve"),
      (rules.by_second_person, *TELLABLE, rules.evaluated, rules.follows_portfolio, rules.follows_reserve,
       rules.award_holds),
      effects=(stamp_approval,), fresh=True, told=_("Outcome approved"), tone="primary"),
    T("withdraw", (S.PROPOSED, S.APPROVED), S.SUPERSEDED, is_decider, _("Withdraw"), asks=Withdrawal,
      effects=(stamp_superseded,), told=_("Outcome withdrawn"), tone="warning",
      warns=_("This outcome no longer counts, and another can be proposed. It stays in the record.")),
    T("announce", (S.APPROVED,), S.ANNOUNCED, is_decider, _("Announce"), TELLABLE, asks=Announcing,
      effects=(stamp_published,), fresh=True, offered=False, told=_("Outcome announced")),
    T("supersede", (S.PROPOSED, S.APPROVED, S.ANNOUNCED), S.SUPERSEDED, is_decider, _("Supersede"),
      effects=(stamp_superseded,), offered=False, told=_("Superseded by a new outcome")),
))

APPEAL = Workflow("appeal", A.FILED, APPEAL_ENDS, APPEAL_LABELS, (
    T("hear", (A.FILED,), A.HEARD, is_handler, _("Record the hearing"), asks=Hearing, effects=(keep_hearing,),
      told=_("Appeal heard"), tone="primary"),
    T("uphold", (A.HEARD,), A.UPHELD, is_handler, _("Uphold"), (rules.subject_waits,), asks=Result,
      effects=(keep_result,), told=_("Appeal upheld"), tone="primary"),
    T("dismiss", (A.HEARD,), A.DISMISSED, is_handler, _("Dismiss"), asks=Result, effects=(keep_result,),
      told=_("Appeal dismissed"), tone="warning",
      warns=_("The decision stands, and whoever appealed reads your answer. This cannot be taken back.")),
))
# fmt: on
