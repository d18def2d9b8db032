"""All unpaired proposals and all willing cities at once: within what cities can carry, stable or most valuable."""

import re

import numpy as np
import pytest
from sqlmodel import select

from challenge.jury import actions as jury
from challenge.jury.states import ConflictKind
from challenge.kernel.errors import Missing, Refused
from challenge.optimise.matching import blocking
from challenge.partners import actions, queries
from challenge.partners.matching import computed, worth
from challenge.partners.models import Matching, PartnerInvitation
from challenge.partners.queries.matching import known
from challenge.partners.schemas import Refusal
from challenge.people.models import Person
from challenge.proposals.models import Preference
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.rounds.states import CityRole
from tests.cast import PEOPLE, PLACES
from tests.counting import counted
from tests.factories.proposals import get, make_challenge, make_proposal
from tests.factories.rounds import make_round
from tests.partners.steps import describe, invited
from tests.ticking import tick

ONLY_TARTU = {"tartu": CityRole.LEAD}
ABROAD = {PLACES[name].id for name in ("helsinki", "fingal", "dlr")}


def three_lack_a_city_abroad(world):
    """A round with three proposals of Tartu's alone and one that is whole; its code and theirs."""
    with world.acting() as w:
        round_ = make_round(w)
        challenge = make_challenge(w, round_, city="tartu")
        made = [
            make_proposal(w, round_, challenges=[challenge], cities=ONLY_TARTU, title=title)
            for title in ("Ice", "Rain", "Snow")
        ]
        make_proposal(w, round_, title="Whole")
        make_proposal(w, round_, title="Handed in", cities=ONLY_TARTU, state=ProposalState.IN_REVIEW)
        return round_.code, [one.code for one in made]


def asked(world, code, by="jaan"):
    with world.acting(by) as w:
        return actions.ask_for_matching(w, queries.round_to_match(w, code)).code


def found(world, code):
    tick(world)
    with world.acting() as w:
        return w.session.exec(select(Matching).where(Matching.code == code)).one()


def test_its_page_says_how_far_it_is(world):
    code, _proposals = three_lack_a_city_abroad(world)
    first, second = asked(world, code), asked(world, code)
    jaan, path = world.client("jaan"), f"/rounds/{code}/matching"
    page = jaan.get(f"{path}/{second}")
    assert page.headers["refresh"] == "3"
    assert "one waits before it" in page.text
    assert "3 proposals × " in page.text
    assert "it is next" in jaan.get(f"{path}/{first}").text
    with world.acting() as w:
        assert actions.claim_matching(w).code == first
    assert "its turn has come" in jaan.get(f"{path}/{first}").text
    assert "its turn has come" not in jaan.get(f"{path}/{second}").text


def test_each_gets_a_city_of_the_side_it_lacks(world):
    code, proposals = three_lack_a_city_abroad(world)
    made = found(world, asked(world, code))
    assert made.state == "ready"
    with world.acting() as w:
        wanted = {get(w, one).id for one in proposals}
    for way in ("stable", "best"):
        pairs = made.result[way]["pairs"]
        assert {pair[0] for pair in pairs} == wanted
        assert {pair[1] for pair in pairs} <= ABROAD
        assert made.result[way]["value"] == sum(pair[2] + pair[3] for pair in pairs)
        assert made.result[way]["value"] <= made.result[way]["bound"]
    assert made.result["best"]["optimal"]


def test_no_city_gets_more_than_it_can_carry_and_a_full_one_gets_none(world):
    code, _proposals = three_lack_a_city_abroad(world)
    with world.acting() as w:
        describe(w, "helsinki", capacity=1)
        describe(w, "fingal", capacity=1)
        describe(w, "dlr", capacity=0)
    made = found(world, asked(world, code))
    for way in ("stable", "best"):
        assert sorted(pair[1] for pair in made.result[way]["pairs"]) == sorted(
            [PLACES["helsinki"].id, PLACES["fingal"].id]
        )
    page = world.client("jaan").get(f"/rounds/{code}/matching/{made.code}")
    assert "one proposal finds nobody" in page.text
    assert "Nobody found for" in page.text


def test_the_stable_way_has_no_pair_that_would_leave_and_the_other_is_worth_the_most(world):
    code, proposals = three_lack_a_city_abroad(world)
    with world.acting() as w:
        for place in ("helsinki", "fingal", "dlr"):
            describe(w, place, capacity=1, themes=["environment"] if place == "fingal" else ["data"])
        for one, place, rating in ((0, "helsinki", 1), (1, "helsinki", 5), (2, "dlr", 4)):
            proposal = get(w, proposals[one])
            w.add(Preference(proposal_id=proposal.id, city_id=PLACES[place].id, rating=rating, at=w.now))
    made = found(world, asked(world, code))
    with world.acting("jaan", writing=False) as w:
        snapshot = known(w, made.inputs)
        want, wish = worth(made.inputs, snapshot)
    rows = {one["id"]: at for at, one in enumerate(made.inputs["proposals"])}
    columns = {one["id"]: at for at, one in enumerate(made.inputs["cities"])}
    allowed = np.array([[one["id"] in ABROAD for one in made.inputs["cities"]] for _row in rows])
    room = np.array([one["room"] for one in made.inputs["cities"]])
    calm = tuple((rows[pair[0]], columns[pair[1]]) for pair in made.result["stable"]["pairs"])
    assert blocking(calm, want, wish, [1] * len(rows), room, allowed) == ()
    assert made.result["best"]["value"] >= made.result["stable"]["value"]
    assert wish[rows_of(rows, world, proposals[1]), columns[PLACES["helsinki"].id]] >= 400  # its own rating counts


