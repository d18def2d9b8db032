"""Texts that take for ever to check (29): no pattern can, and the longest texts of the worst kind are answered."""

from __future__ import annotations

import ast
from pathlib import Path
from re import _constants, _parser  # type: ignore[attr-defined] -- there is no public way to look into a pattern

import pytest

import challenge
from challenge.proposals.states import ProposalState
from challenge.submissions.states import SubmissionState
from tests.factories.proposals import proposal_in
from tests.factories.submissions import submission_in
from tests.filling import hidden

SOURCES = sorted(Path(challenge.__file__).parent.rglob("*.py"))
REPEATS = {_constants.MAX_REPEAT, _constants.MIN_REPEAT}


def patterns():
    """(file:line, pattern) of every regular expression in the source."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                given = [keyword.value for keyword in node.keywords if keyword.arg == "pattern"]
                given += node.args[:1] if ast.unparse(node.func).startswith("re.") else []
                for value in given:
                    if isinstance(value, ast.Constant) and isinstance(value.value, str | bytes):
                        text = value.value if isinstance(value.value, str) else value.value.decode("latin-1")
                        yield f"{path.name}:{node.lineno}", text


def within(kind, found):
    """The patterns inside a piece of one; of possessive repetitions and atomic groups none: they never try again."""
    if kind is _constants.BRANCH:
        return found[1]
    if kind is _constants.SUBPATTERN:
        return [found[3]]
    return [found[1]] if kind in {_constants.ASSERT, _constants.ASSERT_NOT} else []


def is_explosive(tree, *, inside=False):
    """Whether an endless repetition holds another: tried in ever more ways before it fails."""
    for kind, found in tree:
        if kind in REPEATS:
            endless = found[1] == _constants.MAXREPEAT
            if (endless and inside) or is_explosive(found[2], inside=inside or endless):
                return True
        elif any(is_explosive(inner, inside=inside) for inner in within(kind, found)):
            return True
    return False


@pytest.mark.abuse(29)
def test_no_pattern_repeats_a_repetition():
    found = list(patterns())
    assert len(found) > 20
    assert [(where, pattern) for where, pattern in found if is_explosive(_parser.parse(pattern))] == []


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|b*)*c", "^(?:x+ ?)*$", "((a*)b)+"])
def test_such_a_pattern_is_found(pattern):
    assert is_explosive(_parser.parse(pattern))


WORST = [
    "a" * 9_000 + "!", "[" * 9_000, "](" * 4_500, "*a_" * 3_000, "<" * 9_000, "&" * 9_000, "`" * 9_000, "- " * 4_500,
    "> " * 4_500, "|a" * 4_500, "\\" * 9_000, "www." * 2_200, "a@" * 4_500, "http://" * 1_200, "\n" * 9_000,
    " " * 9_000 + "x", "e\u0301" * 4_500, "\u0958" * 9_000, "1" * 9_000, "_*" * 4_500,
]  # fmt: skip


@pytest.mark.abuse(29)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_longest_of_the_worst_is_answered_and_shown(world):
    challenge_ = f"/submissions/{submission_in(world, SubmissionState.DRAFT)}"
    proposal = f"/proposals/{proposal_in(world, ProposalState.DRAFT)}"
    mari, ravi = world.client("mari"), world.client("ravi")
    for text in WORST:
        for client, path, answer in ((mari, challenge_, {"problem": text}), (ravi, proposal, {"summary": text})):
            saved = client.post(f"{path}/edit", data={**hidden(client.get(f"{path}/edit").text), **answer}).status_code
            assert (saved, client.get(path).status_code) == (303, 200)


@pytest.mark.abuse(29)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_longest_of_the_worst_is_searched_and_signed_in_for(world):
    visitor, anna = world.client(), world.client("anna")
    for text in WORST:
        world.move(seconds=1)
        words = text[:400]
        for client, path in (
            (visitor, "/challenges"),
            (visitor, "/cities"),
            (anna, "/people"),
            (anna, "/organisations"),
        ):
            assert client.get(path, params={"q": words}).status_code == 200
        assert visitor.post("/sign-in", data={"email": text, "next": text}).status_code == 422
        assert visitor.post("/sign-in", data={"email": f"{words}@example.org"}).status_code == 422
