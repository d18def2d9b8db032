"""Outcomes, announcement and appeals in JSON, for those who decide."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from challenge.http.api import PREFIX, PROBLEMS, FiredOut, add_api, listing, once, one
from challenge.http.work import work
from challenge.kernel.errors import Missing
from challenge.kernel.paging import Page
from challenge.rounds import queries as rounds
from challenge.selection import actions, queries
from challenge.selection.pages.shared import APPEALS, OUTCOMES
from challenge.selection.schemas import OutcomeIn

TAG = "outcomes"
ROUND = f"{PREFIX}/rounds/{{code}}"
router = APIRouter()


class NewOutcome(OutcomeIn):
    """An outcome for a proposal."""

    proposal: str = Field(max_length=9)


class OutcomeOut(BaseModel):
    """An outcome as those who decide see it."""

    code: str
    version: int
    proposal: str
    verdict: str
    state: str
    amount_cents: int | None
    reserve_rank: int | None
    published_at: datetime | None


class BoardOut(BaseModel):
    """The outcomes of a round, and its money in cents."""

    items: list[OutcomeOut]
    budget: int | None
    approved: int
    proposed: int


class ResultOut(BaseModel):
    """A selected proposal after the announcement."""

    code: str
    title: str


class ResultsOut(BaseModel):
    """What was announced."""

    items: list[ResultOut]
    next: str | None = None


class ScenarioOut(BaseModel):
    """A scenario: value and bound in ten-thousandths of a point, money in cents, proposals by code."""

    code: str
    name: str
    state: str
    inputs_hash: str | None = None
    solver: str | None = None
    solver_version: str | None = None
    value: int | None = None
    bound: int | None = None
    gap: float | None = None
    budget: int | None = None
    planned: dict[str, int] = Field(default_factory=dict)
    chosen: list[str] = Field(default_factory=list)
    reserve: list[str] = Field(default_factory=list)


class FreeOut(BaseModel):
    """An award that was not taken up."""

    proposal: str
    amount_cents: int
    since: datetime | None


class StandbyOut(BaseModel):
    """A place on the reserve list; ``why_not``: what keeps it from moving up now."""

    proposal: str
    place: int
    cost_cents: int
    until: datetime | None
    pending: str | None
    why_not: str | None


class ReserveOut(BaseModel):
    """The reserve list in its order, and the money that is left, in cents."""

    items: list[StandbyOut]
    free: list[FreeOut]
    budget: int | None
    left: int | None


class SelectionOut(BaseModel):
    """The scenarios of a round; ``adopted`` is the code of the one outcomes start from."""

    items: list[ScenarioOut]
    adopted: str | None


@router.get(f"{ROUND}/outcomes", tags=[TAG], response_model=BoardOut, responses=PROBLEMS)
def index(request: Request, code: str) -> Response:
    """The outcomes in preparation and those that stand."""
    with work(request) as w:
        board = queries.board(w, queries.inside(w, code))
        items = [shown(line.outcome, line.proposal.code) for line in board.lines if line.outcome is not None]
        money = board.money
        body = BoardOut(items=items, budget=money.budget, approved=money.approved, proposed=money.proposed)
        return JSONResponse(body.model_dump(mode="json"))


@router.post(f"{ROUND}/outcomes", tags=[TAG], status_code=201, response_model=OutcomeOut, responses=PROBLEMS)
def propose(request: Request, code: str, given: NewOutcome) -> Response:
    """Propose an outcome; another person approves it."""
    with work(request) as w:
        round_ = queries.inside(w, code)
        proposal = queries.decidable(w, given.proposal)
        if proposal.round_id != round_.id:
            raise Missing

        def act() -> Response:
            made = actions.propose_outcome(
                w, proposal, OutcomeIn.model_validate(given.model_dump(exclude={"proposal"}))
            )
            return one(request, made, shown(made, proposal.code), status=201)

        return once(w, given, act)


@router.post(f"{ROUND}/announce", tags=[TAG], response_model=FiredOut, responses={**PROBLEMS, 202: {"model": FiredOut}})
def announce(request: Request, code: str) -> Response:
    """Ask to announce, or, as the second person, announce to all at once."""
    with work(request) as w:
        round_ = queries.inside(w, code)
        done = actions.announce(w, round_) is not None
        body = FiredOut(code=round_.code, state=str(round_.state), version=round_.version, done=done)
        return JSONResponse(body.model_dump(mode="json"), 200 if done else 202)


@router.get(f"{ROUND}/selection", tags=[TAG], response_model=SelectionOut, responses=PROBLEMS)
def selection(request: Request, code: str) -> Response:
    """The scenarios of a round with what was computed, and which one is adopted."""
    with work(request) as w:
        round_ = queries.inside(w, code)
        listed, found = queries.scenarios(w, round_), queries.selections(w, round_)
        names = queries.names(w, round_, found.values())
        items = [_scenario(one, found.get(one.id), names) for one in listed]
        adopted = next((one.code for one in listed if one.adopted_at is not None), None)
        body = SelectionOut(items=items, adopted=adopted)
        return JSONResponse(body.model_dump(mode="json"))


def _scenario(scenario: Any, found: Any, names: queries.Names) -> ScenarioOut:
    """A scenario without what may not be named; where something may not, what would tell of it is left out as well."""
    if found is None:
        return ScenarioOut(code=scenario.code, name=scenario.name, state=str(scenario.state))
    whole = names.tells(one["id"] for one in found.inputs["candidates"])
    return ScenarioOut(
        code=scenario.code, name=scenario.name, state=str(scenario.state), inputs_hash=found.inputs_hash,
        solver=found.solver, solver_version=found.solver_version, value=found.objective if whole else None,
        bound=found.bound if whole else None, gap=found.gap, budget=found.constraints["budget"],
        planned=found.constraints["planned"], chosen=[one.code for one in names.of(found.chosen)],
        reserve=[one.code for one in names.of(found.reserve)],
    )  # fmt: skip


@router.get(f"{ROUND}/reserve", tags=[TAG], response_model=ReserveOut, responses=PROBLEMS)
def reserve(request: Request, code: str) -> Response:
    """What became free, and who of the reserve list can lawfully move up, in its order."""
    with work(request) as w:
        board = queries.reserve_board(w, queries.inside(w, code))
        body = ReserveOut(
            budget=board.budget, left=board.left,
            free=[FreeOut(proposal=one.proposal.code, amount_cents=one.cents, since=one.at)
                  for one in board.gone],
            items=[
                StandbyOut(
                    proposal=line.proposal.code, place=line.outcome.reserve_rank or 0, cost_cents=line.cost,
                    until=line.proposal.offer_until, pending=line.pending.code if line.pending else None,
                    why_not=str(line.problem.text) if line.problem else None,
                )
                for line in board.lines
            ],
        )  # fmt: skip
        return JSONResponse(body.model_dump(mode="json"))


@router.get(f"{ROUND}/results", tags=[TAG], response_model=ResultsOut, responses=PROBLEMS)
def results(request: Request, code: str) -> Response:
    """What was announced; empty before."""
    with work(request) as w:
        found = queries.results(w, rounds.visible(w, code))
        chosen = found.chosen if found is not None else ()
        return listing(request, Page(list(chosen)), lambda row: ResultOut(code=row.code, title=row.title))


def shown(outcome: Any, proposal: str) -> OutcomeOut:
    """An outcome as JSON."""
    return OutcomeOut(
        code=outcome.code, version=outcome.version, proposal=proposal, verdict=str(outcome.verdict),
        state=str(outcome.state), amount_cents=outcome.amount_cents, reserve_rank=outcome.reserve_rank,
        published_at=outcome.published_at,
    )  # fmt: skip


add_api(router, OUTCOMES, TAG)
add_api(router, APPEALS, TAG)
