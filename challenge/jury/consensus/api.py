"""Consensus in JSON: what it says and what was answered, for the panel and for who runs or observes the round."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from challenge.http.api import PREFIX, PROBLEMS, add_api, check_if_match, one
from challenge.http.work import work
from challenge.jury.consensus import actions, facts, queries, rules
from challenge.jury.consensus.models import Consensus
from challenge.jury.consensus.schemas import ConsensusIn, ReplyIn
from challenge.jury.pages.consensus import CONSENSUSES
from challenge.kernel.work import Work
from challenge.rounds.states import Gate

TAG = "reviews"
router = APIRouter()


class AnswerOut(BaseModel):
    """What a juror of the panel says to it; ``agrees`` is empty until she has answered."""

    juror: str
    agrees: bool | None
    reason: str


class ConsensusOut(BaseModel):
    """A consensus. Marks in tenths (3.5 is 35)."""

    code: str
    version: int
    state: str
    gate: Gate
    proposal: str
    marks: dict[str, int]
    note: str
    statement: str
    agreed_at: datetime | None
    answers: list[AnswerOut]


@router.get(f"{PREFIX}/consensus/{{code}}", tags=[TAG], response_model=ConsensusOut, responses=PROBLEMS)
def show(request: Request, code: str) -> Response:
    """A consensus."""
    with work(request) as w:
        return _one(w, request, queries.one(w, code))


@router.patch(f"{PREFIX}/consensus/{{code}}", tags=[TAG], response_model=ConsensusOut, responses=PROBLEMS)
def update(request: Request, code: str, given: ConsensusIn) -> Response:
    """Keep the draft, as its moderator."""
    with work(request) as w:
        found = queries.one(w, code)
        check_if_match(request, found)
        actions.save_consensus(w, found, given)
        return _one(w, request, found)


@router.post(f"{PREFIX}/consensus/{{code}}/replies", tags=[TAG], status_code=204, responses=PROBLEMS)
def reply(request: Request, code: str, given: ReplyIn) -> Response:
    """Confirm or object, as another juror of the panel."""
    with work(request) as w:
        actions.reply(w, queries.one(w, code), given)
        return Response(status_code=204)


def _one(w: Work, request: Request, found: Consensus) -> Response:
    proposal = rules.proposal_of(w, found)
    members, answers = facts.members(w, proposal.id, found.gate), facts.replies(w, found)
    w.saw("discussion", proposal.round_code, [member.review_code for member in members])
    said = [
        AnswerOut(
            juror=member.name,
            agrees=answers[member.juror_id].agrees if member.juror_id in answers else None,
            reason=answers[member.juror_id].reason if member.juror_id in answers else "",
        )
        for member in members
        if member.juror_id != found.moderator_id
    ]
    body = ConsensusOut(
        code=found.code, version=found.version, state=str(found.state), gate=found.gate, proposal=proposal.code,
        marks={key: mark.tenths for key, mark in facts.marks(w, found).items()}, note=found.note,
        statement=found.statement, agreed_at=found.agreed_at, answers=said,
    )  # fmt: skip
    return one(request, found, body)


add_api(router, CONSENSUSES, TAG)
