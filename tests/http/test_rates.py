"""How often: per person or place, told with when to come back, and nobody waits for being counted."""

from datetime import timedelta

import pytest
from sqlmodel import select

from challenge.http.rates import LOOKING_UP, WITHIN, Searches
from challenge.kernel.errors import TooMany
from challenge.kernel.limits import Attempt
from challenge.people.actions.limits import look_up_limits
from challenge.policy.routes import ROUTES
from tests.cast import PEOPLE
from tests.world import NOW, World

PATHS = ["/challenges", "/cities", "/api/v1/challenges", "/api/v1/cities"]


@pytest.fixture
def nodes(world):
    """Two application instances on one database."""
    return world, World(world.database, world.settings)


def looked_up(world, name, times):
    """As if this person had looked somebody up so often now."""
    (limit,) = look_up_limits(PEOPLE[name].id)
    with world.acting() as w:
        w.session.add_all(Attempt(key=limit.key, at=w.now) for _time in range(times))


@pytest.mark.abuse(27)
@pytest.mark.parametrize("path", PATHS)
def test_the_sixth_search_of_a_second_is_asked_to_wait(world, path):
    client = world.client()
    assert [client.get(path, params={"q": "noise"}).status_code for _search in range(5)] == [200] * 5

    refused = client.get(path, params={"q": "noise"})

    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    if path.startswith("/api/"):
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.json()["code"] == "too_many_searches"
    else:
        assert "More than 5 searches a second came from you" in refused.text
    assert client.get(path).status_code == client.get(path, params={"q": " "}).status_code == 200  # no search
    world.move(seconds=1)
    assert client.get(path, params={"q": "noise"}).status_code == 200


def test_one_persons_searches_are_not_anothers(world):
    mari = world.client("mari")
    assert [mari.get("/challenges?q=x").status_code for _search in range(6)] == [200] * 5 + [429]
    assert world.client("sofia").get("/challenges?q=x").status_code == 200
    assert world.client().get("/challenges?q=x").status_code == 200


@pytest.mark.abuse(27)
def test_a_spoofed_address_does_not_begin_anew(world):
    spoofed = [world.client().get("/challenges?q=x", headers={"x-forwarded-for": f"192.0.2.{n}"}) for n in range(6)]
    assert [answer.status_code for answer in spoofed] == [200] * 5 + [429]


def test_a_search_is_answered_while_somebody_writes_and_writes_nothing(world):
    with world.acting():  # on SQLite: holds the one lock of writers
        assert world.client().get("/challenges?q=x").status_code == 200
    with world.acting(writing=False) as w:
        assert w.session.exec(select(Attempt)).all() == []


def test_what_was_counted_is_forgotten_after_a_second():
    searches = Searches()
    for number in range(1000):
        searches.note(str(number), NOW)
    searches.note("one", NOW + WITHIN)
    assert (len(searches._recent), dict(searches._count)) == (1, {"one": 1})


def test_a_refused_search_does_not_lengthen_the_wait():
    searches = Searches()
    for _search in range(searches.most):
        searches.note("one", NOW)
    for milliseconds in range(100, 1000, 100):
        with pytest.raises(TooMany):
            searches.note("one", NOW + timedelta(milliseconds=milliseconds))
    searches.note("one", NOW + WITHIN)


@pytest.mark.abuse(27)
def test_a_hundred_people_an_hour_on_all_nodes_whether_there_or_not(nodes):
    anna, beside = nodes[0].client("anna"), nodes[1].client()
    beside.token = anna.token
    looked_up(nodes[0], "anna", 98)
    assert anna.get("/people/ZZZZZZZZ").status_code == 404
    assert anna.get("/people?q=rao").status_code == 200

    refused = [client.get(path) for client in (anna, beside) for path in ("/people/ZZZZZZZZ", "/people")]

    assert [(answer.status_code, answer.headers["retry-after"]) for answer in refused] == [(429, "3600")] * 4
    assert "Go on in 60 minutes." in refused[0].text
    assert anna.get("/home").status_code == 200
    for minutes in (29, 29, 1):  # an administrator's session ends after half an hour unused
        nodes[1].move(minutes=minutes)
        assert beside.get("/home").status_code == 200
    assert beside.get("/people/ZZZZZZZZ").status_code == 429
    nodes[1].move(minutes=1)
    assert beside.get("/people/ZZZZZZZZ").status_code == 404


def test_asking_for_a_colleague_by_address_counts_too(world):
    looked_up(world, "ravi", 100)
    sent = {"name": "Eero", "email": "eero@example.org", "role": "researcher"}

    refused = world.client("ravi").post("/api/v1/proposals/ZZZZZZZZ/team", json=sent)

    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_people")
    assert world.client("eero").post("/api/v1/proposals/ZZZZZZZZ/team", json=sent).status_code == 404


def test_who_is_not_signed_in_is_turned_away_and_not_counted(world):
    assert world.client().get("/people").status_code == 303
    with world.acting(writing=False) as w:
        assert w.session.exec(select(Attempt)).all() == []


def test_the_table_names_routes_that_are_there_and_never_handing_in():
    assert set(ROUTES) >= LOOKING_UP
    assert [route for _method, route in LOOKING_UP if "transitions" in route or "submit" in route] == []


def test_the_document_declares_the_refusal(world):
    paths = world.client().get("/api/v1/openapi.json").json()["paths"]
    for path in ("/api/v1/challenges", "/api/v1/cities", "/api/v1/submissions", "/api/v1/proposals"):
        assert "429" in paths[path]["get"]["responses"]
    for path in ("/api/v1/proposals/{code}/team", "/api/v1/rounds/{code}/jurors"):
        assert "429" in paths[path]["post"]["responses"]
