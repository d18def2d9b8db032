"""Every abuse case has a test that holds it, or says why it has none."""

from pathlib import Path

from tests.abuse.cases import CASES, document, held

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "abuse_cases.md"
NUMBERS = [case.number for case in CASES]


def test_the_cases_are_numbered_through():
    assert list(range(1, 39)) == NUMBERS


def test_every_case_is_held_by_a_test_or_says_why_not():
    marked = {number for number, _test in held()}
    assert [case.number for case in CASES if case.number not in marked and not case.not_here] == []


def test_no_test_names_a_case_that_is_not_there():
    assert [(number, test) for number, test in held() if number not in NUMBERS] == []


def test_the_document_is_current():
    assert DOCUMENT.read_text() == document(), "python -m tests.abuse.cases > docs/abuse_cases.md"
