"""Where a submission stands; its public face is a challenge."""

from enum import StrEnum

from challenge.kernel.i18n import _
from challenge.kernel.workflow import Label


class SubmissionState(StrEnum):
    """From a city's draft to a pilot, or to one of the ways it can end."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    CO_DEVELOPMENT = "co_development"
    PILOT_SELECTION = "pilot_selection"
    PILOTED = "piloted"
    NOT_PILOTED = "not_piloted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


S = SubmissionState
LABELS: dict[SubmissionState, Label] = {
    S.DRAFT: Label(_("Draft"), _("Draft"), "off"),
    S.SUBMITTED: Label(_("Submitted"), _("Received"), "sea"),
    S.IN_REVIEW: Label(_("In review"), _("Received"), "sea"),
    S.RETURNED: Label(_("Returned"), _("Received"), "sun"),
    S.ACCEPTED: Label(_("Accepted"), _("Open for ideas"), "moss"),
    S.CO_DEVELOPMENT: Label(_("Co-development"), _("In co-development"), "plum"),
    S.PILOT_SELECTION: Label(_("Pilot selection"), _("In pilot selection"), "sea"),
    S.PILOTED: Label(_("Piloted"), _("Piloted"), "moss"),
    S.NOT_PILOTED: Label(_("Not piloted"), _("Not piloted in this round"), "off"),
    S.REJECTED: Label(_("Rejected"), _("Not accepted"), "rose"),
    S.WITHDRAWN: Label(_("Withdrawn"), _("Withdrawn"), "off"),
    S.LAPSED: Label(_("Lapsed"), _("Lapsed"), "off"),
}

# States in which the public may read it as a challenge.
PUBLIC = (S.ACCEPTED, S.CO_DEVELOPMENT, S.PILOT_SELECTION, S.PILOTED, S.NOT_PILOTED)
# States in which another city may show interest (design.md §4).
OPEN_TO_INTEREST = (S.SUBMITTED, S.IN_REVIEW, S.ACCEPTED)
# Live states before a pilot: withdrawing is possible.
LIVE = (S.DRAFT, S.SUBMITTED, S.IN_REVIEW, S.RETURNED, S.ACCEPTED, S.CO_DEVELOPMENT, S.PILOT_SELECTION)
# States in which a city's submission takes one of its places in the round.
COUNTED = (
    S.SUBMITTED, S.IN_REVIEW, S.RETURNED, S.ACCEPTED, S.CO_DEVELOPMENT, S.PILOT_SELECTION, S.PILOTED, S.NOT_PILOTED,
    S.REJECTED,
)  # fmt: skip
ENDS = frozenset({S.PILOTED, S.NOT_PILOTED, S.REJECTED, S.WITHDRAWN, S.LAPSED})
