"""The ranking of a gate: means, totals, thresholds, ties and why; the panel's decision on equals."""

from __future__ import annotations

from fractions import Fraction

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.pages import page, see_other
from challenge.http.sent import Sent, SentBody
from challenge.http.work import WebWork, work
from challenge.jury import actions, queries
from challenge.jury.pages.acts import MARK, gate_of, gate_to_run, jury_tabs
from challenge.jury.pages.calibration import view_of
from challenge.jury.pages.ranked import RowView, row_view, step_words
from challenge.jury.ranking import PANEL
from challenge.jury.rules import Titled
from challenge.jury.schemas import PanelOrder
from challenge.kernel.errors import Invalid, Problem
from challenge.kernel.i18n import _
from challenge.people.rules import is_coordinator
from challenge.proposals.states import ProposalState
from challenge.rounds.queries import rules_of
from challenge.rounds.states import GATES

router = APIRouter(include_in_schema=False)


@router.get("/rounds/{code}/ranking")
def index(request: Request, code: str, gate: str = "") -> Response:
    """The ranking."""
    with work(request) as w:
        return _index(w, code, gate)


@router.post("/rounds/{code}/ranking/calibration")
def calibrate(request: Request, code: str, gate: str = "") -> Response:
    """Have the calibrated scores computed anew."""
    with work(request) as w:
        round_, chosen = gate_to_run(w, code, gate)
        actions.ask_for_calibration(w, round_, chosen)
        say = _("The calibrated scores are computed within a minute.")
        return see_other(w, f"/rounds/{code}/ranking?gate={chosen}", say=say)


@router.post("/rounds/{code}/ranking/ties")
def settle(request: Request, code: str, sent: Sent, gate: str = "") -> Response:
    """Record how the panel orders equals."""
    with work(request) as w:
        round_, chosen = gate_to_run(w, code, gate)
        order, reason = _order(sent), sent.get("reason")
        if order is None or not reason:
            problem = Problem("not_equals", _("Give each of the equals one place of its own, and say why."))
            return _index(w, code, gate, problem, sent, status=422)
        try:
            actions.settle_tie(w, round_, chosen, PanelOrder(order=order, reason=reason))
        except Invalid as refusal:
            return _index(w, code, gate, refusal.problem, sent, status=422)
        return see_other(w, f"/rounds/{code}/ranking?gate={chosen}", say=_("The panel’s decision is recorded."))


def _order(sent: SentBody) -> list[str] | None:
    """Codes by the place given to each; None unless every place is given once."""
    places = {name.removeprefix("place-"): sent.get(name) for name in sent.fields if name.startswith("place-")}
    if sorted(places.values()) != [str(place) for place in range(1, len(places) + 1)] or len(places) < 2:  # noqa: PLR2004
        return None
    return sorted(places, key=lambda code: int(places[code]))


def _index(
    w: WebWork, code: str, gate: str, problem: Problem | None = None, sent: SentBody | None = None, status: int = 200
) -> Response:
    round_ = queries.round_of_jury(w, code)
    chosen = gate_of(w, round_, gate)
    ranking = queries.ranking(w, round_, chosen) if chosen else None
    views = [row_view(row, ranking) for row in ranking.rows] if ranking else []
    ties: dict[int, list[RowView]] = {}
    for view in views:
        if view.row.standing.is_shared:
            ties.setdefault(view.row.standing.place or 0, []).append(view)
    scored = [view for view in views if view.row.standing.total is not None]
    may_run = is_coordinator(w, round_) is None
    return page(
        w, "jury/ranking.html", status=status, round=round_, gate=chosen, gates=queries.jury_gates(round_),
        gate_words=GATES, ranking=ranking, scored=scored, unscored=[view for view in views if view not in scored],
        ties=ties, over=sum(view.row.standing.below_threshold is False for view in scored),
        criteria=[Titled(criterion.title) for criterion in ranking.criteria] if ranking else [],
        most=MARK.plain(ranking.maximum) if ranking else "", top=MARK.plain(Fraction(rules_of(round_).scale.maximum)),
        calibration=view_of(ranking, scored) if ranking else None,
        least_text=MARK.plain(ranking.threshold) if ranking else "",
        ladder=[str(step_words(step, ranking)) for step in rules_of(round_).tie_ladder] if ranking else [],
        panel_decides=PANEL in rules_of(round_).tie_ladder, may_settle=may_run and not (ranking and ranking.barred),
        may_run=may_run, problem=problem, sent=sent, tabs=jury_tabs(round_, "ranking"),
        is_full=chosen is not None, withdrawn=ProposalState.WITHDRAWN,
    )  # fmt: skip
