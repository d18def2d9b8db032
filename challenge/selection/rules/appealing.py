"""When one may appeal, and when an appeal can still change something."""

from __future__ import annotations

from datetime import datetime

from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.rounds import rules as rounds
from challenge.rounds.models import Round
from challenge.rounds.words import Moment
from challenge.selection.models import Appeal
from challenge.selection.rules.who import proposal_of
from challenge.submissions.models import Submission


def may_still_appeal(w: Work, round_: Round, published_at: datetime | None) -> Problem | None:
    """Within the window after the decision was told, with the round's grace."""
    until = rounds.appeal_until(round_, published_at) if published_at is not None else None
    if until is None:
        return Problem("no_appeal", _("There is no decision here that could be appealed against."))
    if w.now < until + rounds.grace(round_):
        return None
    return Problem("appeal_over", _("Appeals could be filed until %(at)s.", at=Moment(until, round_.zone)))


def subject_waits(w: Work, appeal: Appeal) -> Problem | None:
    """What is appealed against still stands."""
    if appeal.submission_id is not None:
        state = str(w.session.get_one(Submission, appeal.submission_id).state)
    else:
        state = str(proposal_of(w, appeal).state)
    if state == appeal.decision:
        return None
    return Problem("decision_gone", _("The decision no longer stands."))
