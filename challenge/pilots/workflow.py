"""The life of a pilot and of its reports: one table each. Those of money stand in ``money.workflow``."""

from __future__ import annotations

from typing import Any

from challenge.kernel import editing, revision
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.kernel.workflow import Transition as T  # noqa: N817 -- a table of them
from challenge.kernel.workflow import Workflow
from challenge.people.rules import any_of
from challenge.pilots import rules
from challenge.pilots.asks import Points, Reason, Suspension
from challenge.pilots.content import REPORTING, WORKFLOW
from challenge.pilots.models import Pilot, Report
from challenge.pilots.rules import is_coordinator, is_system, may_report, of_its_pilot
from challenge.pilots.states import ENDS, LABELS, REPORT_LABELS, ReportState
from challenge.pilots.states import PilotState as S


def agreed(w: Work, pilot: Pilot, _given: Any) -> None:
    """Everybody is bound from now on."""
    pilot.agreed_at = w.now


def started(w: Work, pilot: Pilot, _given: Any) -> None:
    """It runs; a cure is over."""
    pilot.started_at = pilot.started_at or w.now
    pilot.cure_until = pilot.cure_expired_at = None


def suspended(_w: Work, pilot: Pilot, given: Suspension) -> None:
    """By when it must go on."""
    pilot.cure_until = given.cure_until


def ended(w: Work, pilot: Pilot, _given: Any) -> None:
    """It is over."""
    pilot.ended_at = w.now
    pilot.cure_until = pilot.cure_expired_at = None


AGREED = (
    rules.award_stands, rules.pairing_holds, rules.decisions_are_in, rules.everyone_signed,
    rules.budget_is_the_award, rules.conditions_are_met,
)  # fmt: skip

# fmt: off
PILOT = Workflow(WORKFLOW, S.PREPARING, ENDS, LABELS, (
    T("agree", (S.PREPARING,), S.AGREED, is_coordinator, _("Agree the pilot"), AGREED, effects=(agreed,),
      told=_("The pilot was agreed"), tone="primary"),
    T("start", (S.AGREED,), S.RUNNING, is_coordinator, _("Start"), (rules.plan_is_whole,), effects=(started,),
      told=_("The pilot started"), tone="primary"),
    T("suspend", (S.AGREED, S.RUNNING), S.SUSPENDED, any_of(is_coordinator, is_system), _("Suspend"),
      asks=Suspension, effects=(suspended,), told=_("The pilot was suspended"), tone="warning",
      warns=_("The pilot stands still until a coordinator resumes it.")),
    T("resume", (S.SUSPENDED,), S.RUNNING, is_coordinator, _("Resume"),
      (rules.pairing_holds, rules.has_started_or_could), effects=(started,), told=_("The pilot goes on"),
      tone="primary"),
    T("complete", (S.RUNNING,), S.COMPLETED, is_coordinator, _("Complete"), (rules.results_are_told,),
      effects=(ended,), told=_("The pilot was completed"), tone="primary"),
    T("terminate", (S.PREPARING, S.AGREED, S.RUNNING, S.SUSPENDED), S.TERMINATED, is_coordinator, _("Terminate"),
      asks=Reason, effects=(ended,), keys=2, fresh=True, told=_("The pilot was terminated"), tone="warning",
      warns=_("The pilot ends for good, and its open tranches are cancelled. This cannot be taken back.")),
))
# fmt: on


R = ReportState


def submitted(w: Work, report: Report, _given: Any) -> None:
    """Who handed in what, and when; earlier points are answered."""
    report.submitted_at, report.submitted_by_id, report.points = w.now, w.actor.id, ""
    revision.revise(w, REPORTING, report, {"answers": report.answers})
    editing.end(w, REPORTING, report)


def returned(_w: Work, report: Report, given: Points) -> None:
    """What must be put right."""
    report.points = given.points


# fmt: off
REPORT = Workflow(REPORTING, R.DUE, frozenset({R.ACCEPTED}), REPORT_LABELS, (
    T("submit", (R.DUE, R.RETURNED), R.SUBMITTED, of_its_pilot(may_report), _("Submit the report"),
      (rules.may_go_on, rules.pilot_is_under_way, rules.is_complete), effects=(submitted,),
      told=_("Report submitted"), tone="primary"),
    T("accept", (R.SUBMITTED,), R.ACCEPTED, of_its_pilot(is_coordinator), _("Accept the report"),
      (rules.may_go_on,), told=_("Report accepted"), tone="primary"),
    T("send_back", (R.SUBMITTED,), R.RETURNED, of_its_pilot(is_coordinator), _("Send back"),
      (rules.may_go_on,), asks=Points, effects=(returned,), told=_("Report sent back")),
))
# fmt: on
