"""A deadline is one instant for all: when the request was received, and nothing the sender says (case 15)."""

from __future__ import annotations

from datetime import datetime, timedelta

import httpx2
import pytest
from sqlmodel import col, select

from challenge.kernel.journal import Step, StepText
from challenge.kernel.late import ACT
from challenge.people.queries import COOKIE
from challenge.proposals.states import ProposalState
from challenge.rounds.rules import due_at
from challenge.rounds.states import WindowName
from challenge.submissions.states import SubmissionState
from tests import running
from tests.factories.proposals import get, proposal_in
from tests.factories.submissions import find, submission_in

GRACE, MS = timedelta(seconds=120), timedelta(milliseconds=1)
MOMENTS = {"before": -MS, "at it": 0 * MS, "in the grace": GRACE - MS, "after": GRACE}
KINDS = ("submissions", "proposals")


def complete(world, noun):
    """(person, address, due date) of a draft that could be handed in."""
    if noun == "submissions":
        code, who, name = submission_in(world, SubmissionState.DRAFT), "mari", WindowName.CHALLENGES
    else:
        code, who, name = proposal_in(world, ProposalState.DRAFT), "ravi", WindowName.IDEAS
    with world.acting() as w:
        record = find(w, code) if noun == "submissions" else get(w, code)
        due = due_at(w, record, noun.removesuffix("s"), name)
    return who, f"/{noun}/{code}", due


def late(world):
    """Whose attempts after a deadline are in the journal: (person, what was given, when)."""
    with world.acting(writing=False) as w:
        rows = select(Step, StepText.given).join(StepText, col(StepText.step_id) == Step.id)
        found = w.session.exec(rows.where(Step.transition == ACT)).all()
        return [(step.actor_id, given, step.at) for step, given in found]


@pytest.mark.abuse(15)
@pytest.mark.parametrize("noun", KINDS)
@pytest.mark.parametrize("moment", MOMENTS)
def test_to_the_millisecond(world, noun, moment):
    """Challenges by the page, proposals by the API."""
    where = "/api/v1" if noun == "proposals" else ""
    who, address, due = complete(world, noun)
    world.now = due + MOMENTS[moment]
    answer = world.client(who).post(f"{where}{address}/transitions/submit")

    if moment == "after":
        assert (answer.status_code, len(late(world))) == (409, 1)
        assert world.client(who).get(f"{address}/receipt.json").status_code == 404
        return
    assert answer.status_code == (200 if where else 303)
    kept = world.client(who).get(f"{address}/receipt.json").json()["content"]
    assert kept["received_at"] == world.now.isoformat(timespec="milliseconds")
    assert kept["within_grace"] is (moment != "before")
    assert late(world) == []


@pytest.mark.abuse(15)
@pytest.mark.parametrize("noun", KINDS)
def test_who_says_it_was_earlier_is_not_believed(world, noun):
    who, address, due = complete(world, noun)
    world.now = due + GRACE
    earlier = (due - timedelta(hours=1)).isoformat()
    told = dict.fromkeys(("received_at", "submitted_at", "at", "now", "deadline", "grace_seconds", "date"), earlier)
    client = world.client(who)
    headers = {"date": "Thu, 01 Jan 2026 00:00:00 GMT", "x-received-at": earlier, "if-unmodified-since": earlier}

    for answer in (
        client.post(f"{address}/transitions/submit", data=told, headers=headers),
        client.post(f"{address}/transitions/submit?received_at={earlier}", headers=headers),
        client.post(f"/api/v1{address}/transitions/submit", json=told, headers=headers),
    ):
        assert answer.status_code == 409


@pytest.mark.abuse(15)
@pytest.mark.parametrize("noun", KINDS)
def test_what_is_slow_to_arrive_counts_from_its_head(world, noun):
    """The body comes ten minutes after the head: neither the sender's line nor our queue makes anybody late."""
    who, address, due = complete(world, noun)
    received = world.now = due + GRACE - MS
    headers = {
        "sec-fetch-site": "same-origin", "cookie": f"{COOKIE}={world.client(who).token}",
        "content-type": "application/x-www-form-urlencoded",
    }  # fmt: skip

    async def slowly():
        world.move(minutes=10)
        yield b"x=1"

    async def send():
        transport = httpx2.ASGITransport(app=world.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000", headers=headers) as client:
            return await client.post(f"{address}/transitions/submit", content=slowly())

    assert running.run(send()).status_code == 303
    assert world.now > due + GRACE
    kept = world.client(who).get(f"{address}/receipt.json").json()["content"]
    assert datetime.fromisoformat(kept["received_at"]) == received


@pytest.mark.abuse(15)
@pytest.mark.parametrize("noun", KINDS)
def test_an_attempt_that_came_too_late_is_kept_as_evidence(world, noun):
    """Once for the same content, with its hash; a changed text is another attempt. The timeline says so."""
    who, address, due = complete(world, noun)
    world.now = first = due + GRACE
    client = world.client(who)
    assert client.post(f"{address}/transitions/submit").status_code == 409
    world.move(minutes=1)
    assert client.post(f"/api/v1{address}/transitions/submit").status_code == 409
    ((person, given, at),) = late(world)
    with world.acting(who, writing=False) as w:
        assert (person, at, given["act"], len(given["sha256"])) == (w.actor.id, first, "submit", 64)

    version = client.get(f"/api/v1{address}").headers["etag"]
    changed = {"answers": {"summary": "Another text."}}
    assert client.patch(f"/api/v1{address}", json=changed, headers={"if-match": version}).status_code == 200
    assert client.post(f"{address}/transitions/submit").status_code == 409
    assert len({given["sha256"] for _person, given, _at in late(world)}) == 2
    assert "Came after the deadline" in client.get(address).text


@pytest.mark.abuse(15)
@pytest.mark.parametrize("noun", KINDS)
def test_what_was_handed_in_is_not_changed_after_the_deadline(world, noun):
    who, address, due = complete(world, noun)
    world.now = due - MS
    client = world.client(who)
    assert client.post(f"{address}/transitions/submit").status_code == 303
    before = client.get(f"/api/v1{address}")
    world.now = due + GRACE
    changed = {"answers": {"summary": "Another text."}}
    for answer in (
        client.patch(f"/api/v1{address}", json=changed, headers={"if-match": before.headers["etag"]}),
        client.post(f"{address}/edit", data={"summary": "Another text."}),
        client.post(f"{address}/files", files={"file": ("plan.txt", b"another plan", "text/plain")}),
        client.post(f"/api/v1{address}/transitions/recall"),
    ):
        assert answer.status_code == 409
    assert client.get(f"/api/v1{address}").json() == before.json()
