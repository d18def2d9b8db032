"""The meeting of the panel: its agenda; opening the comments to the teams; and the briefing jurors read beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.templates import Deadline
from challenge.http.work import WebWork, work
from challenge.jury import queries
from challenge.jury.consensus import reactions, reports
from challenge.jury.consensus.reports import Item
from challenge.jury.consensus.states import LABELS
from challenge.jury.pages import filled
from challenge.jury.pages.acts import MARK, gate_of, gate_to_run, jury_tabs
from challenge.jury.pages.common import spread_of
from challenge.jury.pages.discussion import written
from challenge.jury.pages.filled import Filled
from challenge.jury.rules import Titled
from challenge.jury.scale import scale_of
from challenge.jury.states import Place
from challenge.kernel.errors import Missing
from challenge.kernel.i18n import _, _n
from challenge.people.rules import is_coordinator
from challenge.rounds import queries as rounds
from challenge.rounds.queries import rules_of, windows
from challenge.rounds.schemas import Criterion
from challenge.rounds.states import GATES, WindowName

if TYPE_CHECKING:
    from challenge.rounds.models import Round

router = APIRouter(include_in_schema=False)


@router.get("/rounds/{code}/meeting")
def show(request: Request, code: str, gate: str = "") -> Response:
    """The agenda: what is discussed, how far apart the marks are, what was agreed, who leaves the room."""
    with work(request) as w:
        round_, runs = reports.round_of_meeting(w, code)
        chosen = gate_of(w, round_, gate)
        items = reports.agenda(w, round_, chosen, runs=runs) if chosen else []
        coordinates = runs and is_coordinator(w, round_) is None
        criteria = rules_of(round_).gates[chosen].criteria if chosen else []
        opening = (
            reactions.ready(w, round_, chosen) if chosen and coordinates and rules_of(round_).reaction_days else []
        )
        return page(
            w, "jury/meeting.html", round=round_, gate=chosen, gates=queries.jury_gates(round_), gate_words=GATES,
            items=[_view(item, criteria) for item in items], runs=runs, coordinates=coordinates, opening=len(opening),
            days=rules_of(round_).reaction_days, tabs=jury_tabs(round_, "meeting") if runs else [],
        )  # fmt: skip


@router.post("/rounds/{code}/reactions")
def open_comments(request: Request, code: str, sent: Sent, gate: str = "") -> Response:  # noqa: ARG001 -- a form without answers
    """Open the comments to every team that is ready: all have the same time."""
    with work(request) as w:
        round_, chosen = gate_to_run(w, code, gate)
        made = reactions.open_reactions(w, round_, chosen)
        say = _n("The comments are open to one team.", "The comments are open to %(n)s teams.", len(made))
        return see_other(w, f"/rounds/{code}/meeting?gate={chosen}", say=say)


@dataclass(frozen=True, slots=True)
class Span:
    """How far the marks for a criterion are apart."""

    title: Titled
    text: str
    is_far: bool


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item of the agenda as the page shows it."""

    item: Item
    spans: tuple[Span, ...]
    label: Any
    total: str


def _view(item: Item, criteria: list[Criterion]) -> ItemView:
    found = reports.spans(item.standing)
    return ItemView(
        item,
        tuple(
            Span(
                Titled(one.title), "–".join(written(mark) for mark in found[one.key]),
                one.key in item.standing.spread,
            )
            for one in criteria
            if one.key in found
        ),
        LABELS[item.consensus.state] if item.consensus else None,
        MARK.shown(item.standing.total),
    )  # fmt: skip


# The briefing


@router.get("/rounds/{code}/briefing")
def briefing(request: Request, code: str, gate: str = "") -> Response:
    """What every juror reads before scoring: criteria, scale, thresholds, conflicts, what comes after, dates."""
    with work(request) as w:
        round_ = _round_of_briefing(w, code)
        rules, chosen = rules_of(round_), gate_of(w, round_, gate)
        gate_rules = rules.gates[chosen] if chosen else None
        most = rules.scale.maximum * len(gate_rules.criteria) if gate_rules else 0
        return page(
            w, "jury/briefing.html", round=round_, rules=rules, gate=chosen, gates=queries.jury_gates(round_),
            gate_words=GATES, gate_rules=gate_rules, scale=scale_of(rules), written=written,
            criteria=filled.views(gate_rules.criteria, Filled({}, {})) if gate_rules else [],
            least=MARK.plain(rules.total_floor(chosen)) if chosen else "", most=MARK.plain(Fraction(most)),
            spread=MARK.plain(Fraction(rules.spread_alert)), due=_due(w, round_),
            common=spread_of(w, round_, chosen) if chosen else [],
        )  # fmt: skip


def _round_of_briefing(w: WebWork, code: str) -> Round:
    """For who runs the round, and for who is on its panel or invited to it. Raises Missing."""
    try:
        return reports.round_of_meeting(w, code)[0]
    except Missing:
        found = rounds.visible(w, code)
        if any(one.round_id == found.id and one.place is Place.INVITED for one in queries.invitations(w)):
            return found
        raise


def _due(w: WebWork, round_: Round) -> Deadline | None:
    period = windows(w, round_).get(WindowName.JURY)
    if period is None:
        return None
    grace = rules_of(round_).grace_seconds
    return Deadline(str(_("Reviews are due")), period.closes_at, round_.zone, w.now, grace)