def rows_of(rows, world, code):
    with world.acting() as w:
        return rows[get(w, code).id]


def test_the_same_inputs_give_the_same_answer(world):
    code, _proposals = three_lack_a_city_abroad(world)
    made = found(world, asked(world, code))
    with world.acting("jaan", writing=False) as w:
        assert computed(made.inputs, known(w, made.inputs)) == made.result


def test_who_is_asked_or_has_declined_is_not_proposed_again(world):
    code, proposals = three_lack_a_city_abroad(world)
    invited(world, proposals[0], "helsinki")
    one = invited(world, proposals[0], "fingal")
    with world.acting("aoife") as w:
        actions.fire(w, queries.invitation(w, one), "decline", Refusal(reason="No beach."))
    made = found(world, asked(world, code))
    with world.acting() as w:
        first = get(w, proposals[0]).id
    assert [pair[1] for pair in made.result["best"]["pairs"] if pair[0] == first] == [PLACES["dlr"].id]


def test_where_nothing_lacks_there_is_nothing_to_compute(world):
    with world.acting() as w:
        round_ = make_round(w)
        make_proposal(w, round_)
        code = round_.code
    with pytest.raises(Refused) as refused:
        asked(world, code)
    assert refused.value.problem.code == "nobody_lacks"
    assert "Every proposal that is being written has" in world.client("jaan").get(f"/rounds/{code}/matching").text


def test_it_is_for_coordinators_and_each_sees_their_own(world):
    code, _proposals = three_lack_a_city_abroad(world)
    made = asked(world, code)
    tick(world)
    for name in ("ravi", "mari", "lena", "olev", "anna"):
        assert world.client(name).get(f"/rounds/{code}/matching").status_code in {403, 404}
        assert world.client(name).get(f"/rounds/{code}/matching/{made}").status_code in {403, 404}
        with world.acting(name) as w, pytest.raises(Missing):
            queries.round_to_match(w, code)
    assert world.client("jaan").get(f"/rounds/{code}/matching/{made}").status_code == 200
    assert world.client("kadri").get(f"/rounds/{code}/matching/{made}").status_code == 404


def test_a_coordinator_with_a_conflict_gets_nothing_of_the_proposal(world):
    code, proposals = three_lack_a_city_abroad(world)
    made = asked(world, code)
    tick(world)
    assert "Rain" in world.client("jaan").get(f"/rounds/{code}/matching/{made}").text
    with world.acting("kadri") as w:
        person = w.session.get_one(Person, PEOPLE["jaan"].id)
        jury.set_conflict(w, get(w, proposals[1]), person, ConflictKind.OTHER, "His sister leads it.")
    assert "Rain" not in world.client("jaan").get(f"/rounds/{code}/matching/{made}").text
    assert "Rain" not in world.client("jaan").get(f"/rounds/{code}/matching").text
    assert len(found(world, asked(world, code)).inputs["proposals"]) == 2


def test_what_is_ticked_is_sent_and_what_may_not_be_is_told(world):
    code, proposals = three_lack_a_city_abroad(world)
    jaan = world.client("jaan")
    start = jaan.post(f"/rounds/{code}/matching")
    assert "being looked for" in jaan.get(start.headers["location"]).text
    tick(world)
    page = jaan.get(start.headers["location"]).text
    ticks = re.findall(r'name="invite" value="([^"]+)"', page)
    assert {tick_.split(":")[0] for tick_ in ticks} == set(proposals)
    body = {"message": "Would you like to join?", "answer_by": "2027-01-20T10:00"}
    nothing = jaan.post(start.headers["location"], data=body)
    assert nothing.status_code == 422
    assert "Tick at least one city" in nothing.text
    kept = jaan.post(start.headers["location"], data={"invite": ticks[:1], "message": "Kept words"})
    assert kept.status_code == 422
    assert "Kept words" in kept.text
    sent = jaan.post(start.headers["location"], data=body | {"invite": ticks[:2]})
    assert sent.status_code == 303
    again = jaan.post(start.headers["location"], data=body | {"invite": ticks})
    assert again.status_code == 422
    assert "has been invited already" in again.text
    with world.acting() as w:
        rows = w.session.exec(select(PartnerInvitation)).all()
        assert len(rows) == 3
        assert {row.asked_by_id for row in rows} == {PEOPLE["jaan"].id}


def test_queries_do_not_grow_with_the_proposals(world):
    code, _proposals = three_lack_a_city_abroad(world)

    def statements():
        with world.acting("jaan", writing=False) as w:
            round_ = queries.round_to_match(w, code)
            with counted(world) as found_:
                known(w, queries.inputs(w, round_))
            return len(found_)

    before = statements()
    with world.acting() as w:
        round_ = w.session.exec(select(Round).where(Round.code == code)).one()
        for _number in range(10):
            make_proposal(w, round_, cities=ONLY_TARTU)
    assert statements() == before


def test_what_cannot_be_computed_says_so_and_stops_nothing(world):
    code, _proposals = three_lack_a_city_abroad(world)
    made = asked(world, code)
    with world.acting() as w:
        row = w.session.exec(select(Matching).where(Matching.code == made)).one()
        row.inputs = {**row.inputs, "proposals": [{"id": 10**6, "home": 0, "foreign": 1}]}
    assert found(world, made).state == "failed"
    assert "could not be computed" in world.client("jaan").get(f"/rounds/{code}/matching/{made}").text
