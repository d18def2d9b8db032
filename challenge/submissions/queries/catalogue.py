"""The public face: challenges everybody may read, to be searched and filtered."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, and_, case, cast, or_
from sqlmodel import col, func, select

from challenge.kernel import paging
from challenge.kernel.errors import Missing
from challenge.kernel.i18n import Text, _
from challenge.kernel.paging import Page
from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.people.queries import plain
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.rounds.states import RoundState
from challenge.rounds.words import Country
from challenge.submissions.models import Interest, Submission, SubmissionCity
from challenge.submissions.queries.records import has_theme, instant
from challenge.submissions.rules import theme_title
from challenge.submissions.states import LABELS, PUBLIC, SubmissionState

PER_PAGE = 24
OVER = (RoundState.CLOSED, RoundState.ARCHIVED, RoundState.CANCELLED)
PAST, PAST_LABEL = "past", _("Published in a past round")  # accepted once; its round takes no ideas any more
# Answers everybody may read; contact, deputy and consent are not among them.
PUBLIC_ANSWERS = (
    "title", "summary", "themes", "problem", "since", "affected", "affected_who", "evidence", "tried", "outcome",
    "measure", "measure_now", "measure_wished", "site", "data", "limits", "departments", "brings", "residents",
    "partner", "thesis",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader looks for; empty means everything."""

    text: str = ""
    theme: str = ""
    country: str = ""
    round: str = ""
    state: str = ""
    city_id: int | None = None  # lead or further city
    thesis: bool = False  # only what students may write a thesis on


@dataclass(frozen=True, slots=True)
class Card:
    """A challenge in the catalogue."""

    code: str
    title: str
    summary: str
    state: SubmissionState
    themes: tuple[str, ...]
    city: str
    country: str
    round_title: str
    round_over: bool
    interests: int
    imported: bool

    @property
    def label(self) -> Text:
        """The state, to the public."""
        return public_label(self.state, over=self.round_over)

    @property
    def tone(self) -> str:
        """The state's tone."""
        return public_tone(self.state, over=self.round_over)

    @property
    def place(self) -> str:
        """``Tartu, Estonia``; nothing where no city is known."""
        return f"{self.city}, {Country(self.country)}" if self.city else ""


@dataclass(frozen=True, slots=True)
class Facet:
    """A value to filter by: what it is called and how many there are with the other filters as they are."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class ChallengeView:
    """A challenge as everybody may read it."""

    code: str
    title: str
    state: SubmissionState
    answers: Mapping[str, Any]
    themes: tuple[str, ...]
    cities: tuple[tuple[str, str], ...]  # name and country, the lead city first
    city_ids: frozenset[int]
    round_code: str
    round_over: bool
    submitted_at: datetime | None
    published_at: datetime | None
    live_proposals: int
    imported: bool
    sources: tuple[str, ...]

    @property
    def label(self) -> Text:
        """The state, to the public."""
        return public_label(self.state, over=self.round_over)

    @property
    def tone(self) -> str:
        """The state's tone."""
        return public_tone(self.state, over=self.round_over)


def public_label(state: SubmissionState, *, over: bool) -> Text:
    """What the public reads; a challenge is not open for ideas once its round is over."""
    return PAST_LABEL if over and state is SubmissionState.ACCEPTED else LABELS[state].public


def public_tone(state: SubmissionState, *, over: bool) -> str:
    """The tone of that."""
    return "off" if over and state is SubmissionState.ACCEPTED else LABELS[state].tone


def challenges(w: Work, wanted: Wanted, after: str | None = None) -> Page[Card]:
    """Published challenges, those of rounds under way first, then the newest; two queries."""
    since = func.coalesce(col(Submission.published_at), col(Submission.created_at))
    over = case((col(Round.state).in_(OVER), 1), else_=0)
    query: Any = (
        select(  # type: ignore[call-overload]  # more columns than sqlmodel has overloads for
            Submission.id, Submission.code, Submission.title,
            Submission.answers["summary"].as_string().label("summary"),
            Submission.state, Submission.themes, Organisation.name, Organisation.country, Round, Submission.imported,
            since.label("since"), over.label("over"),
        )
        .join(Round, col(Round.id) == Submission.round_id)
        .outerjoin(Organisation, col(Organisation.id) == Submission.city_id)
        .where(*_conditions(wanted))
    )  # fmt: skip
    if (keys := paging.after(after, int, str, str)) is not None:
        at, code = instant(keys[1]), str(keys[2])
        older = or_(since < at, and_(since == at, col(Submission.code) < code))
        query = query.where(or_(over > keys[0], and_(over == keys[0], older)))
    found = w.session.exec(query.order_by(over, since.desc(), col(Submission.code).desc()).limit(PER_PAGE + 1)).all()
    shown = found[:PER_PAGE]
    interests = _interest_counts(w, [row.id for row in shown])
    following = None
    if len(found) > PER_PAGE:
        following = paging.cursor(shown[-1].over, shown[-1].since.isoformat(), shown[-1].code)
    return Page([_card(row, interests.get(row.id, 0)) for row in shown], following)


