"""Scenarios on the pages: made, waited for, read, compared, adopted; who must not see what, does not."""

from __future__ import annotations

import re

import pytest

from challenge.jobs import choosing
from challenge.proposals.models import Proposal
from challenge.rounds.models import Round
from challenge.rounds.schemas import Rules
from challenge.rounds.states import Judge
from tests.factories.jury import FULL, make_conflict, make_juror
from tests.selection.scenarios import GATES, MILLION, TIGHT, adopt, made, scored
from tests.selection.steps import codes, count_queries, propose
from tests.selection.test_embargo import pages_of, seen

PRIVATE = ("/rounds/{round}/scenarios", "/rounds/{round}/scenarios/{item}", "/rounds/{round}/portfolio",
           "/api/v1/rounds/{round}/selection")  # fmt: skip
OUTCOME = {"verdict": "fund", "amount_cents": "1,000,000", "accept_by": "2027-11-20T17:00", "reasons": "Needed."}


@pytest.fixture
def tight(world):
    """A round of three million in which going down the ranking is worse: its id, its code, the proposals' ids."""
    round_id, *ids = scored(world, TIGHT, budget_cents=3 * MILLION)
    return round_id, codes(world, round_id)[0], ids


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_a_scenario_from_the_form_to_the_outcomes(world, tight):
    _round_id, code, ids = tight
    jaan, kadri = world.client("jaan"), world.client("kadri")
    assert "No scenario yet" in jaan.get(f"/rounds/{code}/scenarios").text
    assert "Places for Large" in jaan.get(f"/rounds/{code}/scenarios/new").text

    sent = jaan.post(f"/rounds/{code}/scenarios", data={"name": "As it is", "budget": "", "planned-large": ""})
    where = sent.headers["location"]
    waiting = jaan.get(where)
    assert ("being computed" in waiting.text, waiting.headers["refresh"]) == (True, "3")
    choosing.run(world.database, world.clock)
    jaan.post(f"/rounds/{code}/scenarios", data={"name": "Four million", "budget": "4,000,000"})
    jaan.post(f"/rounds/{code}/scenarios", data={"name": "No large", "planned-large": "0"})
    choosing.run(world.database, world.clock)

    ready = jaan.get(where)
    assert "refresh" not in ready.headers
    text = words(ready)
    assert "proven: no choice under these rules is better" in text
    assert "Proposal 1, Proposal 2 would leave, Proposal 3 would come in as well. The value falls by 0.50." in text
    assert "€400,000 more in the budget" in text
    assert "Down the ranking, leaving out what does not fit" in text
    assert 'class="curve__line"' in ready.text
    beside = words(jaan.get(f"/rounds/{code}/scenarios"))
    assert "€2,900,000 of €3,000,000" in beside
    assert "Budget €4,000,000" in beside
    assert "Large: 0" in beside

    assert jaan.post(f"{where}/remarks", data={"text": "  "}).status_code == 422
    assert jaan.post(f"{where}/remarks", data={"text": "The council agrees."}).status_code == 303
    assert "The council agrees." in kadri.get(where).text
    assert kadri.post(f"{where}/adoption").headers["location"] == f"/rounds/{code}/portfolio"
    assert "Adopted by Kadri Kask" in words(jaan.get(where))
    assert jaan.post(f"{where}/adoption").status_code == 409

    first, second = codes(world, 1, *ids[:2])[1:]
    assert re.search(r'value="fund"[^>]*checked', jaan.get(f"/proposals/{second}/outcomes/new").text)
    assert re.search(r'value="reserve"[^>]*checked', jaan.get(f"/proposals/{first}/outcomes/new").text)
    refused = jaan.post(f"/proposals/{first}/outcomes/new", data=OUTCOME)
    assert (refused.status_code, "Say why this departs from the adopted scenario" in refused.text) == (409, True)
    told = jaan.post(f"/proposals/{first}/outcomes/new", data={**OUTCOME, "deviation": "Its data serve all."})
    assert told.status_code == 303
    assert "Its data serve all." in kadri.get(told.headers["location"]).text
    assert "Differs Its data serve all." in words(kadri.get(f"/rounds/{code}/portfolio"))


def test_what_contradicts_itself_is_said_at_the_field(world, tight):
    _round_id, code, ids = tight
    one = codes(world, 1, ids[0])[1]
    client = world.client("jaan")
    nameless = client.post(f"/rounds/{code}/scenarios", data={"name": ""})
    assert (nameless.status_code, "Name the scenario" in nameless.text) == (422, True)
    wrong = client.post(f"/rounds/{code}/scenarios", data={
        "name": "Odd", "least-mobility": "3", "most-mobility": "1", "must_in": one, "must_out": one,
    })  # fmt: skip
    assert wrong.status_code == 422
    assert "Give a number that is not below the least" in wrong.text
    assert "Leave out what must be in" in wrong.text
    assert client.post(f"/rounds/{code}/scenarios", data={"name": "x", "must_in": "ZZZZZZZZ"}).status_code == 422


def test_what_cannot_be_had_says_why_and_what_to_do(world, tight):
    round_id, code, ids = tight
    item = made(world, round_id, "Both", must_in=ids[:2])
    text = words(world.client("jaan").get(f"/rounds/{code}/scenarios/{item}"))
    assert "These rules cannot be had together" in text
    for part in ("The budget is €3,000,000.", "“Proposal 0” must be in.", "“Proposal 1” must be in."):
        assert part in text
    assert "Impossible" in words(world.client("jaan").get(f"/rounds/{code}/scenarios"))


