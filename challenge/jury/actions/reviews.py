"""What a juror does with a review, and a coordinator with it; every act keeps the proposal's facts true."""

from __future__ import annotations

from pydantic import BaseModel
from sqlalchemy.orm.attributes import flag_modified

from challenge.jury import rules
from challenge.jury.actions.conflicts import declare_conflict, speaks_for_a_conflict
from challenge.jury.actions.pushing import locked, push
from challenge.jury.models import Review, Score
from challenge.jury.scale import scale_of, shown
from challenge.jury.schemas import Declaration, MarkIn, ReviewIn, Stepping
from challenge.jury.states import WRITABLE, ConflictKind, ReviewState
from challenge.jury.workflow import HELD, REVIEW
from challenge.kernel.errors import Forbidden, Invalid, Problem, Refused
from challenge.kernel.i18n import Text, _
from challenge.kernel.work import Work
from challenge.kernel.workflow import Fired

LOCKED = Problem("locked", _("The review is submitted and locked. A coordinator can reopen it, with a second person."))
CLOSED = Problem("not_declared", _("Answer the conflict question first: then the proposal opens."))


def fire(w: Work, review: Review, name: str, given: BaseModel | None = None) -> Fired:
    """A transition of a review with all that hangs on it: the conflict when stepping aside, the proposal's facts."""
    proposal = locked(w, review.proposal_id)
    if name == "recuse":
        return _step_aside(w, review, given)
    if name in {"declare", "submit"}:
        REVIEW.permitted(w, review, name)
        _demand_no_conflict(w, review)
    before = proposal.reviews_eligible
    fired = REVIEW.fire(w, review, name, given)
    push(w, proposal)
    if before < rules.gate_rules(w, review).reviews <= proposal.reviews_eligible:
        given_at = {"gate": review.gate}
        w.step(
            "discussion", proposal.code, "open_discussion", old=None, new=None, scope=review.round_code, given=given_at
        )
    return fired


def _step_aside(w: Work, review: Review, given: BaseModel | None) -> Fired:
    """The juror's conflict is recorded, and with it all of the juror's reviews of the proposal are recused."""
    row, before = REVIEW.find(review, "recuse"), review.state
    if problem := row.who(w, review):
        raise Forbidden(problem)
    if not isinstance(given, Stepping):
        raise Invalid(Problem("given_missing", _("Say what the conflict is, and explain it in a sentence.")))
    declare_conflict(w, rules.proposal_of(w, review), given)
    return Fired(row, before)


def declare(w: Work, review: Review, given: Declaration) -> Fired:
    """The answer to the conflict question. A conflict closes the proposal for the juror at once."""
    if given.answer == "none":
        return fire(w, review, "declare")
    if review.state is not ReviewState.ASSIGNED:
        raise Refused(Problem("declared", _("The question was answered already.")))
    return fire(w, review, "recuse", Stepping(kind=ConflictKind(given.answer), explanation=given.explanation))


def save_review(w: Work, review: Review, given: ReviewIn) -> Review:
    """Keep marks and comments as far as they are given; a mark off the scale is refused by name.

    The juror of the review, while it is open and held by no guard. What is submitted is locked.
    """
    if problem := rules.is_the_juror(w, review):
        raise Forbidden(problem)
    if review.state not in WRITABLE:
        raise Refused(CLOSED if review.state is ReviewState.ASSIGNED else LOCKED)
    if problem := next((problem for guard in HELD if (problem := guard(w, review)) is not None), None):
        raise Refused(problem)
    _demand_no_conflict(w, review)
    _put(w, review, given)
    newest = rules.proposal_of(w, review).revision
    if review.revision_number is None or given.revision is not None:
        review.revision_number = min(given.revision or newest, newest)
    if given.comment is not None:
        review.comment = given.comment
    if "confidence" in given.model_fields_set:
        review.confidence = given.confidence
    review.saved_at = w.now
    flag_modified(review, "saved_at")  # every save raises the version, even two within one instant
    w.session.flush()
    if review.state is ReviewState.DECLARED:
        REVIEW.cause(w, review, "begin")
    return review


def _demand_no_conflict(w: Work, review: Review) -> None:
    """Who took a seat in a partner city or joined the team since being assigned judges no more, recorded or not."""
    if speaks_for_a_conflict(w, rules.proposal_of(w, review), rules.juror_of(w, review)):
        raise Refused(rules.IN_CONFLICT)


def _put(w: Work, review: Review, given: ReviewIn) -> None:
    all_rules = rules.rules_of(w, review)
    scale = scale_of(all_rules)
    criteria = {criterion.key for criterion in all_rules.gates[review.gate].criteria}
    wrong: dict[str, Text] = {}
    tenths: dict[str, int | None] = {}
    for key, mark in given.marks.items():
        if key not in criteria:
            wrong[key] = _("This gate has no such criterion")
            continue
        tenths[key] = None if mark.mark is None else scale.read(mark.mark)
        if mark.mark is not None and tenths[key] is None:
            wrong[key] = _(
                "Choose a mark from 0 to %(most)s by %(step)s", most=shown(scale.maximum), step=shown(scale.step)
            )
    if wrong:
        raise Invalid(Problem("off_the_scale", _("A mark is not on the scale."), wrong))
    kept = rules.scores_of(w, review)
    for key, value in tenths.items():
        score = kept.get(key) or Score(
            review_id=review.id, criterion=key, max_tenths=scale.maximum, step_tenths=scale.step
        )
        _mark(score, value, given.marks[key])
        w.session.add(score)


def _mark(score: Score, tenths: int | None, given: MarkIn) -> None:
    if "mark" in given.model_fields_set:
        score.tenths = tenths
    if "comment" in given.model_fields_set:
        score.comment = given.comment
