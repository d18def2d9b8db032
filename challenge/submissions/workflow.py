"""The life of a submission: one table (design.md §5)."""

from __future__ import annotations

from challenge.kernel.i18n import _
from challenge.kernel.workflow import Transition as T  # noqa: N817 -- a table of them
from challenge.kernel.workflow import Workflow
from challenge.people.rules import any_of, is_coordinator, is_system
from challenge.submissions import effects as does
from challenge.submissions import rules
from challenge.submissions.asks import Reject, SendBack, Withdraw
from challenge.submissions.checklist import is_eligible
from challenge.submissions.rules import WORKFLOW, is_city_lead, represents_the_city
from challenge.submissions.states import ENDS, LABELS, LIVE
from challenge.submissions.states import SubmissionState as S

runs_dates = any_of(is_coordinator, is_system)
IN_TIME = (rules.round_is_under_way, rules.has_opened, rules.is_not_overdue)
ALLOWED = (rules.kind_may_submit, rules.has_place, rules.is_complete)

# fmt: off
SUBMISSION = Workflow(
    WORKFLOW, S.DRAFT, ENDS, LABELS,
    (
        T("submit", (S.DRAFT, S.RETURNED), S.SUBMITTED, represents_the_city, _("Submit"),
          guards=(*IN_TIME, *ALLOWED), effects=(does.take_place, does.received),
          told=_("Submitted, with a receipt"), tone="primary"),
        T("recall", (S.SUBMITTED,), S.DRAFT, is_city_lead, _("Recall"),
          guards=(rules.can_be_recalled,), effects=(does.recalled,), told=_("Recalled")),
        T("review", (S.SUBMITTED,), S.IN_REVIEW, is_coordinator, _("Start the review"),
          told=_("Review started"), tone="primary"),
        T("accept", (S.IN_REVIEW,), S.ACCEPTED, is_coordinator, _("Accept and publish"),
          guards=(is_eligible,), effects=(does.published,), told=_("Accepted and published"), tone="primary"),
        T("send_back", (S.IN_REVIEW,), S.RETURNED, is_coordinator, _("Send back"),
          asks=SendBack, told=_("Sent back to the city")),
        T("reject", (S.IN_REVIEW,), S.REJECTED, is_coordinator, _("Reject"),
          asks=Reject, told=_("Rejected"), tone="warning",
          warns=_("The challenge goes no further in this round. The city reads your reason.")),
        T("reinstate", (S.REJECTED,), S.IN_REVIEW, is_coordinator, _("Reinstate"),
          offered=False, told=_("Reinstated after an appeal")),
        T("develop", (S.ACCEPTED,), S.CO_DEVELOPMENT, runs_dates, _("Begin co-development"),
          offered=False, told=_("Co-development began")),
        T("enter_selection", (S.ACCEPTED, S.CO_DEVELOPMENT), S.PILOT_SELECTION, runs_dates, _("Enter pilot selection"),
          offered=False, told=_("Pilot selection began")),
        T("pilot", (S.ACCEPTED, S.CO_DEVELOPMENT, S.PILOT_SELECTION), S.PILOTED, is_coordinator, _("Pilot"),
          offered=False, told=_("A pilot was agreed")),
        T("release", (S.ACCEPTED, S.CO_DEVELOPMENT, S.PILOT_SELECTION), S.NOT_PILOTED, runs_dates,
          _("Close without a pilot"), guards=(rules.nothing_rests_on_it,), told=_("Closed without a pilot")),
        T("lapse", (S.DRAFT, S.RETURNED), S.LAPSED, runs_dates, _("Let it lapse"),
          guards=(rules.is_overdue,), effects=(does.left,), told=_("Lapsed: the deadline passed"), tone="warning",
          warns=_("The challenge ends here: its deadline has passed. This cannot be taken back.")),
        T("withdraw", LIVE, S.WITHDRAWN, is_city_lead, _("Withdraw"),
          asks=Withdraw, effects=(does.left,), told=_("Withdrawn by the city"), tone="warning",
          warns=_("The challenge leaves the round; proposals must find another. This cannot be taken back.")),
    ),
)
# fmt: on