def test_the_pages_are_not_there_for_others(world, tight):
    round_id, code, _ids = tight
    item = made(world, round_id)
    for who in ("mari", "ravi", "lena", "anna", "aoife", "nobody"):
        for path in PRIVATE:
            answer = world.client(who).get(path.format(round=code, item=item))
            missing = world.client(who).get(path.format(round="00000000", item="00000000"))
            assert (who, path, answer.status_code) == (who, path, missing.status_code)
            assert "Proposal 1" not in answer.text
    olev = world.client("olev")
    assert "Proposal 1" in olev.get(f"/rounds/{code}/scenarios/{item}").text
    assert olev.post(f"/rounds/{code}/scenarios/{item}/adoption").status_code == 403
    assert olev.post(f"/rounds/{code}/scenarios", data={"name": "Mine"}).status_code == 403
    assert "Scenario" in olev.get("/journal").text
    with world.acting() as w:
        make_juror(w, w.session.get_one(Round, round_id), "kadri")
    assert "Scenario" not in world.client("kadri").get("/journal").text
    assert [world.client("kadri").get(path.format(round=code, item=item)).status_code for path in PRIVATE] == [404] * 4


def test_a_coordinator_sees_nothing_of_what_they_have_a_conflict_with(world, tight):
    round_id, code, ids = tight
    item = made(world, round_id)
    paths = [path.format(round=code, item=item) for path in PRIVATE] + [f"/rounds/{code}/scenarios/new"]
    adopt(world, round_id, item, "jaan")
    with world.acting() as w:
        make_conflict(w, w.session.get_one(Proposal, ids[1]), "kadri")
    hidden = codes(world, round_id, ids[1])[1]

    for path in paths:
        full, less = world.client("jaan").get(path).text, world.client("kadri").get(path).text
        assert (path, "Proposal 1" in full or hidden in full) == (path, True)
        assert (path, "Proposal 1" in less, hidden in less) == (path, False, False)
    text = words(world.client("kadri").get(paths[1]))
    assert "It would take the place of a proposal that is not shown to you." in text
    for telling in ("90,000", "9.00", "€2,900,000", "Beside simpler ways", "What a little more"):
        assert telling not in text
    answer = world.client("kadri").get(paths[3]).json()["items"][0]
    assert (answer["value"], answer["bound"]) == (None, None)
    assert world.client("jaan").get(paths[3]).json()["items"][0]["value"] == 90_000


@pytest.mark.abuse(4)
def test_an_adopted_scenario_betrays_nothing_to_others(world, tight):
    round_id, code, ids = tight
    one = codes(world, round_id, ids[1])[1]
    paths = [*pages_of(code, one), *(path.format(round=code, item="00000000") for path in PRIVATE),
             f"/api/v1/proposals/{one}", "/api/v1/steps"]  # fmt: skip
    before = seen(world, paths)
    coordinator = world.client("jaan").get(f"/rounds/{code}/portfolio").text

    adopt(world, round_id, made(world, round_id))
    after = seen(world, paths)

    assert [key for key in before if before[key] != after[key]] == []
    assert world.client("jaan").get(f"/rounds/{code}/portfolio").text != coordinator


def test_the_api_tells_what_was_computed(world, tight):
    round_id, code, ids = tight
    item = made(world, round_id)
    adopt(world, round_id, item)
    answer = world.client("jaan").get(f"/api/v1/rounds/{code}/selection").json()
    assert answer["adopted"] == item
    one = answer["items"][0]
    assert (one["value"], one["bound"], one["gap"], one["solver"]) == (90_000, 90_000, 0.0, "HiGHS")
    assert one["chosen"] == codes(world, round_id, *ids[1:3])[1:]


def test_more_scenarios_and_proposals_do_not_mean_more_queries(world, tight):
    round_id, code, ids = tight
    made(world, round_id)
    client = world.client("jaan")
    path = f"/rounds/{code}/scenarios"
    client.get(path)
    few = count_queries(world, lambda: client.get(path))
    made(world, round_id, "Two")
    made(world, round_id, "Three")
    assert count_queries(world, lambda: client.get(path)) == few
    adopt(world, round_id, made(world, round_id, "Four"))
    portfolio = f"/rounds/{code}/portfolio"
    few = count_queries(world, lambda: client.get(portfolio))
    propose(world, "jaan", ids[1], amount_cents=MILLION)
    propose(world, "jaan", ids[2], amount_cents=MILLION)
    assert count_queries(world, lambda: client.get(portfolio)) == few


def test_a_round_without_scores_has_no_scenarios(world):
    gates = {**GATES, FULL: GATES[FULL].model_copy(update={"judges": {Judge.COORDINATORS}})}
    round_id, *_ids = scored(world, (), rules=Rules(gates=gates))
    code = codes(world, round_id)[0]
    client = world.client("jaan")
    assert "There are no scores to choose by" in client.get(f"/rounds/{code}/scenarios").text
    refused = client.post(f"/rounds/{code}/scenarios", data={"name": "x"})
    assert (refused.status_code, "Jurors do not judge at the last gate" in refused.text) == (409, True)
