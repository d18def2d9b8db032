"""The service asks nobody inside its network (21), and sends nobody to another site (23)."""

from __future__ import annotations

import json
import socket
import socketserver
import threading
from urllib.parse import urljoin, urlsplit

import pytest

from challenge.kernel import clock
from challenge.settings import Settings
from tests.factories.people import mailed_token
from tests.people.test_paths import FOREIGN
from tests.world import World

HOME = "http://127.0.0.1:8000"


class Doors(socketserver.ThreadingTCPServer):
    """A port of loopback that counts who comes, and turns everybody away."""

    daemon_threads = True
    came = 0

    def verify_request(self, _request, _client_address):
        self.came += 1
        return False


@pytest.fixture
def doors():
    with Doors(("0.0.0.0", 0), socketserver.BaseRequestHandler) as made:  # noqa: S104 -- 0 is one of the targets
        thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture
def beginning(database, tmp_path):
    """``beginning(issuers)``: what is answered to who wants to sign in with a provider of each address."""

    def begin(issuers, *, private=False):
        providers = [
            {"key": f"n{number}", "title": "Inside", "issuer": issuer, "client_id": "city", "client_secret": "c" * 32,
             "private_network": private}
            for number, issuer in enumerate(issuers)
        ]  # fmt: skip
        settings = Settings(
            secret_key="a secret for the tests only, long enough", files=tmp_path / "files", public_url=HOME,
            oidc_providers=json.dumps(providers),
        )  # fmt: skip
        visitor = World(database, settings, clock.now()).client()
        return [visitor.get(f"/sign-in/with/{provider['key']}") for provider in providers]

    return begin


TARGETS = [
    "127.0.0.1", "127.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "2130706433", "0x7f000001",
    "0177.0.0.1", "0", "0.0.0.0", "169.254.169.254", "10.0.0.1", "192.168.0.1", "172.16.0.1", "100.64.0.1",  # noqa: S104
    "[fe80::1]", "[fd00::1]", "[64:ff9b::7f00:1]",
]  # fmt: skip


@pytest.mark.abuse(21)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_address_inside_is_asked(beginning, doors):
    answers = beginning([f"https://{target}:{doors.server_address[1]}" for target in TARGETS])
    assert [answer.status_code for answer in answers] == [502] * len(TARGETS)
    assert doors.came == 0
    assert "cannot be reached at the moment" in answers[0].text


@pytest.mark.abuse(21)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_name_that_also_leads_inside_is_not_asked_and_looked_up_once(beginning, doors, monkeypatch):
    looked_up = []

    def told(host, port, *_more, **_named):
        looked_up.append(host)
        inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
        return inside if len(looked_up) > 1 else [(*inside[0][:4], ("193.40.5.1", port)), *inside]

    monkeypatch.setattr(socket, "getaddrinfo", told)
    (answer,) = beginning([f"https://rebinding.example:{doors.server_address[1]}"])
    assert (answer.status_code, doors.came, looked_up) == (502, 0, ["rebinding.example"])


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_doors_count_who_comes(beginning, doors):
    (answer,) = beginning([f"https://127.0.0.1:{doors.server_address[1]}"], private=True)
    assert (answer.status_code, doors.came) == (502, 1)


def reached(answer):
    """The host a browser asks next."""
    return urlsplit(urljoin(f"{HOME}/sign-in", answer.headers["location"])).netloc


@pytest.mark.abuse(23)
def test_no_way_on_leads_to_another_host(world):
    visitor, kadri = world.client(), world.client("kadri")
    for path in FOREIGN:
        for answer in (
            visitor.get("/language/et", params={"next": path}),
            kadri.get("/confirm", params={"next": path}),
            kadri.post("/sign-out", data={"next": path}, headers={"cookie": ""}),
        ):
            assert (answer.status_code, reached(answer)) == (303, "127.0.0.1:8000"), (answer.request.url, path)


@pytest.mark.abuse(23)
def test_no_link_leads_to_another_host_after_signing_in(world):
    visitor = world.client()
    for path in FOREIGN[2::12]:
        visitor.post("/sign-in", data={"email": "mari@example.org", "next": path})
        answer = visitor.post(f"/sign-in/{mailed_token(world, 'mari@example.org')}")
        assert (answer.status_code, reached(answer)) == (303, "127.0.0.1:8000"), path


@pytest.mark.abuse(23)
@pytest.mark.parametrize("query", ["?next=https://evil.example", "?next=//evil.example"])
def test_signing_in_first_comes_back_to_the_page_that_was_asked_for(world, query):
    answer = world.client().get(f"/account{query}")
    assert answer.headers["location"].startswith("/sign-in?next=%2Faccount%3F")
    assert reached(answer) == "127.0.0.1:8000"
