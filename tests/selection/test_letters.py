"""Letters: what each verdict tells, to the lead and to the others, with hour, zone and UTC."""

from __future__ import annotations

import pytest

from challenge.people.queries import person
from challenge.proposals.models import Proposal
from challenge.rounds.schemas import Rules
from challenge.rounds.states import CityRole
from challenge.selection import queries
from challenge.selection.letters import gate_letter, letter
from challenge.selection.schemas import GateVerdict
from challenge.selection.states import OutcomeState, Verdict
from tests.cast import PEOPLE
from tests.factories.jury import JURY
from tests.factories.rounds import make_round
from tests.factories.selection import make_candidate, make_outcome

OFFER_ENDS = "Thu 4 November 2027, 11:00 (Tallinn, EET (UTC+2); 09:00 UTC)"
APPEALS_END = "Tue 19 October 2027, 23:59 (Tallinn, EEST (UTC+3); 20:59 UTC)"


def written(world, verdict: Verdict, who: str = "ravi", rules: Rules | None = None, **fields):
    world.now = JURY
    with world.acting() as w:
        proposal = make_candidate(w, make_round(w, rules=rules))
        outcome = make_outcome(w, proposal, verdict=verdict, state=OutcomeState.APPROVED, **fields)
        return letter(w, outcome, person(w, PEOPLE[who].id))


def test_an_award_says_how_much_under_which_conditions_and_until_when(world):
    found = written(world, Verdict.FUND, amount_cents=120_000_000, conditions=("The council agrees.", "Data are open."))
    assert found.subject == "“Heat from the ice hall” is selected for funding"
    assert "selected for funding with €1,200,000." in found.text
    assert "1. The council agrees.\n2. Data are open." in found.text
    assert f"Accept the offer or turn it down on the page of the decision, until {OFFER_ENDS}." in found.text
    assert "The reviews of 3 jurors stand on the page of the decision" in found.text
    assert "Appeal" not in found.text
    assert found.action[1].endswith("/outcome")


def test_a_city_learns_who_answers_the_offer(world):
    found = written(world, Verdict.FUND, "mari")
    assert f"Ravi Rao accepts the offer or turns it down, until {OFFER_ENDS}." in found.text
    assert found.text.startswith("Dear Mari Maasikas,")


def test_the_reserve_list_has_a_place_and_a_date(world):
    found = written(world, Verdict.RESERVE, reserve_rank=2)
    assert "place 2 on the reserve list" in found.text
    assert OFFER_ENDS in found.text


@pytest.mark.parametrize("verdict", [Verdict.DECLINE, Verdict.INELIGIBLE])
def test_a_refusal_gives_reasons_and_the_right_to_appeal(world, verdict):
    found = written(world, verdict)
    assert "The cities need it and the plan is sound." in found.text
    assert f"you can appeal until {APPEALS_END}" in found.text


def test_others_of_the_team_learn_who_can_appeal(world):
    assert f"Ravi Rao can appeal until {APPEALS_END}" in written(world, Verdict.DECLINE, "sofia").text


def test_without_an_appeal_window_nothing_is_said_of_one(world):
    assert "appeal" not in written(world, Verdict.DECLINE, rules=Rules(appeal_days=0)).text.lower()


def test_a_gate_tells_who_goes_on_and_who_does_not(world):
    world.now = JURY
    with world.acting() as w:
        proposal = make_candidate(w, make_round(w))
        ravi = person(w, PEOPLE["ravi"].id)
        on = gate_letter(w, proposal, GateVerdict.INVITE, "", ravi, until=JURY.replace(month=11))
        off = gate_letter(w, proposal, GateVerdict.DECLINE, "The plan is thin.", ravi, advice="Join another team.")
    assert "submit it until Fri 5 November 2027, 11:00" in on.text
    assert "appeal" not in on.text
    assert "The plan is thin." in off.text
    assert "Join another team." in off.text
    assert APPEALS_END in off.text


def test_each_person_is_told_once_the_lead_first_and_nobody_who_left(world):
    world.now = JURY
    with world.acting() as w:
        round_ = make_round(w)
        pair = {"tartu": CityRole.LEAD, "helsinki": CityRole.PILOT, "dlr": CityRole.FOLLOWER}
        ids = [make_candidate(w, round_, title=title, cities=pair).id for title in ("One", "Two")]
        person(w, PEOPLE["peeter"].id).disabled_at = JURY
    with world.acting() as w:
        found = queries.recipients(w, [w.session.get_one(Proposal, key) for key in ids])
    names = ["Ravi Rao", "Mari Maasikas", "Sofia Salo", "Niamh Kelly"]
    assert {key: [one.name for one in people] for key, people in found.items()} == dict.fromkeys(ids, names)
