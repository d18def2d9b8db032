from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings

from challenge.kernel.errors import Invalid
from challenge.rounds import exchange
from challenge.rounds.schemas import RoundDocument
from tests.rounds.documents import any_document, document


def said(text: str) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        exchange.read(text)
    return {name: str(words) for name, words in refused.value.problem.fields.items()}


@given(any_document())
@settings(max_examples=40, deadline=None)
def test_what_is_written_is_read_back_the_same(any_round):
    assert exchange.read(exchange.write(any_round)) == any_round


@given(any_document())
@settings(max_examples=20, deadline=None)
def test_plain_values_are_read_back_the_same(any_round):
    plain = any_round.model_dump(mode="json")

    assert RoundDocument.model_validate(plain) == any_round
    assert RoundDocument.model_validate(plain).model_dump(mode="json") == plain


def test_other_readers_of_yaml_take_it_as_we_do():
    written = exchange.write(document("NO", summary="yes"))

    found = yaml.safe_load(written)
    assert (found["title"], found["summary"]) == ("NO", "yes")
    assert found["rules"]["gates"]["idea"]["on"] is True


def test_windows_are_written_on_the_clock_of_the_zone():
    assert "closes_at: 2027-03-31T17:00+03:00" in exchange.write(document())


def test_norway_is_a_country():
    assert exchange.read("title: A round\nrules:\n  home_country: NO\n").rules.home_country == "NO"


def test_a_time_without_an_offset_is_one_of_the_zone():
    read = exchange.read(
        "title: A round\nzone: Europe/Helsinki\nwindows:\n"
        "- {name: ideas, opens_at: 2027-03-01 09:00, closes_at: 2027-03-31 17:00}\n"
    )
    assert read.windows[0].closes_at.isoformat() == "2027-03-31T14:00:00+00:00"


def test_a_time_the_clock_skips_or_shows_twice_is_refused_with_its_line():
    words = said(
        "title: A round\nwindows:\n- name: ideas\n  opens_at: 2027-03-28 03:30\n  closes_at: 2027-10-31 03:30\n"
    )
    assert words == {
        "windows.0.opens_at": "Line 4, windows.0.opens_at: The clock skips this time when summer time starts."
        " Choose another",
        "windows.0.closes_at": "Line 5, windows.0.closes_at: This time happens twice when summer time ends."
        " Choose another",
    }


def test_every_complaint_names_its_line():
    words = said("title: A round\nrules:\n  grace_seconds: 9999\n  grase: 1\n  gates: {}\nsize: 4\n")
    assert words == {
        "rules.grace_seconds": "Line 3, rules.grace_seconds: Enter at most 3600",
        "rules.grase": "Line 4, rules.grase: This form has no such answer",
        "size": "Line 6, size: This form has no such answer",
    }


def test_a_rule_about_the_whole_names_the_nearest_line():
    words = said("title: A round\nrules:\n  tie_ladder: [criterion:beauty]\n")
    assert words["rules"].startswith("Line 2, rules: What decides between equals names a criterion")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "A document begins with keys"),
        ("- a\n- b\n", "A document begins with keys"),
        ("title: [\n", "This is not YAML"),
        ("title: a\ntitle: b\n", "Line 2: This key stands twice"),
        ("title: &a b\nsummary: *a\n", "Line 1: Anchors and aliases"),
        ("? [a]\n: b\n", "Line 1: A key is one word"),
        ("title: !!python/object/apply:os.system [echo]\n", "Line 1: This is not YAML"),
        ("title: !!float word\n", "This is not YAML"),
        ("title: a\x00b\n", "This is not YAML"),
        ("[" * 20_000, "This is not YAML"),
        ("a" * 200_001, "too long"),
    ],
)
def test_what_cannot_be_read_is_said_so(text, words):
    assert words in said(text)["document"]
