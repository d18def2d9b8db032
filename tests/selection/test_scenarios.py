"""Scenarios: asked for, computed by a job, kept with all they rest on; who departs from the adopted one says why."""

from __future__ import annotations

import pytest
from sqlmodel import select

from challenge.jobs import choosing, ticker
from challenge.kernel.errors import Forbidden, Missing, Refused
from challenge.kernel.journal import Step
from challenge.proposals.models import BudgetLine, Commitment, PartnerCity, Proposal
from challenge.proposals.states import CommitmentState
from challenge.rounds.models import Round
from challenge.rounds.states import CityRole
from challenge.selection import actions, queries
from challenge.selection.choosing import computed
from challenge.selection.models import Outcome
from challenge.selection.states import OutcomeState, ScenarioState, Verdict
from tests.factories.jury import make_conflict
from tests.factories.selection import make_outcome, make_scenario
from tests.selection.scenarios import MILLION, TIGHT, adopt, found, made, scored, titles
from tests.selection.steps import approve, propose

FUND, DECLINE = Verdict.FUND, Verdict.DECLINE


def test_the_best_is_found_where_going_down_the_ranking_is_worse(world):
    round_id, first, second, third, last = scored(world, TIGHT, budget_cents=3 * MILLION)
    scenario, selection = found(world, made(world, round_id))

    assert scenario.state is ScenarioState.READY
    assert titles(world, selection.chosen) == ["Proposal 1", "Proposal 2"]
    assert (selection.objective, selection.bound, selection.gap) == (90_000, 90_000, 0.0)
    assert selection.inputs_hash == queries.hash_of(selection.inputs)
    others = selection.reasons["others"]
    assert (others["greedy"]["chosen"], others["greedy"]["value"]) == ([first, last], 85_000)
    assert others["cut"]["chosen"] == [first]
    out = next(one for one in selection.reasons["out"] if one["id"] == first)
    assert out["swap"] == {"lost": 5_000, "enters": [first, last], "leaves": [second, third]}
    assert {one["rule"][0]: one["by"] for one in out["changes"]} == {"value": 5_000, "budget": 40 * MILLION // 100}


def test_what_is_kept_gives_the_same_again(world):
    round_id, *_ids = scored(world, TIGHT, budget_cents=3 * MILLION)
    scenario, selection = found(world, made(world, round_id, planned={"large": 1}))

    again = computed(selection.inputs, scenario.changes)

    assert (list(again.chosen), list(again.reserve)) == (selection.chosen, selection.reserve)
    assert (again.constraints, again.reasons) == (selection.constraints, selection.reasons)
    assert again.portfolio.value == selection.objective


def test_a_scenario_changes_what_it_names_and_nothing_else(world):
    round_id, first, second, third, last = scored(world, TIGHT, budget_cents=3 * MILLION)
    wishes = {
        "more money": ({"budget": 4 * MILLION}, [second, third, last]),
        "one large": ({"planned": {"large": 1}}, [second, third]),
        "no mid": ({"planned": {"mid": 0}}, [first]),
        "must in": ({"must_in": [first]}, [first, last]),
        "must out": ({"must_out": [second]}, [first, last]),
    }
    for name, (changes, expected) in wishes.items():
        _scenario, selection = found(world, made(world, round_id, name, **changes))
        assert sorted(selection.chosen) == sorted(expected), name


def test_who_cannot_be_funded_is_no_candidate_and_told_why(world):
    lines = [(40, 100 * MILLION // 100, "large")] * 4 + [(20, 100 * MILLION // 100, "large"), (40, 0, "large")]
    round_id, _good, unpaired, unsigned, fewer, below, free = scored(world, lines)
    with world.acting() as w:
        for city in w.session.exec(select(PartnerCity).where(PartnerCity.proposal_id == unpaired)):
            city.role = CityRole.LEAD if city.role is CityRole.LEAD else CityRole.FOLLOWER
        for one in w.session.exec(select(Commitment).where(Commitment.proposal_id == unsigned)):
            one.state, one.ended_why = CommitmentState.VOIDED, "changed"
        make_conflict(w, w.session.get_one(Proposal, fewer), "lena")

    _scenario, selection = found(world, made(world, round_id))

    assert {one["id"]: one["why"] for one in selection.inputs["left_out"]} == {
        unpaired: "pairing", unsigned: "commitments", fewer: "quorum", below: "threshold", free: "no_budget",
    }  # fmt: skip
    assert [one["id"] for one in selection.inputs["candidates"]] == [_good]


def test_what_awards_bind_is_taken_off_before(world):
    round_id, told, second, third, last = scored(world, TIGHT, budget_cents=4 * MILLION)
    with world.acting() as w:
        make_outcome(w, w.session.get_one(Proposal, told), state=OutcomeState.ANNOUNCED, amount_cents=2 * MILLION)
        proposal = w.session.get_one(Proposal, told)
        proposal.award_cents, proposal.state = 2 * MILLION, "selected"

    _scenario, selection = found(world, made(world, round_id))

    assert (selection.inputs["budget"], selection.inputs["planned"]) == (2 * MILLION, {"large": 1, "mid": 2})
    assert [one["id"] for one in selection.inputs["candidates"]] == [second, third, last]


def test_rules_that_clash_are_named(world):
    round_id, first, second, *_rest = scored(world, TIGHT, budget_cents=3 * MILLION)
    scenario, selection = found(world, made(world, round_id, must_in=[first, second]))

    assert (scenario.state, selection) == (ScenarioState.IMPOSSIBLE, None)
    assert sorted(map(tuple, scenario.clash), key=str) == [("budget", None), ("must_in", first), ("must_in", second)]


def test_who_must_be_in_must_be_eligible(world):
    round_id, *_ids, below = scored(world, [*TIGHT, (20, MILLION, "mid")])
    scenario, _selection = found(world, made(world, round_id, must_in=[below]))

    assert (scenario.state, scenario.clash) == (ScenarioState.IMPOSSIBLE, [["not_eligible", below]])


def test_the_ticker_computes_it_and_nothing_is_decided(world):
    round_id, *_ids = scored(world, TIGHT)
    code = made(world, round_id, compute=False)
    ticker.tick(world.database, world.settings, world.clock)

    assert found(world, code)[0].state is ScenarioState.READY
    with world.acting() as w:
        assert w.session.exec(select(Outcome)).all() == []
        assert queries.adopted(w, w.session.get_one(Round, round_id)) is None


def test_two_nodes_compute_it_once(world):
    round_id, *_ids = scored(world, TIGHT)
    code = made(world, round_id, compute=False)
    with world.acting() as w:
        first = actions.claim_scenario(w)
        assert actions.claim_scenario(w) is None
        inputs = queries.snapshot_of(w, first.id)
    world.move(minutes=16)
    assert choosing.run(world.database, world.clock) == 1
    with world.acting() as w:
        actions.keep_scenario(w, first.id, inputs, computed(inputs, {"must_out": [inputs["candidates"][0]["id"]]}))
    assert found(world, code)[1].constraints["must_out"] == []


def test_what_fails_is_said_and_others_are_computed(world, monkeypatch):
    round_id, *_ids = scored(world, TIGHT)
    broken = made(world, round_id, compute=False, planned={"large": -1})
    good = made(world, round_id)

    assert [found(world, code)[0].state for code in (broken, good)] == [ScenarioState.FAILED, ScenarioState.READY]


def test_who_makes_and_reads_scenarios(world):
    round_id, *_ids = scored(world, TIGHT)
    code = made(world, round_id)
    for who in ("lena", "ravi", "mari"):
        with world.acting(who) as w, pytest.raises(Missing):
            queries.scenario(w, w.session.get_one(Round, round_id).code, code)
    for who in ("olev", "lena", "ravi", "mari"):
        with world.acting(who) as w, pytest.raises(Forbidden):
            actions.ask_for_scenario(w, w.session.get_one(Round, round_id), "Mine", {})
    with world.acting("olev") as w:
        _round, scenario = queries.scenario(w, w.session.get_one(Round, round_id).code, code)
        with pytest.raises(Forbidden):
            actions.remark(w, scenario, "Mine")
        with pytest.raises(Forbidden):
            actions.adopt(w, scenario)


# Adopting


def test_one_is_adopted_and_another_takes_its_place(world):
    round_id, *_ids = scored(world, TIGHT)
    first, second = made(world, round_id, "First"), made(world, round_id, "Second", planned={"large": 1})
    adopt(world, round_id, first)
    adopt(world, round_id, second, "jaan")

    with world.acting() as w:
        assert queries.adopted(w, w.session.get_one(Round, round_id)).name == "Second"
        steps = w.session.exec(select(Step.transition).where(Step.workflow == "scenario").order_by(Step.id)).all()
    assert list(steps) == ["ask", "compute", "ask", "compute", "adopt", "adopt"]
    with pytest.raises(Refused, match="adopted_already"):
        adopt(world, round_id, second)


def test_what_has_no_portfolio_or_rests_on_other_numbers_is_not_adopted(world):
    round_id, first, second, *_rest = scored(world, TIGHT, budget_cents=3 * MILLION)
    waiting = made(world, round_id, compute=False)
    with pytest.raises(Refused, match="not_computed"):
        adopt(world, round_id, waiting)
    clashing = made(world, round_id, must_in=[first, second])
    with pytest.raises(Refused, match="not_computed"):
        adopt(world, round_id, clashing)
    with world.acting() as w:
        w.session.exec(select(BudgetLine).where(BudgetLine.proposal_id == first)).one().cents = MILLION
    with pytest.raises(Refused, match="stale_scenario"):
        adopt(world, round_id, waiting)


def test_who_has_a_conflict_with_a_candidate_does_not_adopt(world):
    round_id, *_ids, last = scored(world, TIGHT)
    code = made(world, round_id)
    with world.acting() as w:
        make_conflict(w, w.session.get_one(Proposal, last), "kadri")
    with pytest.raises(Forbidden, match="may_not"):
        adopt(world, round_id, code, "kadri")
    adopt(world, round_id, code, "jaan")


# Departing from it


def test_departing_from_the_adopted_portfolio_needs_a_reason_that_is_kept(world):
    round_id, first, second, *_rest = scored(world, TIGHT, budget_cents=3 * MILLION)
    adopt(world, round_id, made(world, round_id))

    with pytest.raises(Refused, match="departs_from_portfolio"):
        propose(world, "jaan", first, amount_cents=MILLION)
    with pytest.raises(Refused, match="departs_from_portfolio"):
        propose(world, "jaan", second, verdict=DECLINE)
    propose(world, "jaan", second, amount_cents=MILLION)
    propose(world, "jaan", first, amount_cents=MILLION, deviation="Its data serve all others.")

    with world.acting("jaan") as w:
        beside = queries.beside_outcomes(w, w.session.get_one(Round, round_id))
    rows = {row.proposal.id: row for row in beside.rows}
    assert [row.is_chosen for row in beside.rows] == [True, True, False, False]
    assert (rows[first].differs, rows[first].outcome.deviation) == (True, "Its data serve all others.")
    assert (rows[second].differs, rows[first].reserve) == (False, 1)


def test_what_was_proposed_before_is_not_approved_without_the_reason(world):
    round_id, first, second, *_rest = scored(world, TIGHT, budget_cents=3 * MILLION)
    departing = propose(world, "jaan", first, amount_cents=MILLION)
    following = propose(world, "jaan", second, amount_cents=MILLION)
    adopt(world, round_id, made(world, round_id))

    with pytest.raises(Refused, match="departs_from_portfolio"):
        approve(world, "kadri", departing)
    approve(world, "kadri", following)


def test_what_was_approved_before_is_held_back_without_the_reason(world):
    round_id, first, second, *_rest = scored(world, TIGHT, budget_cents=3 * MILLION)
    for one in (first, second):
        approve(world, "kadri", propose(world, "jaan", one, amount_cents=MILLION))
    adopt(world, round_id, made(world, round_id))

    with world.acting("jaan") as w:
        batch = queries.batch(w, w.session.get_one(Round, round_id))

    assert [item.proposal.id for item in batch.items] == [second]
    assert "does not fund this proposal" in next(str(one.why) for one in batch.held if one.proposal.id == first)


def test_without_an_adopted_scenario_no_reason_is_asked(world):
    round_id, first, *_rest = scored(world, TIGHT, budget_cents=3 * MILLION)
    made(world, round_id)
    approve(world, "kadri", propose(world, "jaan", first, amount_cents=MILLION))


def test_from_the_reserve_list_promoting_is_no_departure(world):
    round_id, first, second, *_rest = scored(world, TIGHT, budget_cents=3 * MILLION)
    with world.acting() as w:
        get = w.session.get_one
        make_scenario(w, get(Round, round_id), [get(Proposal, second)], left=[get(Proposal, first)])
        get(Proposal, first).state = "reserve"
    propose(world, "jaan", first, amount_cents=MILLION)


# The database


def test_an_impossible_scenario_is_refused(world):
    round_id, first = scored(world, TIGHT[:1])
    for fields in (
        {"name": ""}, {"state": ScenarioState.WAITING}, {"finished_at": None}, {"adopted_by": None},
        {"state": ScenarioState.IMPOSSIBLE},
    ):  # fmt: skip
        with pytest.raises(Exception, match=r"ck_scenario|CHECK"), world.acting() as w:
            make_scenario(w, w.session.get_one(Round, round_id), [w.session.get_one(Proposal, first)], **fields)


def test_one_scenario_of_a_round_is_adopted_by_the_database_too(world):
    round_id, first = scored(world, TIGHT[:1])
    with world.acting() as w:
        make_scenario(w, w.session.get_one(Round, round_id), [w.session.get_one(Proposal, first)])
    with pytest.raises(Exception, match=r"uq_scenario_adopted|UNIQUE"), world.acting() as w:
        make_scenario(w, w.session.get_one(Round, round_id), [w.session.get_one(Proposal, first)])


def test_a_selection_and_what_was_said_are_only_added(world):
    round_id, first = scored(world, TIGHT[:1])
    with world.acting("jaan") as w:
        adopted = make_scenario(w, w.session.get_one(Round, round_id), [w.session.get_one(Proposal, first)])
        actions.remark(w, adopted, "Good.")
    for statement in (
        "UPDATE selection SET objective = objective + 1, bound = bound + 1", "UPDATE selection SET reserve = '[]'",
        "DELETE FROM selection", "UPDATE scenario_remark SET text = 'x'", "DELETE FROM scenario_remark",
    ):  # fmt: skip
        with pytest.raises(Exception, match="append-only"), world.acting() as w:
            w.session.connection().exec_driver_sql(statement)
