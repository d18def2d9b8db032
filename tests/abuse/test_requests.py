"""What another site makes a browser send is refused, and what a browser fetches changes nothing (case 14)."""

from __future__ import annotations

import pytest

from tests.abuse.rows import changed, rows
from tests.abuse.test_objects import FORM, NOBODY, SAFE, filled, noun_of
from tests.policy.crawl import Asker, addresses, every_route
from tests.policy.people import PERSONAS

FOREIGN = [
    {"origin": "https://evil.example"}, {"origin": "null"}, {}, {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site", "origin": "http://127.0.0.1:8000"},
    {"origin": "http://127.0.0.1:8000.evil.example"},
]  # fmt: skip
KINDS = {
    "application/x-www-form-urlencoded": b"email=mari%40example.org&reason=x",
    "text/plain": b'{"reason": "x"}',
    "application/json": b'{"reason": "x"}',
    "multipart/form-data; boundary=b": b'--b\r\nContent-Disposition: form-data; name="reason"\r\n\r\nx\r\n--b--\r\n',
}
# What reading may write: that a session is in use, who was shown who judges, who has a form open, people looked up.
READING = frozenset({"sign_in_session", "sight", "sight_of", "editing", "sign_in_attempt"})


def pages():
    return sorted({path for method, path in every_route() if method == "GET"})


def says_nothing(played, persona):
    """The browser of this person, old: it does not say where a request comes from."""
    asker = Asker(played.world.app, played.world.client(PERSONAS[persona]).token)
    asker.headers.remove((b"sec-fetch-site", b"same-origin"))
    return asker


@pytest.mark.abuse(14)
@pytest.mark.parametrize("persona", ["coordinator", "visitor"])
def test_another_site_makes_nobody_write(played, persona):
    """Every unsafe route × where it says it comes from × how it is sent; signed in, and to make one sign in."""
    routes = [(method, path) for method, path in every_route() if method not in SAFE]
    assert len(routes) > 200
    before = rows(played.world.database)
    refused = played.ask(
        says_nothing(played, persona),
        (
            (method, filled(played, path, played.scene.codes.get(noun_of(path), [NOBODY])[0]),
             [(b"content-type", kind.encode()), *((name.encode(), value.encode()) for name, value in headers.items())],
             content)
            for method, path in routes
            for headers in FOREIGN
            for kind, content in KINDS.items()
        ),
    )  # fmt: skip
    assert {(answer.status, '"code":"foreign_origin"' in answer.body) for answer in refused} == {(403, True)}
    assert len(refused) == len(routes) * len(FOREIGN) * len(KINDS)
    assert changed(before, rows(played.world.database)) == set()


@pytest.mark.abuse(14)
def test_the_same_from_our_own_page_is_let_through(played):
    (answer,) = played.ask("visitor", [("POST", "/sign-in", FORM, KINDS["application/x-www-form-urlencoded"])])
    assert answer.status in {303, 422}  # read, and not refused for where it came from


@pytest.mark.abuse(14)
def test_looking_at_everything_changes_nothing(played):
    """As a coordinator. Being refused very often is told to the administrators: a step of its own, and no other."""
    before = rows(played.world.database, but=READING)
    wanted = [next(addresses(played.scene, [path]), None) for path in pages()]
    answers = played.get("coordinator", [found[1] for found in wanted if found])
    after = rows(played.world.database, but=READING)
    assert sum(answer.status == 200 for answer in answers) > 60
    assert {row["transition"] for row in after["step"] if row not in before["step"]} <= {"denials_alert"}
    assert changed(before, after) <= {"step", "step_text", "step_delivery"}
