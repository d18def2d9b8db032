"""Every role's pages on a phone, in Estonian: nothing wider than the screen, no axe violation, no English left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import html5lib
import pytest
from sqlmodel import SQLModel

from challenge.http.language import COOKIE
from tests.factories import home as scenes
from tests.submissions.marks import on_sqlite

pytestmark = pytest.mark.browser
MOST = 7  # pages of a role, each of another kind
STARTS = {
    "nobody": ("/", "/challenges", "/pilots", "/sign-in", "/nowhere"),
    "mari": ("/home", "/submissions", "/interests"),
    "ravi": ("/home", "/proposals", "/proposals/new"),
    "lena": ("/home", "/reviews"),
    "jaan": ("/home", "/submissions", "/proposals"),
    "olev": ("/home", "/journal"),
    "anna": ("/home", "/people"),
}
SKIPPED = ("/language/", "/static/", "/sign-in", "/help", "/privacy", "/accessibility", "/contact", "/outbox")
CODE = re.compile(r"/[0-9A-HJKMNP-TV-Z]{8}(?=[/?#]|$)")
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
FOUND = "axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v => [v.id, v.nodes[0].html]))"
ENGLISH = re.compile(r"\b(the|of|and|with|your|have|has|been|days?|hours?|ago|this|that)\b", re.IGNORECASE)
INLINE = {"a", "abbr", "b", "code", "em", "i", "small", "span", "strong", "time"}
UNREAD = {"head", "script", "style", "template"}


@on_sqlite
@pytest.mark.parametrize("name", list(STARTS))
def test_a_role_sees_clean_pages_on_a_phone_in_estonian(stage, name):
    scenes.autumn(stage.world)
    page = stage.page(name, width=390, locale="et-EE")
    page.goto(f"{stage.url}/language/et")
    written, todo, seen = content_of(stage), list(STARTS[name]), set()
    faults: dict[str, object] = {}
    while todo and len(seen) < MOST:
        path = todo.pop(0)
        if (kind := CODE.sub("/…", path.split("?")[0])) in seen:
            continue
        answer = page.goto(stage.url + path)
        if "html" not in answer.headers["content-type"]:
            continue
        seen.add(kind)
        faults |= {f"{path}: {word}": what for word, what in faults_of(page) if what}
        faults |= {f"{path}: English": one for one in english_left(stage, page, path, answer.text(), written)}
        links = page.locator("main a[href^='/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        todo += [href.split("#")[0] for href in links if not href.startswith(SKIPPED)]
    assert faults == {}
    assert len(seen) >= len(STARTS[name])


def test_the_search_for_english_finds_it():
    written = {"Heat from the ice hall"}
    assert unread("Ideede esitamine lõpeb in 14 days", written)
    assert not unread("„Heat from the ice hall” ootab teid", written)


def faults_of(page) -> Iterator[tuple[str, object]]:
    """(what, found) for everything a machine can see; found is empty where all is well."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    wide, screen = page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
    yield "wider than the screen", wide > screen and wide
    yield "headings of the first level", page.locator("h1").count() != 1
    yield "title", not page.title().strip()
    yield "language", page.evaluate("document.documentElement.lang") != "et"
    page.evaluate(f"() => {{ {AXE}; }}")
    yield "axe", page.evaluate(FOUND)


def english_left(stage, page, path: str, html: str, written: set[str]) -> Iterator[str]:
    """Sentences of the Estonian page that stand in the English one too, or have English words in them."""
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies() if one["name"] != COOKIE)
    english = set(sentences(page.context.request.get(
        stage.url + path, headers={"Cookie": f"{cookies}; {COOKIE}=en"}
    ).text()))  # fmt: skip
    for one in sentences(html):
        rest = without(one, written)
        if (one in english and len(re.findall(r"[^\W\d_]{2,}", rest)) > 4) or unread(one, written):
            yield one


def unread(sentence: str, written: set[str]) -> bool:
    """Whether English words are left when what people wrote is taken away."""
    return bool(ENGLISH.search(sentence) and ENGLISH.search(without(sentence, written)))


def without(sentence: str, written: set[str]) -> str:
    for one in sorted((one for one in written if one in sentence), key=len, reverse=True):
        sentence = sentence.replace(one, "")
    return sentence


def sentences(html: str) -> list[str]:
    """The visible texts of a page, block by block."""
    found, words = [], []

    def end() -> None:
        found.append(" ".join("".join(words).split()))
        words.clear()

    def walk(element) -> None:
        if not isinstance(element.tag, str) or element.tag in UNREAD or element.get("lang"):
            return
        block = element.tag not in INLINE
        if block:
            end()
        words.append(element.text or "")
        for child in element:
            walk(child)
            words.append(child.tail or "")
        if block:
            end()

    walk(html5lib.parse(html, namespaceHTMLElements=False).find("body"))
    return [one for one in found if one]


def content_of(stage) -> set[str]:
    """Everything people wrote: each text of the database, whole and line by line."""
    found: set[str] = set()

    def take(value) -> None:
        if isinstance(value, str):
            found.update(" ".join(line.split()) for line in value.splitlines() if len(line.strip()) > 3)
        elif isinstance(value, dict | list):
            for one in value.values() if isinstance(value, dict) else value:
                take(one)

    with stage.world.acting(writing=False) as w:
        for table in SQLModel.metadata.sorted_tables:
            for row in w.session.execute(table.select()).all():
                for value in row:
                    take(value)
    return found
