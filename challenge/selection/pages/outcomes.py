"""Deciding: the round's outcomes, the form that proposes one, and one outcome with its conditions and letters."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.figures import stack
from challenge.http.forms import FieldView, Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.timeline import history
from challenge.http.transitions import buttons
from challenge.http.work import WebWork, work
from challenge.kernel import proof
from challenge.kernel.errors import Forbidden, Refused
from challenge.kernel.i18n import _
from challenge.people import queries as people
from challenge.people.rules import is_coordinator
from challenge.proposals import content, money
from challenge.proposals.states import LABELS, ProposalState
from challenge.rounds.queries import rules_of
from challenge.selection import actions, queries, rules
from challenge.selection.pages.shared import (
    OUTCOME_ACTS,
    OUTCOMES,
    jury_facts,
    known_of,
    offer_clock,
    tabs,
    verdict_choices,
    verdict_words,
)
from challenge.selection.schemas import OutcomeIn
from challenge.selection.states import OUTCOME_LABELS, VERDICTS, Verdict
from challenge.selection.workflow import OUTCOME

router = APIRouter(include_in_schema=False)
CLOSING_TIME = time(17)
RESERVE = ProposalState.RESERVE  # from there one can only be funded


@router.get("/rounds/{code}/outcomes")
def index(request: Request, code: str) -> Response:
    """Every proposal that is decided on, the money and the places."""
    with work(request) as w:
        round_ = queries.inside(w, code)
        facts, most = jury_facts(w, round_)
        board = queries.board(w, round_)
        last = len(facts) + 1
        lines = sorted(board.lines, key=lambda line: _by_place(facts.get(line.proposal.id), last))
        return page(
            w, "selection/outcomes.html", round=round_, board=board, lines=lines, facts=facts, most=most,
            labels=LABELS, outcome_labels=OUTCOME_LABELS, verdicts=VERDICTS, words=verdict_words,
            may_decide=is_coordinator(w, round_) is None, money_parts=_money(board.money),
            tabs=tabs(round_, "outcomes"),
        )  # fmt: skip


def _by_place(facts: Any, last: int) -> int:
    return int(facts.place) if facts is not None and facts.has_place else last


def _money(money: queries.Money) -> list[tuple[float, float, str]]:
    """Approved, then proposed, as parts of the budget."""
    parts = stack([money.approved, money.proposed], money.budget or 0)
    return [(x, width, tone) for (x, width), tone in zip(parts, ("sea", "sun"), strict=True)]


@router.get("/proposals/{code}/outcomes/new")
def new(request: Request, code: str) -> Response:
    """Propose an outcome; what is in preparation is where one starts from."""
    with work(request) as w:
        proposal = _decidable(w, code)
        return _form_page(w, proposal, Form(OutcomeIn, _start(w, proposal), **_form(w, proposal)))


@router.post("/proposals/{code}/outcomes/new")
def create(request: Request, code: str, sent: Sent) -> Response:
    """Propose it."""
    with work(request) as w:
        proposal = _decidable(w, code)
        form = Form.sent(OutcomeIn, sent, **_form(w, proposal))
        if not form.valid:
            return _form_page(w, proposal, form, status=422)
        try:
            outcome = actions.propose_outcome(w, proposal, form.value)
        except (Forbidden, Refused) as refusal:
            form.say_problem(refusal.problem)
            return _form_page(w, proposal, form, status=refusal.status)
        said = _("Proposed: %(what)s. Another coordinator approves it.", what=verdict_words(outcome))
        return see_other(w, f"/outcomes/{outcome.code}", say=said)


def _decidable(w: WebWork, code: str) -> Any:
    proposal = queries.decidable(w, code)
    if problem := rules.may_decide(w, proposal):
        raise Forbidden(problem)
    return proposal


def _form(w: WebWork, proposal: Any) -> dict[str, Any]:
    return {"choices": {"verdict": verdict_choices()}, "zone": rules.round_of(w, proposal).zone}


def _start(w: WebWork, proposal: Any) -> dict[str, Any]:
    """What the form begins with: the outcome in preparation, else the team's budget and the round's usual date."""
    number = content.current(w, proposal).number
    if (pending := queries.pending(w, proposal)) is not None:
        kept = ("verdict", "amount_cents", "reserve_rank", "accept_by", "reasons", "deviation", "note")
        conditions = "\n".join(found.text for found in queries.conditions(w, pending))
        return {**{name: getattr(pending, name) for name in kept}, "conditions": conditions, "revision": number}
    round_ = rules.round_of(w, proposal)
    return {
        "amount_cents": money.asked(w, proposal) or None,
        "accept_by": _usual_date(w.now, round_),
        "revision": number,
        **({"verdict": Verdict.FUND} if proposal.state is RESERVE else _as_adopted(w, round_, proposal)),
    }


def _as_adopted(w: WebWork, round_: Any, proposal: Any) -> dict[str, Any]:
    """What the adopted portfolio, if there is one, says about it: fund, or its place in reserve."""
    scenario = queries.adopted(w, round_)
    selection = queries.selection_of(w, scenario) if scenario is not None else None
    if selection is None:
        return {}
    if proposal.id in selection.chosen:
        return {"verdict": Verdict.FUND}
    place = queries.reserve_place(selection, proposal.id)
    return {} if place is None else {"verdict": Verdict.RESERVE, "reserve_rank": place}


def _usual_date(now: datetime, round_: Any) -> datetime:
    zone = ZoneInfo(round_.zone)
    day = now.astimezone(zone).date() + timedelta(days=rules_of(round_).offer_days)
    return datetime.combine(day, CLOSING_TIME, zone)


def _form_page(w: WebWork, proposal: Any, form: Form[OutcomeIn], status: int = 200) -> Response:
    return page(
        w, "selection/outcome_new.html", status=status, proposal=proposal, round=rules.round_of(w, proposal), form=form,
        asked_fields=_fields(form), known=known_of(w, proposal), unproven=proof.missing(w),
        problem=rules.waits_for(proposal, Verdict.FUND),
        pending=queries.pending(w, proposal), label=LABELS[proposal.state],
    )  # fmt: skip


def _fields(form: Form[OutcomeIn]) -> list[FieldView]:
    """The fields; those that belong to one verdict are not called optional: with it they are needed."""
    found = form.fields
    for one in found:
        one.required = one.required or one.name in {"amount_cents", "reserve_rank", "accept_by"}
    return found


@router.get("/outcomes/{code}")
def show(request: Request, code: str) -> Response:
    """One outcome: what is proposed, by whom, what blocks it, its conditions and letters."""
    with work(request) as w:
        outcome = queries.visible(w, code)
        proposal, round_ = rules.proposal_of(w, outcome), rules.round_of(w, outcome)
        names = people.names(w, [outcome.proposed_by, outcome.approved_by, outcome.accepted_by])
        return page(
            w, "selection/outcome.html", outcome=outcome, proposal=proposal, round=round_, names=names,
            label=OUTCOME_LABELS[outcome.state], verdict=VERDICTS[outcome.verdict], words=verdict_words(outcome),
            conditions=queries.conditions(w, outcome), buttons=buttons(OUTCOMES, w, outcome),
            clock=offer_clock(w, outcome, outcome.accept_by), others=queries.history(w, proposal), every=VERDICTS,
            every_state=OUTCOME_LABELS, may_tick=_may_tick(w, outcome), state=LABELS[proposal.state],
            timeline=history(w, OUTCOME, outcome.code, names_of=people.names, zone=round_.zone, acts=OUTCOME_ACTS),
            change=rules.may_decide(w, proposal) is None and outcome.published_at is None
            and outcome.superseded_at is None, known=known_of(w, proposal),
        )  # fmt: skip


def _may_tick(w: WebWork, outcome: Any) -> bool:
    told = outcome.published_at is not None and outcome.superseded_at is None
    return told and rules.is_decider(w, outcome) is None


@router.post("/outcomes/{code}/conditions/{place}")
def tick(request: Request, code: str, place: int, sent: Sent) -> Response:
    """A condition is met, or is not after all."""
    with work(request) as w:
        outcome = queries.visible(w, code)
        is_met = sent.get("met") == "yes"
        actions.meet(w, outcome, place, is_met=is_met)
        said = (
            _("Condition %(place)s is met.", place=place) if is_met else _("Condition %(place)s is open.", place=place)
        )
        return see_other(w, f"/outcomes/{code}#conditions", say=said)
