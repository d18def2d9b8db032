"""Who reads what: the board of proposals and jurors at a gate."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import WebWork, work
from challenge.jury import actions, queries
from challenge.jury.actions import Assigned
from challenge.jury.blind import copies
from challenge.jury.pages.acts import gate_of, gate_to_run, jury_tabs
from challenge.jury.schemas import Suggesting
from challenge.jury.states import CONFLICT_KINDS, LABELS
from challenge.kernel.ask import Ask, Instant
from challenge.kernel.i18n import N_, Text, _n
from challenge.people.rules import is_coordinator
from challenge.rounds.queries import rules_of, windows
from challenge.rounds.states import GATES, WindowName
from challenge.rounds.words import Country, Sentences

router = APIRouter(include_in_schema=False)


class Due(BaseModel):
    """When what is assigned now is due."""

    model_config = ConfigDict(extra="ignore")

    due_at: Annotated[Instant | None, Ask(widget="datetime")] = Field(
        default=None, title=N_("Due date of what you assign now"),
        description=N_("Left empty, reviews are due when the jury’s window closes."),
    )  # fmt: skip


@router.get("/rounds/{code}/assignment")
def index(request: Request, code: str, gate: str = "") -> Response:
    """The board."""
    with work(request) as w:
        return board_page(w, code, gate, Form(Due))


@router.post("/rounds/{code}/assignment")
def assign(request: Request, code: str, sent: Sent, gate: str = "") -> Response:
    """Give out what was ticked; what may not be stays ticked, with its reason."""
    with work(request) as w:
        round_, chosen = gate_to_run(w, code, gate)
        form = Form.sent(Due, sent, zone=round_.zone)
        pairs = [_pair(value) for value in sent.fields.get("assign", [])]
        if not form.valid:
            return board_page(w, code, gate, form, ticked=set(sent.fields.get("assign", [])), status=422)
        due: datetime | None = form.value.due_at
        released = [_pair(value) for value in sent.fields.get("release", [])]
        found = actions.assign_all(w, round_, chosen, pairs, due, released)
        if found.refused or not pairs + released:
            return board_page(w, code, gate, form, found, status=422)
        say: Text = _n("One review is assigned.", "%(n)s reviews are assigned.", found.done)
        if found.released:
            freed = _n("One is taken back.", "%(n)s are taken back.", found.released)
            say = Text("%(sentences)s", names={"sentences": Sentences((say, freed))})
        return see_other(w, f"/rounds/{code}/assignment?gate={chosen}", say=say)


def _pair(value: str) -> tuple[str, str]:
    proposal, _colon, juror = value.partition(":")
    return proposal, juror


def board_page(
    w: WebWork, code: str, gate: str, form: Form[Due], found: Assigned | None = None, *,
    ticked: set[str] | None = None, asking: Form[Suggesting] | None = None, status: int = 200,
) -> Response:  # fmt: skip
    """Proposals and jurors, what was refused, and the form that asks for a suggestion as it was sent."""
    round_ = queries.round_of_jury(w, code)
    chosen = gate_of(w, round_, gate)
    period = windows(w, round_).get(WindowName.JURY)
    board = queries.board(w, round_, chosen) if chosen else None
    may_assign = is_coordinator(w, round_) is None
    latest = queries.latest_suggestion(w, round_, chosen) if chosen and may_assign else None
    before = {name: latest.inputs[name] for name in Suggesting.model_fields} if latest else {}
    blind = chosen is not None and copies.is_blind(rules_of(round_), chosen)
    copied = copies.confirmed_among(w, [row.id for row in board.rows]) if blind and board else frozenset()
    return page(
        w, "jury/assignment.html", status=status, round=round_, gate=chosen, gates=queries.jury_gates(round_),
        gate_words=GATES, board=board, form=form, found=found, ticked=ticked or set(), labels=LABELS,
        kinds=CONFLICT_KINDS, may_assign=may_assign, closes_at=period.closes_at if period else
        None, reviews=rules_of(round_).gates[chosen].reviews if chosen else 0, tabs=jury_tabs(round_, "assignment"),
        latest=latest, asking=asking or Form(Suggesting, before), country=Country,
        from_elsewhere=rules_of(round_).jurors_from_elsewhere,
        blind=blind, copied=copied,
        missing=sum(row.needs for row in board.rows) if board else 0,
    )  # fmt: skip
