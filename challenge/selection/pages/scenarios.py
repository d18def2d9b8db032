"""Scenarios of a round: side by side, each with its reasons; made, talked about, one adopted."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import WebWork, work
from challenge.kernel.errors import Forbidden, Refused
from challenge.kernel.i18n import _
from challenge.people import queries as people
from challenge.rounds.queries import rules_of
from challenge.selection import actions, queries, rules
from challenge.selection.pages import scenario_form
from challenge.selection.pages.scenario_views import beside, matrix, told
from challenge.selection.pages.shared import tabs
from challenge.selection.pages.wording import Wording
from challenge.selection.schemas import RemarkIn
from challenge.selection.states import ScenarioState

router = APIRouter(include_in_schema=False)
REFRESH = "3"  # seconds


@router.get("/rounds/{code}/scenarios")
def index(request: Request, code: str) -> Response:
    """All of them side by side: money, value, places, and who is in which."""
    with work(request) as w:
        round_ = queries.inside(w, code)
        listed, found = queries.scenarios(w, round_), queries.selections(w, round_)
        names = queries.names(w, round_, found.values(), _changed(listed))
        wording = Wording(rules_of(round_), names)
        response = page(
            w, "selection/scenarios.html", round=round_, tabs=tabs(round_, "scenarios"), states=ScenarioState,
            columns=beside(listed, found, wording, people.names(w, [one.by_id for one in listed])),
            rows=matrix(listed, found, names), hidden=_hidden(names, found.values()),
            why_not=rules.may_run(w, round_), can_compute=queries.last_gate(round_) is not None,
        )  # fmt: skip
        return _waiting(response, listed)


@router.get("/rounds/{code}/scenarios/new")
def new(request: Request, code: str) -> Response:
    """Say what differs from the round's rules."""
    with work(request) as w:
        round_ = _run(w, code)
        return _form_page(w, round_, *_form(w, round_))


@router.post("/rounds/{code}/scenarios")
def create(request: Request, code: str, sent: Sent) -> Response:
    """Have it computed."""
    with work(request) as w:
        round_ = _run(w, code)
        form, wording = _form(w, round_, sent)
        changes = scenario_form.changes_of(form, wording.names) if form.valid else {}
        if not form.valid:
            return _form_page(w, round_, form, wording, status=422)
        try:
            made = actions.ask_for_scenario(w, round_, form.value.name, changes)
        except Refused as refusal:
            form.say_problem(refusal.problem)
            return _form_page(w, round_, form, wording, status=refusal.status)
        return see_other(w, f"/rounds/{code}/scenarios/{made.code}")


@router.get("/rounds/{code}/scenarios/{item}")
def show(request: Request, code: str, item: str) -> Response:
    """One of them: what is chosen, why, what it would take otherwise; or which rules clash."""
    with work(request) as w:
        return _show(w, code, item, Form(RemarkIn))


@router.post("/rounds/{code}/scenarios/{item}/remarks")
def remark(request: Request, code: str, item: str, sent: Sent) -> Response:
    """Say something about it."""
    with work(request) as w:
        _round, scenario = queries.scenario(w, code, item)
        form = Form.sent(RemarkIn, sent)
        if not form.valid:
            return _show(w, code, item, form, status=422)
        actions.remark(w, scenario, form.value.text)
        return see_other(w, f"/rounds/{code}/scenarios/{item}#remarks", say=_("Your remark is kept."))


@router.post("/rounds/{code}/scenarios/{item}/adoption")
def adopt(request: Request, code: str, item: str) -> Response:
    """Let outcomes start from it."""
    with work(request) as w:
        _round, scenario = queries.scenario(w, code, item)
        actions.adopt(w, scenario)
        said = _(
            "Adopted: %(name)s. Outcomes are proposed from it; departing from it needs a reason.", name=scenario.name
        )
        return see_other(w, f"/rounds/{code}/portfolio", say=said)


def _show(w: WebWork, code: str, item: str, form: Form[RemarkIn], status: int = 200) -> Response:
    round_, scenario = queries.scenario(w, code, item)
    selection, said = queries.selection_of(w, scenario), queries.remarks(w, scenario)
    found = [] if selection is None else [selection]
    clashing = [key for kind, key in scenario.clash if kind in {"must_in", "must_out", "not_eligible"}]
    names = queries.names(w, round_, found, [*_changed([scenario]), *clashing])
    wording = Wording(rules_of(round_), names)
    response = page(
        w, "selection/scenario.html", status=status, round=round_, scenario=scenario, selection=selection,
        states=ScenarioState, tabs=tabs(round_, "scenarios"), differences=wording.differences(scenario.changes),
        view=told(selection, wording) if selection else None,
        clash=[text for rule in scenario.clash if (text := wording.rule(rule, _limits(w, round_, scenario)))],
        remarks=said, form=form, people=people.names(w, [scenario.by_id, scenario.adopted_by or 0,
                                                         *(one.by_id for one in said)]),
        is_stale=selection is not None and queries.is_stale(w, round_, selection),
        why_not=rules.may_adopt(w, round_, selection, scenario), may_remark=rules.may_run(w, round_) is None,
    )  # fmt: skip
    return _waiting(response, [scenario])


def _limits(w: WebWork, round_: Any, scenario: Any) -> dict[str, Any]:
    """The numbers that clash: those of the round as they stand, with what the scenario changes."""
    if not scenario.clash:
        return {}
    changes = scenario.changes
    inputs = queries.snapshot(w, round_, reserve=bool(changes.get("reserve")))
    merged = {kind: {**inputs.get(kind, {}), **changes.get(kind, {})}
              for kind in ("planned", "city_cap", "theme_min", "theme_max")}  # fmt: skip
    return {**merged, "budget": changes.get("budget", inputs["budget"])}


def _run(w: WebWork, code: str) -> Any:
    round_ = queries.inside(w, code)
    if problem := rules.may_run(w, round_):
        raise Forbidden(problem)
    return round_


def _form(w: WebWork, round_: Any, sent: Any = None) -> tuple[Form[Any], Wording]:
    inputs = queries.snapshot(w, round_)
    names = queries.names(w, round_, also=[one["id"] for one in inputs["candidates"]])
    wording = Wording(rules_of(round_), names)
    model, choices = scenario_form.model_of(inputs, wording), scenario_form.choices_of(names)
    form = Form(model, choices=choices) if sent is None else Form.sent(model, sent, choices=choices)
    return form, wording


def _form_page(w: WebWork, round_: Any, form: Form[Any], wording: Wording, status: int = 200) -> Response:
    parts = {
        "money": _("Money and places"), "themes": _("Themes"), "cities": _("Cities"), "proposals": _("Proposals"),
    }  # fmt: skip
    fields = form.fields
    return page(
        w, "selection/scenario_new.html", status=status, round=round_, form=form, name=fields[0],
        parts=[(title, key, [one for one in fields if one.part == key]) for key, title in parts.items()],
        has_candidates=bool(wording.names.proposals), tabs=tabs(round_, "scenarios"),
    )  # fmt: skip


def _changed(listed: Any) -> list[int]:
    return [key for one in listed for kind in ("must_in", "must_out") for key in one.changes.get(kind, ())]


def _hidden(names: queries.Names, found: Any) -> int:
    ids = {one["id"] for selection in found for one in selection.inputs["candidates"]}
    return len(ids & names.hidden)


def _waiting(response: Response, listed: Any) -> Response:
    if any(one.state is ScenarioState.WAITING for one in listed):
        response.headers["Refresh"] = REFRESH
    return response
