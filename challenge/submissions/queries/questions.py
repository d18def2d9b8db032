"""Public questions: what everybody reads, and what waits for coordinators and cities."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, false, or_
from sqlmodel import col, select

from challenge.kernel.errors import Missing
from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.people.states import RoleName, Seat
from challenge.rounds.models import Round
from challenge.submissions.models import Question, Submission


@dataclass(frozen=True, slots=True)
class Correction:
    """What was added to an answer, and when."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question with its answer and corrections, without the people."""

    code: str
    text: str
    asked_at: datetime
    by_visitor: bool
    answer: str | None
    answered_at: datetime | None
    corrections: tuple[Correction, ...]
    published_at: datetime | None
    refused_at: datetime | None
    round_code: str
    round_title: str
    challenge_code: str | None
    challenge_title: str
    city: str


def published(w: Work, round_: Round | None = None, submission_code: str | None = None) -> list[QuestionView]:
    """Published questions on a challenge, or on a round as a whole, the oldest first; for everybody."""
    if submission_code is not None:
        about: Any = col(Submission.code) == submission_code
    else:
        about = (col(Question.round_id) == (round_.id if round_ else 0)) & col(Question.submission_id).is_(None)
    shown = _rows().where(about, col(Question.published_at).is_not(None)).order_by(col(Question.asked_at))
    return [_view(row) for row in w.session.exec(shown)]


def to_handle(w: Work) -> list[QuestionView]:
    """Questions that wait for the actor: unread or unanswered ones, the oldest first."""
    waiting = or_(col(Question.published_at).is_(None), col(Question.answer).is_(None))
    found = _rows().where(_in_sight(w), waiting, col(Question.refused_at).is_(None)).order_by(col(Question.asked_at))
    return [_view(row) for row in w.session.exec(found)]


def question(w: Work, code: str) -> Question:
    """A question the actor may handle: coordinators of its round; once published, its city. Raises Missing."""
    found = w.session.exec(
        select(Question)
        .outerjoin(Submission, col(Submission.id) == Question.submission_id)
        .where(Question.code == code, _in_sight(w))
    ).first()
    if found is None:
        raise Missing
    return found


def view_of(w: Work, code: str) -> QuestionView:
    """The same as its handlers see it. Raises Missing."""
    row = w.session.exec(_rows().where(Question.code == code, _in_sight(w))).first()
    if row is None:
        raise Missing
    return _view(row)


def _in_sight(w: Work) -> ColumnElement[bool]:
    scopes = w.actor.scopes(RoleName.COORDINATOR)
    if scopes is None:
        return col(Question.id).is_not(None)
    ways: list[ColumnElement[bool]] = []
    if scopes:
        ways.append(col(Question.round_id).in_(scopes))
    if cities := w.actor.organisations(Seat.LEAD, Seat.DEPUTY):
        ways.append(col(Submission.city_id).in_(cities) & col(Question.published_at).is_not(None))
    return or_(*ways) if ways else false()


def _rows() -> Any:
    return (
        select(  # type: ignore[call-overload]  # more columns than sqlmodel has overloads for
            Question, Round.title, col(Submission.code).label("challenge_code"),
            col(Submission.title).label("challenge_title"), col(Organisation.name).label("city"),
        )
        .join(Round, col(Round.id) == Question.round_id)
        .outerjoin(Submission, col(Submission.id) == Question.submission_id)
        .outerjoin(Organisation, col(Organisation.id) == Submission.city_id)
    )  # fmt: skip


def _view(row: Any) -> QuestionView:
    found: Question = row.Question
    return QuestionView(
        code=found.code, text=found.text, asked_at=found.asked_at, by_visitor=found.asked_by_id is None,
        answer=found.answer, answered_at=found.answered_at, corrections=tuple(_corrections(found.corrections)),
        published_at=found.published_at, refused_at=found.refused_at, round_code=found.round_code,
        round_title=row.title, challenge_code=row.challenge_code, challenge_title=row.challenge_title or "",
        city=row.city or "",
    )  # fmt: skip


def _corrections(kept: Iterable[dict[str, Any]]) -> Iterable[Correction]:
    return (Correction(one["text"], datetime.fromisoformat(one["at"])) for one in kept)
