"""Only so many requests are worked on at a time; a lane is kept for who submits."""

import threading

import pytest
from fastapi import Request
from starlette.testclient import TestClient

from challenge.app import create_app
from challenge.http.lanes import Lanes, is_submit

PATHS = [
    ("/submissions/AB12CD34/transitions/submit", True), ("/api/v1/proposals/AB12CD34/transitions/submit_full", True),
    ("/proposals/AB12CD34/transitions/submit_pilot_proposal", True), ("/submissions", False), ("/home", False),
    ("/submissions/AB12CD34/transitions/withdraw", False), ("/", False),
]  # fmt: skip


@pytest.mark.parametrize(("path", "found"), PATHS)
def test_what_is_submitted(path, found):
    assert is_submit(path) is found


def test_the_reserved_lane_is_for_submitting():
    lanes = Lanes(most=1, reserved=1)
    assert [lanes.enter("/a"), lanes.enter("/b"), lanes.enter("/x/submit"), lanes.enter("/y/submit")] == [
        True, False, True, False,
    ]  # fmt: skip
    lanes.leave()
    lanes.leave()
    assert lanes.enter("/b")


class Held:
    """A page that is worked on until it is let go."""

    def __init__(self, served) -> None:
        self.inside, self.go = threading.Semaphore(0), threading.Event()
        self.served = served

    def work(self) -> dict:
        self.inside.release()
        assert self.go.wait(10)
        return {}


@pytest.fixture
def crowded(world):
    """A world where one request may be worked on, and one more that submits; a page that takes its time."""
    world.settings = world.settings.model_copy(update={"requests": 1, "requests_reserved": 1})
    app = create_app(world.settings, world.database, world.clock)
    held = Held(app)

    def work() -> dict:
        return held.work()

    for path in ("/held", "/held/submit"):
        app.app.add_api_route(path, work, methods=["GET", "POST"])
    world._app = app
    return world, held


def test_when_it_is_full_others_are_told_when_to_come_back(crowded):
    world, held = crowded
    with TestClient(world.app, base_url="http://127.0.0.1:8000") as first:
        same = {"sec-fetch-site": "same-origin"}
        busy = [threading.Thread(target=first.get, args=("/held",))]
        busy[0].start()
        assert held.inside.acquire(timeout=10)
        refused = world.client().get("/")
        page = world.client().get("/api/v1/rounds")
        busy.append(threading.Thread(target=lambda: first.post("/held/submit", headers=same)))
        busy[1].start()
        assert held.inside.acquire(timeout=10)  # the reserved lane
        alive = world.client().get("/healthz")
        held.go.set()
        for thread in busy:
            thread.join(10)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert "Very many people are here" in refused.text
    assert (page.status_code, page.json()["code"]) == (503, "full")
    assert alive.status_code == 200
    assert world.client().get("/").status_code == 200
    assert world.app.lanes.busy == 0


FORWARDED = [("", "127.0.0.1"), ("127.0.0.1", "192.0.2.7"), ("10.0.0.0/8", "127.0.0.1"), ("127.0.0.0/8", "192.0.2.7")]


@pytest.mark.abuse(22)
@pytest.mark.parametrize(("trusted", "seen"), FORWARDED)
def test_forwarded_addresses_count_only_from_named_proxies(world, trusted, seen):
    app = create_app(
        world.settings.model_copy(update={"trusted_proxies": trusted}), world.database, world.clock
    )  # fmt: skip
    inner = app.app.app if trusted else app.app
    inner.add_api_route("/where", where)
    client = TestClient(app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 5_000))
    headers = {"x-forwarded-for": "203.0.113.9, 192.0.2.7", "x-forwarded-host": "evil.example", "forwarded": "host=e"}
    answer = client.get("/where", headers=headers)
    assert answer.json() == {"client": seen, "host": "127.0.0.1"}


def where(request: Request) -> dict:
    return {"client": request.client.host, "host": request.url.hostname}
