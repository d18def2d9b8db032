"""Whatever is written anywhere, no page runs it (case 18)."""

from __future__ import annotations

import contextlib

import html5lib
import pytest
from sqlalchemy import Enum, String, cast, select
from sqlalchemy.exc import DBAPIError

from challenge.kernel import schema
from challenge.kernel.record import metadata
from challenge.policy.columns import classes_of
from tests.http.test_markdown import CORPUS
from tests.policy.crawl import addresses, every_route

SHORT = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>[a](javascript:alert(1))<svg/onload=alert(1)>"
LONG = SHORT + "\n\n" + "\n\n".join(CORPUS[::23])  # all of it goes through the renderer in tests/http/test_markdown.py
FIXED = frozenset({"internal", "secret", "jury_identity"})  # keys, states and hashes: the service's own words
NOT_TEXT = frozenset({"country", "website", "national_code", "name_key", "title_key", "email", "email_key", "address"})
ATTRIBUTES = ("href", "src", "action", "formaction", "srcdoc", "data", "poster", "background")


def columns():
    """(column, what is written into it): every text people write that is long enough for it."""
    schema.load_models()
    for table in metadata.sorted_tables:
        for name, kind in classes_of(table.name).items():
            column = table.columns[name]
            kept = getattr(column.type, "impl", column.type)
            if kind in FIXED or name in NOT_TEXT or not isinstance(kept, String) or isinstance(kept, Enum):
                continue
            longest = kept.length or len(LONG)
            if longest > len(SHORT) + 12:
                yield column, LONG if longest >= len(LONG) else SHORT


def plant(w):
    """Write it everywhere, past every form; gives back the columns. What is kept for ever (the journal) stays."""
    planted, connection = set(), w.session.connection()
    for column, written in columns():
        words = cast(column.table.c.id, String) + f" {written}" if column.name in {"title", "name"} else written
        change = column.table.update().where(column != "").values({column.name: words})
        with contextlib.suppress(DBAPIError), w.session.begin_nested():  # a trigger or a check holds it
            connection.execute(change)
            planted.add(str(column))
    for table in metadata.sorted_tables:
        if "answers" in classes_of(table.name):
            for row_id, kept in connection.execute(select(table.c.id, table.c.answers)).all():
                hostile = {key: LONG if isinstance(value, str) else value for key, value in kept.items()}
                connection.execute(table.update().where(table.c.id == row_id).values(answers=hostile))
            planted.add(f"{table.name}.answers")
    return planted


def faults(page):
    """What in a page could run or lead astray."""
    for element in html5lib.parse(page, namespaceHTMLElements=False).iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "script" and not element.attrib.get("src", "").startswith("/static/"):
            yield f"script {element.attrib} {element.text}"
        if element.tag in {"iframe", "object", "embed", "base", "frame", "applet"}:
            yield element.tag
        for name, value in element.attrib.items():
            bare = "".join(str(value).split()).lower()
            if str(name).lower().startswith("on"):
                yield f"{element.tag} {name}={value}"
            if name in ATTRIBUTES and bare.startswith(("javascript:", "vbscript:", "data:text", "//", "\\\\")):
                yield f"{element.tag} {name}={value}"


HARMFUL = (
    "<p onclick=x>", "<script>x</script>", "<script src=//evil/x.js></script>", "<a href=' java\nscript:x'>a</a>",
    "<iframe></iframe>", "<form action=//evil>", "<svg/onload=x>", "<img src=x onerror=x>",
)  # fmt: skip


@pytest.mark.parametrize("page", HARMFUL)
def test_what_would_do_harm_is_found(page):
    assert list(faults(page)) != []


@pytest.mark.abuse(18)
@pytest.mark.parametrize("played", ["sqlite"], indirect=True)
def test_no_page_runs_what_anybody_wrote(played):
    with played.world.acting() as w:
        planted = plant(w)
    assert len(planted) > 40
    assert {"proposal.answers", "submission.answers", "report.answers", "proposal.title", "person.name"} <= planted
    pages = sorted({path for method, path in every_route() if method == "GET" and not path.startswith("/api/")})
    wanted = [found[0] for path in pages if (found := [one for _path, one in addresses(played.scene, [path])])]
    found, shown = {}, 0
    for persona in ("coordinator", "researcher"):
        for address, answer in zip(wanted, played.get(persona, wanted), strict=True):
            assert answer.status < 500, (persona, address, answer.body[:300])
            if answer.status == 200 and "text/html" in answer.head:
                shown += "alert(1)" in answer.body
                if wrong := list(faults(answer.body)):
                    found[persona, address] = wrong[:3]
    assert found == {}
    assert shown > 20
