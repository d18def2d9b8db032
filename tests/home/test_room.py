"""“Needs you”, from the rooms of pilots: the next step first, to whom it belongs, until when, and to nobody else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import select

from challenge.kernel.approval import Approval
from challenge.people.models import Membership
from challenge.people.states import Seat
from challenge.pilots.money.states import ChangeKind, ClaimState
from challenge.pilots.states import PilotState, TrancheState
from challenge.proposals.models import Exclusion
from tests.cast import PEOPLE, PLACES
from tests.counting import counted
from tests.factories.home import ask_for
from tests.factories.money import make_change, make_claim
from tests.factories.pilots import make_decision, make_meeting, make_pilot, make_tranche
from tests.home.conftest import needs_on
from tests.pilots.ready import get

PEOPLE_ASKED = ("mari", "ravi", "aoife", "jaan", "kadri", "sofia")


@pytest.fixture
def code(world):
    """A running pilot with something for everybody; kadri has turned the first of two keys twice."""
    with world.acting() as w:
        pilot = make_pilot(w, state=PilotState.RUNNING, title="Clean Bays")
        make_claim(w, pilot, "tartu", state=ClaimState.SUBMITTED)
        make_claim(w, pilot, "fingal", state=ClaimState.RETURNED)
        tranche = make_tranche(w, pilot, state=TrancheState.DUE, cents=50_000_000)
        ask_for(w, "tranche", tranche, "approve")
        ask_for(w, "change_request", make_change(w, pilot, ChangeKind.MONEY, by="mari", by_two=True), "grant")
        make_change(w, pilot, ChangeKind.DATES, by="ravi")
        meeting = make_meeting(w, pilot)
        make_decision(w, meeting, "mari", due_on=date(2027, 2, 1))
        make_decision(w, meeting, "ravi", due_on=date(2027, 1, 9), text="Buy sensors.")
        make_decision(w, meeting, "jaan", text="Ask the ministry.")
        make_decision(w, meeting, "mari", done_on=date(2027, 1, 9), text="CANARY-DONE")
        make_decision(w, meeting, "sofia", text="CANARY-OUTSIDER")  # who has left the pilot reads nothing of it here
        make_decision(w, meeting, text="CANARY-NOBODY")
        return pilot.code


def waiting(world, name):
    page = world.client(name).get("/home").text
    return [(why, href) for what, why, href in needs_on(page) if what == "Clean Bays"]


def whys(world, name):
    return [why for why, _href in waiting(world, name)]


CLAIM = "Claim Check the claim of Tartu over €1,234.50: accept it or send it back"
PAY = "Second key Approve the payment of €500,000 as the second person, or hold it back: First tranche"
GRANT = "Second key Grant the change as the second person, or refuse it: Money between budget lines"
DATES = "To decide Grant or refuse the change that is asked for: Other dates"
BACK = "Returned Put right what is missing in the claim of Fingal over €1,234.50, and submit it again"


def test_everybody_is_told_their_next_step_and_nobody_that_of_others(world, code):
    assert {name: whys(world, name) for name in PEOPLE_ASKED} == {
        "mari": ["To do Do what was decided: Sensors come out in November."],
        "ravi": ["To do Late Do what was decided: Buy sensors."],
        "aoife": [BACK],
        "jaan": [PAY, GRANT, CLAIM, "To do Do what was decided: Ask the ministry.", DATES],
        "kadri": [CLAIM, DATES],  # her own keys wait for somebody else
        "sofia": [],
    }  # fmt: skip


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here depends on which
def test_each_leads_to_where_it_is_done_with_its_day_and_time_zone(world, code):
    for name in ("jaan", "mari", "aoife"):
        for why, href in waiting(world, name):
            assert world.client(name).get(href.split("#")[0]).status_code == 200, why
    page = world.client("jaan").get("/home").text
    assert "in 14 days · Tallinn, EET (UTC+2)" in page
    assert "Sun 24 January 2027, 11:00" in page
    (decision,) = [href for _why, href in waiting(world, "mari")]
    anchor = decision.split("#")[1]
    assert f'id="{anchor}"' in world.client("mari").get(decision).text
    assert "in 22 days · Tallinn, EET (UTC+2)" in world.client("mari").get("/home").text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here depends on which
def test_a_colleague_of_the_partner_does_not_check_its_claim(world, code):
    with world.acting() as w:
        w.add(Membership(person_id=PEOPLE["kadri"].id, organisation_id=PLACES["tartu"].id, seat=Seat.MEMBER))
    assert CLAIM not in whys(world, "kadri")
    assert DATES in whys(world, "kadri")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here depends on which
def test_a_conflict_of_interest_takes_all_of_it_away(world, code):
    with world.acting() as w:
        w.add(Exclusion(proposal_id=get(w, code).proposal_id, person_id=PEOPLE["jaan"].id))
    assert whys(world, "jaan") == []


def test_a_key_that_no_longer_holds_asks_for_the_first_step_again(world, code):
    with world.acting() as w:
        for row in w.session.exec(select(Approval)):
            row.expires_at = w.now - timedelta(hours=1)
    assert whys(world, "jaan")[:1] == [CLAIM]
    assert whys(world, "kadri").count(DATES.replace("Other dates", "Money between budget lines")) == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here depends on which
def test_nothing_is_to_be_done_for_a_pilot_that_has_ended(world, code):
    with world.acting() as w:
        get(w, code).state = PilotState.TERMINATED
    assert whys(world, "mari") == []
    assert BACK in whys(world, "aoife")  # its money is settled still


def test_its_queries_do_not_grow_with_the_rows(world, code):
    def asked():
        found = {}
        for name in ("jaan", "mari", "aoife"):
            with counted(world) as statements:
                assert world.client(name).get("/home").status_code == 200
            found[name] = len(statements)
        return found

    asked()
    few = asked()
    with world.acting() as w:
        pilot = get(w, code)
        for _turn in range(3):
            for place in ("tartu", "fingal"):
                make_claim(w, pilot, place, state=ClaimState.SUBMITTED)
                make_claim(w, pilot, place, state=ClaimState.RETURNED)
            ask_for(w, "tranche", make_tranche(w, pilot, state=TrancheState.DUE), "approve")
            for name in ("mari", "jaan"):
                make_decision(w, make_meeting(w, pilot), name)
    assert asked() == few
