from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from sqlalchemy import event

from challenge.rounds import actions, queries
from challenge.rounds.asks import News
from challenge.rounds.schemas import RoundDocument, Rules
from challenge.rounds.states import Gate, RoundState
from tests.factories.rounds import make_round
from tests.rounds.browsing import text_of
from tests.rounds.documents import rules_with

ROOT = Path(__file__).parent.parent.parent
EVERYBODY = ["nobody", "mari", "ravi", "lena", "olev", "anna", "jaan"]


@pytest.fixture
def draft(world):
    with world.acting() as w:
        return make_round(w, title="Secret plans", state=RoundState.DRAFT, summary="Nobody knows yet.").code


@pytest.fixture
def code(world):
    with world.acting() as w:
        return make_round(w, summary="Water and roads.").code


def test_a_draft_is_as_if_it_were_not(world, draft):
    paths = ["", "/news", "/rules.yaml", "/preview", "/edit", "/edit/basics", "/clone", "/import", "/news/new"]
    paths += [f"/transitions/{name}" for name in ("publish", "cancel")]
    for name in ["nobody", "mari", "ravi", "lena", "anna"]:
        client = world.client(name)
        assert "Secret plans" not in client.get("/rounds").text
        for path in paths:
            answer, missing = client.get(f"/rounds/{draft}{path}"), client.get(f"/rounds/ZZZZZZZZ{path}")
            assert answer.status_code == missing.status_code
            assert answer.status_code in ({404} if name != "nobody" else {404, 303})
            assert answer.text.replace(draft, "ZZZZZZZZ") == missing.text


def test_coordinators_and_observers_see_a_draft(world, draft):
    for name in ["jaan", "kadri", "olev"]:
        client = world.client(name)
        assert "Secret plans" in client.get("/rounds").text
        assert client.get(f"/rounds/{draft}").status_code == 200
        assert client.get(f"/rounds/{draft}/preview").status_code == 200
    assert world.client("olev").get(f"/rounds/{draft}/edit").status_code == 403
    assert "Publish" not in text_of(world.client("olev").get(f"/rounds/{draft}"))


def test_a_coordinator_of_one_round_sees_only_that_draft(world, draft):
    with world.acting() as w:
        from challenge.people.models import Role  # noqa: PLC0415
        from challenge.people.states import RoleName  # noqa: PLC0415

        other = make_round(w, title="Open to Eero", state=RoundState.DRAFT)
        w.add(Role(person_id=15, name=RoleName.COORDINATOR, round_id=other.id))
        code = other.code
    client = world.client("eero")
    assert client.get(f"/rounds/{code}/edit").status_code == 200
    assert client.get(f"/rounds/{draft}/edit").status_code == 404
    assert "Secret plans" not in client.get("/rounds").text
    assert client.get("/rounds/new").status_code == 403


def test_everybody_reads_a_published_round(world, code):
    for name in EVERYBODY:
        answer = world.client(name).get(f"/rounds/{code}")
        assert answer.status_code == 200
        words = text_of(answer)
        assert "Challenges close in 21 days" in words
        assert "Sun 31 January 2027, 17:00" in words
        assert "Tallinn, EET (UTC+2) · 15:00 UTC" in words
        assert "120 seconds of grace" in words or "within 120 seconds after a deadline" in words
        assert "A pilot needs at least 2 cities, among them one of Estonia and one of another country." in words
        assert "City need and measurable impact" in words
        assert "€1,260,000" in words
        assert "(our default)" in words


def test_only_coordinators_have_acts(world, code):
    for name in EVERYBODY:
        words = text_of(world.client(name).get(f"/rounds/{code}"))
        assert ("Cancel the round" in words) is (name == "jaan")
        assert ("What happened" in words) is False  # nothing has happened yet


def test_no_link_of_the_round_leads_nowhere(world, code):
    client = world.client("jaan")
    links = set(
        re.findall(rf'href="(/(?:rounds/{code}|submissions|challenges)[^"#]*)', client.get(f"/rounds/{code}").text)
    )
    assert len(links) >= 15
    for link in sorted(links - {f"/rounds/{code}/transitions/amend"}):
        assert (link, client.get(link).status_code) == (link, 200)


def test_a_blocked_act_says_why(world, code):
    words = text_of(world.client("jaan").get(f"/rounds/{code}"))
    assert "Nothing is prepared yet: change the rules or dates first." in words


