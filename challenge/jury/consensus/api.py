"""What a panel says together, in JSON: notes, consensus and its answers; and the comments a team reads and answers."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from challenge.http.api import PREFIX, PROBLEMS, add_api, check_if_match, one
from challenge.http.work import work
from challenge.jury.consensus import actions, facts, queries, reactions, rules
from challenge.jury.consensus.models import Consensus, Reaction
from challenge.jury.consensus.schemas import ConsensusIn, NoteIn, ReactionIn, ReplyIn
from challenge.jury.pages.consensus import CONSENSUSES
from challenge.kernel.errors import Refused
from challenge.kernel.work import Work
from challenge.proposals.models import Proposal
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


class NoteOut(BaseModel):
    """A note of the discussion; ``juror`` by name, as the panel reads it."""

    juror: str
    at: datetime
    text: str


class NotesOut(BaseModel):
    """The discussion of a proposal at a gate, in the order in which it was led."""

    gate: Gate
    items: list[NoteOut]


class CommentsOut(BaseModel):
    """What jurors wrote for one criterion, without names and marks, or of the whole (no criterion)."""

    criterion: str
    texts: list[str]


class ReactionOut(BaseModel):
    """The comments as they are opened to a team, and its one answer."""

    gate: Gate
    opened_at: datetime
    until: datetime
    most_words: int
    comments: list[CommentsOut]
    text: str
    answered_at: datetime | None


@router.get(f"{PREFIX}/proposals/{{code}}/notes", tags=[TAG], response_model=NotesOut, responses=PROBLEMS)
def notes(request: Request, code: str, gate: Gate | None = None) -> Response:
    """The notes of a discussion that is open."""
    with work(request) as w:
        proposal, at = queries.visible(w, code, gate or "")
        if not facts.is_open(w, proposal, at):
            raise Refused(actions.NOT_OPEN)
        return _notes(w, proposal, at)


@router.post(
    f"{PREFIX}/proposals/{{code}}/notes", tags=[TAG], status_code=201, response_model=NotesOut, responses=PROBLEMS
)
def write(request: Request, code: str, given: NoteIn, gate: Gate | None = None) -> Response:
    """Say something to the panel; it cannot be changed."""
    with work(request) as w:
        proposal, at = queries.visible(w, code, gate or "")
        actions.add_note(w, proposal, at, given)
        return _notes(w, proposal, at, status=201)


@router.get(f"{PREFIX}/proposals/{{code}}/reaction", tags=[TAG], response_model=ReactionOut, responses=PROBLEMS)
def comments(request: Request, code: str) -> Response:
    """The comments opened to the team, and what it answered."""
    with work(request) as w:
        _proposal, reaction = reactions.of_team(w, code)
        return _reaction(w, reaction)


@router.post(
    f"{PREFIX}/proposals/{{code}}/reaction", tags=[TAG], status_code=201, response_model=ReactionOut,
    responses=PROBLEMS,
)  # fmt: skip
def react(request: Request, code: str, given: ReactionIn) -> Response:
    """Answer the comments, once."""
    with work(request) as w:
        proposal, reaction = reactions.of_team(w, code)
        reactions.react(w, proposal, reaction, given)
        return _reaction(w, reaction, status=201)


def _notes(w: Work, proposal: Proposal, at: Gate, status: int = 200) -> Response:
    w.saw("discussion", proposal.round_code, [one.review_code for one in facts.members(w, proposal.id, at)])
    items = [NoteOut(juror=said.name, at=said.at, text=said.text) for said in queries.notes(w, proposal, at)]
    return JSONResponse(NotesOut(gate=at, items=items).model_dump(mode="json"), status)


def _reaction(w: Work, reaction: Reaction, status: int = 200) -> Response:
    said: dict[str, list[str]] = {}
    for entry in reaction.comments:
        said.setdefault(str(entry.get("criterion", "")), []).append(str(entry.get("text", "")))
    body = ReactionOut(
        gate=reaction.gate, opened_at=reaction.opened_at, until=reaction.until, text=reaction.text,
        most_words=reactions.most_words(w, reaction), answered_at=reaction.answered_at,
        comments=[CommentsOut(criterion=key, texts=texts) for key, texts in said.items()],
    )  # fmt: skip
    return JSONResponse(body.model_dump(mode="json"), status)


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
