"""The life of an event: one table."""

from __future__ import annotations

from typing import Any

from challenge.events import rules
from challenge.events.models import Event
from challenge.events.schemas import Cancellation
from challenge.events.states import ENDS, LABELS
from challenge.events.states import EventState as S
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.kernel.workflow import Transition as T  # noqa: N817 -- a table of them
from challenge.kernel.workflow import Workflow
from challenge.people.rules import is_coordinator


def told(w: Work, event: Event, _given: Any) -> dict[str, Any]:
    """When everybody could read of it."""
    event.announced_at = w.now
    return {"since": event.begins_at.isoformat()}


def called_off(_w: Work, event: Event, given: Cancellation) -> dict[str, Any]:
    """Why it does not take place."""
    event.reason = given.reason
    return {"since": event.begins_at.isoformat()}


# fmt: off
EVENT = Workflow(rules.WORKFLOW, S.DRAFT, ENDS, LABELS, (
    T("announce", (S.DRAFT,), S.ANNOUNCED, is_coordinator, _("Announce the event"),
      (rules.round_is_told, rules.is_ahead), effects=(told,), told=_("The event is announced"), tone="primary"),
    T("cancel", (S.DRAFT, S.ANNOUNCED), S.CANCELLED, is_coordinator, _("Cancel the event"), (rules.is_not_over,),
      asks=Cancellation, effects=(called_off,), told=_("The event is cancelled"), tone="warning",
      warns=_("The event does not take place. Everybody who is registered is told. This cannot be taken back.")),
))
# fmt: on
