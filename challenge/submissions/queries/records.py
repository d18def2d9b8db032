"""Submissions for those who work on them: people of their cities, coordinators and observers of their round."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, cast, false, or_, true
from sqlmodel import col, func, select

from challenge.kernel import paging
from challenge.kernel.errors import Forbidden, Invalid, Missing, Refused
from challenge.kernel.i18n import Text, _
from challenge.kernel.journal import Step, StepText
from challenge.kernel.paging import Page
from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.people.queries import organisations, plain
from challenge.people.states import RoleName
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.rounds.schemas import Rules
from challenge.rounds.words import Country
from challenge.submissions import rules
from challenge.submissions.models import Submission, SubmissionCity
from challenge.submissions.states import LABELS, PUBLIC, SubmissionState

INSIDERS = (RoleName.COORDINATOR, RoleName.OBSERVER)


@dataclass(frozen=True, slots=True)
class SubmissionRow:
    """A submission in a list of those who work on it."""

    code: str
    title: str
    state: SubmissionState
    city: str
    country: str
    themes: tuple[str, ...]
    round_code: str
    round_title: str
    submitted_at: datetime | None
    saved_at: datetime | None
    slot: int | None
    live_proposals: int

    @property
    def label(self) -> Any:
        """The state, to the team."""
        return LABELS[self.state].team

    @property
    def tone(self) -> str:
        """The state's tone."""
        return LABELS[self.state].tone


@dataclass(frozen=True, slots=True)
class Filters:
    """What a coordinator narrows a round's list by; empty means all."""

    state: str = ""
    theme: str = ""
    country: str = ""
    text: str = ""


def in_sight(w: Work) -> ColumnElement[bool]:
    """Submissions the actor works on: of their cities, and of the rounds they coordinate or observe. Drafts too."""
    if w.actor.kind == "system":
        return true()
    rounds: set[int] = set()
    for role in INSIDERS:
        scopes = w.actor.scopes(role)
        if scopes is None:
            return true()
        rounds |= scopes
    cities = w.actor.organisations()
    ways: list[ColumnElement[bool]] = []
    if rounds:
        ways.append(col(Submission.round_id).in_(rounds))
    if cities:
        further = select(SubmissionCity.submission_id).where(col(SubmissionCity.city_id).in_(cities))
        ways += [col(Submission.city_id).in_(cities), col(Submission.id).in_(further)]
    return or_(*ways) if ways else false()


def visible(w: Work, code: str) -> Submission:
    """A submission the actor works on, whole. Everybody else gets Missing: readers have ``challenge``."""
    found = w.session.exec(select(Submission).where(Submission.code == code, in_sight(w))).first()
    if found is None:
        raise Missing
    return found


def editable(w: Work, code: str) -> Submission:
    """One whose answers and files the actor may change now. Raises Missing, Forbidden, Refused."""
    found = visible(w, code)
    if problem := rules.belongs_to_the_city(w, found):
        raise Forbidden(problem)
    if problem := rules.is_editable(w, found):
        raise Refused(problem)
    return found


def my_cities(w: Work, round_: Round | None = None) -> list[Organisation]:
    """The actor's organisations that may submit challenges in the round (by the default rules without one), by name."""
    kinds = (rules_of(round_) if round_ is not None else Rules()).submitter_kinds
    mine = organisations(w, w.actor.organisations()).values()
    return sorted((one for one in mine if one.kind in kinds), key=lambda one: one.name)


def of_city(w: Work, city_id: int) -> list[SubmissionRow]:
    """A city's submissions of all rounds, as far as the actor works on them; the newest first."""
    return of_cities(w, [city_id])


def of_cities(w: Work, city_ids: Iterable[int]) -> list[SubmissionRow]:
    """The same for several cities."""
    wanted = list(city_ids)
    further = select(SubmissionCity.submission_id).where(col(SubmissionCity.city_id).in_(wanted))
    theirs = or_(col(Submission.city_id).in_(wanted), col(Submission.id).in_(further))
    rows = w.session.exec(
        _rows().where(theirs, in_sight(w)).order_by(col(Submission.created_at).desc(), col(Submission.id).desc())
    )
    return [_row(row) for row in rows]


def in_round(w: Work, round_: Round, filters: Filters, after: str | None = None) -> Page[SubmissionRow]:
    """The round's submissions that the actor works on, the latest begun first; one query."""
    wanted = _rows().where(Submission.round_id == round_.id, in_sight(w), *narrowed(filters))
    if (keys := paging.after(after, str, str)) is not None:
        at, code = instant(keys[0]), str(keys[1])
        begun = col(Submission.created_at)
        wanted = wanted.where(or_(begun < at, (begun == at) & (col(Submission.code) < code)))
    found = w.session.exec(
        wanted.order_by(col(Submission.created_at).desc(), col(Submission.code).desc()).limit(paging.PAGE + 1)
    ).all()
    rows = [_row(row) for row in found[: paging.PAGE]]
    last = found[paging.PAGE - 1] if len(found) > paging.PAGE else None
    following = paging.cursor(last.created_at.isoformat(), last.code) if last is not None else None
    return Page(rows, following)


