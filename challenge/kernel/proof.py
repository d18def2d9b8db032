"""Fresh proof: where money, roles or secrets are at stake, who acts must have shown a credential minutes ago."""

from __future__ import annotations

from datetime import timedelta

from challenge.kernel.errors import Forbidden, Problem, Refusal, Refused, Remedy
from challenge.kernel.i18n import _
from challenge.kernel.work import Work

FRESH = timedelta(minutes=15)
CONFIRM = Problem("confirm_first", _("Confirm that it is you first."), remedy=Remedy(_("Confirm now"), "/confirm"))
NOT_BY_TOKEN = Problem("not_by_token", _("A program with a token cannot do this. Sign in and do it on the pages."))


def is_fresh(w: Work) -> bool:
    """Whether a credential was shown in this session within the last 15 minutes. A token never is one."""
    proven_at = w.actor.proven_at
    return w.actor.kind == "system" or (proven_at is not None and w.now - proven_at <= FRESH)


def missing(w: Work) -> Problem | None:
    """What must come first, if anything."""
    if is_fresh(w):
        return None
    return CONFIRM if w.actor.proven_at is not None else NOT_BY_TOKEN


def demand(w: Work) -> None:
    """Refuse (403) without a fresh proof."""
    if problem := missing(w):
        raise Forbidden(problem)


def refusal(problem: Problem) -> Refusal:
    """How a reason why not is refused: 403 when the actor must do something first, else 409."""
    return Forbidden(problem) if problem in (CONFIRM, NOT_BY_TOKEN) else Refused(problem)
