"""Where reviews and conflicts stand."""

from enum import StrEnum

from challenge.kernel.i18n import Text, _
from challenge.kernel.workflow import Label


class ReviewState(StrEnum):
    """An assignment becomes a review."""

    ASSIGNED = "assigned"
    DECLARED = "declared"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    REOPENED = "reopened"
    RECUSED = "recused"
    RELEASED = "released"


S = ReviewState
LABELS: dict[ReviewState, Label] = {
    S.ASSIGNED: Label(_("Assigned"), _("Assigned"), "off"),
    S.DECLARED: Label(_("No conflict declared"), _("Under way"), "plum"),
    S.DRAFT: Label(_("Draft"), _("Under way"), "plum"),
    S.SUBMITTED: Label(_("Submitted"), _("Submitted"), "moss"),
    S.REOPENED: Label(_("Reopened"), _("Under way"), "plum"),
    S.RECUSED: Label(_("Recused"), _("Recused"), "off"),
    S.RELEASED: Label(_("Released"), _("Released"), "off"),
}
ENDS = frozenset({S.SUBMITTED, S.RECUSED, S.RELEASED})
OPEN = (S.ASSIGNED, S.DECLARED, S.DRAFT, S.REOPENED)


class ConflictKind(StrEnum):
    """Why somebody may not judge."""

    ORGANISATION = "organisation"
    CITY = "city"
    TEAM = "team"
    CO_AUTHOR = "co_author"
    FAMILY = "family"
    FINANCIAL = "financial"
    OTHER = "other"


CONFLICT_KINDS: dict[ConflictKind, Text] = {
    ConflictKind.ORGANISATION: _("I work for an organisation of the proposal"),
    ConflictKind.CITY: _("I work for a city of the proposal"),
    ConflictKind.TEAM: _("I belong to the team or advise it"),
    ConflictKind.CO_AUTHOR: _("I published with a team member in the last three years"),
    ConflictKind.FAMILY: _("A family member or close friend is involved"),
    ConflictKind.FINANCIAL: _("I would gain or lose money"),
    ConflictKind.OTHER: _("Another reason"),
}


class ConflictSource(StrEnum):
    """Who said so."""

    DECLARED = "declared"
    INFERRED = "inferred"
    SET = "set"


class ConflictState(StrEnum):
    """All but *lifted* exclude."""

    DECLARED = "declared"
    INFERRED = "inferred"
    CONFIRMED = "confirmed"
    LIFTED = "lifted"
