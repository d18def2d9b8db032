"""Where reviews, conflicts and invitations stand, and the words jurors choose from."""

from enum import IntEnum, StrEnum

from challenge.kernel.i18n import N_, Text, _
from challenge.kernel.workflow import Label
from challenge.proposals.states import ProposalState


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
# A submitted review is done, yet it can still be reopened or recused: it is no end.
ENDS = frozenset({S.RECUSED, S.RELEASED})
OPEN = (S.ASSIGNED, S.DECLARED, S.DRAFT, S.REOPENED)
WRITABLE = (S.DECLARED, S.DRAFT, S.REOPENED)
# Reviews that count for a juror's load and stand in the juror's queue.
LIVE = (*OPEN, S.SUBMITTED)
# States in which jurors judge a proposal, at the gate it stands at.
JUDGED = (ProposalState.IN_REVIEW, ProposalState.SHORTLISTING, ProposalState.IN_JURY)


class SuggestionState(StrEnum):
    """A suggestion of who reads what is computed outside any request."""

    WAITING = "waiting"
    READY = "ready"
    IMPOSSIBLE = "impossible"
    FAILED = "failed"


class CalibrationState(StrEnum):
    """A calibration is computed outside any request. Whether scores could be compared stands in its result."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"


class Confidence(IntEnum):
    """How sure a juror is."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3


CONFIDENCES: dict[Confidence, Text] = {
    Confidence.LOW: _("Low"),
    Confidence.MEDIUM: _("Medium"),
    Confidence.HIGH: _("High"),
}


class ConflictKind(StrEnum):
    """Why somebody may not judge."""

    ORGANISATION = "organisation"
    CITY = "city"
    TEAM = "team"
    CO_AUTHOR = "co_author"
    FAMILY = "family"
    FINANCIAL = "financial"
    OTHER = "other"


# As a juror says it; the years are the round's rule.
CONFLICT_ANSWERS: dict[ConflictKind, str] = {
    ConflictKind.ORGANISATION: N_("I work for an organisation of the proposal"),
    ConflictKind.CITY: N_("I work for a city of the proposal"),
    ConflictKind.TEAM: N_("I belong to the team or advise it"),
    ConflictKind.CO_AUTHOR: N_("I published or worked with a team member in the last %(years)s years"),
    ConflictKind.FAMILY: N_("A family member or close friend is involved"),
    ConflictKind.FINANCIAL: N_("I would gain or lose money"),
    ConflictKind.OTHER: N_("Another reason"),
}
# As others say it.
CONFLICT_KINDS: dict[ConflictKind, Text] = {
    ConflictKind.ORGANISATION: _("Own organisation"),
    ConflictKind.CITY: _("Own city"),
    ConflictKind.TEAM: _("Team"),
    ConflictKind.CO_AUTHOR: _("Published or worked together"),
    ConflictKind.FAMILY: _("Family or close friend"),
    ConflictKind.FINANCIAL: _("Money"),
    ConflictKind.OTHER: _("Another reason"),
}


class ConflictSource(StrEnum):
    """Who said so."""

    DECLARED = "declared"
    INFERRED = "inferred"
    SET = "set"


SOURCES: dict[ConflictSource, Text] = {
    ConflictSource.DECLARED: _("Declared by the person"),
    ConflictSource.INFERRED: _("Inferred from what the service knows"),
    ConflictSource.SET: _("Set by a coordinator"),
}


class Via(StrEnum):
    """How the service knows."""

    TEAM = "team"
    SEAT = "seat"
    DOMAIN = "domain"
    WORK = "work"


VIAS: dict[Via, Text] = {
    Via.TEAM: _("In the team, or invited to it"),
    Via.SEAT: _("A seat there, or in a unit of it"),
    Via.DOMAIN: _("The e-mail address is of its domain"),
    Via.WORK: _("Worked with somebody of the team in an earlier proposal"),
}


class ConflictState(StrEnum):
    """All but *lifted* exclude."""

    DECLARED = "declared"
    INFERRED = "inferred"
    CONFIRMED = "confirmed"
    LIFTED = "lifted"


C = ConflictState
CONFLICT_LABELS: dict[ConflictState, Label] = {
    C.DECLARED: Label(_("Declared"), _("Declared"), "sun"),
    C.INFERRED: Label(_("Inferred"), _("Inferred"), "sun"),
    C.CONFIRMED: Label(_("Confirmed"), _("Confirmed"), "plum"),
    C.LIFTED: Label(_("Lifted"), _("Lifted"), "off"),
}
CONFLICT_ENDS = frozenset({C.LIFTED})
LIFTED_SQL = "state <> 'lifted'"


class Place(StrEnum):
    """Where a juror's invitation stands."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LEFT = "left"


PLACES: dict[Place, Label] = {
    Place.INVITED: Label(_("Invited"), _("Invited"), "sun"),
    Place.ACCEPTED: Label(_("On the panel"), _("On the panel"), "moss"),
    Place.DECLINED: Label(_("Declined"), _("Declined"), "off"),
    Place.LEFT: Label(_("Left the panel"), _("Left the panel"), "off"),
}
TERMS = "2026-11"  # the version of contract and confidentiality as templates/jury/_terms.html words them