def facets(w: Work, wanted: Wanted) -> dict[str, list[Facet]]:
    """Themes, countries, rounds and states to filter by, each counted with the other filters applied; two queries."""
    themes = cast(col(Submission.themes), String)
    query: Any = (
        select(  # type: ignore[call-overload]  # more columns than sqlmodel has overloads for
            themes, Organisation.country, Submission.round_code, Submission.state, func.count()
        )
        .outerjoin(Organisation, col(Organisation.id) == Submission.city_id)
        .where(*_conditions(Wanted(text=wanted.text, thesis=wanted.thesis)))
        .group_by(themes, col(Organisation.country), col(Submission.round_code), col(Submission.state))
    )
    groups = w.session.exec(query).all()
    rounds = {one.code: one for one in w.session.exec(select(Round).order_by(col(Round.id).desc()))}
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("theme", "country", "round", "state")}
    titles: dict[str, str] = {}
    for key, country, round_code, state, number in groups:
        of_round = rules_of(rounds[round_code])
        stands = PAST if state is SubmissionState.ACCEPTED and rounds[round_code].state in OVER else str(state)
        values = {"theme": json.loads(key), "country": [country or ""], "round": [round_code], "state": [stands]}
        titles |= {theme: theme_title(of_round, theme) for theme in values["theme"]}
        for name, counter in counts.items():
            others = [other for other in counts if other != name and getattr(wanted, other)]
            if all(getattr(wanted, other) in values[other] for other in others):
                counter.update({value: number for value in values[name] if value})
    labels = {
        "theme": titles,
        "country": {code: str(Country(code)) for code in counts["country"]},
        "round": {code: one.title for code, one in rounds.items()},
        "state": {**{str(state): str(LABELS[state].public) for state in PUBLIC}, PAST: str(PAST_LABEL)},
    }
    return {name: _in_order(name, counter, labels[name]) for name, counter in counts.items()}


def _in_order(name: str, counter: Counter[str], labels: Mapping[str, str]) -> list[Facet]:
    """Rounds and states in their own order, the rest by name."""
    order = list(labels) if name in {"round", "state"} else sorted(counter, key=lambda value: labels[value])
    return [Facet(value, labels[value], counter[value]) for value in order if counter[value]]


def challenge(w: Work, code: str) -> ChallengeView:
    """A published challenge by its code, for everybody. Raises Missing."""
    return view(w, public_record(w, code))


def public_record(w: Work, code: str) -> Submission:
    """The submission behind a published challenge, for acts upon it; ``challenge`` is what may be shown of it."""
    found = w.session.exec(select(Submission).where(Submission.code == code, col(Submission.state).in_(PUBLIC))).first()
    if found is None:
        raise Missing
    return found


def view(w: Work, found: Submission) -> ChallengeView:
    """A submission as everybody would read it; only what is public of its answers."""
    cities = w.session.exec(
        select(Organisation.id, Organisation.name, Organisation.country)
        .outerjoin(SubmissionCity, col(SubmissionCity.city_id) == Organisation.id)
        .where(or_(col(Organisation.id) == found.city_id, col(SubmissionCity.submission_id) == found.id))
        .order_by(col(Organisation.name))
    ).all()
    round_ = w.session.exec(select(Round).where(Round.id == found.round_id)).one()
    first = sorted(dict.fromkeys(cities), key=lambda row: row[0] != found.city_id)
    return ChallengeView(
        code=found.code, title=found.title, state=found.state, themes=tuple(found.themes),
        answers={name: found.answers[name] for name in PUBLIC_ANSWERS if found.answers.get(name) not in (None, "")},
        cities=tuple((name, country) for _id, name, country in first), city_ids=frozenset(row[0] for row in first),
        round_code=found.round_code, round_over=round_.state in OVER,
        submitted_at=found.submitted_at, published_at=found.published_at,
        live_proposals=found.live_proposals, imported=found.imported, sources=tuple(found.sources),
    )  # fmt: skip


def _conditions(wanted: Wanted) -> list[Any]:
    found: list[Any] = [col(Submission.state).in_(PUBLIC)]
    found += [col(Submission.search).contains(word, autoescape=True) for word in plain(wanted.text).split()]
    if wanted.thesis:
        said = cast(col(Submission.answers)["thesis"].as_string(), String)  # true: "1" on SQLite
        found.append(said.in_(("true", "1")))
    if wanted.theme:
        found.append(has_theme(wanted.theme))
    if wanted.country:
        found.append(col(Organisation.country) == wanted.country)
    if wanted.round:
        found.append(col(Submission.round_code) == wanted.round)
    if wanted.city_id is not None:
        further = select(SubmissionCity.submission_id).where(SubmissionCity.city_id == wanted.city_id)
        found.append(or_(col(Submission.city_id) == wanted.city_id, col(Submission.id).in_(further)))
    if wanted.state in (*PUBLIC, PAST):
        state = SubmissionState.ACCEPTED if wanted.state == PAST else SubmissionState(wanted.state)
        found.append(col(Submission.state) == state)
        if state is SubmissionState.ACCEPTED:
            over = select(Round.id).where(col(Round.state).in_(OVER))
            of_round = col(Submission.round_id)
            found.append(of_round.in_(over) if wanted.state == PAST else of_round.not_in(over))
    return found


def _card(row: Any, interests: int) -> Card:
    rules = rules_of(row.Round)
    return Card(
        code=row.code, title=row.title, summary=row.summary or "", state=row.state,
        themes=tuple(theme_title(rules, theme) for theme in row.themes), city=row.name or "",
        country=row.country or "", round_title=row.Round.title,
        round_over=row.Round.state in OVER, interests=interests, imported=row.imported,
    )  # fmt: skip


def _interest_counts(w: Work, ids: Sequence[int]) -> dict[int, int]:
    return dict(
        w.session.exec(
            select(Interest.submission_id, func.count())
            .where(col(Interest.submission_id).in_(ids), col(Interest.withdrawn_at).is_(None))
            .group_by(col(Interest.submission_id))
        ).all()
    )
