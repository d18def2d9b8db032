"""Every route stands in the policy, and is refused to nobody unless it is for everybody."""

import re

import pytest
from fastapi.routing import APIRoute

from challenge import wiring
from challenge.policy.reach import Reach
from challenge.policy.routes import ROUTES as POLICY
from challenge.policy.routes import reach_of

ROUTES = [(method, route) for route in wiring.routes() for method in sorted(route.methods)]
PRIVATE = [(method, route) for method, route in ROUTES if reach_of(method, route.path) is not Reach.EVERYBODY]


def path_of(route: APIRoute) -> str:
    numbers = re.sub(r"{(message_id|place)}", "1", route.path)
    return re.sub(r"{[^}]+}", "ZZZZZZZZ", numbers)


@pytest.fixture(scope="module")
def app(sqlite_template, tmp_path_factory):
    from challenge.kernel.database import Database  # noqa: PLC0415
    from challenge.settings import Settings  # noqa: PLC0415
    from tests.world import World  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("routes")
    database = Database(f"sqlite:///{sqlite_template}")
    yield World(database, Settings(secret_key="a secret for the tests only", files=folder))
    database.close()


@pytest.mark.parametrize(("method", "route"), PRIVATE, ids=[f"{m} {r.path}" for m, r in PRIVATE])
def test_nobody_is_refused(app, method, route):
    answer = app.client().request(method, path_of(route), headers={"content-type": "application/json"}, content=b"{}")
    if method in {"GET", "HEAD"} and not route.path.startswith("/api/"):
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in?next=")
    else:
        assert answer.status_code in {401, 422}, answer.text[:300]


def test_every_route_stands_in_the_policy():
    unnamed = [f"{method} {route.path}" for method, route in ROUTES if reach_of(method, route.path) is None]
    assert unnamed == [], "say in challenge/policy/pages.py or api.py who can reach this"


def test_the_policy_names_no_route_that_is_gone():
    there = {(method, route.path) for method, route in ROUTES}
    starred = {(method, f"{path.rsplit('/', 1)[0]}/*") for method, path in there}
    assert [line for line in POLICY if line not in there | starred] == []


def test_no_two_routes_answer_the_same_address():
    seen = [(method, route.path) for method, route in ROUTES]
    assert sorted(seen) == sorted(set(seen))
