"""The work plan: tasks with their months, filled in cell by cell, drawn over their table, printed as a table."""

from __future__ import annotations

import re

import pytest

from challenge.proposals import actions
from challenge.proposals.lines import last_month, tasks_in
from challenge.proposals.pages.tables import time_plan
from challenge.proposals.rules import is_complete, lacking
from challenge.proposals.states import ProposalState as S
from tests.factories.proposals import code_of, get, proposal_in
from tests.files_read import said_in

CELLS = {
    "task-0-name": "Put sensors in | water", "task-0-lead": "Tartu", "task-0-first": "1", "task-0-last": "6",
    "task-2-name": "Compare", "task-2-first": "30", "task-2-last": "36",
}  # fmt: skip


@pytest.fixture
def code(world):
    return proposal_in(world, S.CO_DEVELOPMENT)


def saved(world, code, cells=CELLS):
    ravi, path = world.client("ravi"), f"/proposals/{code}/edit?part=plan"
    page = ravi.get(path).text
    hidden = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page))
    with world.acting() as w:
        kept = get(w, code).answers
        given = {name: kept[name] for name in ("method", "milestones", "size_class", "months")}
    assert ravi.post(path, data={**hidden, **given, **cells, "step": "leave"}).status_code == 303


def test_tasks_are_kept_line_by_line_and_drawn(world, code):
    saved(world, code)
    with world.acting() as w:
        assert get(w, code).answers["work_plan"] == ["Put sensors in / water | Tartu | 1 | 6", "Compare |  | 30 | 36"]
        assert is_complete(w, get(w, code)) is None
    for who, path in (
        ("ravi", ""),
        ("mari", ""),
        ("ravi", "/edit?part=plan"),
        ("mari", "/commitments/" + tartu(world)),
    ):
        page = world.client(who).get(f"/proposals/{code}{path}").text
        assert "Put sensors in / water" in page, path
        assert '<svg class="gantt__row"' in page, path
        assert "months 30 to 36" in page, path


def tartu(world):
    with world.acting() as w:
        return code_of(w, "tartu")


def test_it_is_printed_as_a_table(world, code):
    saved(world, code)
    printed = said_in(world.client("ravi").get(f"/proposals/{code}/print.pdf").content)
    for said in ("Tasks with their first and last month", "Led by", "Put sensors in / water", "36"):
        assert said in printed


def test_what_is_wrong_with_it_is_said(world, code):
    with world.acting("ravi") as w:
        proposal = get(w, code)
        assert "work_plan" not in lacking(w, proposal)
        actions.revise(w, proposal, {"work_plan": ["Compare |  | 30 | 37"]})
        assert str(lacking(w, proposal)["work_plan"]) == "A task ends in month 37, but the pilot takes 36 months."
        actions.revise(w, proposal, {"work_plan": ["Compare |  | 6 | 3"]})
        assert "A task ends in the month it begins in, or later" in str(lacking(w, proposal)["work_plan"])
        actions.revise(w, proposal, {"work_plan": ["Compare |  | soon | 3"]})
        assert "work_plan" in lacking(w, proposal)
    assert "Compare" in world.client("ravi").get(f"/proposals/{code}").text


def test_the_drawing_is_in_months_and_without_today():
    plan = time_plan(["One | Tartu | 1 | 12", "Two |  | 13 | 24", "unfinished | | |"])
    assert (plan.stripes[0].x, plan.stripes[0].span.state) == (0.0, "Tartu")
    assert len(plan.stripes) == 2
    assert abs(plan.stripes[0].width - plan.stripes[1].width) < 0.01
    assert not any(stripe.is_moment for stripe in plan.stripes)
    assert plan.today is None
    assert [label for _x, label in plan.ticks][:3] == ["1", "5", "9"]
    assert time_plan(None).stripes == ()


def test_only_complete_tasks_count():
    assert last_month(tasks_in(["One |  | 3 | 4", "Two |  |  | 9"])) == 4
    assert last_month([]) == 0
