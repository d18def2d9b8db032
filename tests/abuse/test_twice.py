"""The same form sent many times at once, saving over what another saved, and an old backup brought back (38)."""

from __future__ import annotations

import asyncio
import os
from collections import Counter

import httpx2
import pytest
from sqlmodel import func, select

from challenge.kernel.journal import Step
from challenge.kernel.letter import Letter, claim
from challenge.kernel.receipt import Receipt
from challenge.notifications.actions import tell
from challenge.people.queries import COOKIE
from challenge.submissions.models import Submission
from challenge.submissions.states import SubmissionState
from tests import postgres, running
from tests.factories.people import mailed_token
from tests.factories.rounds import make_round
from tests.factories.submissions import submission_in
from tests.filling import hidden
from tests.privacy.test_backup import back_up, bring_back, empty_place
from tests.world import Client, World

MARI = "mari@example.org"


def at_once(nodes, who, times, method, path, **sent):
    """The answers to one request sent so often at the same moment, to each node in turn."""

    async def ask():
        headers = {"sec-fetch-site": "same-origin", "cookie": f"{COOKIE}={who.token}", **sent.pop("headers", {})}
        async with (
            httpx2.AsyncClient(
                transport=httpx2.ASGITransport(app=nodes[0].app), base_url="http://127.0.0.1:8000", headers=headers
            ) as first,
            httpx2.AsyncClient(
                transport=httpx2.ASGITransport(app=nodes[-1].app), base_url="http://127.0.0.1:8000", headers=headers
            ) as second,
        ):
            await asyncio.gather(*(each.get("/healthz") for each in (first, second)))
            clients = (first, second)
            return await asyncio.gather(*(clients[number % 2].request(method, path, **sent) for number in range(times)))

    return running.run(ask())


def count(world, table, *which):
    with world.acting(writing=False) as w:
        return w.session.exec(select(func.count()).select_from(table).where(*which)).one()


@pytest.fixture
def nodes(world):
    """Two application instances on PostgreSQL; SQLite has one."""
    return [world] if world.database.is_sqlite else [world, World(world.database, world.settings)]


@pytest.mark.abuse(38)
def test_one_form_handed_in_fifty_times_at_once_is_one_with_one_receipt_and_one_mail(world, nodes):
    code, mari = submission_in(world, SubmissionState.DRAFT), world.client("mari")

    answers = at_once(nodes, mari, 50, "POST", f"/submissions/{code}/transitions/submit", data={})

    assert Counter(answer.status_code for answer in answers) == {303: 1, 409: 49}
    assert count(world, Receipt) == 1
    assert count(world, Step, Step.subject_code == code, Step.transition == "submit") == 1
    with world.acting() as w:
        while tell(w, "http://127.0.0.1:8000"):
            pass
        letters = Counter(letter.address for letter in w.session.exec(select(Letter)))
    assert letters[MARI] == 1
    assert set(letters.values()) == {1}
    seen = [Client(node.app, mari.token).get(f"/submissions/{code}/receipt.json").json() for node in nodes]
    assert seen[0] == seen[-1]


@pytest.mark.abuse(38)
def test_one_key_sent_fifty_times_at_once_makes_one_row_and_one_answer(world, nodes):
    code, mari = submission_in(world, SubmissionState.DRAFT), world.client("mari")
    path, key = f"/api/v1/submissions/{code}/transitions/submit", {"idempotency-key": "one-press"}

    answers = at_once(nodes, mari, 50, "POST", path, headers=key)
    later = at_once(nodes, mari, 2, "POST", path, headers=key)

    done = [answer for answer in [*answers, *later] if answer.status_code == 200]
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {"key_in_use", "stale"}
    assert all(answer.json() == done[0].json() for answer in done)
    assert [answer.headers.get("idempotent-replay") for answer in later] == ["true", "true"]
    assert count(world, Receipt) == 1


@pytest.mark.abuse(38)
def test_one_key_begins_one_draft(world, nodes):
    mari = world.client("mari")
    with world.acting() as w:
        round_ = make_round(w).code
    city = mari.get("/api/v1/cities", params={"q": "tartu"}).json()["items"][0]["code"]
    body, key = {"round": round_, "city": city, "title": "Once"}, {"idempotency-key": "one-press"}

    at_once(nodes, mari, 20, "POST", "/api/v1/submissions", json=body, headers=key)

    assert mari.post("/api/v1/submissions", json=body, headers=key).status_code == 201
    assert count(world, Submission) == 1


