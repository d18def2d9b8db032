"""Proposals in JSON: texts, team, cities, budget, commitments."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from challenge.http import saving
from challenge.http.answers_api import add_answer_api
from challenge.http.api import PREFIX, PROBLEMS, add_api, check_if_match, listing, once, one
from challenge.http.saving import AnswersIn
from challenge.http.work import work
from challenge.kernel.work import Work
from challenge.proposals import actions, content, queries
from challenge.proposals.asks import Decision, Signature
from challenge.proposals.budget_json import BudgetIn, BudgetOut, Strict, budget_out
from challenge.proposals.pages.forms import ACTS, DRAFTS
from challenge.proposals.schemas import Invitation, NewProposal
from challenge.proposals.states import CommitmentKind, ProposalState
from challenge.rounds import queries as rounds
from challenge.rounds.states import CityRole

TAG = "proposals"
PATH = f"{PREFIX}/proposals/{{code}}"
router = APIRouter()


class ProposalIn(NewProposal):
    """What starts a proposal."""

    round: str = Field(max_length=9)


class CityIn(Strict):
    """A city to ask, and its role."""

    city: str = Field(max_length=9)
    role: CityRole = CityRole.PILOT


class ProposalItem(BaseModel):
    """A proposal in a list."""

    code: str
    title: str
    state: str
    organisation: str
    round: str


class ProposalsOut(BaseModel):
    """A page of proposals."""

    items: list[ProposalItem]
    next: str | None = None


class CityOut(BaseModel):
    """A partner city."""

    code: str
    name: str
    country: str
    role: str


class MemberOut(BaseModel):
    """A person of the team."""

    name: str
    role: str
    accepted: bool


class CommitmentOut(BaseModel):
    """What a city has promised."""

    city: str
    kind: str
    state: str
    revision: int | None


class ProposalOut(BudgetOut):
    """A proposal, to those who work on it."""

    code: str
    version: int
    state: str
    round: str
    title: str
    summary: str
    size_class: str | None
    months: int | None
    answers: dict[str, Any]
    bases: dict[str, str]
    challenges: list[str]
    cities: list[CityOut]
    team: list[MemberOut]
    revision: int
    revision_hash: str
    submitted_at: datetime | None


@router.get(f"{PREFIX}/proposals", tags=[TAG], response_model=ProposalsOut, responses=PROBLEMS)
def index(
    request: Request,
    round_code: Annotated[str, Query(alias="round")] = "",
    state: ProposalState | None = None,
    q: str = "",
    cursor: str | None = None,
) -> Response:
    """Proposals one may read, by title."""
    with work(request) as w:
        round_id = rounds.visible(w, round_code).id if round_code else None
        found = queries.listed(w, round_id=round_id, state=state, text=q[:200], following=cursor)
        return listing(request, found, lambda row: ProposalItem.model_validate(row, from_attributes=True))


@router.post(f"{PREFIX}/proposals", tags=[TAG], status_code=201, response_model=ProposalOut, responses=PROBLEMS)
def create(request: Request, given: ProposalIn) -> Response:
    """Start a proposal on one or more challenges."""
    with work(request) as w:

        def act() -> Response:
            draft = NewProposal.model_validate(given.model_dump(exclude={"round"}))
            made = actions.begin(w, rounds.visible(w, given.round), draft)
            return one(request, made, shown(w, made), status=201, location=f"{PREFIX}/proposals/{made.code}")

        return once(w, given, act)


@router.get(PATH, tags=[TAG], response_model=ProposalOut, responses=PROBLEMS)
def show(request: Request, code: str) -> Response:
    """A proposal one works on."""
    with work(request) as w:
        found = queries.visible(w, code)
        return one(request, found, shown(w, found))


@router.patch(PATH, tags=[TAG], response_model=ProposalOut, responses=PROBLEMS)
def update(request: Request, code: str, given: AnswersIn) -> Response:
    """Keep answers."""
    with work(request) as w:
        found = queries.editable(w, code)
        if (refused := saving.keep(DRAFTS, w, found, given)) is not None:
            return refused
        w.session.flush()
        return one(request, found, shown(w, found))


@router.post(f"{PATH}/team", tags=[TAG], status_code=201, response_model=ProposalOut, responses=PROBLEMS)
def invite(request: Request, code: str, given: Invitation) -> Response:
    """Invite somebody to the team."""
    with work(request) as w:
        found = queries.visible(w, code)
        actions.invite_member(w, found, given)
        return one(request, found, shown(w, found), status=201)


@router.post(f"{PATH}/cities", tags=[TAG], status_code=201, response_model=ProposalOut, responses=PROBLEMS)
def add_city(request: Request, code: str, given: CityIn) -> Response:
    """Add a partner city."""
    with work(request) as w:
        found = queries.visible(w, code)
        actions.ask_city(w, found, given.city, given.role)
        return one(request, found, shown(w, found), status=201)


@router.delete(f"{PATH}/cities/{{city}}", tags=[TAG], response_model=ProposalOut, responses=PROBLEMS)
def remove_city(request: Request, code: str, city: str) -> Response:
    """Remove a partner city."""
    with work(request) as w:
        found = queries.visible(w, code)
        actions.remove_city(w, found, city)
        return one(request, found, shown(w, found))


@router.put(f"{PATH}/budget", tags=[TAG], response_model=ProposalOut, responses=PROBLEMS)
def set_budget(request: Request, code: str, given: BudgetIn) -> Response:
    """Set the whole budget."""
    with work(request) as w:
        found = queries.editable(w, code)
        check_if_match(request, found)
        actions.set_budget(w, found, *given.cents)
        w.session.flush()
        return one(request, found, shown(w, found))


@router.post(f"{PATH}/commitments/{{city}}/signature", tags=[TAG], response_model=CommitmentOut, responses=PROBLEMS)
def sign(request: Request, code: str, city: str, given: Signature) -> Response:
    """Sign an exact revision for a city."""
    with work(request) as w:
        found = queries.visible(w, code)
        return one(request, found, promised(actions.sign_off(w, found, city, given), city))


@router.post(f"{PATH}/commitments/{{city}}/decision", tags=[TAG], response_model=CommitmentOut, responses=PROBLEMS)
def decide(request: Request, code: str, city: str, given: Decision) -> Response:
    """Record the formal decision of a city's body."""
    with work(request) as w:
        found = queries.visible(w, code)
        return one(request, found, promised(actions.record_decision(w, found, city, given), city))


