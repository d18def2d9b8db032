"""Closing a round: only when nothing is open, and its challenges without a pilot are released."""

from __future__ import annotations

from pydantic import BaseModel

from challenge.kernel.errors import Forbidden
from challenge.kernel.work import Work
from challenge.kernel.workflow import Fired
from challenge.people.rules import is_coordinator
from challenge.rounds import actions as rounds
from challenge.rounds.models import Round
from challenge.selection import queries
from challenge.submissions.workflow import SUBMISSION


def close(w: Work, round_: Round) -> Fired:
    """Count what is open, close the round, release the challenges no proposal rests on. Raises Forbidden, Refused."""
    if problem := is_coordinator(w, round_):
        raise Forbidden(problem)
    count_matters(w, round_)
    fired = rounds.fire(w, round_, "close")
    for submission in queries.releasable(w, round_):
        SUBMISSION.cause(w, submission, "release")
    return fired


def fire_round(w: Work, round_: Round, name: str, given: BaseModel | None = None) -> Fired:
    """The round's own acts, with ``close`` as it is meant."""
    return close(w, round_) if name == "close" else rounds.fire(w, round_, name, given)


def count_matters(w: Work, round_: Round) -> int:
    """Push down how many matters are open, counted anew (single acts only add and take away)."""
    count = queries.matters(w, round_).count
    if count != round_.open_matters:
        rounds.count_open(w, round_, count - round_.open_matters)
    return count
