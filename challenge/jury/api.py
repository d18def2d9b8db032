"""Reviews in JSON for their jurors; panel, assignment and ranking for coordinators."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from challenge.http.api import PREFIX, PROBLEMS, add_api, check_if_match, listing, one
from challenge.http.work import work
from challenge.jury import actions, queries
from challenge.jury.pages.acts import CONFLICTS, REVIEWS
from challenge.jury.schemas import Declaration, JurorInvite, ReviewIn
from challenge.kernel.errors import Missing
from challenge.kernel.paging import Page
from challenge.proposals import queries as proposals
from challenge.rounds.states import Gate

TAG = "reviews"
ROUND = f"{PREFIX}/rounds/{{code}}"
router = APIRouter()


class ReviewItem(BaseModel):
    """A review in its juror's queue."""

    code: str
    title: str
    round_code: str
    gate: Gate
    state: str
    due_at: datetime | None


class ReviewsOut(BaseModel):
    """The juror's queue over all rounds."""

    items: list[ReviewItem]
    next: str | None = None


class MarkOut(BaseModel):
    """A mark for a criterion in tenths (3.5 is 35)."""

    tenths: int | None
    comment: str


class ReviewOut(BaseModel):
    """A review: marks only to its juror."""

    code: str
    version: int
    state: str
    gate: Gate
    proposal: str
    marks: dict[str, MarkOut]
    comment: str
    submitted_at: datetime | None


class JurorOut(BaseModel):
    """A member of the panel."""

    code: str
    version: int
    accepted_at: datetime | None
    declined_at: datetime | None
    load_max: int


class AssignIn(BaseModel):
    """Give a proposal to a juror at a gate."""

    model_config = ConfigDict(extra="forbid")

    proposal: str = Field(max_length=9)
    juror: str = Field(max_length=9)
    gate: Gate


class PlaceOut(BaseModel):
    """A proposal's place in the raw ranking."""

    proposal: str
    title: str
    place: int | None
    reviews: int
    excluded: int


class RankingOut(BaseModel):
    """The raw ranking of a gate."""

    gate: Gate
    quorum: int
    items: list[PlaceOut]


@router.get(f"{PREFIX}/reviews", tags=[TAG], response_model=ReviewsOut, responses=PROBLEMS)
def index(request: Request) -> Response:
    """The juror's queue."""
    with work(request) as w:
        found = queries.queue(w)
        return listing(
            request, Page([*found.items, *found.earlier]),
            lambda row: ReviewItem.model_validate(row, from_attributes=True),
        )  # fmt: skip


@router.get(f"{PREFIX}/reviews/{{code}}", tags=[TAG], response_model=ReviewOut, responses=PROBLEMS)
def show(request: Request, code: str) -> Response:
    """A review."""
    with work(request) as w:
        return _one(w, request, code)


@router.patch(f"{PREFIX}/reviews/{{code}}", tags=[TAG], response_model=ReviewOut, responses=PROBLEMS)
def update(request: Request, code: str, given: ReviewIn) -> Response:
    """Keep marks and comments of a draft."""
    with work(request) as w:
        found = queries.visible(w, code)
        check_if_match(request, found)
        actions.save_review(w, found, given)
        w.session.flush()
        return _one(w, request, code)


@router.post(f"{PREFIX}/reviews/{{code}}/declaration", tags=[TAG], status_code=204, responses=PROBLEMS)
def declare(request: Request, code: str, given: Declaration) -> Response:
    """Answer the conflict question; a conflict closes the proposal at once."""
    with work(request) as w:
        actions.declare(w, queries.visible(w, code), given)
        return Response(status_code=204)


@router.post(f"{ROUND}/jurors", tags=[TAG], status_code=201, response_model=JurorOut, responses=PROBLEMS)
def invite(request: Request, code: str, given: JurorInvite) -> Response:
    """Invite somebody to the panel."""
    with work(request) as w:
        round_ = queries.round_of_jury(w, code)
        made = actions.invite_juror(w, round_, given, public_url=request.app.state.settings.public_url)
        return one(request, made, JurorOut.model_validate(made, from_attributes=True), status=201)


@router.post(f"{ROUND}/assignment", tags=[TAG], status_code=201, response_model=ReviewOut, responses=PROBLEMS)
def assign(request: Request, code: str, given: AssignIn) -> Response:
    """Give a proposal to a juror."""
    with work(request) as w:
        round_ = queries.round_of_jury(w, code)
        juror, proposal = queries.juror(w, given.juror), proposals.visible(w, given.proposal)
        if juror.round_id != round_.id or proposal.round_id != round_.id:
            raise Missing
        made = actions.assign(w, proposal, juror, given.gate)
        return _one(w, request, made.code, status=201)


@router.get(f"{ROUND}/ranking", tags=[TAG], response_model=RankingOut, responses=PROBLEMS)
def ranking(request: Request, code: str, gate: Gate) -> Response:
    """The raw ranking of a gate, best first."""
    with work(request) as w:
        found = queries.ranking(w, queries.round_of_jury(w, code), gate)
        items = [
            PlaceOut(
                proposal=row.code, title=row.title, place=row.standing.place,
                reviews=sum(review.is_eligible for review in row.reviews), excluded=len(row.excluded),
            )
            for row in found.rows
        ]  # fmt: skip
        body = RankingOut(gate=gate, quorum=found.quorum, items=items)
        return JSONResponse(body.model_dump(mode="json"))


def _one(w: Any, request: Request, code: str, status: int = 200) -> Response:
    found = queries.review(w, code)
    review = found.review
    body = ReviewOut(
        code=review.code, version=review.version, state=str(review.state), gate=review.gate,
        proposal=found.proposal.code, comment=review.comment if found.is_own else "",
        marks={
            key: MarkOut(tenths=score.tenths, comment=score.comment) for key, score in found.scores.items()
        },
        submitted_at=review.submitted_at,
    )  # fmt: skip
    return one(request, review, body, status=status)


add_api(router, REVIEWS, TAG)
add_api(router, CONFLICTS, TAG)
