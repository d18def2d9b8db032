"""Who sees the portfolio."""

from __future__ import annotations

from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people.rules import is_some_coordinator, may_not
from challenge.people.states import RoleName


def sees_portfolio(w: Work) -> Problem | None:
    """Whoever runs or observes a round."""
    if is_some_coordinator(w, None) is None or w.actor.holds_anywhere(RoleName.OBSERVER):
        return None
    return may_not(_("Only coordinators and observers see this."))
