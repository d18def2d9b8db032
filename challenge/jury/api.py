"""Reviews in JSON for their jurors; panel, assignment and ranking for coordinators."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any, Literal

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
    """A proposal's place in the ranking. ``score`` is what ranks it: the weighted raw mean, or the calibrated score."""

    proposal: str
    title: str
    place: int | None
    score: float | None
    reviews: int
    excluded: int


class RankingOut(BaseModel):
    """The ranking of a gate, and by which score."""

    gate: Gate
    ranks: Literal["raw", "calibrated"]
    quorum: int
    items: list[PlaceOut]


class CalibratedOut(BaseModel):
    """Raw beside calibrated, in points of the weighted score. ``chance``: to be among the best of those who compete."""

    proposal: str
    title: str
    place: int | None
    raw: float | None
    value: float | None
    low: float | None
    high: float | None
    chance: float | None
    criteria: dict[str, float | None]


class SeverityOut(BaseModel):
    """By how many points a juror marks below the average of the jurors: positive is strict."""

    juror: str
    severity: float
    criteria: dict[str, float | None]


class GroupOut(BaseModel):
    """Jurors and proposals nothing links with the other groups: scores cannot be compared across them."""

    jurors: list[str]
    proposals: list[str]


class CalibrationOut(BaseModel):
    """The calibration of a gate. Without ``at`` none holds now; ``reason`` says why scores cannot be compared.

    ``since``: reviews that came later. ``inputs`` (a hash), ``seed`` and ``versions`` are what it takes to compute it
    again. Jurors, agreement, groups and chances are left out for whoever has a conflict of interest in the round.
    """

    gate: Gate
    ranks: Literal["raw", "calibrated"]
    at: datetime | None
    is_current: bool
    since: int
    reason: str | None
    best: int
    among: int
    items: list[CalibratedOut]
    jurors: list[SeverityOut]
    agreement: dict[str, float | None]
    groups: list[GroupOut]
    inputs: str | None
    seed: int
    versions: dict[str, Any]


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
    """The ranking of a gate, best first."""
    with work(request) as w:
        found = queries.ranking(w, queries.round_of_jury(w, code), gate)
        items = [
            PlaceOut(
                proposal=row.code, title=row.title, place=row.standing.place, score=_points(row.standing.score),
                reviews=sum(review.is_eligible for review in row.reviews), excluded=len(row.excluded),
            )
            for row in found.rows
        ]  # fmt: skip
        body = RankingOut(gate=gate, ranks=found.ranks, quorum=found.quorum, items=items)
        return JSONResponse(body.model_dump(mode="json"))


@router.get(f"{ROUND}/calibration", tags=[TAG], response_model=CalibrationOut, responses=PROBLEMS)
def calibration(request: Request, code: str, gate: Gate) -> Response:
    """Scores of a gate corrected for severe and mild jurors, and how sure one can be of them."""
    with work(request) as w:
        found = queries.ranking(w, queries.round_of_jury(w, code), gate)
        known, codes = found.calibrated, {row.id: row.code for row in found.rows}
        body = CalibrationOut(
            gate=gate, ranks=found.ranks, at=known.at, is_current=known.is_current, since=known.since,
            reason=known.reason, best=known.best, among=known.among if known.is_whole else 0,
            items=[_calibrated(row, known.values.get(row.id)) for row in found.rows],
            jurors=[
                SeverityOut(juror=found.jurors[one.juror_id], severity=one.whole, criteria=dict(one.criteria))
                for one in known.jurors if one.juror_id in found.jurors
            ],
            agreement=dict(known.agreement),
            groups=[
                GroupOut(
                    jurors=[found.jurors[key] for key in group.jurors if key in found.jurors],
                    proposals=[codes[key] for key in group.proposals if key in codes],
                )
                for group in known.groups
            ],
            inputs=known.inputs_hash, seed=known.seed, versions=dict(known.versions),
        )  # fmt: skip
        return JSONResponse(body.model_dump(mode="json"))


def _calibrated(row: queries.Ranked, value: queries.Value | None) -> CalibratedOut:
    return CalibratedOut(
        proposal=row.code, title=row.title, place=row.standing.place, raw=_points(row.standing.weighted),
        value=value.value if value else None, low=value.low if value else None, high=value.high if value else None,
        chance=value.chance if value else None, criteria=dict(value.criteria) if value else {},
    )  # fmt: skip


def _points(score: Fraction | None) -> float | None:
    return None if score is None else round(float(score), 4)


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
