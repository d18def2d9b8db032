"""Calibrations: computed by the ticker, out of date when something changes, ranking where the rules say so."""

from fractions import Fraction

import pytest
from sqlmodel import col, func, select

from challenge.jury import actions, queries
from challenge.jury.calibrating import computed
from challenge.jury.models import Calibration
from challenge.jury.states import CalibrationState
from challenge.kernel.errors import Forbidden, Missing, Refused
from challenge.people.models import Person
from tests.cast import PEOPLE
from tests.factories.jury import FULL, juror_of, make_conflict, make_review, proposal_of, put_marks, round_of
from tests.jury.severe import SEVERE, compute, ranking, scene


def order(found):
    return [(row.title.removeprefix("Proposal "), row.standing.place) for row in found.rows]


def rows(world):
    with world.acting(writing=False) as w:
        return list(w.session.exec(select(Calibration).order_by(col(Calibration.id))))


def test_a_severe_juror_costs_nobody_a_place_where_calibrated_scores_rank(world):
    codes = scene(world)
    assert order(ranking(world, codes))[:2] == [("B", 1), ("C", 2)]
    assert compute(world) == 1
    raw = ranking(world, codes)
    assert order(raw)[:2] == [("B", 1), ("C", 2)]  # the rules say raw: what was computed only stands beside it
    assert not raw.is_by_calibrated

    codes = scene(world, ranking="calibrated")
    compute(world)
    found = ranking(world, codes)
    assert found.is_by_calibrated
    assert order(found)[:2] == [("C", 1), ("B", 2)]
    values = {row.title[-1]: found.calibrated.values[row.id] for row in found.rows}
    for title, given in SEVERE.items():  # by hand: add her mark and a half, take the share of it everybody has
        mean = sum(tenths + (15 if name == "lena" else 0) for name, tenths in given.items()) / len(given) / 10
        assert values[title].value == pytest.approx(mean - 0.5, abs=0.02)
        assert values[title].low < values[title].value < values[title].high
    severity = {found.jurors[one.juror_id]: one.whole for one in found.calibrated.jurors}
    assert severity == pytest.approx({"Lena Lind": 1.0, "Oskar Olsen": -0.5, "Ilse Ivask": -0.5}, abs=0.02)


def test_the_chance_is_of_those_over_every_threshold(world):
    codes = scene(world)
    compute(world)
    found = ranking(world, codes)
    assert (found.calibrated.best, found.calibrated.among) == (4, 6)
    chances = [found.calibrated.values[row.id].chance for row in found.rows]
    assert sum(chances) == pytest.approx(4)
    with world.acting() as w:
        proposal_of(w, codes["A"]).state = "withdrawn"
    compute(world)
    found = ranking(world, codes)
    gone = next(row for row in found.rows if row.title == "Proposal A")
    assert found.calibrated.among == 5
    assert gone.id not in found.calibrated.values


def test_thresholds_are_tested_on_raw_scores(world):
    codes = scene(world, ranking="calibrated", total_threshold=Fraction(7, 10))  # 17.5 of 25 in all
    compute(world)
    found = ranking(world, codes)
    assert order(found)[:3] == [("C", 1), ("B", 2), ("E", 3)]
    assert {place for _title, place in order(found)[3:]} == {None}
    below = {row.title[-1]: found.calibrated.values[row.id].value for row in found.rows if not row.standing.place}
    assert set(below) == {"A", "D", "F"}
    assert below["A"] == pytest.approx(3.5, abs=0.02)  # 17.5 when corrected: which no threshold asks


def test_without_a_calibration_nobody_is_ranked_by_raw_scores_unsaid(world):
    codes = scene(world, ranking="calibrated")
    assert {place for _title, place in order(ranking(world, codes))} == {None}
    page = world.client("jaan").get(f"/rounds/{codes['round']}/ranking").text
    assert "being computed" in page


def test_the_ladder_tells_calibrated_equals_apart(world):
    marks = {"A": {"lena": 40, "oskar": 45}, "B": {"lena": 40, "oskar": 45}, "C": {"lena": 30, "oskar": 35}}
    codes = scene(world, marks, ranking="calibrated")
    compute(world)
    found = ranking(world, codes)
    assert order(found) == [("A", 1), ("B", 1), ("C", 3)]
    assert found.rows[0].standing.is_shared
    assert "the panel decides" in world.client("jaan").get(f"/rounds/{codes['round']}/ranking").text


def by_a_coordinator(w, proposal):
    person = w.session.get_one(Person, PEOPLE["ilse"].id)
    actions.set_conflict(w, proposal, person, "other", "They work together.")


def inferred(w, proposal):
    make_conflict(w, proposal, "ilse", state="inferred")  # her review stands as it is, and counts no more


