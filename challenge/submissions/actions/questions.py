"""Public questions: anybody asks, a coordinator publishes, the city or a coordinator answers, nobody edits."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import col, func, select

from challenge.kernel.errors import Forbidden, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people.rules import any_of, is_coordinator, may_not
from challenge.people.states import Seat
from challenge.rounds.models import Round
from challenge.rounds.states import RoundState
from challenge.submissions.models import Question, Submission
from challenge.submissions.states import PUBLIC

WORKFLOW = "question"
PER_HOUR = 20
FLOOD = Problem(
    "too_many_questions",
    _("Many questions are waiting to be read. Ask again in an hour, or write to the coordinators."),
)


def may_ask(_w: Work, round_: Round, submission: Submission | None = None) -> Problem | None:
    """The round is under way, and the challenge, if it is about one, can be read by everybody."""
    if round_.state is not RoundState.PUBLISHED or (submission is not None and submission.state not in PUBLIC):
        return Problem("no_questions", _("Questions can be asked while the round is under way."))
    return None


def ask_question(w: Work, round_: Round, text: str, submission: Submission | None = None) -> Question:
    """Nothing shows before a coordinator has published it. At most so many unread ones an hour."""
    if problem := may_ask(w, round_, submission):
        raise Refused(problem)
    unread = w.session.exec(
        select(func.count()).where(
            Question.round_id == round_.id, col(Question.asked_at) > w.now - timedelta(hours=1),
            col(Question.published_at).is_(None), col(Question.refused_at).is_(None),
        )
    ).one()  # fmt: skip
    if unread >= PER_HOUR:
        raise Refused(FLOOD)
    made = w.add(
        Question(
            round_id=round_.id, round_code=round_.code, submission_id=submission.id if submission else None,
            text=text, asked_by_id=w.actor.id, asked_at=w.now,
        )
    )  # fmt: skip
    w.note(WORKFLOW, made, "ask", {"question": text})
    return made


def publish_question(w: Work, question: Question) -> None:
    """From now on everybody can read it, with its answer if it has one."""
    _demand_coordinator(w, question)
    _demand(question.published_at is None and question.refused_at is None, DECIDED)
    question.published_at = w.now
    w.session.flush()
    w.note(WORKFLOW, question, "publish")


def refuse_question(w: Work, question: Question) -> None:
    """It is not a question for everybody; it stays unseen."""
    _demand_coordinator(w, question)
    _demand(question.published_at is None and question.refused_at is None, DECIDED)
    question.refused_at = w.now
    w.session.flush()
    w.note(WORKFLOW, question, "refuse")


def answer_question(w: Work, question: Question, text: str) -> None:
    """Answer once; what comes later is a correction."""
    if problem := may_answer(w, question):
        raise Forbidden(problem)
    _demand(question.refused_at is None, DECIDED)
    _demand(question.answer is None, ANSWERED)
    question.answer, question.answered_at, question.answered_by_id = text, w.now, w.actor.id
    w.session.flush()
    w.note(WORKFLOW, question, "answer", {"answer": text})


def correct_answer(w: Work, question: Question, text: str) -> None:
    """Add a correction beneath the answer; the answer stays as it was given."""
    if problem := may_answer(w, question):
        raise Forbidden(problem)
    _demand(question.answer is not None, NOT_ANSWERED)
    question.corrections = [*question.corrections, {"text": text, "at": w.now.isoformat()}]
    w.session.flush()
    w.note(WORKFLOW, question, "correct", {"correction": text})


def speaks_for_the_city(w: Work, question: Question) -> Problem | None:
    """The lead or a deputy of the city whose challenge it is about."""
    about = w.session.get(Submission, question.submission_id) if question.submission_id is not None else None
    held = about is not None and w.actor.sits_in(about.city_id, Seat.LEAD, Seat.DEPUTY)
    return None if held else may_not(_("Only the coordinators, or the city it is about, can answer."))


may_answer = any_of(speaks_for_the_city, is_coordinator)
DECIDED = Problem("decided", _("This question was published or refused already."))
ANSWERED = Problem("answered", _("It has an answer. Add a correction instead."))
NOT_ANSWERED = Problem("not_answered", _("It has no answer yet."))


def _demand_coordinator(w: Work, question: Question) -> None:
    if problem := is_coordinator(w, question):
        raise Forbidden(problem)


def _demand(holds: bool, problem: Problem) -> None:  # noqa: FBT001 -- it reads as a sentence
    if not holds:
        raise Refused(problem)
