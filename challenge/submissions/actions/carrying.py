"""A second life: a challenge that found no pilot goes on in a later round, or another city takes it up as its own."""

from __future__ import annotations

from sqlmodel import col, select

from challenge.kernel.errors import Missing, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.rounds.models import Round
from challenge.submissions.actions.writing import revise, start
from challenge.submissions.models import Submission
from challenge.submissions.queries import public_record, visible
from challenge.submissions.rules import WORKFLOW
from challenge.submissions.states import ENDS, SubmissionState

# What another city takes over: the problem and what would be better. Site, figures, people and money are its own.
SHARED = ("summary", "themes", "problem", "outcome", "measure", "partner")
GOES_ON = Problem("not_over", _("Only a challenge that ended without a pilot can be carried on or taken up."))
SAME_ROUND = Problem("same_round", _("It belongs to this round. It can be carried into the next one."))
ALREADY = Problem("carried_already", _("Your city carries it on in this round already: see your challenges."))


def begin(w: Work, round_: Round, city: Organisation, title: str, code: str = "") -> Submission:
    """A draft, with the text of an earlier challenge where one is named. Raises Missing, Forbidden, Refused."""
    old = source(w, round_, city, code) if code else None
    made = start(w, round_, city, title)
    if old is None:
        return made
    is_own = old.city_id == city.id
    made.carried_from_id = old.id
    kept = {name: answer for name, answer in old.answers.items() if name != "title" and (is_own or name in SHARED)}
    w.session.flush()
    revise(w, made, {**kept, "title": title})
    w.note(WORKFLOW, made, "carried_from", {"submission": old.code, "comment": old.title})
    return made


def source(w: Work, round_: Round, city: Organisation, code: str) -> Submission:
    """The challenge a city goes on from: its own that ended, or a published one of another that found no pilot."""
    try:
        old = visible(w, code)
    except Missing:
        old = public_record(w, code)
    if old.city_id != city.id:
        old = public_record(w, code)
    taken = old.state is SubmissionState.NOT_PILOTED if old.city_id != city.id else old.state in ENDS
    if not taken or old.state is SubmissionState.PILOTED:
        raise Refused(GOES_ON)
    if old.round_id == round_.id:
        raise Refused(SAME_ROUND)
    there = select(Submission.code).where(
        Submission.carried_from_id == old.id, Submission.round_id == round_.id, Submission.city_id == city.id,
        col(Submission.state).not_in([SubmissionState.WITHDRAWN, SubmissionState.LAPSED]),
    )  # fmt: skip
    if w.session.exec(there).first() is not None:
        raise Refused(ALREADY)
    return old


def may_take(w: Work, round_: Round, city: Organisation, code: str) -> bool:
    """Whether ``begin`` would take it over for this city now, as far as the challenge goes."""
    try:
        source(w, round_, city, code)
    except (Missing, Refused):
        return False
    return True
