"""The pages, by whom they may be seen and what they do."""

from __future__ import annotations

import pytest

from challenge.proposals.states import ProposalState as S
from challenge.rounds.models import Round
from tests.counting import counted
from tests.factories.proposals import (
    ANSWERS,
    get,
    make_proposal,
    proposal_in,
    walk,
)

STRANGERS = ("eero", "tiina", "katrin", "lena", "anna")
PAGES = (
    "",
    "/edit",
    "/check",
    "/team",
    "/cities",
    "/challenges",
    "/budget",
    "/revisions",
    "/files",
    "/receipt",
    "/merger",
)


ON_ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # many pages, no new queries


@ON_ONE_DATABASE
@pytest.mark.parametrize("state", [S.SUBMITTED, S.DECLINED])
@pytest.mark.abuse(11)
def test_strangers_get_byte_for_byte_the_answer_of_a_missing_record(world, state):
    code = proposal_in(world, state)
    for name in STRANGERS:
        client = world.client(name)
        for page in PAGES:
            known, missing = client.get(f"/proposals/{code}{page}"), client.get(f"/proposals/00000000{page}")
            assert (known.status_code, missing.status_code) == (404, 404), (name, page)
            assert known.text.replace(code, "00000000") == missing.text
            assert "Hourly water" not in known.text


def test_a_visitor_sees_nothing_before_and_the_summary_after_the_announcement(world):
    code = proposal_in(world, S.IN_JURY)
    nobody = world.client()
    known, missing = (nobody.get(f"/proposals/{one}") for one in (code, "00000000"))
    assert (known.status_code, missing.status_code) == (303, 303)  # sign in first, whether or not there is such a one
    assert known.headers["location"].replace(code, "00000000") == missing.headers["location"]
    assert "Hourly water" not in nobody.get("/proposals").text
    walk(world, code, "award")

    page = nobody.get(f"/proposals/{code}")
    assert page.status_code == 200
    assert ANSWERS["summary"] in page.text
    assert "Hourly water" in nobody.get("/proposals").text
    for canary in (ANSWERS["problem"], "Ravi", "ravi@example.org", "1,200,000", "City Council"):
        assert canary not in page.text
    assert nobody.get(f"/proposals/{code}/team").status_code == 303  # sign in first


@ON_ONE_DATABASE
@pytest.mark.parametrize("state", list(S))
def test_every_reader_opens_the_page_in_every_state(world, state):
    code = proposal_in(world, state)
    for name in ("ravi", "mari", "jaan"):
        assert world.client(name).get(f"/proposals/{code}").status_code == 200, (state, name)
    edit = world.client("ravi").get(f"/proposals/{code}/edit").status_code
    assert edit == (200 if state in (S.DRAFT, S.RETURNED, S.CO_DEVELOPMENT, S.FINALIST) else 409)


@ON_ONE_DATABASE
def test_readers_open_what_they_may(world):
    code = proposal_in(world, S.FINALIST)
    for name in ("ravi", "mari", "olev"):
        client = world.client(name)
        for page in ("/check", "/cities", "/challenges", "/budget", "/revisions", "/files", "/receipt"):
            assert client.get(f"/proposals/{code}{page}").status_code == 200, (name, page)
    for name, page, status in (
        ("ravi", "/team", 200), ("jaan", "/team", 200), ("mari", "/team", 403), ("mari", "/edit", 403),
        ("jaan", "/merger", 403), ("ravi", "/merger", 200), ("jaan", "/edit", 403),
    ):  # fmt: skip
        assert world.client(name).get(f"/proposals/{code}{page}").status_code == status, (name, page)


@pytest.mark.parametrize("name", ["ravi", "mari", "jaan"])
def test_a_list_takes_as_many_queries_for_three_as_for_one(world, name):
    proposal_in(world, S.SUBMITTED)
    client = world.client(name)
    client.get("/proposals")
    with counted(world) as one:
        client.get("/proposals")
    for _ in range(2):
        proposal_in(world, S.SUBMITTED)
    with counted(world) as three:
        page = client.get("/proposals")
    assert page.text.count("Hourly water") >= 1
    assert len(three) == len(one)


def test_lists_of_a_round_are_filtered(world):
    code = proposal_in(world, S.SUBMITTED, title="Sub water")
    with world.acting() as w:
        round_ = w.session.get_one(Round, get(w, code).round_id)
        make_proposal(w, round_, title="Draft water")
    jaan = world.client("jaan")
    assert "Draft water" in jaan.get("/proposals").text
    only = jaan.get("/proposals?state=submitted").text
    assert "Sub water" in only
    assert "Draft water" not in only
    assert "No proposal fits" in jaan.get("/proposals?q=zzz").text
