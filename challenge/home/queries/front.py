"""What everybody sees on the front page: the round, open challenges, pilots, and numbers of past rounds.

Only what is public is read: no draft, no person, no count of anything that is not published.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from challenge.home.queries.scene import Stand, now_running
from challenge.home.queries.sql import columns
from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.pilots.content import Member, members_of
from challenge.pilots.models import Pilot
from challenge.pilots.states import PAIRED, PilotState
from challenge.rounds.models import Round
from challenge.rounds.states import CityRole, RoundState
from challenge.submissions.models import Interest, Submission
from challenge.submissions.states import SubmissionState

CARDS = 3
MOST_PILOTS = 40
STAGES = (
    PilotState.COMPLETED, PilotState.RUNNING, PilotState.SUSPENDED, PilotState.AGREED, PilotState.PREPARING,
    PilotState.TERMINATED,
)  # fmt: skip
SHOWN = (*PAIRED, PilotState.SUSPENDED, PilotState.TERMINATED)  # a pilot is told of once it is agreed


@dataclass(frozen=True, slots=True)
class Challenge:
    """An open challenge on a card."""

    code: str
    title: str
    summary: str
    themes: tuple[str, ...]
    city: str
    country: str
    interests: int


@dataclass(frozen=True, slots=True)
class PilotCard:
    """A pilot: what it is, its cities at home and abroad."""

    code: str
    title: str
    summary: str
    state: PilotState
    round: str
    example: bool
    facts: Mapping[str, Any]
    budget_cents: int | None
    months: int | None
    starts_on: date | None
    home: tuple[Member, ...]
    abroad: tuple[Member, ...]

    @property
    def place(self) -> tuple[bool, bool, int]:
        """Where it stands on the page: pairs first, real before example, and what has results before what has none."""
        return not self.is_pair, self.example, STAGES.index(self.state)

    @property
    def is_pair(self) -> bool:
        """Whether it joins a city at home and one abroad."""
        return bool(self.home and self.abroad)


@dataclass(frozen=True, slots=True)
class Past:
    """A past round and what is known of it."""

    code: str
    title: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Front:
    """The front page."""

    round: Stand | None
    challenges: tuple[Challenge, ...]
    open_count: int
    published_count: int
    pilots: tuple[PilotCard, ...]
    past: tuple[Past, ...]


def front(w: Work) -> Front:
    """Everything of it, in a constant number of queries."""
    running = now_running(w)
    challenges, open_count = open_challenges(w, running)
    return Front(
        round=running,
        challenges=challenges,
        open_count=open_count,
        published_count=published_count(w, running),
        pilots=pilots(w),
        past=past(w),
    )


def open_challenges(w: Work, running: Stand | None, most: int = CARDS) -> tuple[tuple[Challenge, ...], int]:
    """The newest challenges that wait for proposals, and how many there are."""
    if running is None:
        return (), 0
    interested = (
        select(func.count())
        .where(Interest.submission_id == Submission.id, col(Interest.withdrawn_at).is_(None))
        .scalar_subquery()
    )
    rows = w.session.execute(
        columns(
            Submission.code, Submission.title, col(Submission.answers), col(Submission.themes), Organisation.name,
            Organisation.country, interested, func.count().over(),
        )
        .select_from(Submission)
        .outerjoin(Organisation, col(Organisation.id) == Submission.city_id)
        .where(col(Submission.round_id) == running.id, col(Submission.state) == SubmissionState.ACCEPTED)
        .order_by(col(Submission.published_at).desc(), col(Submission.id).desc())
        .limit(most)
    ).all()  # fmt: skip
    found = tuple(
        Challenge(code, title, str(answers.get("summary") or ""), tuple(themes), city or "", country or "", interests)
        for code, title, answers, themes, city, country, interests, _total in rows
    )
    return found, rows[0][-1] if rows else 0


def published_count(w: Work, running: Stand | None) -> int:
    """How many challenges of the round have been published."""
    if running is None:
        return 0
    told = select(func.count()).where(Submission.round_id == running.id, col(Submission.published_at).is_not(None))
    return w.session.exec(told).one()


def pilots(w: Work, most: int = MOST_PILOTS) -> tuple[PilotCard, ...]:
    """Pilots that were agreed, by their ``place``, then the newest."""
    rows = w.session.execute(
        columns(
            Pilot.id, Pilot.code, Pilot.title, Pilot.summary, Pilot.state, col(Round.title).label("round"),
            col(Round.example), Pilot.facts, Pilot.budget_cents, Pilot.months, Pilot.starts_on, Pilot.home_country,
        )
        .join(Round, col(Round.id) == Pilot.round_id)
        .where(col(Pilot.state).in_(SHOWN))
        .order_by(col(Pilot.starts_on).desc().nulls_last(), col(Pilot.id).desc())
        .limit(most)
    ).all()  # fmt: skip
    cities = members_of(w, [row[0] for row in rows]) if rows else {}
    found = []
    for row in rows:
        members = [member for member in cities.get(row.id, ()) if member.role is not CityRole.FOLLOWER]
        home = tuple(member for member in members if member.country == row.home_country)
        abroad = tuple(member for member in members if member.country != row.home_country)
        known = (row.example, row.facts, row.budget_cents, row.months, row.starts_on)
        found.append(PilotCard(row.code, row.title, row.summary, row.state, row.round, *known, home, abroad))
    return tuple(sorted(found, key=lambda card: card.place))


def past(w: Work) -> tuple[Past, ...]:
    """Past rounds of which something is known, the oldest first."""
    rows = w.session.execute(
        columns(Round.code, Round.title, col(Round.facts))
        .where(col(Round.imported).is_(True), col(Round.state).in_((RoundState.CLOSED, RoundState.ARCHIVED)))
        .order_by(col(Round.published_at).nulls_last(), col(Round.id))
    ).all()
    return tuple(Past(*row) for row in rows if row[2])
