"""What cities that are new can learn from: links of the coordinators, http(s) only, in their order."""

import pytest
from sqlmodel import select

from challenge.rounds.models import LearningLink, Round
from challenge.rounds.states import RoundState
from tests.factories.rounds import make_round


def made(world, **fields):
    with world.acting() as w:
        return f"/rounds/{make_round(w, **fields).code}/learning"


def link(title, **fields):
    return {"title": title, "href": f"https://learn.example.org/{title}", "language": "en", "note": ""} | fields


def order(world):
    with world.acting(writing=False) as w:
        return list(w.session.exec(select(LearningLink.title).order_by(LearningLink.place)))


def test_everybody_reads_what_coordinators_recommend(world):
    page, jaan = made(world), world.client("jaan")
    assert "What a good challenge looks like" in world.client().get(page).text
    for title in ("Basics", "Advanced"):
        assert jaan.post(page, data=link(title, note="Two hours.")).status_code == 303
    text = world.client().get(page).text
    assert 'href="https://learn.example.org/Basics" rel="noopener nofollow"' in text
    assert "Two hours." in text
    assert "Recommend something" not in text
    assert page in world.client().get(page.removesuffix("/learning")).text


def test_the_order_is_changed_and_links_are_removed(world):
    page, jaan = made(world), world.client("jaan")
    for title in ("A", "B", "C"):
        jaan.post(page, data=link(title))
    codes = {}
    with world.acting(writing=False) as w:
        codes = dict(w.session.exec(select(LearningLink.title, LearningLink.code)).all())
    assert jaan.post(f"{page}/{codes['C']}/up").status_code == 303
    assert order(world) == ["A", "C", "B"]
    assert jaan.post(f"{page}/{codes['A']}/up").status_code == 303
    assert order(world) == ["A", "C", "B"]
    assert jaan.post(f"{page}/{codes['A']}/removal").status_code == 303
    assert order(world) == ["C", "B"]
    assert jaan.post(f"{page}/{codes['A']}/removal").status_code == 404


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://example.org", "example.org", "https://x", ""])
def test_only_addresses_of_the_web_are_kept(world, address):
    page = made(world)
    answer = world.client("jaan").post(page, data=link("Basics", href=address))
    assert answer.status_code == 422
    assert order(world) == []


def test_only_coordinators_of_the_round_keep_them(world):
    page = made(world)
    world.client("jaan").post(page, data=link("Basics"))
    with world.acting(writing=False) as w:
        code = w.session.exec(select(LearningLink.code)).one()
    for name in ("mari", "olev", "anna"):
        for path in (page, f"{page}/{code}/up", f"{page}/{code}/removal"):
            assert world.client(name).post(path, data=link("Spam")).status_code == 403
    assert order(world) == ["Basics"]


def test_of_a_draft_round_nobody_learns(world):
    page = made(world, state=RoundState.DRAFT)
    assert world.client("mari").get(page).status_code == 404
    assert world.client("jaan").get(page).status_code == 200


def test_another_rounds_link_is_not_touched(world):
    here, there = made(world), made(world, title="Round 2028")
    jaan = world.client("jaan")
    jaan.post(here, data=link("Basics"))
    with world.acting(writing=False) as w:
        code = w.session.exec(select(LearningLink.code)).one()
        assert w.session.exec(select(Round.title)).all() == ["Round 2027", "Round 2028"]
    assert jaan.post(f"{there}/{code}/removal").status_code == 404
    assert order(world) == ["Basics"]


def test_links_in_json_are_those_of_the_page(world):
    page, jaan = made(world), world.client("jaan")
    path = f"/api/v1{page}"
    for title in ("A", "B"):
        answer = jaan.post(path, json=link(title), headers={"idempotency-key": title})
        assert answer.status_code == 201
    assert jaan.post(path, json=link("B"), headers={"idempotency-key": "B"}).json() == answer.json()
    first, second = answer.json()["items"]
    assert {**first, "code": ""} == {**link("A"), "code": ""}
    assert [one["title"] for one in world.client().get(path).json()["items"]] == ["A", "B"]
    assert jaan.post(f"{path}/{second['code']}/up").status_code == 200
    assert order(world) == ["B", "A"]
    assert [one["title"] for one in jaan.delete(f"{path}/{first['code']}").json()["items"]] == ["B"]
    assert jaan.delete(f"{path}/{first['code']}").status_code == 404
    assert "https://learn.example.org/B" in world.client().get(page).text


def test_in_json_too_only_coordinators_recommend_and_only_what_is_right(world):
    page, jaan = made(world), world.client("jaan")
    path = f"/api/v1{page}"
    [kept] = jaan.post(path, json=link("Basics")).json()["items"]
    for name, status in (("mari", 403), ("olev", 403), ("nobody", 401)):
        client = world.client(name)
        answers = client.post(path, json=link("Mine")), client.delete(f"{path}/{kept['code']}")
        assert [answer.status_code for answer in answers] == [status] * 2, name
    for field, value in (("href", "javascript:alert(1)"), ("language", "xx"), ("title", ""), ("place", 3)):
        answer = jaan.post(path, json=link("Basics") | {field: value})
        assert (answer.status_code, set(answer.json()["errors"])) == (422, {field})
    assert order(world) == ["Basics"]
    with world.acting() as w:
        draft = make_round(w, title="Hidden", state=RoundState.DRAFT).code
    assert world.client("mari").get(f"/api/v1/rounds/{draft}/learning").status_code == 404