FORMS = {
    "a person": ("jaan", "/people/new", {"name": "Uku Uus", "email": "uku@example.org"}),
    "a city": ("jaan", "/cities/new", {"kind": "city", "name": "Elva", "country": "EE"}),
    "an organisation": ("jaan", "/organisations/new", {"kind": "ngo", "name": "Öised Aknad", "country": "EE"}),
    "a juror": ("jaan", "/rounds/{round}/jurors", {"name": "Uku Uus", "email": "uku@example.org", "locale": "en",
                                                   "load_max": "5"}),
    "a seat": ("mari", "/organisations/{tartu}/invitations", {"name": "Uku Uus", "email": "uku@example.org",
                                                              "seat": "member"}),
}  # fmt: skip


@pytest.mark.abuse(38)
@pytest.mark.parametrize("form", FORMS)
def test_what_is_added_twice_at_once_is_there_once(world, nodes, form):
    who, path, sent = FORMS[form]
    client = world.client(who)
    with world.acting() as w:
        names = {"round": make_round(w).code}
    names["tartu"] = client.get("/api/v1/cities", params={"q": "tartu"}).json()["items"][0]["code"]

    answers = at_once(nodes, client, 10, "POST", path.format(**names), data=sent)

    assert {answer.status_code for answer in answers} <= {303, 409, 422, 503}
    assert any(answer.status_code == 303 for answer in answers)
    with world.acting() as w:
        made = Counter((step.transition, step.subject_code) for step in w.session.exec(select(Step)))
        letters = w.session.exec(select(Letter)).all()
    assert set(made.values()) == {1}
    assert len(made) <= 3  # a seat, or a place on the panel with its role; and the person
    assert len(letters) == (0 if form in {"a city", "an organisation"} else 1)


@pytest.mark.abuse(38)
def test_two_tabs_lose_nothing_and_show_both_texts(world):
    code, mari = submission_in(world, SubmissionState.DRAFT), world.client("mari")
    tabs = [hidden(mari.get(f"/submissions/{code}/edit").text) for _tab in range(2)]
    first = {**tabs[0], "problem": "What the first tab says."}
    second = {**tabs[1], "problem": "What the second tab says."}

    assert mari.post(f"/submissions/{code}/edit", data=first).status_code == 303
    refused = mari.post(f"/submissions/{code}/edit", data=second)

    assert refused.status_code == 409
    assert "What the first tab says." in refused.text
    assert "What the second tab says." in refused.text
    assert "What the first tab says." in mari.get(f"/submissions/{code}/edit").text


@pytest.mark.abuse(38)
def test_after_a_restore_nothing_is_sent_again_and_no_old_way_in_is_open(world, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", f"{postgres.bin_dir()}{os.pathsep}{os.environ['PATH']}")
    world.client().post("/sign-in", data={"email": MARI})
    link, mari = mailed_token(world, MARI), world.client("mari")
    shown = mari.post("/account/tokens", data={"name": "Export", "days": "30"}, follow_redirects=True).text
    bearer = {"authorization": "Bearer cc_" + shown.split("cc_")[1].split("<")[0].split("&")[0].strip()}
    assert world.client().get("/api/v1/submissions", headers=bearer).status_code == 200
    made = back_up(world, tmp_path)

    with empty_place(world, tmp_path) as place:
        bring_back(made, place)

        visitor = place.client()
        assert visitor.post(f"/sign-in/{link}").status_code == 404
        assert Client(place.app, mari.token).get("/api/v1/submissions").status_code == 401
        assert visitor.get("/api/v1/submissions", headers=bearer).status_code == 401
        place.move(minutes=30)
        with place.acting() as w:
            assert claim(w) is None
        visitor.post("/sign-in", data={"email": MARI})  # what is asked for now goes out
        with place.acting() as w:
            assert claim(w).address == MARI
        assert visitor.post(f"/sign-in/{mailed_token(place, MARI)}").status_code == 303
