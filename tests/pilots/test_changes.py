"""Change requests: asked by the pilot's people, decided by the programme, more money by two; then it is done."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import select

from challenge.pilots import content
from challenge.pilots.money import ledger, queries
from challenge.pilots.money.models import ChangeRequest
from challenge.pilots.states import PilotState
from challenge.proposals.states import BudgetCategory
from challenge.rounds.schemas import Rules
from tests.cast import PLACES
from tests.factories.money import make_funded
from tests.factories.rounds import make_round
from tests.pilots.ready import get

TARTU, FINGAL = PLACES["tartu"].id, PLACES["fingal"].id
WHY = {"reason": "Ice came early."}


@pytest.fixture
def pilot(world) -> str:
    with world.acting() as w:
        return make_funded(w).code


def line(world, pilot: str, place: str, category: str) -> str:
    with world.acting(writing=False) as w:
        return f"{queries.partners(w, get(w, pilot))[PLACES[place].id].code}:{category}"


def ask(world, pilot: str, kind: str, who: str = "mari", **given):
    return world.client(who).post(f"/pilots/{pilot}/changes/{kind}", data={**WHY, **given})


def newest(world) -> ChangeRequest:
    with world.acting(writing=False) as w:
        found = w.session.exec(select(ChangeRequest).order_by(ChangeRequest.id.desc())).first()
        w.session.expunge_all()
        return found


def money(world, pilot: str, euros: str, who: str = "mari"):
    lines = {
        "source": line(world, pilot, "tartu", "equipment"), "target": line(world, pilot, "fingal", "services"),
    }  # fmt: skip
    return ask(world, pilot, "money", who, cents=euros, **lines)


def grant(world, who: str):
    return world.client(who).post(f"/api/v1/changes/{newest(world).code}/transitions/grant")


def lines(world, pilot: str) -> tuple[int, int]:
    with world.acting(writing=False) as w:
        found = ledger.lines(w, get(w, pilot))
        return found[TARTU, BudgetCategory.EQUIPMENT], found[FINGAL, BudgetCategory.SERVICES]


def test_up_to_the_share_of_a_line_one_coordinator_grants_and_more_takes_two(world, pilot):
    assert money(world, pilot, "60000").status_code == 303  # 15 % of 400,000 €
    assert (
        "One coordinator: it is not more than 15 %" in world.client("jaan").get(f"/changes/{newest(world).code}").text
    )
    assert grant(world, "jaan").json() | {"version": 0, "code": ""} == {
        "code": "", "state": "granted", "version": 0, "done": True,
    }  # fmt: skip
    assert lines(world, pilot) == (34_000_000, 26_000_000)

    assert money(world, pilot, "1").status_code == 303  # with what was moved before it is more
    assert newest(world).by_two
    assert "Two coordinators: it is more than 15 %" in world.client("jaan").get(f"/changes/{newest(world).code}").text
    assert (grant(world, "jaan").status_code, grant(world, "jaan").json()["code"]) == (202, "second_person")
    assert lines(world, pilot) == (34_000_000, 26_000_000)
    assert grant(world, "kadri").json()["done"]
    assert lines(world, pilot) == (33_999_900, 26_000_100)
    with world.acting(writing=False) as w:
        assert list(queries.faults(w)) == []


@pytest.mark.parametrize(("percent", "by_two"), [(0, True), (100, False)])
def test_the_round_says_how_much_one_may_move(world, percent, by_two):
    with world.acting() as w:
        round_ = make_round(w, rules=Rules(transfer_percent=percent))
        code = make_funded(w, round_=round_).code
    assert money(world, code, "100").status_code == 303
    assert newest(world).by_two is by_two


def test_money_that_is_not_there_is_not_asked_for(world, pilot):
    more = money(world, pilot, "400000,01")
    assert (more.status_code, "The budget line holds €400,000 that is not spent." in more.text) == (422, True)
    same = line(world, pilot, "tartu", "equipment")
    assert ask(world, pilot, "money", cents="5", source=same, target=same).status_code == 422
    assert ask(world, pilot, "money", cents="5", source=same, target="ZZZZZZZZ:staff").status_code == 422


def test_one_change_of_a_kind_waits_at_a_time(world, pilot):
    assert money(world, pilot, "5").status_code == 303
    again = money(world, pilot, "5")
    assert (again.status_code, "A change of this kind is asked for already." in again.text) == (409, True)
    assert world.client("mari").post(f"/changes/{newest(world).code}/transitions/withdraw").status_code == 303
    assert money(world, pilot, "5").status_code == 303


def test_dates_and_work_become_part_of_the_agreement(world, pilot):
    assert ask(world, pilot, "dates", ends_on="2026-01-01").status_code == 422
    assert ask(world, pilot, "dates", ends_on="2030-06-30").status_code == 303
    assert grant(world, "jaan").json()["done"]
    assert ask(world, pilot, "scope", "ravi", scope="Two bays instead of three.").status_code == 303
    assert grant(world, "jaan").json()["done"]

    with world.acting(writing=False) as w:
        found = get(w, pilot)
        assert (found.ends_on, found.months) == (date(2030, 6, 30), 42)
        assert found.agreement.endswith("### Amendment of 10 January 2027\n\nTwo bays instead of three.")
        assert found.revision == 3
    assert "Two bays instead of three." in world.client("aoife").get(f"/pilots/{pilot}/agreement").text


def test_a_city_takes_the_place_of_another_under_the_pairing_rule(world, pilot):
    dlr = line(world, pilot, "dlr", "")[:8]
    tartu = line(world, pilot, "tartu", "")[:8]
    unknown = ask(world, pilot, "members", goes=dlr, comes="Atlantis", role="pilot")
    assert (unknown.status_code, "No city of this name is known." in unknown.text) == (422, True)
    assert ask(world, pilot, "members", goes=dlr, comes="Helsinki", role="pilot").status_code == 303
    assert grant(world, "jaan").json()["done"]
    with world.acting(writing=False) as w:
        assert [row.name for row in content.members(w, get(w, pilot))] == ["Tartu", "Fingal", "Helsinki"]

    assert ask(world, pilot, "members", goes=tartu, role="pilot").status_code == 303
    refused = grant(world, "jaan")
    assert (refused.status_code, refused.json()["code"]) == (409, "pairing")
    said = world.client("jaan").post(f"/changes/{newest(world).code}/transitions/refuse", data=WHY)
    assert said.status_code == 303
    assert "Ice came early." in world.client("mari").get(f"/changes/{newest(world).code}").text


def test_who_asks_and_who_decides(world, pilot):
    assert [ask(world, pilot, "dates", who, ends_on="2030-06-30").status_code
            for who in ("jaan", "olev", "katrin", "aoife")] == [403, 403, 403, 303]  # fmt: skip
    assert [grant(world, who).status_code for who in ("mari", "ravi", "olev", "katrin")] == [403, 403, 403, 404]
    assert "Ask for other dates" in world.client("mari").get(f"/pilots/{pilot}/changes").text
    assert "the programme decides" in world.client("jaan").get(f"/pilots/{pilot}/changes").text


def test_before_it_is_agreed_a_pilot_is_written_not_changed(world):
    with world.acting() as w:
        code = make_funded(w, PilotState.PREPARING).code
    answer = ask(world, code, "dates", ends_on="2030-06-30")
    assert (answer.status_code, "The pilot is not agreed yet" in answer.text) == (409, True)


def test_changes_in_json(world, pilot):
    mari = world.client("mari")
    path = f"/api/v1/pilots/{pilot}/changes"
    assert mari.post(f"{path}/dates", json={**WHY, "ends_on": "2030-06-30"}).json()["state"] == "asked"
    assert mari.post(f"{path}/scope", json={**WHY, "scope": "Two bays."}).status_code == 201
    assert mari.post(f"{path}/members", json=WHY).status_code == 422
    lines = {"source": line(world, pilot, "tartu", "equipment"), "target": line(world, pilot, "fingal", "staff")}
    assert mari.post(f"{path}/money", json={**WHY, **lines, "cents": 500}).json()["by_two"] is False
    assert [row["kind"] for row in mari.get(path).json()["items"]] == ["money", "scope", "dates"]
    found = mari.get(f"/api/v1/pilots/{pilot}/ledger").json()
    assert found["award_cents"] == 120_000_000
    assert sum(row["cents"] for row in found["postings"]) == 0
