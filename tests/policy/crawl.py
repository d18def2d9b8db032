"""Every address of the router and every link of a page, asked for by everybody."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qsl

from challenge import wiring
from challenge.people.queries import COOKIE
from tests import running
from tests.files_read import said_in
from tests.policy.people import PERSONAS, Scene

LINK = re.compile(r'(?:href|src)="(/[^"#]*)')
SKIP = re.compile(r"^/(static/|sign-out|language/|sign-in\?next)")
DEEP = 3  # of so many records of a kind every page is asked for by everybody; of the others, what links lead to
NAMES = {  # a transition of each workflow that asks something, for the page that asks
    "rounds": "cancel", "submissions": "withdraw", "proposals": "withdraw", "reviews": "recuse", "conflicts": "lift",
    "partner-invitations": "decline", "events": "cancel",
    "consensus": "take_back", "outcomes": "approve", "appeals": "dismiss", "pilots": "terminate", "reports": "return",
    "commitments": "withdraw", "claims": "send_back", "changes": "refuse", "tranches": "hold_back",
}  # fmt: skip

# Lists one may search. They are asked for with parameters nobody offers too: the answers are in the matrix.
SEARCHED = (
    "/challenges", "/proposals", "/submissions", "/people", "/organisations", "/cities", "/pilots", "/journal",
    "/appeals", "/reviews", "/api/v1/challenges", "/api/v1/cities", "/api/v1/proposals", "/api/v1/submissions",
    "/api/v1/pilots", "/api/v1/reviews", "/api/v1/rounds", "/api/v1/steps",
)  # fmt: skip
HIDDEN = "sort=email&order=-notes&fields=*,email,notes&include=reviews,jurors&filter[state]=draft&expand=all&format=csv"
LISTS = tuple(f"{path}?{HIDDEN}" for path in SEARCHED)


def every_route() -> list[tuple[str, str]]:
    """(method, path) of the whole application."""
    return [(method, route.path) for route in wiring.routes() for method in sorted(route.methods)]


def addresses(scene: Scene, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(path of the route, address): each route with each record of the scene its address may name."""
    for path in paths:
        noun = path.removeprefix("/api/v1").split("/")[1]
        codes = scene.codes.get(noun, ["ZZZZZZZZ"]) if "{code}" in path else [""]
        for code in codes if path.endswith("{code}") else codes[:DEEP]:
            found = [path.replace("{code}", code)]
            for name in set(re.findall(r"{(\w+)}", path)) - {"code"}:
                values = _values(scene, noun, code, name, path)
                found = [one.replace(f"{{{name}}}", value) for one in found for value in values]
            yield from ((path, one) for one in found)


def _values(scene: Scene, noun: str, code: str, name: str, path: str) -> list[str]:
    if name == "file":
        return scene.files.get(code, ["ZZZZZZZZ"])
    if name == "city":
        return scene.codes["partners"]
    if name == "item":
        return scene.codes.get(path.split("/")[3], ["ZZZZZZZZ"])
    if name == "name":
        return [NAMES.get(noun, "ZZZZ")]
    return {"slug": ["basics"], "question": ["summary"]}.get(name, ["ZZZZZZZZ"])


@dataclass
class Seen:
    """What was found: by canary, the personas and an address each; by route, who was let in."""

    by_token: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    entered: dict[str, set[str]] = field(default_factory=dict)
    requests: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    """What came back, as far as it can tell anything."""

    status: int
    head: str
    body: str


class Asker:
    """A persona's browser, straight to the application: no portal, no strict parsing (the page tests do that)."""

    def __init__(self, app: Any, token: str | None) -> None:
        self.app = app
        self.headers = [(b"host", b"127.0.0.1:8000"), (b"sec-fetch-site", b"same-origin")]
        if token:
            self.headers.append((b"cookie", f"{COOKIE}={token}".encode()))

    async def get(self, address: str, *, in_words: bool = True) -> Answer:
        """``in_words`` false: a refusal comes as JSON, which is quicker; a page that is shown is the same."""
        return await self.ask("GET", address, () if in_words else [(b"accept", b"application/json")])

    async def ask(
        self, method: str, address: str, more: Iterable[tuple[bytes, bytes]] = (), content: bytes = b""
    ) -> Answer:
        """One request; ``more`` headers go before those of the browser."""
        path, _mark, query = address.partition("?")
        more = list(more)
        headers = [*(kept for kept in self.headers if kept[0] not in dict(more)), *more]
        status, head, body = 0, "", bytearray()
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 8000),
        }  # fmt: skip

        sent = False

        async def receive() -> dict[str, Any]:
            nonlocal sent
            if sent:
                await asyncio.Event().wait()  # the browser stays until it has everything
            sent = True
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            nonlocal status, head
            if message["type"] == "http.response.start":
                status = message["status"]
                head = " ".join(value.decode("latin-1") for _name, value in message["headers"])
            else:
                body.extend(message.get("body", b""))

        await self.app(scope, receive, send)
        return Answer(status, head, said_in(bytes(body)))


def crawl(scene: Scene, askers: dict[str, Asker], wanted: list[tuple[str, str]]) -> Seen:
    """Ask for everything as everybody; follow the links of pages that were shown."""
    seen = Seen()
    running.run(_crawl(scene, askers, wanted, seen))
    return seen


async def _crawl(scene: Scene, askers: dict[str, Asker], wanted: list[tuple[str, str]], seen: Seen) -> None:
    for persona in PERSONAS:
        waiting, known, refused = list(reversed(wanted)), {_like(address) for _path, address in wanted}, set()
        while waiting:
            path, address = waiting.pop()
            answer = await askers[persona].get(address, in_words=False)
            seen.requests += 1
            if answer.status >= 400 and path not in refused:  # one refusal of each route as the page people read
                refused.add(path)
                answer = await askers[persona].get(address)
                seen.requests += 1
            if answer.status >= 500:
                seen.faults.append(f"{persona}: {address}: {answer.status}")
            for token in scene.aviary.seen_in(answer.body + answer.head):
                seen.by_token.setdefault(token, {}).setdefault(persona, []).append(address)
            if answer.status != 200:
                continue
            if path:
                seen.entered.setdefault(path, set()).add(persona)
            for link in map(unescape, LINK.findall(answer.body)):
                if _like(link) not in known and not SKIP.match(link):
                    known.add(_like(link))
                    waiting.append(("", link))


def _like(address: str) -> tuple[str, ...]:
    """Addresses that differ only in values of parameters, or in the question of a form, are asked for once."""
    path, _mark, query = address.partition("?")
    path = re.sub(r"/answers/\w+", "/answers/*", path)
    return (path, *sorted(name for name, _value in parse_qsl(query, keep_blank_values=True)))
