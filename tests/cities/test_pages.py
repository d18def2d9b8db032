import re

import pytest
from sqlmodel import select

from challenge.cities import actions
from challenge.cities.extras import Entry, Extra
from challenge.cities.models import CityProfile
from challenge.kernel.journal import Step
from challenge.people.models import Organisation
from tests.cast import PLACES

FACTS = {"kind": "city", "name": "Elva", "country": "EE", "region": "Tartumaa", "population": "5600",
         "latitude": "58.2225", "longitude": "26.4211"}  # fmt: skip
TEXT = {
    "offers": "A street for tests.\nTwo data engineers.", "wants": "A harbour city", "themes": ["data", "mobility"],
    "other_themes": "Night-time economy, Ferries", "networks": ["eurocities"], "languages": ["et", "en"],
    "capacity": "2", "website": "https://www.tartu.ee",
}  # fmt: skip


@pytest.fixture
def tartu(world):
    with world.acting(writing=False) as w:
        return f"/cities/{w.session.get_one(Organisation, PLACES['tartu'].id).code}"


def profile(world, place="tartu"):
    with world.acting(writing=False) as w:
        return w.session.exec(select(CityProfile).where(CityProfile.organisation_id == PLACES[place].id)).one()


def test_list_of_cities_is_public_searched_and_paged(world):
    with world.acting() as w:
        actions.load_municipalities(w)
    client = world.client()

    first = client.get("/cities")
    following = re.search(r'rel="next" href="([^"]+)"', first.text)[1].replace("&amp;", "&")
    second = client.get(following)

    assert first.text.count("<tr") == second.text.count("<tr") == 51
    assert "1,534 cities" in first.text
    assert "City data:" in first.text
    assert 'rel="prev"' in second.text
    assert "Łódź" in client.get("/cities?q=lodz").text
    assert "No city is called that" in client.get("/cities?q=nowhere-at-all").text
    assert client.get("/cities?country=EE").text.count("<tr") == 51
    assert client.get("/cities?after=rubbish").status_code == 422
    assert "Add a city" not in first.text
    assert "Add a city" in world.client("jaan").get("/cities").text


def test_city_shows_facts_with_their_source_and_no_people(world, tartu):
    with world.acting() as w:
        actions.load_municipalities(w)
    page = world.client().get(tartu)

    assert page.status_code == 200
    for text in ("97,000", "58.3806° N", "GeoNames", "CC BY 4.0", "0793", "Estonia"):
        assert text in page.text, text
    for text in ("Mari", "Peeter", "@example.org", "Edit profile", "/organisations/"):
        assert text not in page.text, text


@pytest.mark.parametrize(
    ("who", "describes", "corrects"),
    [("mari", True, False), ("peeter", True, False), ("sofia", False, False), ("ravi", False, False),
     ("olev", False, False), ("jaan", True, True), ("anna", True, True)],
)  # fmt: skip
def test_who_may_describe_and_correct(world, tartu, who, describes, corrects):
    client = world.client(who)
    page = client.get(tartu).text

    assert ("Edit profile" in page) is describes
    assert ("/facts" in page) is corrects
    assert client.get(f"{tartu}/edit").status_code == (200 if describes else 403)
    assert client.post(f"{tartu}/edit", data=TEXT).status_code == (303 if describes else 403)
    assert client.get(f"{tartu}/facts").status_code == (200 if corrects else 403)
    assert client.post(f"{tartu}/facts", data={**FACTS, "name": "Tartu"}).status_code == (303 if corrects else 403)


def test_visitors_are_sent_to_sign_in(world, tartu):
    assert world.client().get(f"{tartu}/edit").status_code == 303
    assert world.client().post(f"{tartu}/edit", data=TEXT).status_code == 401


def test_city_describes_itself(world, tartu):
    client = world.client("mari")
    version = re.search(r'name="version" value="(\d+)"', client.get(f"{tartu}/edit").text)[1]

    assert client.post(f"{tartu}/edit", data={**TEXT, "version": version}).status_code == 303

    kept = profile(world)
    assert kept.themes == ["data", "mobility", "night_time_economy", "ferries"]
    assert (kept.networks, kept.languages, kept.capacity) == (["eurocities"], ["et", "en"], 2)
    page = world.client().get(tartu).text
    for text in (
        "A street for tests.<br>Two data engineers.",
        "Night time economy",
        "Eurocities",
        "Estonian",
        "https://www.tartu.ee",
    ):
        assert text in page, text
    form = client.get(f"{tartu}/edit").text
    assert "Night time economy, Ferries" in form
    with world.acting(writing=False) as w:
        step = w.session.exec(select(Step)).one()
    assert (step.workflow, step.transition) == ("organisation", "describe")