@router.post(f"{PATH}/commitments/{{city}}", tags=[TAG], response_model=CommitmentOut, responses=PROBLEMS)
def ask_commitment(request: Request, code: str, city: str) -> Response:
    """Ask a city to sign."""
    with work(request) as w:
        found = queries.visible(w, code)
        return one(request, found, promised(actions.ask_sign_off(w, found, city), city))


def promised(commitment: Any, city: str) -> CommitmentOut:
    """A commitment as JSON."""
    kind = CommitmentKind(commitment.kind)
    return CommitmentOut(city=city, kind=kind, state=str(commitment.state), revision=commitment.revision_number)


def cities_of(w: Work, found: Any) -> list[CityOut]:
    """The partner cities as JSON."""
    return [
        CityOut(code=city.code, name=city.name, country=city.country, role=str(city.role))
        for city in queries.partner_cities(w, found)
    ]


def shown(w: Work, found: Any) -> ProposalOut:
    """A proposal as JSON."""
    now = content.current(w, found)
    return ProposalOut(
        code=found.code, version=found.version, state=str(found.state), round=found.round_code, title=found.title,
        summary=found.summary, size_class=found.size_class, months=found.months, answers=found.answers,
        bases=saving.bases_of(found.answers),
        challenges=[challenge.code for challenge in content.challenges(w, found)], cities=cities_of(w, found),
        **budget_out(w, found),
        team=[
            MemberOut(name=member.name, role=str(member.role), accepted=member.accepted_at is not None)
            for member in queries.team(w, found)
        ],
        revision=now.number, revision_hash=now.hash, submitted_at=found.submitted_at,
    )  # fmt: skip


add_api(router, ACTS, TAG)
add_answer_api(router, DRAFTS, TAG)
