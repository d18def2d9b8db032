"""Finds the route of a request by the shape of its path, before hundreds are asked in turn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi.routing import APIRoute
from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound

Shape = tuple[int, str]
API = "/api/v1/"


def shape_of(path: str) -> Shape:
    """How many words a path has, and its noun: the first word, in the API the third."""
    words = path.split("/")
    return len(words), "/".join(words[: 4 if path.startswith(API) else 2])


class Finder(BaseRoute):
    """Stands before the routes and knows each of them by its shape; within one shape their order decides.

    What it does not know is left to those behind it: a wrong slash at the end, the static files.
    """

    def __init__(self, routes: Iterable[APIRoute]) -> None:
        self._shelves: dict[Shape, list[APIRoute]] = {}
        for route in routes:
            shape = shape_of(route.path)
            if "{" in shape[1] or ":path}" in route.path:
                raise ValueError(f"{route.path} has no shape: its noun or its number of words is open")
            self._shelves.setdefault(shape, []).append(route)

    def matches(self, scope: Any) -> tuple[Match, Any]:
        """As a router does it: the first route that takes path and method, else the first that takes the path."""
        partly: tuple[Match, Any] = (Match.NONE, {})
        for route in self._shelves.get(shape_of(scope.get("path", "")), ()):
            match, more = route.matches(scope)
            if match is Match.FULL:
                return match, more
            if match is Match.PARTIAL and partly[0] is Match.NONE:
                partly = match, more
        return partly

    def url_path_for(self, name: str, /, **params: Any) -> URLPath:
        """Names are known to the routes themselves."""
        raise NoMatchFound(name, params)

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        """The route that was found does."""
        await scope["route"].handle(scope, receive, send)
