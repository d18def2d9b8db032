"""Every route is classified, and refused to nobody unless it is public."""

import re
from collections.abc import Iterator

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute

from challenge import wiring
from challenge.http.access import is_public


def routes_of(router: APIRouter) -> Iterator[APIRoute]:
    """Every route of a router, those of the routers it includes too."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        elif (inner := getattr(route, "original_router", None)) is not None:
            yield from routes_of(inner)


ROUTES = [
    (method, route) for router in wiring.routers() for route in routes_of(router) for method in sorted(route.methods)
]
PRIVATE = [(method, route) for method, route in ROUTES if not is_public(route.endpoint)]

# What anybody may reach. A route is added here by somebody who has thought about it.
PUBLIC = set(
    """
GET /
GET /.well-known/security.txt
GET /accessibility
GET /api/v1/challenges
GET /api/v1/cities
GET /api/v1/cities/{code}
GET /api/v1/pilots
GET /api/v1/pilots/{code}
GET /api/v1/rounds
GET /api/v1/rounds/{code}
GET /api/v1/rounds/{code}/results
GET /challenges
GET /challenges/{code}
GET /challenges/{code}/files/{file}
GET /challenges/{code}/questions
GET /cities
GET /cities/{code}
GET /contact
GET /favicon.ico
GET /healthz
GET /help
GET /help/problems
GET /language/{code}
GET /open-data
GET /outbox
GET /pilots
GET /pilots/{code}
GET /privacy
GET /proposals
GET /proposals/{code}
GET /readyz
GET /receipts/key
GET /robots.txt
GET /rounds
GET /rounds/{code}
GET /rounds/{code}/news
GET /rounds/{code}/questions
GET /rounds/{code}/results
GET /rounds/{code}/rules.yaml
GET /sign-in
GET /sign-in/code
GET /sign-in/sent
GET /sign-in/{token}
POST /challenges/{code}/questions
POST /rounds/{code}/questions
POST /sign-in
POST /sign-in/code
POST /sign-in/passkey
POST /sign-in/passkey/options
POST /sign-in/password
POST /sign-in/{token}
POST /sign-out
""".strip().splitlines()
)


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


def test_the_list_of_public_routes_is_reviewed(request):
    found = {f"{method} {route.path}" for method, route in ROUTES if is_public(route.endpoint)}
    assert found == PUBLIC


def test_no_two_routes_answer_the_same_address():
    seen = [(method, route.path) for method, route in ROUTES]
    assert sorted(seen) == sorted(set(seen))
