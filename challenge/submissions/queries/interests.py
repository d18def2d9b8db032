"""Interests: who is interested in a challenge, in what a city is interested, and what it may still choose from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, func, select

from challenge.kernel.errors import Missing
from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.people.queries import organisations
from challenge.rounds import rules as rounds
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.rounds.words import Country
from challenge.submissions.models import Interest, Submission
from challenge.submissions.rules import WINDOW
from challenge.submissions.states import OPEN_TO_INTEREST


@dataclass(frozen=True, slots=True)
class InterestRow:
    """A live interest: the city that shows it, in which challenge, and why."""

    challenge_code: str
    challenge_title: str
    city_id: int
    city: str
    country: str
    reason: str
    shown_at: datetime

    @property
    def place(self) -> str:
        """``Helsinki, Finland``."""
        return f"{self.city}, {Country(self.country)}"


@dataclass(frozen=True, slots=True)
class OpenRow:
    """A challenge of another city as far as participating cities may know it: title and summary."""

    code: str
    title: str
    summary: str
    themes: tuple[str, ...]
    city_id: int
    city: str
    country: str
    interests: int
    is_public: bool

    @property
    def place(self) -> str:
        """``Helsinki, Finland``."""
        return f"{self.city}, {Country(self.country)}"


def interested(w: Work, submission_id: int) -> list[InterestRow]:
    """The cities interested in a challenge, by the time they said so. For whoever may see the challenge."""
    return _rows(w, Interest.submission_id == submission_id)


def interested_in(w: Work, code: str) -> list[InterestRow]:
    """The same by the challenge's code."""
    return _rows(w, Submission.code == code)


def shown_by(w: Work, round_: Round, city_id: int) -> list[InterestRow]:
    """What a city of the actor's is interested in."""
    return _rows(w, (col(Interest.round_id) == round_.id) & (col(Interest.city_id) == city_id))


def to_show_interest(w: Work, round_: Round) -> list[Organisation]:
    """The actor's organisations that count as a city in this round, by name."""
    kinds = rules_of(round_).city_kinds
    mine = organisations(w, w.actor.organisations()).values()
    return sorted((one for one in mine if one.kind in kinds), key=lambda one: one.name)


def open_to_interest(w: Work, round_: Round, code: str | None = None) -> list[OpenRow]:
    """Challenges of the round in which a city may be interested: seen by its people once submitting is over."""
    if not to_show_interest(w, round_) or not _is_submitting_over(w, round_):
        return []
    counted = (
        select(func.count())
        .where(Interest.submission_id == Submission.id, col(Interest.withdrawn_at).is_(None))
        .scalar_subquery()
    )
    query: Any = (
        select(  # type: ignore[call-overload]  # more columns than sqlmodel has overloads for
            Submission.code, Submission.title,
            Submission.answers["summary"].as_string().label("summary"),
            Submission.themes, Submission.city_id, Organisation.name, Organisation.country,
            counted.label("interests"), Submission.published_at,
        )
        .join(Organisation, col(Organisation.id) == Submission.city_id)
        .where(Submission.round_id == round_.id, col(Submission.state).in_(OPEN_TO_INTEREST))
        .order_by(col(Organisation.name), col(Submission.title))
    )  # fmt: skip
    if code is not None:
        query = query.where(Submission.code == code)
    return [
        OpenRow(
            code=row.code, title=row.title, summary=row.summary or "", themes=tuple(row.themes),
            city_id=row.city_id, city=row.name, country=row.country, interests=row.interests,
            is_public=row.published_at is not None,
        )
        for row in w.session.exec(query)
    ]  # fmt: skip


def for_interest(w: Work, code: str) -> Submission:
    """The submission behind a challenge in which the actor's city may be interested. Raises Missing."""
    found = w.session.exec(
        select(Submission).where(Submission.code == code, col(Submission.state).in_(OPEN_TO_INTEREST))
    ).first()
    if found is None or not (
        found.published_at is not None or open_to_interest(w, w.session.get_one(Round, found.round_id), code)
    ):
        raise Missing
    return found


def _is_submitting_over(w: Work, round_: Round) -> bool:
    period = rounds.window(w, round_.id, WINDOW)
    return period is not None and w.now >= period.closes_at + rounds.grace(round_)


def _rows(w: Work, condition: Any) -> list[InterestRow]:
    query: Any = (
        select(  # type: ignore[call-overload]  # more columns than sqlmodel has overloads for
            Submission.code, Submission.title, Organisation.id, Organisation.name, Organisation.country,
            Interest.reason, Interest.shown_at,
        )
        .join(Submission, col(Submission.id) == Interest.submission_id)
        .join(Organisation, col(Organisation.id) == Interest.city_id)
        .where(condition, col(Interest.withdrawn_at).is_(None))
        .order_by(col(Interest.shown_at), col(Interest.id))
    )  # fmt: skip
    return [InterestRow(*row) for row in w.session.exec(query)]