def test_a_rule_that_was_changed_is_no_default(world):
    with world.acting() as w:
        code = make_round(w, rules=Rules(grace_seconds=60)).code
    page = world.client().get(f"/rounds/{code}").text
    assert "within 60 seconds after a deadline is accepted and marked.</li>" in page
    assert re.search(r"held for 30 days\. <span[^>]*>\(our default\)", page)


def test_gates_that_are_off_are_left_out(world):
    with world.acting() as w:
        code = make_round(w, rules=rules_with(frozenset({Gate.FULL_PROPOSAL}))).code
    words = text_of(world.client().get(f"/rounds/{code}"))
    assert "Full proposal" in words
    assert "Pilot proposals" not in words
    assert "Cities rate ideas" not in words


def test_steps_show_what_is_open_now(world, code):
    page = world.client().get(f"/rounds/{code}").text
    assert page.count('aria-current="step"') == 1
    assert page.count("Open now") == 1


def test_past_rounds_say_what_is_known(world):
    facts = {
        "year": 2023, "challenges": None, "finalists": 6, "pilots_planned": 4, "pilots_selected": 1,
        "pilots_selected_note": "one project is named", "programme_budget_eur": None,
        "pilot_types": [{"type": "large", "planned": 2, "duration_months": 36, "budget_eur_approx": 1260000}],
        "steps": [{"name": "Pilot proposal deadline", "date": "2024-02-29"}, {"name": "Odd", "date": "2024-13-01"}],
        "ideas_by_theme": {"Mobility": 26},
        "sources": ["https://www.finestcentre.eu/smart-city-challenge-2023", "javascript:alert(1)"],
    }  # fmt: skip
    with world.acting() as w:
        code = actions.import_past(w, RoundDocument(title="Smart City Challenge 2023"), facts).code
    words = text_of(world.client().get(f"/rounds/{code}"))
    assert "Finalists 6" in words
    assert "Challenges not known" in words
    assert "Pilots selected 1 one project is named" in words
    assert "large: 2 planned, 36 months, about €1,260,000 each" in words
    assert "29 February 2024" in words
    assert "https://www.finestcentre.eu/smart-city-challenge-2023" in words
    assert "javascript" not in words
    assert "our default" not in words  # the rules of a past round are not ours to tell
    assert world.client().get(f"/rounds/{code}/rules.yaml").status_code == 404
    assert world.client("jaan").get(f"/rounds/{code}/clone").status_code == 409


def test_lists_are_in_the_order_people_look_for(world):
    with world.acting() as w:
        for title, year in (("First", 2020), ("Second", 2021)):
            actions.import_past(w, RoundDocument(title=title), {"year": year})
        make_round(w, title="Now")
        make_round(w, title="Called off", state=RoundState.CANCELLED)
        assert [entry.title for entry in queries.listed(w)] == ["Now", "Second", "First", "Called off"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_number_of_queries(world, count):
    with world.acting() as w:
        for number in range(count):
            make_round(w, title=f"Round {number}")
    asked = []
    with world.acting("jaan", writing=False) as w:
        event.listen(world.database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
        assert len(queries.listed(w)) == count
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 2


def test_the_rules_are_downloaded_as_yaml(world, code):
    answer = world.client().get(f"/rounds/{code}/rules.yaml")
    assert answer.headers["content-type"].startswith("application/yaml")
    assert answer.headers["content-disposition"] == f'attachment; filename="round-{code}.yaml"'
    assert yaml.safe_load(answer.text)["rules"]["grace_seconds"] == 120


def test_news_is_read_by_everybody_and_written_by_coordinators(world, code):
    with world.acting("jaan") as w:
        actions.announce(w, queries.visible(w, code), News(title="Webinar", text="On **Monday** <b>at ten</b>."))
    page = world.client().get(f"/rounds/{code}/news").text
    assert "<strong>Monday</strong> &lt;b&gt;at ten" in page
    assert "Webinar" in world.client("mari").get(f"/rounds/{code}").text
    assert "Post news" not in page
    for name, status in (("mari", 403), ("olev", 403), ("jaan", 200), ("nobody", 303)):
        assert world.client(name).get(f"/rounds/{code}/news/new").status_code == status


def test_an_empty_list_says_where_to_go(world):
    assert "See pilots" in world.client().get("/rounds").text


def test_every_real_round_can_be_shown(world):
    facts = json.loads((ROOT / "challenge/demo/data/finest.json").read_text())["rounds"]
    with world.acting() as w:
        codes = [actions.import_past(w, RoundDocument(title=known["name"]), known).code for known in facts]
    assert len(codes) >= 5
    for code in codes:
        assert world.client().get(f"/rounds/{code}").status_code == 200
