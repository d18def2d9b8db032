"""The public page of results: what everybody reads, the frame, JSON and CSV, consent, cities that would do the same."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from challenge.http.security import CSP
from challenge.kernel.letter import Letter
from challenge.notifications import actions as notifications
from challenge.people.models import Person
from challenge.pilots.results.models import Contact, News, Output, Reuse, ReuseInterest
from challenge.pilots.states import PilotState
from tests.cast import PEOPLE
from tests.factories.pilots import make_indicator, make_measurement, make_pilot
from tests.pilots.ready import city

S = PilotState
OUTPUT = {"kind": "software", "title": "Bay Watcher", "licence": "EUPL-1.2", "url": "https://example.org/code"}
NEWS = {"title": "The season begins", "text": "Sensors **stand**.", "published_on": "2027-01-09"}
REUSE = {"who": "City of Pärnu", "how": "At two beaches.", "since": "2027-01-05"}
KIT = {"lessons": "Begin in winter.", "needs": "A jetty.", "steps": "Ask first.", "costs": "€40,000 a year."}


@pytest.fixture
def told(world):
    """A running pilot that tells everything: its code."""
    with world.acting() as w:
        pilot = make_pilot(w, state=S.RUNNING, title="Clean Bays", public_summary="Bathers are warned in time.")
        for place, value in (("tartu", "30"), ("fingal", "12.5")):
            make_measurement(w, make_indicator(w, pilot, city=place), value, date(2027, 1, 9), source="Sensor")
        code = pilot.code
    for noun, given in (("outputs", OUTPUT), ("news", NEWS), ("reuses", REUSE)):
        assert world.client("ravi").post(f"/pilots/{code}/{noun}/new", data=given).status_code == 303
    assert world.client("jaan").post(f"/pilots/{code}/kit", data=KIT).status_code == 303
    return code


SHOWN = ("Bay Watcher", "EUPL-1.2", "https://example.org/code", "The season begins", "<strong>stand", "City of Pärnu",
         "Begin in winter.", "A jetty.", "€40,000 a year.", "Bathers are warned in time.", "12.5", "48", "Fingal",
         "Tartu")  # fmt: skip


@pytest.mark.parametrize("who", ["nobody", "katrin", "mari", "jaan"])
def test_everybody_reads_what_came_of_it(world, told, who):
    text = world.client(who).get(f"/pilots/{told}/showcase").text
    for shown in SHOWN:
        assert shown in text, shown
    assert f"/pilots/{told}/showcase" in world.client(who).get(f"/pilots/{told}").text


def test_the_frame_may_stand_anywhere_and_no_other_page_may(world, told):
    frame = world.client("jaan").get(f"/pilots/{told}/embed")
    policy = frame.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "script-src 'none'" in policy
    assert "form-action 'none'" in policy
    for tag in ("<script", "<form", "<input", "<button", "Jaan Jõgi"):
        assert tag not in frame.text, tag
    assert "set-cookie" not in frame.headers
    for path in (f"/pilots/{told}", f"/pilots/{told}/showcase", "/", "/pilots/00000000/embed", "/sign-in"):
        headers = world.client("jaan").get(path).headers
        assert headers["content-security-policy"] == CSP, path
        assert headers["cross-origin-resource-policy"] == "same-origin", path


def test_the_frame_is_the_same_for_everybody_and_speaks_the_language_asked_for(world, told):
    seen = {world.client(who).get(f"/pilots/{told}/embed").text for who in ("nobody", "jaan", "mari")}
    assert len(seen) == 1
    assert 'lang="et"' in world.client().get(f"/pilots/{told}/embed?lang=et").text
    with world.acting() as w:
        hidden = make_pilot(w, title="Secret").code
    for who in ("nobody", "jaan", "mari"):  # not even for those inside: a frame shows what everybody may know
        assert world.client(who).get(f"/pilots/{hidden}/embed").status_code == 404
    assert world.client("jaan").get(f"/pilots/{hidden}/showcase").status_code == 200
    for path in ("showcase", "showcase.csv"):
        assert world.client("katrin").get(f"/pilots/{hidden}/{path}").status_code == 404


def test_the_same_as_json_and_csv(world, told):
    sent = world.client().get(f"/api/v1/pilots/{told}/results").json()
    assert [(row["target"], row["actual"]) for row in sent["indicators"]] == [
        ("2.0000", "30.0000"), ("2.0000", "12.5000"),
    ]  # fmt: skip
    assert (sent["reuse_count"], sent["interested_cities"], sent["contacts"]) == (1, 0, [])
    assert [row["licence"] for row in sent["outputs"]] == ["EUPL-1.2"]
    text = world.client().get(f"/pilots/{told}/showcase.csv").text
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [(row["city"], Decimal(row["baseline"]), Decimal(row["actual"])) for row in rows] == [
        ("Tartu", Decimal(48), Decimal(30)), ("Fingal", Decimal(48), Decimal("12.5")),
    ]  # fmt: skip


def test_what_is_told_can_be_changed_and_taken_out_by_the_lead_and_coordinators_only(world, told):
    for noun, table, given in (("outputs", Output, OUTPUT), ("news", News, NEWS), ("reuses", Reuse, REUSE)):
        with world.acting(writing=False) as w:
            item = w.session.exec(select(table)).one().code
        for who in ("mari", "olev", "katrin", "lena"):
            client = world.client(who)
            assert client.post(f"/pilots/{told}/{noun}/new", data=given).status_code == 403, who
            assert client.post(f"/pilots/{told}/{noun}/{item}", data=given).status_code == 403, who
            assert client.post(f"/pilots/{told}/{noun}/{item}/drop").status_code == 403, who
        assert world.client("ravi").get(f"/pilots/{told}/{noun}/{item}").status_code == 200
        assert world.client("ravi").post(f"/pilots/{told}/{noun}/{item}", data=given).status_code == 303
        assert world.client("ravi").post(f"/pilots/{told}/{noun}/{item}/drop").status_code == 303
        assert world.client("ravi").get(f"/pilots/{told}/{noun}/{item}").status_code == 404
    assert world.client("mari").post(f"/pilots/{told}/kit", data=KIT).status_code == 403
    text = world.client().get(f"/pilots/{told}/showcase").text
    assert "Bay Watcher" not in text
    assert "City of Pärnu" not in text


@pytest.mark.parametrize(
    ("noun", "given", "reason"),
    [
        ("outputs", {**OUTPUT, "url": "javascript:alert(1)"}, "begins with https://"),
        ("outputs", {**OUTPUT, "licence": ""}, "under which licence"),
        ("news", {**NEWS, "published_on": "2027-03-01"}, "still to come"),
        ("reuses", {**REUSE, "who": ""}, "Say who uses it"),
    ],
)
def test_what_is_not_right_is_said(world, told, noun, given, reason):
    answer = world.client("ravi").post(f"/pilots/{told}/{noun}/new", data=given)
    assert answer.status_code == 422
    assert reason in answer.text


# Consent


def test_nobody_is_named_before_they_agree_and_nobody_agrees_for_another(world, told):
    page = f"/pilots/{told}/showcase"
    with world.acting(writing=False) as w:
        address = w.session.get_one(Person, PEOPLE["ravi"].id).email
    assert address not in world.client().get(page).text

    assert world.client("ravi").post(f"/pilots/{told}/contact", data={"agrees": "yes"}).status_code == 303
    for text in (world.client().get(page).text, world.client().get(f"/api/v1/pilots/{told}/results").text):
        assert address in text
        assert "Ravi Rao" in text
    assert address not in world.client().get(f"/pilots/{told}/embed").text
    for who in ("jaan", "olev", "katrin", "lena"):
        assert world.client(who).post(f"/pilots/{told}/contact", data={"agrees": "yes"}).status_code == 403, who

    assert world.client("ravi").post(f"/pilots/{told}/contact", data={"agrees": "no"}).status_code == 303
    assert address not in world.client().get(page).text
    with world.acting(writing=False) as w:
        assert w.session.exec(select(Contact)).all() == []


def test_who_has_no_account_any_more_is_not_named(world, told):
    world.client("ravi").post(f"/pilots/{told}/contact", data={"agrees": "yes"})
    with world.acting() as w:
        w.session.get_one(Person, PEOPLE["ravi"].id).disabled_at = w.now
    assert "Ravi Rao" not in world.client().get(f"/pilots/{told}/showcase").text


# Cities that would like to do the same


def wish(world, code, who="katrin", reason="CANARY-WISH"):
    return world.client(who).post(f"/pilots/{code}/interest", data={"reason": reason})


def test_a_city_says_so_with_its_reason_and_the_coordinator_and_the_lead_are_told(world, told):
    assert wish(world, told).status_code == 303
    assert wish(world, told, reason="CANARY-AGAIN").status_code == 303  # said otherwise, counted once

    for who in ("nobody", "lena", "tiina"):
        text = world.client(who).get(f"/pilots/{told}/showcase").text
        assert "CANARY" not in text, who
        assert "city would like to do the same" in text
    for who in ("jaan", "ravi", "mari"):
        text = world.client(who).get(f"/pilots/{told}/showcase").text
        assert "CANARY-AGAIN" in text, who
        assert "Narva" in text
    assert "CANARY" not in world.client("nobody").get(f"/api/v1/pilots/{told}/results").text
    with world.acting() as w:
        notifications.tell(w, "http://127.0.0.1:8000")
        letters = {row.person_id: row.text for row in w.session.exec(select(Letter)) if "CANARY-WISH" in row.text}
    assert {PEOPLE[name].id for name in ("jaan", "kadri", "ravi")} == set(letters)
    assert all("Narva" in text for text in letters.values())


def test_it_can_be_taken_back_and_said_again(world, told):
    wish(world, told)
    assert world.client("katrin").post(f"/pilots/{told}/interest/withdrawal").status_code == 303
    assert world.client("katrin").post(f"/pilots/{told}/interest/withdrawal").status_code == 409
    assert world.client().get(f"/api/v1/pilots/{told}/results").json()["interested_cities"] == 0
    assert wish(world, told).status_code == 303
    with world.acting(writing=False) as w:
        assert len(w.session.exec(select(ReuseInterest)).all()) == 2
        place = city(w, "narva").code
    path = f"/api/v1/pilots/{told}/interests/{place}"
    assert world.client("katrin").put(path, json={"reason": "x"}).json() == {"interested_cities": 1}
    assert world.client("mari").put(path, json={"reason": "x"}).status_code == 403


@pytest.mark.parametrize(("who", "status"), [("mari", 409), ("eero", 403), ("lena", 404), ("anna", 404)])
def test_only_cities_that_are_no_members_say_so(world, told, who, status):
    assert wish(world, told, who).status_code == status
