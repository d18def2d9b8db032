"""The item everybody marks first: chosen and opened by a coordinator, marked by the panel, shown without names."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import WebWork, work
from challenge.jury import queries
from challenge.jury.common import actions
from challenge.jury.common import queries as common
from challenge.jury.common.schemas import Choosing
from challenge.jury.consensus import reports
from challenge.jury.pages import filled
from challenge.jury.pages.acts import MARK, gate_of, gate_to_run, jury_tabs
from challenge.jury.pages.discussion import written
from challenge.jury.pages.filled import Filled
from challenge.jury.pages.reading import budget_of, pair_of, parts_of
from challenge.jury.queries import Reading
from challenge.jury.rules import Titled
from challenge.jury.scale import TENTHS, scale_of, shown
from challenge.kernel.errors import Invalid, Missing, Refused
from challenge.kernel.i18n import _
from challenge.people.rules import is_coordinator
from challenge.proposals import queries as proposals
from challenge.rounds.queries import rules_of
from challenge.rounds.states import GATES, Gate

if TYPE_CHECKING:
    from challenge.jury.common.models import CommonItem
    from challenge.rounds.models import Round

router = APIRouter(include_in_schema=False)


@router.get("/rounds/{code}/common")
def show(request: Request, code: str, gate: str = "") -> Response:
    """For a juror the item and the marks; for who runs the round what is chosen and who has marked it."""
    with work(request) as w:
        round_, runs, chosen = _asked(w, code, gate)
        return _run(w, round_, chosen) if runs else _mark(w, round_, chosen)


@router.post("/rounds/{code}/common")
def save(request: Request, code: str, sent: Sent, gate: str = "") -> Response:
    """A juror keeps the marks, or hands them in."""
    with work(request) as w:
        round_, _runs, chosen = _asked(w, code, gate)
        item = _opened(w, round_, chosen)
        typed, given = filled.sent_form(rules_of(round_).gates[chosen].criteria, sent)
        if given is None:
            return _mark(w, round_, chosen, typed, status=422)
        try:
            actions.save(w, item, given, hand_in=sent.get("step") == "submit")
        except Invalid as refusal:
            return _mark(w, round_, chosen, typed.with_problem(refusal.problem), status=422)
        say = _("Your marks are handed in.") if sent.get("step") == "submit" else _("Saved")
        return see_other(w, _here(round_, chosen), say=say)


@router.post("/rounds/{code}/common/item")
def choose(request: Request, code: str, sent: Sent, gate: str = "") -> Response:
    """Choose the proposal, or hide more words in it."""
    with work(request) as w:
        round_, chosen = gate_to_run(w, code, gate)
        form = Form.sent(Choosing, sent, choices={"proposal": actions.offered(w, round_)})
        if not form.valid:
            return _run(w, round_, chosen, form, status=422)
        actions.choose(w, round_, chosen, form.value)
        return see_other(w, _here(round_, chosen), say=_("Chosen. Read it as the panel will, then open it."))


@router.post("/rounds/{code}/common/opening")
def open_(request: Request, code: str, sent: Sent, gate: str = "") -> Response:  # noqa: ARG001 -- a form without answers
    """Everybody marks it from here on."""
    with work(request) as w:
        round_, chosen = gate_to_run(w, code, gate)
        actions.open_to_panel(w, round_, chosen)
        return see_other(w, _here(round_, chosen), say=_("It is open: jurors mark it before their first review."))


@router.post("/rounds/{code}/common/showing")
def show_marks(request: Request, code: str, sent: Sent, gate: str = "") -> Response:  # noqa: ARG001 -- no answers
    """Show the panel how all marked it."""
    with work(request) as w:
        round_, chosen = gate_to_run(w, code, gate)
        try:
            actions.show_marks(w, round_, chosen)
        except Refused as refusal:
            return _run(w, round_, chosen, problem=refusal.problem, status=409)
        return see_other(w, _here(round_, chosen), say=_("The panel sees how all marked it, on its briefing."))


@router.post("/rounds/{code}/common/removal")
def remove(request: Request, code: str, sent: Sent, gate: str = "") -> Response:  # noqa: ARG001 -- no answers
    """The gate has no such item any more."""
    with work(request) as w:
        round_, chosen = gate_to_run(w, code, gate)
        actions.take_back(w, round_, chosen)
        return see_other(w, _here(round_, chosen), say=_("Taken back. Nobody marks it any more."))


def _here(round_: Round, gate: Gate) -> str:
    return f"/rounds/{round_.code}/common?gate={gate}"


def _asked(w: WebWork, code: str, gate: str) -> tuple[Round, bool, Gate]:
    round_, runs = reports.round_of_meeting(w, code)
    chosen = gate_of(w, round_, gate)
    if chosen is None:
        raise Missing
    return round_, runs, chosen


def _opened(w: WebWork, round_: Round, gate: Gate) -> CommonItem:
    """The item, for a juror who marks it. Raises Missing."""
    item = common.live(w, round_.id, gate)
    if item is None or item.opened_at is None or common.own_place(w, item) is None:
        raise Missing
    return item


# Pages


def _reading(round_: Round, item: CommonItem) -> dict[str, Any]:
    """What the reading pane needs."""
    rules = rules_of(round_)
    reading = Reading(0, None, item.content, (), (), 0, is_blind=True)
    rows, total = budget_of(reading)
    return {
        "reading": reading, "parts": parts_of(reading, item.gate), "pair": pair_of(reading, rules), "budget": rows,
        "budget_total": total, "size": rules.size_class(item.content.get("size_class")), "zone": round_.zone,
        "files_url": "", "team": (), "team_roles": {},
    }  # fmt: skip


def _mark(w: WebWork, round_: Round, gate: Gate, form: Filled | None = None, status: int = 200) -> Response:
    item = _opened(w, round_, gate)
    place = common.own_place(w, item)
    given = common.given(w, item, place.id) if place else None
    rules = rules_of(round_)
    scale, criteria = scale_of(rules), rules.gates[gate].criteria
    typed = form or (_stored(given) if given else Filled({}, {}))
    return page(
        w, "jury/common_review.html", status=status, round=round_, gate=gate, gate_word=GATES[gate], item=item,
        given=given, may_write=item.shown_at is None and (given is None or given.submitted_at is None),
        filled=typed, criteria=filled.views(criteria, typed), marks=list(scale.marks), short=scale.short,
        words={tenths / TENTHS: str(text) for tenths, text in scale.words.items()}, point=MARK.point,
        confidences=filled.confidences(), total=MARK.plain(filled.total_of(typed)),
        most=MARK.plain(Fraction(rules.scale.maximum) * len(criteria)), lacks={}, is_preview=False,
        spread=spread_of(w, round_, gate), **_reading(round_, item),
    )  # fmt: skip


def _stored(given: Any) -> Filled:
    marks = {key: shown(one["tenths"]) for key, one in given.marks.items() if one["tenths"] is not None}
    comments = {key: one["comment"] for key, one in given.marks.items()}
    return Filled(marks, comments, given.comment, given.confidence)


def _run(
    w: WebWork, round_: Round, gate: Gate, form: Form[Choosing] | None = None, *, problem: Any = None, status: int = 200
) -> Response:
    item = common.live(w, round_.id, gate)
    coordinates = is_coordinator(w, round_) is None
    offered = actions.offered(w, round_) if coordinates else []
    kept = {"words": "\n".join(item.words), "proposal": _code_of(w, item)} if item else {}
    return page(
        w, "jury/common.html", status=status, round=round_, gate=gate, gate_word=GATES[gate], gate_words=GATES,
        gates=queries.jury_gates(round_), tabs=jury_tabs(round_, "common"), item=item, coordinates=coordinates,
        form=form or Form(Choosing, kept, choices={"proposal": offered}), problem=problem, fewest=common.FEWEST,
        members=common.members(w, item) if item and item.opened_at else [], spread=spread_of(w, round_, gate),
        is_preview=True, **(_reading(round_, item) if item else {}),
    )  # fmt: skip


def _code_of(w: WebWork, item: CommonItem) -> str:
    """The proposal's code, as far as the reader may open it."""
    return proposals.code_in_sight(w, item.proposal_id)


@dataclass(frozen=True, slots=True)
class SpreadView:
    """How all marked a criterion, beside one's own mark and what a high mark means."""

    title: Titled
    anchor: Titled | None
    own: str
    mean: str
    marks: str


def spread_of(w: WebWork, round_: Round, gate: Gate) -> list[SpreadView]:
    """For who has marked the item and who runs the round, once it is shown; else nothing."""
    item = common.live(w, round_.id, gate)
    found = common.shown(w, item) if item else None
    if found is None:
        return []
    return [
        SpreadView(
            Titled(criterion.title), Titled(criterion.anchor) if criterion.anchor else None,
            written(own) if (own := found[criterion.key].own) is not None else "–",
            MARK.shown(Fraction(sum(marks), TENTHS * len(marks))) if (marks := found[criterion.key].marks) else "–",
            " · ".join(written(mark) for mark in marks),
        )
        for criterion in rules_of(round_).gates[gate].criteria
        if criterion.key in found
    ]  # fmt: skip
