"""Submissions, their interests, and the public catalogue of challenges in JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from challenge.cities import queries as cities
from challenge.http import saving
from challenge.http.answers_api import add_answer_api
from challenge.http.api import PREFIX, PROBLEMS, add_api, listing, once, one
from challenge.http.saving import AnswersIn
from challenge.http.work import work
from challenge.kernel.paging import Page
from challenge.rounds import queries as rounds
from challenge.submissions import actions, queries
from challenge.submissions.pages.forms import ACTS, DRAFTS
from challenge.submissions.queries import Filters, Wanted
from challenge.submissions.schemas import TITLE

TAG = "submissions"
router = APIRouter()


class SubmissionIn(BaseModel):
    """What a draft begins with."""

    model_config = ConfigDict(extra="forbid")

    round: str = Field(max_length=9)
    city: str = Field(max_length=9)
    title: str = Field(min_length=1, max_length=TITLE)
    carried_from: str = Field(
        default="", max_length=8,
        description="The code of a challenge that ended without a pilot: one's own, or another city's.",
    )  # fmt: skip


class InterestIn(BaseModel):
    """Why the city wants to take part."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=2000)


class SubmissionItem(BaseModel):
    """A submission in a list."""

    code: str
    title: str
    state: str
    city: str
    country: str
    themes: list[str]
    round_code: str
    submitted_at: datetime | None


class SubmissionsOut(BaseModel):
    """A page of submissions."""

    items: list[SubmissionItem]
    next: str | None = None


class SubmissionOut(BaseModel):
    """A submission, to those who work on it."""

    code: str
    version: int
    state: str
    round: str
    title: str
    themes: list[str]
    answers: dict[str, Any]
    bases: dict[str, str]
    revision: int
    submitted_at: datetime | None
    published_at: datetime | None
    saved_at: datetime | None


class ChallengeItem(BaseModel):
    """A challenge of the public catalogue."""

    code: str
    title: str
    summary: str
    state: str
    city: str
    country: str
    themes: list[str]
    interests: int


class ChallengesOut(BaseModel):
    """A page of challenges."""

    items: list[ChallengeItem]
    next: str | None = None


class InterestOut(BaseModel):
    """A city's interest."""

    challenge: str
    city: str
    reason: str


@router.get(f"{PREFIX}/challenges", tags=["challenges"], response_model=ChallengesOut, responses=PROBLEMS)
def challenges(
    request: Request,
    q: str = "",
    theme: str = "",
    country: str = "",
    round_code: Annotated[str, Query(alias="round")] = "",
    *,
    thesis: bool = False,
    cursor: str | None = None,
) -> Response:
    """The public catalogue; ``thesis``: only what students may write a thesis on."""
    with work(request) as w:
        wanted = Wanted(text=q[:200], theme=theme, country=country, round=round_code, thesis=thesis)
        return listing(
            request, queries.challenges(w, wanted, cursor),
            lambda row: ChallengeItem.model_validate({**_fields(row), "themes": list(row.themes)}),
        )  # fmt: skip


@router.get(f"{PREFIX}/submissions", tags=[TAG], response_model=SubmissionsOut, responses=PROBLEMS)
def index(
    request: Request,
    round_code: Annotated[str, Query(alias="round")] = "",
    state: str = "", theme: str = "", country: str = "", q: str = "",
    cursor: str | None = None,
) -> Response:  # fmt: skip
    """Submissions one works on: of a round, or of one's cities."""
    with work(request) as w:
        filters = Filters(state=state, theme=theme, country=country, text=q[:200])
        if round_code:
            found = queries.in_round(w, rounds.visible(w, round_code), filters, cursor)
        else:
            found = Page(queries.of_cities(w, w.actor.organisations()))
        return listing(
            request, found, lambda row: SubmissionItem.model_validate({**_fields(row), "themes": list(row.themes)})
        )


@router.post(f"{PREFIX}/submissions", tags=[TAG], status_code=201, response_model=SubmissionOut, responses=PROBLEMS)
def create(request: Request, given: SubmissionIn) -> Response:
    """Begin a draft for a city."""
    with work(request) as w:

        def act() -> Response:
            city = cities.city(w, given.city).organisation
            made = actions.begin(w, rounds.visible(w, given.round), city, given.title, given.carried_from)
            return one(request, made, shown(made), status=201, location=f"{PREFIX}/submissions/{made.code}")

        return once(w, given, act)


@router.get(f"{PREFIX}/submissions/{{code}}", tags=[TAG], response_model=SubmissionOut, responses=PROBLEMS)
def show(request: Request, code: str) -> Response:
    """A submission one works on."""
    with work(request) as w:
        found = queries.visible(w, code)
        return one(request, found, shown(found))


@router.patch(f"{PREFIX}/submissions/{{code}}", tags=[TAG], response_model=SubmissionOut, responses=PROBLEMS)
def update(request: Request, code: str, given: AnswersIn) -> Response:
    """Keep answers of a draft."""
    with work(request) as w:
        found = queries.editable(w, code)
        if (refused := saving.keep(DRAFTS, w, found, given)) is not None:
            return refused
        w.session.flush()
        return one(request, found, shown(found))


@router.put(
    f"{PREFIX}/submissions/{{code}}/interests/{{city}}", tags=[TAG], response_model=InterestOut, responses=PROBLEMS
)
def show_interest(request: Request, code: str, city: str, given: InterestIn) -> Response:
    """Show a city's interest in another city's challenge."""
    with work(request) as w:
        found = queries.for_interest(w, code)
        actions.show_interest(w, found, cities.city(w, city).organisation, given.reason)
        return one(request, found, InterestOut(challenge=code, city=city, reason=given.reason))


@router.delete(f"{PREFIX}/submissions/{{code}}/interests/{{city}}", tags=[TAG], status_code=204, responses=PROBLEMS)
def withdraw_interest(request: Request, code: str, city: str) -> Response:
    """Take the interest back."""
    with work(request) as w:
        actions.withdraw_interest(w, queries.for_interest(w, code), cities.city(w, city).organisation)
        return Response(status_code=204)


def shown(found: Any) -> SubmissionOut:
    """A submission as JSON."""
    return SubmissionOut(
        code=found.code, version=found.version, state=str(found.state), round=found.round_code, title=found.title,
        themes=found.themes, answers=found.answers,
        bases=saving.bases_of(found.answers), revision=found.revision, submitted_at=found.submitted_at,
        published_at=found.published_at, saved_at=found.saved_at,
    )  # fmt: skip


def _fields(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__dataclass_fields__}


add_api(router, ACTS, TAG)
add_answer_api(router, DRAFTS, TAG)
