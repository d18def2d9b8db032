"""The words of a round: its states, windows, gates and ways."""

from enum import StrEnum

from challenge.kernel.i18n import Text, _
from challenge.kernel.workflow import Label


class RoundState(StrEnum):
    """Where a round stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


LABELS: dict[RoundState, Label] = {
    RoundState.DRAFT: Label(_("Draft"), _("In preparation"), "off"),
    RoundState.PUBLISHED: Label(_("Published"), _("Under way"), "plum"),
    RoundState.CLOSED: Label(_("Closed"), _("Concluded"), "moss"),
    RoundState.ARCHIVED: Label(_("Archived"), _("Archived"), "off"),
    RoundState.CANCELLED: Label(_("Cancelled"), _("Cancelled"), "rose"),
}


class WindowName(StrEnum):
    """The named periods of a round, in their usual order."""

    CHALLENGES = "challenges"
    INTERESTS = "interests"
    IDEAS = "ideas"
    PREFERENCES = "preferences"
    PILOT_PROPOSALS = "pilot_proposals"
    FULL_PROPOSALS = "full_proposals"
    JURY = "jury"


WINDOWS: dict[WindowName, Text] = {
    WindowName.CHALLENGES: _("Cities submit challenges"),
    WindowName.INTERESTS: _("Cities show interest"),
    WindowName.IDEAS: _("Ideas"),
    WindowName.PREFERENCES: _("Cities rate ideas"),
    WindowName.PILOT_PROPOSALS: _("Pilot proposals"),
    WindowName.FULL_PROPOSALS: _("Full proposals"),
    WindowName.JURY: _("Jury and results"),
}


OPENS: dict[WindowName, Text] = {
    WindowName.CHALLENGES: _("Challenges open"),
    WindowName.INTERESTS: _("Interests open"),
    WindowName.IDEAS: _("Ideas open"),
    WindowName.PREFERENCES: _("Ratings of ideas open"),
    WindowName.PILOT_PROPOSALS: _("Pilot proposals open"),
    WindowName.FULL_PROPOSALS: _("Full proposals open"),
    WindowName.JURY: _("The jury begins"),
}

CLOSES: dict[WindowName, Text] = {
    WindowName.CHALLENGES: _("Challenges close"),
    WindowName.INTERESTS: _("Interests close"),
    WindowName.IDEAS: _("Ideas close"),
    WindowName.PREFERENCES: _("Ratings of ideas close"),
    WindowName.PILOT_PROPOSALS: _("Pilot proposals close"),
    WindowName.FULL_PROPOSALS: _("Full proposals close"),
    WindowName.JURY: _("The jury ends"),
}

CLOSED: dict[WindowName, Text] = {
    WindowName.CHALLENGES: _("Challenges closed"),
    WindowName.INTERESTS: _("Interests closed"),
    WindowName.IDEAS: _("Ideas closed"),
    WindowName.PREFERENCES: _("Ratings of ideas closed"),
    WindowName.PILOT_PROPOSALS: _("Pilot proposals closed"),
    WindowName.FULL_PROPOSALS: _("Full proposals closed"),
    WindowName.JURY: _("The jury ended"),
}


class Gate(StrEnum):
    """A point of evaluation with its own form, criteria and threshold."""

    IDEA = "idea"
    PILOT_PROPOSAL = "pilot_proposal"
    FULL_PROPOSAL = "full_proposal"


GATES: dict[Gate, Text] = {
    Gate.IDEA: _("Idea"),
    Gate.PILOT_PROPOSAL: _("Pilot proposal"),
    Gate.FULL_PROPOSAL: _("Full proposal"),
}

GATE_WINDOWS: dict[Gate, WindowName] = {
    Gate.IDEA: WindowName.IDEAS,
    Gate.PILOT_PROPOSAL: WindowName.PILOT_PROPOSALS,
    Gate.FULL_PROPOSAL: WindowName.FULL_PROPOSALS,
}


class Pairing(StrEnum):
    """Whether a city of another country must be part (design.md §4)."""

    MANDATORY = "mandatory"
    OPTIONAL = "optional"
    OFF = "off"


PAIRINGS: dict[Pairing, Text] = {
    Pairing.MANDATORY: _("Mandatory: at least one city of the home country and one of another country"),
    Pairing.OPTIONAL: _("Optional: at least one city of the home country; one of another country is advised"),
    Pairing.OFF: _("Off: cities of any country"),
}


class Judge(StrEnum):
    """Who evaluates at a gate."""

    CITIES = "cities"
    JURORS = "jurors"
    COORDINATORS = "coordinators"


JUDGES: dict[Judge, Text] = {
    Judge.CITIES: _("Cities"),
    Judge.JURORS: _("Jurors"),
    Judge.COORDINATORS: _("Coordinators"),
}


class Blind(StrEnum):
    """Who knows whom while judging."""

    OPEN = "open"
    JURORS_HIDDEN = "jurors_hidden"
    DOUBLE_BLIND = "double_blind"


BLINDS: dict[Blind, Text] = {
    Blind.OPEN: _("Open: applicants and jurors know each other"),
    Blind.JURORS_HIDDEN: _("Jurors hidden: applicants do not learn who judges"),
    Blind.DOUBLE_BLIND: _("Double-blind: neither side learns who the other is"),
}


class Owed(StrEnum):
    """What each partner city owes before a gate's submission."""

    NOTHING = "nothing"
    SIGN_OFF = "sign_off"
    FORMAL_DECISION = "formal_decision"


OWED: dict[Owed, Text] = {
    Owed.NOTHING: _("Nothing"),
    Owed.SIGN_OFF: _("A sign-off of the proposal as it is"),
    Owed.FORMAL_DECISION: _("A formal decision of the city’s body"),
}


class Bound(StrEnum):
    """Whether a size class's figures warn or block."""

    APPROXIMATE = "approximate"
    MAXIMUM = "maximum"


BOUNDS: dict[Bound, Text] = {
    Bound.APPROXIMATE: _("Approximate: more than this warns"),
    Bound.MAXIMUM: _("Maximum: more than this is refused"),
}


class CityRole(StrEnum):
    """What a city is in a proposal or pilot. Followers do not count for the pairing rule."""

    LEAD = "lead"
    PILOT = "pilot"
    FOLLOWER = "follower"


CITY_ROLES: dict[CityRole, Text] = {
    CityRole.LEAD: _("Lead"),
    CityRole.PILOT: _("Pilot"),
    CityRole.FOLLOWER: _("Follower"),
}
