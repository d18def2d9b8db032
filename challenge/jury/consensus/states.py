"""Where a consensus stands."""

from enum import StrEnum

from challenge.kernel.i18n import _
from challenge.kernel.workflow import Label


class ConsensusState(StrEnum):
    """The moderator writes it, the panel answers, then it is agreed."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    AGREED = "agreed"
    SUPERSEDED = "superseded"


S = ConsensusState
LABELS: dict[ConsensusState, Label] = {
    S.DRAFT: Label(_("Draft"), _("Under way"), "plum"),
    S.PROPOSED: Label(_("Before the panel"), _("Under way"), "sun"),
    S.AGREED: Label(_("Agreed"), _("Agreed"), "moss"),
    S.SUPERSEDED: Label(_("Superseded"), _("Superseded"), "off"),
}
ENDS = frozenset({S.SUPERSEDED})
LIVE_SQL = "state <> 'superseded'"