@pytest.mark.parametrize("found_out", [by_a_coordinator, inferred])
def test_a_conflict_found_after_scoring_leaves_the_calibration_at_once(world, found_out):
    codes = scene(world, ranking="calibrated")
    compute(world)
    before = ranking(world, codes)
    with world.acting("jaan") as w:
        found_out(w, proposal_of(w, codes["B"]))
    between = ranking(world, codes)
    assert between.calibrated.at is None  # her score may not be in any aggregate, not even for ten seconds
    assert before.calibrated.at is not None
    assert compute(world) == 1
    after = ranking(world, codes)
    assert after.calibrated.is_current
    row = next(row for row in after.rows if row.title == "Proposal B")
    assert after.calibrated.values[row.id] != before.calibrated.values[row.id]
    assert len([one for one in rows(world)[-1].inputs["scores"] if one[0] == row.id]) == 1


def test_reviews_that_came_later_are_counted(world):
    codes = scene(world, {**SEVERE, "G": {"lena": 25}})
    compute(world)
    with world.acting() as w:
        made = put_marks(w, make_review(w, proposal_of(w, codes["G"]), juror_of(w, codes["oskar"])), 40)
        made.state, made.submitted_at, made.revision_number = "submitted", w.now, 1
    found = ranking(world, codes)
    assert (found.calibrated.since, found.calibrated.is_current) == (1, False)
    page = world.client("jaan").get(f"/rounds/{codes['round']}/ranking").text
    assert "One review has come in since" in page
    compute(world)
    assert ranking(world, codes).calibrated.is_current


def test_nothing_is_computed_twice(world):
    scene(world)
    assert compute(world) == 1
    assert compute(world) == 0
    first = rows(world)
    with world.acting() as w:
        found = w.session.exec(select(Calibration)).one()
        found.mark = "x" * 64  # a glance shows something else, the inputs are the same
    assert compute(world) == 1
    second = rows(world)
    assert [row.code for row in second] == [row.code for row in first]
    assert second[0].mark == first[0].mark
    assert compute(world) == 0


def test_the_same_is_computed_from_the_same(world):
    codes = scene(world)
    compute(world)
    with world.acting() as w:
        w.session.delete(w.session.exec(select(Calibration)).one())
    compute(world)
    row = rows(world)[0]
    with world.acting() as w:
        inputs = queries.calibration_inputs(w, round_of(w, codes["round"]), FULL)
    assert computed(inputs, row.seed) == row.result
    assert row.versions["method"] == 1


def test_two_nodes_compute_it_once(world):
    scene(world)
    with world.acting() as w:
        assert actions.plan_calibrations(w) == 1
    with world.acting() as w:
        assert actions.plan_calibrations(w) == 0
        first = actions.claim_calibration(w)
        assert actions.claim_calibration(w) is None
    world.move(minutes=16)
    with world.acting() as w:
        assert actions.claim_calibration(w).id == first.id
        actions.fail_calibration(w, first.id)
        actions.keep_calibration(w, first.id, {}, {}, 0, {})
        state = w.session.exec(select(Calibration.state).where(Calibration.id == first.id)).one()
    assert state is CalibrationState.FAILED


def test_what_failed_waits_for_a_coordinator(world):
    codes = scene(world)
    with world.acting() as w:
        actions.plan_calibrations(w)
        actions.fail_calibration(w, actions.claim_calibration(w).id)
    assert compute(world) == 0
    jaan, path = world.client("jaan"), f"/rounds/{codes['round']}/ranking"
    assert "could not be computed" in jaan.get(path).text
    assert jaan.post(f"{path}/calibration?gate={FULL}").status_code == 303
    assert compute(world) == 1
    assert [row.state for row in rows(world)] == [CalibrationState.READY]


def test_only_coordinators_ask_for_it(world):
    codes = scene(world)
    for who in ("lena", "ravi", "mari", "olev", "anna", "nobody"):
        with world.acting(who) as w, pytest.raises((Forbidden, Missing)):
            actions.ask_for_calibration(w, queries.round_of_jury(w, codes["round"]), FULL)
    with world.acting("jaan") as w, pytest.raises(Refused, match="no_reviews"):
        actions.ask_for_calibration(w, round_of(w, codes["round"]), "idea")
    with world.acting("jaan") as w:
        for _twice in range(2):
            actions.ask_for_calibration(w, round_of(w, codes["round"]), FULL)
        assert w.session.exec(select(func.count()).select_from(Calibration)).one() == 1


def test_other_modules_get_the_value_that_ranks(world):
    for rules, best in (("raw", "B"), ("calibrated", "C")):
        codes = scene(world, ranking=rules)
        compute(world)
        with world.acting("jaan") as w:
            values = queries.ranked_values(w, round_of(w, codes["round"]))
            assert max(values, key=values.__getitem__) == proposal_of(w, codes[best]).id
            assert len(values) == len(SEVERE)
