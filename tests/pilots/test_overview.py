"""The portfolio of those who run rounds, and reminders that are looked at before they are sent."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlmodel import select

from challenge.cities.models import CityProfile
from challenge.kernel.letter import Letter
from challenge.notifications import actions as notifications
from challenge.people.models import Person
from challenge.pilots.models import Pilot
from challenge.pilots.states import PilotState
from challenge.rounds.states import CityRole
from tests.cast import PEOPLE, PLACES
from tests.counting import counted
from tests.factories.money import make_funded
from tests.factories.pilots import BUDGET, make_indicator, make_milestone, make_pilot, make_report
from tests.factories.rounds import make_round
from tests.pilots.ready import pay

S = PilotState
TITLES = ("Late bays", "Fine nights", "Being made")


@pytest.fixture
def three(world):
    """One that is late, one on track, one in preparation: title → code."""
    with world.acting() as w:
        here, there = make_round(w, title="Here"), make_round(w, title="There")
        late = make_pilot(w, round_=here, state=S.RUNNING, title="Late bays")
        make_milestone(w, late, title="Sensors stand", due_on=date(2027, 2, 2))
        make_report(w, late, due_on=date(2027, 2, 5))
        make_indicator(w, late)
        fine = make_pilot(w, round_=there, state=S.RUNNING, title="Fine nights",
                          cities={"tallinn": CityRole.LEAD, "helsinki": CityRole.PILOT})  # fmt: skip
        make_milestone(w, fine, due_on=date(2028, 1, 1))
        made = make_pilot(w, round_=there, title="Being made")
        codes = {row.title: row.code for row in (late, fine, made)} | {"Here": here.code}
    world.move(days=60)
    return codes


def found(world, query: str = "", who: str = "jaan") -> list[str]:
    text = world.client(who).get(f"/pilots/overview{query}").text
    return re.findall(rf">({'|'.join(TITLES)})</a>", text)


def test_the_worst_stand_first_and_the_address_narrows(world, three):
    assert found(world) == ["Late bays", "Fine nights", "Being made"]
    assert found(world, f"?round={three['Here']}") == ["Late bays"]
    assert found(world, "?health=late") == ["Late bays"]
    assert found(world, "?health=on_track") == ["Fine nights"]
    assert found(world, "?health=none") == ["Being made"]
    assert found(world, "?state=running&country=FI") == ["Fine nights"]
    assert found(world, "?health=nonsense") == ["Late bays", "Fine nights", "Being made"]
    assert found(world, who="olev") == ["Late bays", "Fine nights", "Being made"]
    text = world.client("jaan").get("/pilots/overview").text
    for shown in ("Milestone “Sensors stand” is 37 days over.", "2 February 2027", "0 of 1", "gantt__row"):
        assert shown in text, shown


def test_what_was_paid_stands_beside_what_it_may_cost_and_the_cities_on_a_map(world, three):
    with world.acting() as w:
        funded = make_funded(w, title="Paid for").code
        for place, where in (("tartu", (58.4, 26.7)), ("fingal", (53.5, -6.2))):
            profile = w.session.exec(select(CityProfile).where(CityProfile.organisation_id == PLACES[place].id)).one()
            profile.latitude, profile.longitude = where
    pay(world, funded, cents=30_000_000)
    text = world.client("jaan").get("/pilots/overview").text
    assert re.search(r"€300,000<br><span[^>]*>of €1,200,000<", text)
    assert re.search(r"<b>€300,000</b>paid of €1,200,000", text)
    assert set(re.findall(r"<title>([^<]+)</title></circle>", text)) == {"Tartu", "Fingal"}
    assert text.count("map__arc") == 3  # the two of “Here” and “There” with the same cities too
    items = {row["title"]: row for row in world.client("jaan").get("/api/v1/pilots/overview").json()["items"]}
    assert (items["Paid for"]["budget_cents"], items["Paid for"]["paid_cents"]) == (BUDGET, 30_000_000)
    assert items["Being made"]["paid_cents"] is None


def test_nothing_is_due_of_a_pilot_that_has_ended(world, three):
    with world.acting() as w:
        w.session.exec(select(Pilot).where(Pilot.code == three["Late bays"])).one().state = S.TERMINATED
    items = {row["title"]: row["next"] for row in world.client("jaan").get("/api/v1/pilots/overview").json()["items"]}
    assert items["Late bays"] is None
    assert items["Fine nights"]["due_on"] == "2028-01-01"


def test_the_colours_of_the_time_line_are_those_of_its_bars(world, three):
    text = world.client("jaan").get("/pilots/overview").text
    legend = dict(re.findall(r'key__dot bar--(\w+)"></span>([^<]+)<', text))
    assert legend == {"rose": "Late", "sun": "At risk", "moss": "On track", "edge": "Not known or not under way"}


def test_only_those_who_run_or_observe_see_it(world, three):
    for who, status in (("nobody", 303), ("mari", 403), ("ravi", 403), ("lena", 403), ("anna", 403), ("olev", 200)):
        assert world.client(who).get("/pilots/overview").status_code == status, who
    assert 'type="checkbox"' not in world.client("olev").get("/pilots/overview").text
    assert "/pilots/overview" not in world.client("mari").get("/pilots").text


def test_json_tells_what_the_page_tells_to_the_same_readers(world, three):
    path = "/api/v1/pilots/overview"
    first, *others = world.client("jaan").get(path).json()["items"]

    assert [row["title"] for row in (first, *others)] == ["Late bays", "Fine nights", "Being made"]
    assert (first["code"], first["round_title"], first["health"]["level"]) == (three["Late bays"], "Here", "late")
    assert "Milestone “Sensors stand” is 37 days over." in [why["text"] for why in first["health"]["reasons"]]
    assert first["next"] == {"due_on": "2027-02-02", "what": "Sensors stand"}
    assert (first["indicators"], first["indicators_measured"]) == (1, 0)
    assert {city["country"] for city in first["cities"]} == {"EE", "IE"}
    assert others[-1]["health"] == {"level": None, "reasons": []}
    narrowed = world.client("olev").get(f"{path}?round={three['Here']}&health=late&state=running&country=IE")
    assert [row["title"] for row in narrowed.json()["items"]] == ["Late bays"]
    for who, status in (("nobody", 401), ("mari", 403), ("ravi", 403), ("lena", 403), ("anna", 403)):
        assert world.client(who).get(path).status_code == status, who


@pytest.mark.parametrize("path", ["/pilots/overview", "/api/v1/pilots/overview"])
def test_it_costs_the_same_for_three_and_for_six(world, three, path):
    costs = []
    for _more in range(2):
        world.client("jaan").get(path)
        with counted(world) as seen:
            world.client("jaan").get(path)
        costs.append(len(seen))
        with world.acting() as w:
            for title in TITLES:
                make_indicator(w, make_pilot(w, state=S.RUNNING, title=f"More {title}"))
    assert costs[0] == costs[1]


def test_the_preview_shows_every_mail_and_sends_none_then_exactly_these_are_sent(world, three):
    with world.acting() as w:
        w.session.get_one(Person, PEOPLE["mari"].id).locale = "et"
    path = f"/pilots/reminders?pilot={three['Late bays']}&pilot={three['Fine nights']}"

    text = world.client("jaan").get(path).text
    to = {name for name in PEOPLE if f"&lt;{PEOPLE[name].email}&gt;" in text}
    assert to == {"ravi", "mari", "peeter", "aoife", "niamh"}  # of the late one only
    assert "Sensors stand" in text
    with world.acting(writing=False) as w:
        assert w.session.exec(select(Letter)).all() == []

    sent = world.client("jaan").post("/pilots/reminders", data={"pilot": [three["Late bays"], three["Fine nights"]]})
    assert sent.status_code == 303
    with world.acting() as w:
        notifications.tell(w, "http://127.0.0.1:8000")
        letters = {row.address: row for row in w.session.exec(select(Letter)) if "Sensors stand" in row.text}
    assert set(letters) == {PEOPLE[name].email for name in to}
    assert letters[PEOPLE["mari"].email].locale == "et"
    assert all(f"/pilots/{three['Late bays']}/plan" in row.text for row in letters.values())


def test_nobody_is_reminded_of_nothing_and_only_coordinators_remind(world, three):
    assert world.client("jaan").post("/pilots/reminders", data={"pilot": three["Fine nights"]}).status_code == 422
    assert "Nobody to remind" in world.client("jaan").get(f"/pilots/reminders?pilot={three['Fine nights']}").text
    for who in ("mari", "ravi", "olev", "anna"):
        assert world.client(who).get(f"/pilots/reminders?pilot={three['Late bays']}").status_code == 403, who
        assert world.client(who).post("/pilots/reminders", data={"pilot": three["Late bays"]}).status_code == 403, who
    with world.acting(writing=False) as w:
        assert w.session.exec(select(Letter)).all() == []
