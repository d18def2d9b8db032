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
