"""PDF: tagged, the same for the same data, nothing of it markup, and no text that breaks it."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from challenge.kernel.typeset import SHOWN, Attached, Document, Facts, Section, Table, Text, pdf, showable

HOSTILE = '#panic("x") *bold* $x$ `raw` <label> @ref // /* \\u{1} #import "@preview/x:1.0.0" \\'


def made(text: str = "A word.", title: str = "Õhk") -> bytes:
    table = Table("Money", ["Partner", "Sum"], [["Tartu", "1 €"], ["Jūrmala", "2 €"]], right=[1], total=["All", "3 €"])
    parts = [Text(text, "What is wrong?"), Facts([("City", "Tartu")]), table]
    return pdf(
        Document(title, "et", [Section("First part", parts)], kicker="Proposal", lead="Short.", foot="SHA-256 ab")
    )


def words(file: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages)


def test_it_is_tagged_says_its_language_and_title():
    root = PdfReader(io.BytesIO(made())).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "et"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    kinds = tags(root["/StructTreeRoot"])
    assert {"/H1", "/H2", "/H3", "/P", "/Table", "/TH", "/TD", "/L"} <= kinds
    assert PdfReader(io.BytesIO(made())).metadata.title == "Õhk"


def tags(node) -> set[str]:
    """The kinds of all elements of the structure tree."""
    node = node.get_object()
    if isinstance(node, list):
        return set().union(*map(tags, node))
    if not isinstance(node, dict):
        return set()
    found = {node["/S"]} if "/S" in node else set()
    return found | (tags(node["/K"]) if "/K" in node else set())


def test_everything_is_there_in_order():
    said = words(made("First.\nA line.\n\n\nSecond."))
    expected = (
        "Proposal", "Õhk", "Short.", "First part", "What is wrong?", "First.", "A line.", "Second.", "City: Tartu",
        "Money", "Partner", "Jūrmala", "3 €", "SHA-256 ab",
    )  # fmt: skip
    places = [said.index(word) for word in expected[:-1]]
    assert places == sorted(places)
    assert expected[-1] in said


def test_the_same_data_gives_the_same_bytes_and_other_data_others():
    assert made() == made()
    assert made() != made("Another word.")


def test_it_carries_what_was_signed_byte_for_byte():
    content = '{"a":"🚲 õ","b":[1,2]}'
    file = pdf(Document("Õhk", "et", [], attached=[Attached("content.json", content, "What was signed")]))
    assert PdfReader(io.BytesIO(file)).attachments == {"content.json": [content.encode()]}


@pytest.mark.parametrize("place", ["text", "title"])
def test_no_text_is_markup(place):
    assert '#panic("x") *bold* $x$' in words(made(**{place: HOSTILE})).replace("\n", " ")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Õhk, Žagarė, Τρίκαλα, Нарва, ½ × ≥ €", "Õhk, Žagarė, Τρίκαλα, Нарва, ½ × ≥ €"),
        ("bike 🚲 lane", "bike [BICYCLE] lane"),
        ("中", "[CJK UNIFIED IDEOGRAPH-4E2D]"),
        ("a\u200b\u202eb\x00\x07c\ud800", "abc"),
        ("a\u3000b\tc\r\nd", "a b c\nd"),
        ("o\u0303", "õ"),
        ("z\u0336\u0489\ue000\u0378", "z[U+E000][U+0378]"),
    ],
)
def test_what_the_fonts_do_not_hold_stands_by_its_name(text, shown):
    assert showable(text) == shown


def test_the_fonts_hold_every_sign_that_is_let_through():
    signs = showable(" ".join(chr(code) for first, last in SHOWN for code in range(first, last + 1)))
    assert len(signs) > 4_000
    assert made(signs).startswith(b"%PDF")  # the standard refuses a sign without a glyph


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=60))
def test_no_text_breaks_it(text, title):
    assert made(text, title or "x").startswith(b"%PDF")
