"""The quick way to a route comes out where the slow one does."""

import re

import pytest
from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import Match, NoMatchFound

from challenge import wiring
from challenge.http.finder import Finder

METHODS = ("GET", "PUT")


def in_turn(routes, scope):
    """What a router answers that asks all in turn."""
    answers = [route.matches(scope) for route in routes]
    for kind in (Match.FULL, Match.PARTIAL):
        for match, more in answers:
            if match is kind:
                return match, more
    return Match.NONE, {}


def test_every_path_is_found_as_by_asking_all_in_turn():
    routes = wiring.routes()
    finder = Finder(routes)
    paths = {re.sub(r"{\w+}", "7K2M4QXA", route.path) for route in routes}
    wrong = []
    for path in {
        *paths,
        *(f"{path}/" for path in paths),
        *(f"{path}/more" for path in paths),
        "/nowhere",
        "/",
        "",
        "//",
    }:
        for method in METHODS:
            scope = {"type": "http", "path": path, "method": method}
            if finder.matches(dict(scope)) != in_turn(routes, dict(scope)):
                wrong.append((method, path))
    assert wrong == []


def test_each_route_is_found_by_its_own_address():
    finder = Finder(wiring.routes())
    for route in wiring.routes():
        for method in route.methods:
            scope = {"type": "http", "path": re.sub(r"{\w+}", "7K2M4QXA", route.path), "method": method}
            match, more = finder.matches(scope)
            assert match is Match.FULL
            assert route.methods & more["route"].methods, route.path


@pytest.mark.parametrize("path", ["/{noun}/list", "/files/{rest:path}"])
def test_a_route_without_a_shape_is_no_silent_miss(path):
    with pytest.raises(ValueError, match="no shape"):
        Finder([APIRoute(path, lambda: None)])


def test_names_are_left_to_the_routes_behind_it():
    router = APIRouter(routes=[Finder(wiring.routes()), *wiring.routes()])
    with pytest.raises(NoMatchFound):
        router.url_path_for("nobody has this name")
    one = next(route for route in wiring.routes() if not route.param_convertors)
    assert router.url_path_for(one.name)


def test_a_wrong_method_is_told_as_one(world):
    answer = world.client().post("/challenges")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
