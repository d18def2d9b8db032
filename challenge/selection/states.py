"""Where outcomes and appeals stand, and what can be decided."""

from enum import StrEnum

from challenge.kernel.i18n import _
from challenge.kernel.workflow import Label


class OutcomeState(StrEnum):
    """A decision is taken in private by two people, then told to all at once."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    ANNOUNCED = "announced"
    SUPERSEDED = "superseded"


O = OutcomeState  # noqa: E741 -- as short as the S of the other packages
OUTCOME_LABELS: dict[OutcomeState, Label] = {
    O.PROPOSED: Label(_("Proposed"), _("Under evaluation"), "sun"),
    O.APPROVED: Label(_("Approved"), _("Under evaluation"), "plum"),
    O.ANNOUNCED: Label(_("Announced"), _("Announced"), "moss"),
    O.SUPERSEDED: Label(_("Superseded"), _("Superseded"), "off"),
}
# Taken but not told: nobody but those who decide may know of it.
PENDING = (O.PROPOSED, O.APPROVED)
# An award in one of these states binds money of the round.
BINDING = (O.APPROVED, O.ANNOUNCED)


class Verdict(StrEnum):
    """What can be decided about a proposal in jury or on the reserve list."""

    FUND = "fund"
    RESERVE = "reserve"
    DECLINE = "decline"
    INELIGIBLE = "ineligible"


VERDICTS: dict[Verdict, Label] = {
    Verdict.FUND: Label(_("Fund"), _("Selected for funding"), "moss"),
    Verdict.RESERVE: Label(_("Reserve"), _("On the reserve list"), "sun"),
    Verdict.DECLINE: Label(_("Decline"), _("Not selected"), "rose"),
    Verdict.INELIGIBLE: Label(_("Ineligible"), _("Not eligible"), "rose"),
}


class AppealState(StrEnum):
    """An appeal is heard by somebody who took no part in the decision."""

    FILED = "filed"
    HEARD = "heard"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


A = AppealState
APPEAL_LABELS: dict[AppealState, Label] = {
    A.FILED: Label(_("Filed"), _("Filed"), "sea"),
    A.HEARD: Label(_("Heard"), _("Heard"), "plum"),
    A.UPHELD: Label(_("Upheld"), _("Upheld"), "moss"),
    A.DISMISSED: Label(_("Dismissed"), _("Dismissed"), "rose"),
}
OPEN_APPEAL = (A.FILED, A.HEARD)
APPEAL_ENDS = frozenset({A.UPHELD, A.DISMISSED})


class ScenarioState(StrEnum):
    """A scenario waits for the job that computes it. Impossible: its rules clash."""

    WAITING = "waiting"
    READY = "ready"
    IMPOSSIBLE = "impossible"
    FAILED = "failed"
