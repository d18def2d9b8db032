"""The agreement as PDF, read back: the version that is signed, its fingerprint, both languages, who may have it."""

from __future__ import annotations

import hashlib
import io
import re

import pytest
from pypdf import PdfReader

from challenge.kernel import revision
from challenge.pilots import actions, content
from challenge.pilots.states import PilotState
from tests.factories.pilots import make_pilot
from tests.files_read import said_in
from tests.pilots.ready import city, get

S = PilotState
TEXT = "### What we do\n\nWe try it together, at #3 bays.\n\nNobody pays twice."


@pytest.fixture
def written(world):
    """A pilot in preparation whose agreement has a text: its code."""
    with world.acting() as w:
        code = make_pilot(w, title="Clean Bays").code
    with world.acting("jaan") as w:
        actions.write_agreement(w, get(w, code), TEXT)
    return code


def printed(world, code, who="mari", **asked):
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    answer = world.client(who).get(f"/pilots/{code}/agreement.pdf?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    return answer.content


def test_it_says_what_is_signed_and_its_fingerprint_is_of_what_it_carries(world, written):
    sent = printed(world, written)

    said = re.sub(r"\s+", " ", said_in(sent))
    for word in ("Clean Bays", "Tartu", "Ireland", "€1,200,000", "What we do", "at #3 bays.",
                 "Nobody pays twice.", "version 1", "not signed", "The award has no conditions."):  # fmt: skip
        assert word.lower() in said.lower(), word
    pages = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(sent)).pages)
    assert "###" not in pages
    (inside,) = PdfReader(io.BytesIO(sent)).attachments["content.json"]
    with world.acting(writing=False) as w:
        kept = revision.at(w, content.WORKFLOW, written, 1)
    assert hashlib.sha256(inside).hexdigest() == kept.hash
    assert f"SHA-256 {kept.hash}" in said


def test_it_is_tagged_and_says_its_language(world, written):
    for lang, word in (("en", "Signatures"), ("et", "Allkirjad")):
        sent = printed(world, written, lang=lang)
        root = PdfReader(io.BytesIO(sent)).trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"] == lang
        assert word in said_in(sent)
    assert printed(world, written) == printed(world, written)


def test_each_version_names_those_who_signed_it_and_no_other(world, written):
    with world.acting("mari") as w:
        actions.sign_agreement(w, get(w, written), city(w, "tartu"), 1)
    assert "Mari Maasikas" in said_in(printed(world, written))
    with world.acting("jaan") as w:
        actions.write_agreement(w, get(w, written), "Another text.")
    now, before = said_in(printed(world, written)), said_in(printed(world, written, number=1))
    assert "Another text." in now
    assert "Mari Maasikas" not in now
    assert "Nobody pays twice." in before
    assert "Mari Maasikas" in before
    with world.acting("peeter") as w:
        actions.sign_agreement(w, get(w, written), city(w, "tartu"), 2)
    assert "Mari Maasikas" in said_in(printed(world, written, number=1))  # as it was
    assert "Peeter Paju" in said_in(printed(world, written))


def test_only_those_inside_have_it(world, written):
    path = f"/pilots/{written}/agreement.pdf"
    for who, status in (("ravi", 200), ("aoife", 200), ("jaan", 200), ("olev", 200), ("katrin", 404), ("lena", 404)):
        assert world.client(who).get(path).status_code == status, who
    assert world.client().get(path).status_code == 303
    assert world.client("jaan").get(f"{path}?number=7").status_code == 404
    with world.acting() as w:
        empty = make_pilot(w, state=S.RUNNING).code
    assert world.client("jaan").get(f"/pilots/{empty}/agreement.pdf").status_code == 404
    assert world.client("katrin").get(f"/pilots/{empty}/agreement.pdf").status_code == 403