def said_with(w: Work, submission: Submission, name: str) -> dict[str, Any]:
    """What was given with the latest step of this name (the reason of a send-back, for example)."""
    found = w.session.exec(
        select(StepText.given)
        .join(Step, col(Step.id) == StepText.step_id)
        .where(Step.workflow == rules.WORKFLOW, Step.subject_code == submission.code, Step.transition == name)
        .order_by(col(Step.id).desc())
        .limit(1)
    ).first()
    return dict(found or {})


def states_in_round(w: Work, round_: Round) -> dict[SubmissionState, int]:
    """How many stand where, in the order of the states."""
    rows = dict(
        w.session.exec(
            select(Submission.state, func.count())
            .where(Submission.round_id == round_.id, in_sight(w))
            .group_by(col(Submission.state))
        ).all()
    )
    return {state: rows[state] for state in SubmissionState if state in rows}


def countries_in_round(w: Work, round_: Round) -> list[tuple[str, str]]:
    """Codes and names of the countries whose cities wrote in this round."""
    found = w.session.exec(
        select(Organisation.country)
        .join(Submission, col(Submission.city_id) == Organisation.id)
        .where(Submission.round_id == round_.id, in_sight(w))
        .distinct()
    )
    return sorted(((code, str(Country(code))) for code in found), key=lambda pair: pair[1])


def narrowed(filters: Filters) -> list[ColumnElement[bool]]:
    """The filters as conditions."""
    found: list[ColumnElement[bool]] = []
    if filters.state in set(SubmissionState):
        found.append(col(Submission.state) == SubmissionState(filters.state))
    if filters.theme:
        found.append(has_theme(filters.theme))
    if filters.country:
        found.append(col(Organisation.country) == filters.country)
    for word in plain(filters.text).split():
        title = func.lower(col(Submission.title)).contains(word, autoescape=True)
        found.append(or_(col(Submission.search).contains(word, autoescape=True), title))
    return found


def has_theme(key: str) -> ColumnElement[bool]:
    """The theme is among the submission's; the same text in JSON on both databases."""
    return cast(col(Submission.themes), String).contains(f'"{key}"', autoescape=True)


def instant(text: Any) -> datetime:
    """The instant of a cursor. Raises Invalid when it is not ours."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise Invalid(paging.NOT_OURS) from error
    if found.tzinfo is None:
        raise Invalid(paging.NOT_OURS)
    return found


def _rows() -> Any:
    return (
        select(  # type: ignore[call-overload]  # more columns than sqlmodel has overloads for
            Submission.code, Submission.title, Submission.state, Organisation.name, Organisation.country,
            Submission.themes, Submission.round_code, col(Round.title).label("round_title"), Submission.submitted_at,
            Submission.saved_at, Submission.slot, Submission.live_proposals, Submission.created_at,
        )
        .join(Round, col(Round.id) == Submission.round_id)
        .outerjoin(Organisation, col(Organisation.id) == Submission.city_id)
    )  # fmt: skip


def _row(row: Any) -> SubmissionRow:
    return SubmissionRow(
        code=row.code, title=row.title, state=row.state, city=row.name or "", country=row.country or "",
        themes=tuple(row.themes), round_code=row.round_code, round_title=row.round_title,
        submitted_at=row.submitted_at, saved_at=row.saved_at, slot=row.slot, live_proposals=row.live_proposals,
    )  # fmt: skip


def title_to_carry(w: Work, code: str) -> str:
    """The title of an earlier challenge, for who may read it. Raises Missing."""
    found = w.session.exec(
        select(Submission.title).where(Submission.code == code, or_(in_sight(w), col(Submission.state).in_(PUBLIC)))
    ).first()
    if found is None:
        raise Missing
    return found


def lives(w: Work, submission: Submission) -> list[tuple[Text, str, str]]:
    """(words, title, page) of what it went on from and of what it goes on as, as far as the actor may read them."""
    other = or_(col(Submission.id) == submission.carried_from_id, col(Submission.carried_from_id) == submission.id)
    shown = select(Submission).where(other, or_(in_sight(w), col(Submission.state).in_(PUBLIC)))
    mine = set(w.session.exec(select(Submission.id).where(other, in_sight(w))))
    return [
        (
            _("Goes on from") if one.id == submission.carried_from_id else _("Goes on as"), one.title,
            f"/{'submissions' if one.id in mine else 'challenges'}/{one.code}",
        )
        for one in w.session.exec(shown.order_by(col(Submission.id)))
    ]  # fmt: skip
