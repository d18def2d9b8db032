"""Where a proposal, its team and its commitments stand."""

from enum import StrEnum

from challenge.kernel.i18n import Text, _
from challenge.kernel.workflow import Label


class ProposalState(StrEnum):
    """From a draft idea through the gates to a pilot, or to one of the ways it can end."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    CO_DEVELOPMENT = "co_development"
    SHORTLISTING = "shortlisting"
    FINALIST = "finalist"
    IN_JURY = "in_jury"
    SELECTED = "selected"
    RESERVE = "reserve"
    DECLINED = "declined"
    INELIGIBLE = "ineligible"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    PILOTED = "piloted"


S = ProposalState
LABELS: dict[ProposalState, Label] = {
    S.DRAFT: Label(_("Draft"), _("Draft"), "off"),
    S.SUBMITTED: Label(_("Submitted"), _("Under evaluation"), "sea"),
    S.IN_REVIEW: Label(_("In review"), _("Under evaluation"), "sea"),
    S.RETURNED: Label(_("Returned"), _("Under evaluation"), "sun"),
    S.CO_DEVELOPMENT: Label(_("Co-development"), _("Under evaluation"), "plum"),
    S.SHORTLISTING: Label(_("Shortlisting"), _("Under evaluation"), "sea"),
    S.FINALIST: Label(_("Finalist"), _("Under evaluation"), "plum"),
    S.IN_JURY: Label(_("In jury"), _("Under evaluation"), "sea"),
    S.SELECTED: Label(_("Selected"), _("Selected"), "moss"),
    S.RESERVE: Label(_("On the reserve list"), _("On the reserve list"), "sun"),
    S.DECLINED: Label(_("Declined"), _("Not selected"), "rose"),
    S.INELIGIBLE: Label(_("Ineligible"), _("Not eligible"), "rose"),
    S.MERGED: Label(_("Merged"), _("Merged"), "off"),
    S.WITHDRAWN: Label(_("Withdrawn"), _("Withdrawn"), "off"),
    S.LAPSED: Label(_("Lapsed"), _("Lapsed"), "off"),
    S.PILOTED: Label(_("Piloted"), _("Piloted"), "moss"),
}
ENDS = frozenset({S.DECLINED, S.INELIGIBLE, S.MERGED, S.WITHDRAWN, S.LAPSED, S.PILOTED})
# States in which a challenge still has this proposal resting on it.
RESTING = tuple(state for state in S if state not in ENDS) + (S.PILOTED,)


class TeamRole(StrEnum):
    """What a person does in a proposal's team."""

    LEAD = "lead"
    CO_LEAD = "co_lead"
    RESEARCHER = "researcher"
    CITY_LEAD = "city_lead"
    CITY_EXPERT = "city_expert"
    COMPANY = "company"
    MENTOR = "mentor"


TEAM_ROLES: dict[TeamRole, Text] = {
    TeamRole.LEAD: _("Lead"),
    TeamRole.CO_LEAD: _("Co-lead"),
    TeamRole.RESEARCHER: _("Researcher"),
    TeamRole.CITY_LEAD: _("City lead"),
    TeamRole.CITY_EXPERT: _("City expert"),
    TeamRole.COMPANY: _("Company"),
    TeamRole.MENTOR: _("Mentor"),
}


class BudgetCategory(StrEnum):
    """Kinds of cost."""

    STAFF = "staff"
    EQUIPMENT = "equipment"
    SERVICES = "services"
    TRAVEL = "travel"
    OTHER = "other"


CATEGORIES: dict[BudgetCategory, Text] = {
    BudgetCategory.STAFF: _("Staff"),
    BudgetCategory.EQUIPMENT: _("Equipment"),
    BudgetCategory.SERVICES: _("Services"),
    BudgetCategory.TRAVEL: _("Travel"),
    BudgetCategory.OTHER: _("Other"),
}


class CommitmentKind(StrEnum):
    """How a city promises: by signing off a revision, or by a formal decision of its body."""

    SIGN_OFF = "sign_off"
    FORMAL_DECISION = "formal_decision"


class CommitmentState(StrEnum):
    """Where a commitment stands."""

    ASKED = "asked"
    SIGNED = "signed"
    VOIDED = "voided"
    WITHDRAWN = "withdrawn"


COMMITMENT_LABELS: dict[CommitmentState, Label] = {
    CommitmentState.ASKED: Label(_("Asked"), _("Asked"), "sun"),
    CommitmentState.SIGNED: Label(_("Signed"), _("Signed"), "moss"),
    CommitmentState.VOIDED: Label(_("Void"), _("Void"), "sun"),
    CommitmentState.WITHDRAWN: Label(_("Withdrawn"), _("Withdrawn"), "off"),
}
