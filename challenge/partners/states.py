"""Where an invitation to a city stands, and a matching of all proposals and cities."""

from enum import StrEnum

from challenge.kernel.i18n import _
from challenge.kernel.workflow import Label
from challenge.people.states import Seat

SPEAKING = (Seat.LEAD, Seat.DEPUTY)  # who answers for a city


class InvitationState(StrEnum):
    """A team asks a city; the city answers by a date."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"
    LAPSED = "lapsed"


S = InvitationState
LABELS: dict[InvitationState, Label] = {
    S.ASKED: Label(_("Waits for an answer"), _("Waits for an answer"), "sun"),
    S.ACCEPTED: Label(_("Accepted"), _("Accepted"), "moss"),
    S.DECLINED: Label(_("Declined"), _("Declined"), "rose"),
    S.TAKEN_BACK: Label(_("Taken back"), _("Taken back"), "off"),
    S.LAPSED: Label(_("Not answered in time"), _("Not answered in time"), "off"),
}
ENDS = frozenset({S.ACCEPTED, S.DECLINED, S.TAKEN_BACK, S.LAPSED})


class MatchingState(StrEnum):
    """Who could work with whom is computed outside any request."""

    WAITING = "waiting"
    READY = "ready"
    FAILED = "failed"
