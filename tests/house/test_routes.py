"""Every route is classified, and refused to nobody unless it is public."""

import re

import pytest
from fastapi.routing import APIRoute

from challenge import wiring
from challenge.http.access import is_public

ROUTES = [
    (method, route)
    for router in wiring.routers()
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in sorted(route.methods)
]
PRIVATE = [(method, route) for method, route in ROUTES if not is_public(route.endpoint)]

# What anybody may reach. A route is added here by somebody who has thought about it.
PUBLIC = set(["", "    GET /", "    "])


def path_of(route: APIRoute) -> str:
    return re.sub(r"{[^}]+}", "ZZZZZZZZ", route.path)


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


def test_the_list_of_public_routes_is_reviewed(request):
    found = {f"{method} {route.path}" for method, route in ROUTES if is_public(route.endpoint)}
    assert found == PUBLIC


def test_no_two_routes_answer_the_same_address():
    seen = [(method, route.path) for method, route in ROUTES]
    assert sorted(seen) == sorted(set(seen))
