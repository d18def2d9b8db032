"""The whole of it: one round that is open, its challenges, its proposals and what the jury thinks of them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from challenge.kernel.database import Database
from challenge.people.models import Person
from challenge.people.spelling import fold, plain
from challenge.rounds.models import Round, Window
from challenge.rounds.schemas import Rules
from challenge.rounds.states import RoundState, WindowName
from challenge.seed import texts
from challenge.seed.bulk import Bulk
from challenge.seed.judging import Jury
from challenge.seed.people import Society, populate
from challenge.seed.proposals import AWARD_CENTS, Answer, Proposals
from challenge.submissions.models import Submission
from challenge.submissions.states import SubmissionState

PER_CITY = 2
OPEN_DAYS = 60
EVERY = {10: SubmissionState.SUBMITTED, 9: SubmissionState.DRAFT}  # of so many challenges one is not accepted yet


class NotEmpty(Exception):  # noqa: N818 -- it is a refusal
    """There are people in this database already."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """Who and what there is, by id and code: for whoever measures or tries pages."""

    round_id: int
    round_code: str
    society: Society
    challenges: tuple[Answer, ...]
    proposals: Proposals
    jury: Jury


def fill(database: Database, now: datetime, *, scale: int, rng: int = 1) -> Seeded:
    """Write a programme of ``scale`` proposals into an empty, migrated database. Raises NotEmpty.

    The same ``scale``, ``rng`` and ``now`` give the same rows.
    """
    with database.engine.execution_options(writing=True).begin() as connection:
        if connection.execute(select(Person.id).limit(1)).first() is not None:  # type: ignore[call-overload]
            raise NotEmpty
        bulk = Bulk(connection, now, random.Random(rng))  # noqa: S311 -- nothing secret is drawn
        made = _programme(bulk, scale)
        bulk.finish()
    return made


def _programme(bulk: Bulk, scale: int) -> Seeded:
    society = populate(bulk, scale)
    round_id, round_code = _round(bulk, scale)
    challenges = _challenges(bulk, society, round_id, round_code)
    jury = Jury(bulk, round_id, round_code, society)
    proposals = Proposals(bulk, round_id, round_code, society, challenges, jury)
    for number in range(1, scale + 1):
        proposals.add(number)
    jury.announce()
    return Seeded(round_id, round_code, society, tuple(challenges), proposals, jury)


def _round(bulk: Bulk, scale: int) -> tuple[int, str]:
    code = bulk.code()
    begins = bulk.now - timedelta(days=OPEN_DAYS)
    number = bulk.put(
        Round, code=code, title="Synthetic round", summary="Nobody and nothing in it exists.", example=True,
        state=RoundState.PUBLISHED, rules=Rules().model_dump(mode="json"), published_at=begins,
        budget_cents=AWARD_CENTS * (scale + 1),
    )  # fmt: skip
    bulk.step("round", code, RoundState.PUBLISHED, code)
    for place, name in enumerate(WindowName):
        opens_at, closes_at = begins + timedelta(days=place), bulk.now + timedelta(days=OPEN_DAYS + place)
        bulk.put(Window, round_id=number, name=name, opens_at=opens_at, closes_at=closes_at)
    return number, code


def _challenges(bulk: Bulk, society: Society, round_id: int, round_code: str) -> list[Answer]:
    """Two of each city; those that may be answered."""
    found: list[Answer] = []
    for number, city in enumerate((city for city in society.cities for _slot in range(PER_CITY)), 1):
        state = next((state for of, state in EVERY.items() if number % of == 0), SubmissionState.ACCEPTED)
        name, code = texts.title(bulk.chance, number), bulk.code()
        answers = texts.challenge(bulk.chance, name)
        is_draft = state is SubmissionState.DRAFT
        told: dict[str, Any] = {"title_key": code}
        if not is_draft:
            told = {"title_key": fold(name), "slot": 2 - number % PER_CITY, "submitted_at": bulk.now}
        made = bulk.put(
            Submission, code=code, round_id=round_id, round_code=round_code, city_id=city.id, state=state, title=name,
            themes=answers["themes"], answers=answers, contact_id=city.lead.id, deputy_id=city.deputy.id,
            search=plain(f"{name} {city.name} {answers['summary']}"), saved_at=bulk.now,
            published_at=bulk.now if state is SubmissionState.ACCEPTED else None, **told,
        )  # fmt: skip
        bulk.step("submission", code, state, round_code)
        found.append(Answer(made, code, state, city.lead))
    return found
