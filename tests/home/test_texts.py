"""Pages of words: there for everybody, and true."""

import re

import pytest

from challenge.home import problems
from challenge.rounds.pieces import Retention
from challenge.settings import Settings
from tests.cast import PEOPLE
from tests.factories.proposals import rules_with
from tests.factories.rounds import make_round
from tests.home.conftest import links_on
from tests.house.test_files import CODE
from tests.world import World

PATHS = ["/help", "/help/problems", "/accessibility", "/privacy", "/contact", "/open-data"]


def test_they_are_there_for_everybody(world):
    answers = {(name, path): world.client(name).get(path) for name in ("nobody", *PEOPLE) for path in PATHS[:1]}
    answers |= {("nobody", path): world.client().get(path) for path in PATHS}
    answers |= {("mari", path): world.client("mari").get(path) for path in PATHS}
    assert {answer.status_code for answer in answers.values()} == {200}
    assert {answer.text.count("<h1") for answer in answers.values()} == {1}


def test_their_links_lead_somewhere(world):
    client = world.client()
    found = {href for path in PATHS for href in links_on(client.get(path).text)}
    answers = {href: client.get(href).status_code for href in found}
    assert {href: status for href, status in answers.items() if status not in {200, 303}} == {}


@pytest.mark.parametrize("path", PATHS)
def test_anchors_on_a_page_are_there(world, path):
    page = world.client().get(path).text
    wanted = {part.split('"')[0] for part in page.split('href="#')[1:]}
    assert {anchor for anchor in wanted if f'id="{anchor}"' not in page} == set()


def test_every_refusal_is_explained_where_its_answer_points(world):
    answer = world.client("ravi").get("/journal", headers={"accept": "application/json"})
    path, anchor = answer.json()["type"].removeprefix(world.settings.public_url).split("#")
    page = world.client().get(path).text
    assert f'id="{anchor}"' in page
    assert answer.json()["title"] in page.replace("&#39;", "'")


def test_the_reasons_are_read_off_the_code():
    known = problems.known()
    assert {"missing", "stale", "may_not", "sign_in_needed", "deadline_over", "quorum"} <= set(known)
    assert ("One more review is needed.", "%(n)s more reviews are needed.") in known["quorum"]
    shown = dict(problems.explained())
    assert "… more reviews are needed." in shown["quorum"]
    assert not any("%(" in text for texts in shown.values() for text in texts)


def test_privacy_says_how_long_the_round_keeps_what(world):
    assert "the years are the defaults" in world.client().get("/privacy").text
    with world.acting() as w:
        make_round(w, rules=rules_with(retention_years=Retention(drafts=4, declined=6, funded=12)))
    page = world.client().get("/privacy").text
    for text in ("4 years after the round is closed", "6 years after the round is closed", "12 years after the pilot"):
        assert text in page
    assert "The years are rules of Round 2027." in page


def test_privacy_names_every_cookie(world):
    page = world.client().get("/privacy").text
    set_by_us = {name for path in CODE for name in re.findall(r'COOKIE = "([^"]+)"', path.read_text())}
    assert len(set_by_us) == 6
    assert {name for name in set_by_us if not name.startswith("__Host-")} == set()
    assert [name for name in set_by_us if page.count(f"<code>{name}</code>") != 1] == []
    assert "Six, all strictly necessary" in page


def test_no_address_is_invented(world):
    page = world.client().get("/contact").text
    assert "mailto:" not in page
    assert "FinEst Centre for Smart Cities" in page
    assert "No e-mail address is published here yet." in page


def test_the_address_of_the_settings_is_published(database, tmp_path):
    settings = Settings(secret_key="a secret for the tests only, long enough", contact_email="round@example.org",
                        files=tmp_path)  # fmt: skip
    client = World(database, settings).client()
    for path in ("/contact", "/privacy", "/accessibility"):
        assert 'href="mailto:round@example.org"' in client.get(path).text
    assert "Contact: mailto:round@example.org" in client.get("/.well-known/security.txt").text


def test_open_data_names_only_lists_that_answer(world):
    client = world.client("jaan")
    page = client.get("/open-data").text
    assert "GeoNames, CC BY 4.0" in page
    named = [part.split("<")[0] for part in page.split(f"<code>{world.settings.public_url}")[1:]]
    assert {path: client.get(path).status_code for path in named if client.get(path).status_code != 200} == {}
