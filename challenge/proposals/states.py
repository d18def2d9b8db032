"""Where a proposal, its team and its commitments stand."""

from collections.abc import Collection
from enum import StrEnum

from challenge.kernel.i18n import Text, _
from challenge.kernel.workflow import Label
from challenge.rounds.states import Gate


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
RESTING = (*(state for state in S if state not in ENDS), S.PILOTED)

# States in which the team may change the answers.
EDITABLE = (S.DRAFT, S.RETURNED, S.CO_DEVELOPMENT, S.FINALIST)
# States in which it is before a gate's jury, cities or coordinators, or decided by them.
UNDER_EVALUATION = (S.SUBMITTED, S.IN_REVIEW, S.SHORTLISTING, S.IN_JURY)
# States from the first submission to the jury: the lead may withdraw.
RUNNING = (S.SUBMITTED, S.RETURNED, S.IN_REVIEW, S.CO_DEVELOPMENT, S.SHORTLISTING, S.FINALIST, S.IN_JURY)
# States in which the answers are still the team's own: those who judge do not read on.
UNSENT = (S.DRAFT, S.RETURNED)
_AT_IDEA = (S.DRAFT, S.SUBMITTED, S.RETURNED, S.IN_REVIEW)


def gate_at(state: ProposalState, gates: Collection[Gate]) -> Gate:
    """The gate a proposal in this state stands at (or is written for): where it ended, the last one of its round."""
    on = [gate for gate in Gate if gate in gates]
    if state in _AT_IDEA:
        return on[0]
    if state in (S.CO_DEVELOPMENT, S.SHORTLISTING):
        return Gate.PILOT_PROPOSAL
    return on[-1]


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
COMMITMENT_ENDS = frozenset({CommitmentState.VOIDED, CommitmentState.WITHDRAWN})
