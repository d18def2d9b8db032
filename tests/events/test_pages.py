"""The pages of events: what a visitor reads, the link only with a seat, planning, JSON."""

import pytest

from challenge.events.states import EventState
from tests.events.steps import planned, seats
from tests.factories.events import make_event
from tests.factories.rounds import make_round

LINK = "https://meet.example.org/abc"


def form(**fields):
    return {
        "title": "City webinar", "kind": "webinar", "guests": "cities", "text": "What the round asks for.",
        "zone": "Europe/Tallinn", "begins_at": "2027-03-27T10:00", "ends_at": "2027-03-27T12:00", "place": "",
        "link": LINK, "seats": "2", **fields,
    }  # fmt: skip


def test_everybody_reads_the_event_and_the_link_is_for_who_has_a_seat(world):
    code = planned(world, seats=1)
    page = world.client().get(f"/events/{code}")
    assert page.status_code == 200
    assert LINK not in page.text
    assert "Sign in to register" in page.text
    for name in ("mari", "ravi"):
        assert world.client(name).post(f"/events/{code}/registration").status_code == 303
    assert LINK in world.client("mari").get(f"/events/{code}").text
    assert LINK in world.client("jaan").get(f"/events/{code}").text
    waits = world.client("ravi").get(f"/events/{code}").text
    assert LINK not in waits
    assert "You are number 1." in waits
    assert world.client("mari").post(f"/events/{code}/leaving").status_code == 303
    assert LINK in world.client("ravi").get(f"/events/{code}").text
    assert LINK not in world.client("mari").get(f"/events/{code}").text


def test_the_round_page_and_its_list_show_what_comes(world):
    with world.acting() as w:
        round_ = make_round(w)
        make_event(w, round_, title="City webinar")
        make_event(w, round_, EventState.DRAFT, title="Still secret")
        code = round_.code
    for path in (f"/rounds/{code}", f"/rounds/{code}/events"):
        page = world.client().get(path).text
        assert "City webinar" in page
        assert "Wed 20 January 2027, 11:00–13:00" in page
        assert "Still secret" not in page
        assert "Still secret" in world.client("jaan").get(path).text
    world.move(days=11)
    assert "City webinar" not in world.client().get(f"/rounds/{code}").text
    assert "Past events" in world.client().get(f"/rounds/{code}/events").text


def test_a_coordinator_plans_changes_announces_and_cancels_on_the_pages(world):
    with world.acting() as w:
        round_ = make_round(w).code
    jaan = world.client("jaan")
    assert world.client("mari").get(f"/rounds/{round_}/events/new").status_code == 403
    assert "Begins" in jaan.get(f"/rounds/{round_}/events/new").text
    made = jaan.post(f"/rounds/{round_}/events/new", data=form())
    where = made.headers["location"]
    assert world.client().get(where).status_code == 404
    assert "2027-03-27T10:00" in jaan.get(f"{where}/edit").text
    version = jaan.get(f"{where}/edit").text.split('name="version" value="')[1].split('"')[0]
    assert jaan.post(f"{where}/edit", data=form(version=version, zone="UTC")).status_code == 303
    assert "Sat 27 March 2027, 10:00–12:00" in jaan.get(where).text
    assert jaan.post(f"{where}/edit", data=form(version=version)).status_code == 409
    assert jaan.post(f"{where}/transitions/announce").status_code == 303
    assert world.client().get(where).status_code == 200
    assert "cannot be taken back" in jaan.get(f"{where}/transitions/cancel").text
    assert jaan.post(f"{where}/transitions/cancel", data={"reason": "No room."}).status_code == 303
    assert "No room." in world.client().get(where).text
    assert jaan.get(f"{where}/edit").status_code == 409


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"begins_at": "2027-03-28T03:30"}, "The clock skips this time"),
        ({"ends_at": "2027-03-27T10:00"}, "Choose an end that is later"),
        ({"begins_at": "2026-03-27T10:00"}, "Choose a beginning that is not over"),
        ({"link": "javascript:alert(1)"}, "Enter a web address"),
        ({"zone": "Mars/Olympus"}, "Choose from the list"),
        ({"seats": "0"}, "Enter at least 1"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(world, fields, says):
    with world.acting() as w:
        round_ = make_round(w).code
    page = world.client("jaan").post(f"/rounds/{round_}/events/new", data=form(**fields))
    assert page.status_code == 422
    assert says in page.text


def test_who_is_registered_is_for_those_who_run_and_observe(world):
    code = planned(world, seats=1)
    for name in ("mari", "ravi"):
        world.client(name).post(f"/events/{code}/registration")
    for name in ("mari", "lena", "anna"):
        assert world.client(name).get(f"/events/{code}/people").status_code == 404
    page = world.client("olev").get(f"/events/{code}/people").text
    assert page.index("Mari Maasikas") < page.index("Waiting list") < page.index("Ravi Rao")
    assert "Record who came" not in page
    world.move(days=10)
    jaan = world.client("kadri").get(f"/events/{code}/people").text
    came = jaan.split('name="came" value="')[1].split('"')[0]
    assert world.client("kadri").post(f"/events/{code}/attendance", data={"came": came}).status_code == 303
    assert "checked" in world.client("kadri").get(f"/events/{code}/people").text


def test_json_plans_announces_and_registers(world):
    with world.acting() as w:
        round_ = make_round(w).code
    api, given = f"/api/v1/rounds/{round_}/events", {**form(seats=1), "begins_at": "2027-03-27T08:00Z",
                                                     "ends_at": "2027-03-27T10:00Z"}  # fmt: skip
    jaan, mari = world.client("jaan"), world.client("mari")
    assert mari.post(api, json=given).status_code == 403
    made = jaan.post(api, json=given)
    assert made.status_code == 201
    where = made.headers["location"]
    assert mari.get(where).status_code == 404
    assert jaan.patch(where, json=given).status_code == 428
    changed = jaan.patch(where, json={**given, "place": "Raekoda"}, headers={"if-match": made.headers["etag"]})
    assert (changed.status_code, changed.json()["place"]) == (200, "Raekoda")
    assert jaan.post(f"{where}/transitions/announce").json()["state"] == "announced"
    assert mari.get(where).json()["link"] is None
    assert mari.put(f"{where}/registration").json() | {"link": LINK, "registered": "seat", "seats_left": 0} == (
        mari.get(where).json()
    )
    assert world.client("sofia").put(f"{where}/registration").json()["registered"] == "waiting"
    assert mari.delete(f"{where}/registration").json()["registered"] is None
    assert seats(world, made.json()["code"]) == {"sofia": 1}
    assert [one["title"] for one in world.client().get(api).json()["items"]] == ["City webinar"]
