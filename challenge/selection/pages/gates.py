"""A gate's batch on one page: choose, check every letter, tell all at once."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from challenge.http.messages import message_of
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent, SentBody
from challenge.http.work import WebWork, work
from challenge.kernel.errors import Forbidden, Missing, Refused
from challenge.kernel.i18n import Text, _n
from challenge.people.rules import is_coordinator
from challenge.rounds import queries as rounds
from challenge.rounds.states import GATE_WINDOWS, GATES, Gate
from challenge.selection import actions, queries
from challenge.selection.letters import gate_letter
from challenge.selection.pages.shared import tabs
from challenge.selection.schemas import GateDecision, GateVerdict

router = APIRouter(include_in_schema=False)
AT_GATES = (Gate.IDEA, Gate.PILOT_PROPOSAL)


@router.get("/rounds/{code}/gates")
def index(request: Request, code: str, gate: str = "") -> Response:
    """What waits at a gate (the first where something waits)."""
    with work(request) as w:
        return _index(w, code, gate, SentBody())


@router.post("/rounds/{code}/gates")
def decide(request: Request, code: str, sent: Sent, gate: str = "") -> Response:
    """First check every letter, then send them all."""
    with work(request) as w:
        if sent.get("step") == "change":
            return _index(w, code, gate, sent)
        round_ = queries.inside(w, code)
        if problem := is_coordinator(w, round_):
            raise Forbidden(problem)
        here = _gate(w, round_, gate)
        if here is None:
            raise Missing
        decisions, faults = _read(sent)
        if faults:
            return _index(w, code, gate, sent, faults, status=422)
        try:
            if sent.get("step") != "send":
                actions.check_gate(w, round_, here, decisions)
                return _check(w, round_, here, decisions)
            decided = actions.decide_gate(w, round_, here, decisions)
        except Refused as refusal:
            found = dict(refusal.problem.fields) or {"": refusal.problem.text}
            return _index(w, code, gate, sent, found, status=409)
        said = _n("One team is told.", "%(n)s teams are told, all at once.", len(decided))
        return see_other(w, f"/rounds/{code}/gates?gate={here}", say=said)


def _gate(w: WebWork, round_: Any, asked: str) -> Gate | None:
    on = [gate for gate in AT_GATES if gate in rounds.rules_of(round_).open_gates]
    if asked:
        return next((gate for gate in on if gate == asked), None)
    return next((gate for gate in on if queries.gate(w, round_, gate).lines), on[0] if on else None)


def _read(sent: SentBody) -> tuple[list[GateDecision], dict[str, Text]]:
    """The decisions that were chosen, and what is wrong with their words, by proposal."""
    decisions, faults = [], dict[str, Text]()
    for name in sent.fields:
        if not name.startswith("verdict-") or sent.get(name) not in set(GateVerdict):
            continue
        code = name.removeprefix("verdict-")
        try:
            decisions.append(GateDecision(
                proposal=code, verdict=GateVerdict(sent.get(name)), reasons=sent.get(f"reasons-{code}"),
                advice=sent.get(f"advice-{code}"),
            ))  # fmt: skip
        except ValidationError as error:
            faults[code] = message_of(error.errors(include_url=False)[0], None)
    return decisions, faults


def _index(
    w: WebWork, code: str, asked: str, sent: SentBody, faults: dict[str, Text] | None = None, status: int = 200
) -> Response:
    round_ = queries.inside(w, code)
    here = _gate(w, round_, asked)
    if asked and here is None:
        raise Missing
    return page(
        w, "selection/gates.html", status=status, round=round_, gate=here, gate_words=GATES,
        gates=[gate for gate in AT_GATES if gate in rounds.rules_of(round_).open_gates],
        found=queries.gate(w, round_, here) if here else None, sent=sent, faults=faults or {},
        fault_list=_listed(faults or {}),
        may_decide=is_coordinator(w, round_) is None, tabs=tabs(round_, "gates"),
    )  # fmt: skip


def _listed(faults: dict[str, Text]) -> list[tuple[str, str]]:
    """For the error summary: where it is, and what to do."""
    return [(f"#verdict-{code}" if code else "#main", str(text)) for code, text in faults.items()]


def _check(w: WebWork, round_: Any, here: Gate, decisions: list[GateDecision]) -> Response:
    lines = {line.proposal.code: line for line in queries.gate(w, round_, here).lines}
    told = queries.recipients(w, [lines[one.proposal].proposal for one in decisions])
    letters = []
    for one in decisions:
        proposal = lines[one.proposal].proposal
        people = told[proposal.id]
        until = _next_due(w, round_, here) if one.verdict is GateVerdict.INVITE else None
        first = gate_letter(w, proposal, one.verdict, one.reasons, people[0], advice=one.advice, until=until)
        letters.append((one, proposal, people, first))
    return page(w, "selection/gate_check.html", round=round_, gate=here, gate_words=GATES, letters=letters,
                count=sum(len(people) for _one, _proposal, people, _letter in letters))  # fmt: skip


def _next_due(w: WebWork, round_: Any, here: Gate) -> Any:
    """When the next form is due, for those who go on."""
    on = [gate for gate in Gate if gate in rounds.rules_of(round_).open_gates]
    after = on[on.index(here) + 1 :]
    due = rounds.deadline(w, round_, GATE_WINDOWS[after[0]]) if after else None
    return due.at if due else None
