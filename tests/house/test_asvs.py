"""docs/asvs.csv: every requirement of OWASP ASVS 5.0.0, levels 1 and 2, once; what it names as evidence is there."""

import ast
import csv
import hashlib
import re
from collections import Counter
from functools import cache

import pytest

from tests.house.test_files import ROOT

COLUMNS = ["id", "level", "chapter", "what", "state", "evidence", "why"]
STATES = {"held", "part", "not here", "open"}
# sha-256 over "id level" line by line, as OWASP publishes them in the release v5.0.0
PUBLISHED = "29debb6cfc11acf5deb2b2bb4e01bd836c5648dcc592aae17957e36b808cec05"
LONGEST = 90  # characters: our own few words, none of OWASP's sentences


@pytest.fixture(scope="module")
def rows():
    with (ROOT / "docs" / "asvs.csv").open(newline="") as file:
        reader = csv.DictReader(file)
        assert reader.fieldnames == COLUMNS
        return list(reader)


@cache
def text_of(name: str) -> str:
    path = ROOT / name
    return path.read_text() if path.is_file() else ""


@cache
def defined_in(name: str) -> frozenset[str]:
    """Names of functions, classes and constants of a Python file, at any depth; nothing is imported."""
    found = set()
    for node in ast.walk(ast.parse(text_of(name))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
    return frozenset(found)


@cache
def anchors_of(name: str) -> frozenset[str]:
    """The headings of a document as links name them."""
    headings = re.findall(r"^#+ (.+)$", text_of(name), re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings)


def is_there(evidence: str) -> bool:
    if "::" in evidence:
        name, test = evidence.split("::", 1)
        return name.startswith("tests/") and test.startswith("test_") and test in defined_in(name)
    if evidence.startswith("docs/"):
        name, _mark, anchor = evidence.partition("#")
        return anchor in anchors_of(name)
    name, _mark, symbol = evidence.partition(":")
    if not symbol or not text_of(name):
        return False
    return symbol in (defined_in(name) if name.endswith(".py") else text_of(name))


def faults(row: dict[str, str]) -> list[str]:
    """What is wrong with a row."""
    evidence = row["evidence"].split("; ") if row["evidence"] else []
    found = [f"no such evidence: {one}" for one in evidence if not is_there(one)]
    if row["state"] not in STATES:
        found.append("unknown state")
    if row["state"] in {"held", "part"} and not evidence:
        found.append("no evidence")
    if row["state"] in {"part", "open", "not here"} and not row["why"]:
        found.append("no why")
    if not 0 < len(row["what"]) <= LONGEST or not row["chapter"]:
        found.append("says not what, or too much")
    return found


def test_every_requirement_is_there_once(rows):
    assert Counter(row["level"] for row in rows) == {"1": 70, "2": 183}
    listed = "\n".join(f"{row['id']} {row['level']}" for row in rows)
    assert hashlib.sha256(listed.encode()).hexdigest() == PUBLISHED


def test_every_state_is_founded(rows):
    assert {row["id"]: wrong for row in rows if (wrong := faults(row))} == {}


GOOD = {
    "id": "1.1.1", "level": "2", "chapter": "C", "what": "words", "state": "held", "why": "",
    "evidence": "tests/http/test_guard.py::test_every_answer_carries_the_headers; challenge/http/security.py:HEADERS;"
    " docs/security.md#how-we-know; templates/parts/form.html:password_input",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, None),
        ({"evidence": "tests/http/test_guard.py::test_every_answer"}, "no such evidence"),
        ({"evidence": "tests/http/test_gone.py::test_every_answer_carries_the_headers"}, "no such evidence"),
        ({"evidence": "challenge/http/security.py:HEADER"}, "no such evidence"),
        ({"evidence": "challenge/http/security.py"}, "no such evidence"),
        ({"evidence": "challenge/http/gone.py:HEADERS"}, "no such evidence"),
        ({"evidence": "docs/security.md#nowhere"}, "no such evidence"),
        ({"evidence": "docs/security.md"}, "no such evidence"),
        ({"evidence": "templates/parts/form.html:no such words"}, "no such evidence"),
        ({"evidence": ""}, "no evidence"),
        ({"state": "part"}, "no why"),
        ({"state": "open", "evidence": ""}, "no why"),
        ({"state": "not here", "evidence": ""}, "no why"),
        ({"state": "nearly"}, "unknown state"),
        ({"what": "Verify that " + "x" * 90}, "says not what, or too much"),
    ],
)
def test_a_row_without_foundation_is_found(changes, fault):
    found = faults({**GOOD, **changes})
    assert [one.split(":")[0] for one in found] == ([fault] if fault else [])


def test_the_document_says_how_many(rows):
    by_state = Counter(row["state"] for row in rows)
    said = (
        f"{by_state['held']} held, {by_state['part']} in part, {by_state['open']} open, {by_state['not here']} not here"
    )
    assert said in text_of("docs/security.md")
