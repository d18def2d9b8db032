"""What an event is, for whom, and where it stands."""

from enum import StrEnum

from challenge.kernel.i18n import Text, _
from challenge.kernel.workflow import Label


class EventKind(StrEnum):
    """What people come to."""

    WEBINAR = "webinar"
    TRAINING = "training"
    WORKSHOP = "workshop"
    MATCHMAKING = "matchmaking"


KINDS: dict[EventKind, Text] = {
    EventKind.WEBINAR: _("Webinar"),
    EventKind.TRAINING: _("Training"),
    EventKind.WORKSHOP: _("Workshop"),
    EventKind.MATCHMAKING: _("Matchmaking day"),
}


class Guests(StrEnum):
    """For whom an event is."""

    CITIES = "cities"
    RESEARCHERS = "researchers"
    EVERYBODY = "everybody"


GUESTS: dict[Guests, Text] = {
    Guests.CITIES: _("For cities"),
    Guests.RESEARCHERS: _("For researchers and their partners"),
    Guests.EVERYBODY: _("For everybody"),
}


class EventState(StrEnum):
    """An event is prepared, told to everybody, or does not take place."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    CANCELLED = "cancelled"


S = EventState
LABELS: dict[EventState, Label] = {
    S.DRAFT: Label(_("Draft"), _("Draft"), ""),
    S.ANNOUNCED: Label(_("Announced"), _("Announced"), "moss"),
    S.CANCELLED: Label(_("Cancelled"), _("Cancelled"), "rose"),
}
ENDS = frozenset({S.CANCELLED})