@pytest.mark.abuse(38)
def test_somebody_faster_is_not_overwritten(world, tartu):
    version = profile(world).version
    world.client("mari").post(f"{tartu}/edit", data={**TEXT, "version": version})

    late = world.client("peeter").post(f"{tartu}/edit", data={"offers": "Nothing", "version": version})

    assert late.status_code == 409
    assert profile(world).offers.startswith("A street")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"offers": "word " * 301}, "Shorten this by one word"),
        ({"themes": ["data", "unknown"]}, "Choose from the list"),
        ({"other_themes": "x" * 33}, "Name at most ten themes"),
        ({"capacity": "many"}, "Enter a whole number"),
        ({"capacity": "-1"}, "Enter at least 0"),
        ({"website": "javascript:alert(1)"}, "Enter a web address that starts with https://"),
        ({"country": "FI"}, "This form has no such answer"),
        ({"population": "1"}, "This form has no such answer"),
        ({"name": "Tartu II"}, "This form has no such answer"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(world, tartu, changes, said):
    answer = world.client("mari").post(f"{tartu}/edit", data={**TEXT, "wants": "A very special wish", **changes})

    assert answer.status_code == 422
    assert said in answer.text
    assert "A very special wish" in answer.text
    assert profile(world).offers == ""


def test_text_of_a_city_is_only_text(world, tartu):
    world.client("mari").post(
        f"{tartu}/edit", data={**TEXT, "offers": "<script>alert(1)</script>", "other_themes": "<b>"}
    )

    page = world.client().get(tartu).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_programme_adds_and_corrects_a_city(world):
    made = world.client("jaan").post("/cities/new", data=FACTS)
    path = made.headers["location"]

    assert made.status_code == 303
    assert "5,600" in world.client().get(path).text
    changed = world.client("anna").post(f"{path}/facts", data={**FACTS, "name": "Elva linn", "population": ""})
    assert changed.status_code == 303
    page = world.client().get(path).text
    assert "Elva linn" in page
    assert "not known" in page
    with world.acting(writing=False) as w:
        acts = [step.transition for step in w.session.exec(select(Step))]
    assert acts == ["create", "correct"]


@pytest.mark.abuse(32)
def test_city_that_is_there_cannot_be_added_again(world):
    jaan = world.client("jaan")

    assert jaan.post("/cities/new", data={**FACTS, "name": "TARTU"}).status_code == 409
    assert jaan.post("/cities/new", data={**FACTS, "name": "T\u0430rtu"}).status_code == 422  # one letter is Cyrillic
    assert world.client("mari").get("/cities/new").status_code == 403
    assert world.client("mari").post("/cities/new", data=FACTS).status_code == 403


@pytest.mark.parametrize("wrong", [{"country": "QQ"}, {"kind": "company"}, {"latitude": "91"}, {"name": ""}])
def test_impossible_facts_are_refused_in_words(world, wrong):
    assert world.client("jaan").post("/cities/new", data={**FACTS, **wrong}).status_code == 422


def test_higher_packages_add_sections(world, tartu, monkeypatch):
    def city_extras(_w, city):
        water = Entry("Bathing water", "/challenges/X", "2027", "open", "sea")
        return [Extra("challenges", f"Challenges of {city.name}", [water]), Extra("pilots", "Pilots", [])]  # fmt: skip

    inner = world.app.app  # inside the outermost guard
    monkeypatch.setitem(inner.state.templates.globals, "city_extras", city_extras)  # the templates are the process's
    page = world.client().get(tartu).text

    assert "Challenges of Tartu" in page
    assert "Bathing water" in page
    assert '<h2 class="govuk-heading-m" id="pilots"' not in page


def test_organisation_that_is_no_city_has_no_city_page(world):
    with world.acting(writing=False) as w:
        code = w.session.get_one(Organisation, PLACES["taltech"].id).code

    assert world.client().get(f"/cities/{code}").status_code == 404
