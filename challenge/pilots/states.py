"""Where a pilot, its reports and its tranches stand."""

from enum import StrEnum

from challenge.kernel.i18n import Text, _
from challenge.kernel.workflow import Label


class PilotState(StrEnum):
    """From the pair to the end of the work."""

    PREPARING = "preparing"
    AGREED = "agreed"
    RUNNING = "running"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    TERMINATED = "terminated"


S = PilotState
LABELS: dict[PilotState, Label] = {
    S.PREPARING: Label(_("Preparing"), _("In preparation"), "plum"),
    S.AGREED: Label(_("Agreed"), _("Agreed"), "moss"),
    S.RUNNING: Label(_("Running"), _("Running"), "plum"),
    S.SUSPENDED: Label(_("Suspended"), _("Suspended"), "sun"),
    S.COMPLETED: Label(_("Completed"), _("Completed"), "moss"),
    S.TERMINATED: Label(_("Terminated"), _("Ended early"), "rose"),
}

ENDS = frozenset({S.COMPLETED, S.TERMINATED})
# States in which the pairing rule must hold (suspended: only without a cure date).
PAIRED = (S.AGREED, S.RUNNING, S.COMPLETED)
# States in which a pilot takes a place of its cities' capacity.
OPEN = (S.PREPARING, S.AGREED, S.RUNNING, S.SUSPENDED)


class ReportKind(StrEnum):
    """What a report is about."""

    INTERIM = "interim"
    FINAL = "final"
    FINANCIAL = "financial"


REPORT_KINDS: dict[ReportKind, Text] = {
    ReportKind.INTERIM: _("Interim report"),
    ReportKind.FINAL: _("Final report"),
    ReportKind.FINANCIAL: _("Financial report"),
}


class ReportState(StrEnum):
    """From the due date to acceptance."""

    DUE = "due"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


REPORT_LABELS: dict[ReportState, Label] = {
    ReportState.DUE: Label(_("Due"), _("Due"), "off"),
    ReportState.SUBMITTED: Label(_("Submitted"), _("Submitted"), "sea"),
    ReportState.RETURNED: Label(_("Returned"), _("Submitted"), "sun"),
    ReportState.ACCEPTED: Label(_("Accepted"), _("Accepted"), "moss"),
}


class TrancheState(StrEnum):
    """From the plan to the payment."""

    PLANNED = "planned"
    DUE = "due"
    APPROVED = "approved"
    PAID = "paid"
    CANCELLED = "cancelled"


TRANCHE_LABELS: dict[TrancheState, Label] = {
    TrancheState.PLANNED: Label(_("Planned"), _("Planned"), "off"),
    TrancheState.DUE: Label(_("To be paid"), _("To be paid"), "sun"),
    TrancheState.APPROVED: Label(_("Approved"), _("Approved"), "sea"),
    TrancheState.PAID: Label(_("Paid"), _("Paid"), "moss"),
    TrancheState.CANCELLED: Label(_("Cancelled"), _("Cancelled"), "off"),
}
