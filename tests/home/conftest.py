"""What the tests of the home pages share: fresh sessions, needs read off a page."""

from __future__ import annotations

import re

from sqlalchemy import delete

from challenge.people.models import SignInSession
from tests.cast import PEOPLE
from tests.world import parse

NS = "{http://www.w3.org/1999/xhtml}"


def fresh(world, name: str):
    """A client of this person signed in just now: clocks here jump over weeks, and sessions end."""
    world._clients.pop(name, None)
    if name != "nobody":
        with world.acting() as w:
            w.session.exec(delete(SignInSession).where(SignInSession.person_id == PEOPLE[name].id))
    return world.client(name)


def text_of(node) -> str:
    return re.sub(r"\s+", " ", "".join(node.itertext())).strip()


def needs_on(page: str) -> list[tuple[str, str, str]]:
    """(what, why, address) of each row of “Needs you”, in the order of the page."""
    tree = parse(page, "home")
    for section in tree.iter(f"{NS}section"):
        if section.get("aria-label") == "Needs you":
            rows = list(section.iter(f"{NS}tr"))[1:]
            return [(text_of(row[0]), text_of(row[1]), next(row[0].iter(f"{NS}a")).get("href")) for row in rows]
    return []


def links_on(page: str) -> list[str]:
    """Addresses of our own on a page, without anchors, each once."""
    found = [link.get("href", "").split("#")[0] for link in parse(page, "page").iter(f"{NS}a")]
    return sorted({href for href in found if href.startswith("/") and not href.startswith(("/static", "/language"))})
