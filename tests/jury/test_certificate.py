"""A juror's certificate: how much was read, signed, for the juror alone."""

import io
import json

import pytest
from pypdf import PdfReader

from challenge.kernel.receipt import fits, public_key
from tests.factories.jury import juror_of, jury_of, make_conflict, make_submitted, proposal_of
from tests.files_read import said_in


@pytest.fixture
def codes(world):
    found = jury_of(world, "lena", "oskar", proposals=3, state=None)
    with world.acting() as w:
        for number in (1, 2):
            proposal, juror = proposal_of(w, found[f"p{number}"]), juror_of(w, found["juror_lena"])
            found[f"lena{number}"] = make_submitted(w, proposal, juror, 35).code
    return found


def kept(world, codes, who="lena"):
    return world.client(who).get(f"/jurors/{codes['juror_lena']}/certificate.json")


def test_it_says_how_many_and_is_signed(world, codes):
    lena, path = world.client("lena"), f"/jurors/{codes['juror_lena']}"
    assert f"{path}/certificate" in lena.get(path).text
    text = lena.get(f"{path}/certificate").text
    assert "Lena Lind was a juror of Round 2027 and read and scored 2 proposals." in text
    body = kept(world, codes).json()
    assert body["content"]["reviews"] == {"full_proposal": 2}
    assert body["public_key"] == public_key(world.settings.secret)
    assert body["public_key"] in world.client("nobody").get("/receipts/key").text
    assert fits(body["content"], body["signature"], body["public_key"])
    assert body["signature"].replace("+", "&#43;") in text or body["signature"] in text
    assert not fits({**body["content"], "proposals": 20}, body["signature"], body["public_key"])


def test_the_same_work_is_the_same_certificate(world, codes):
    first = kept(world, codes).content
    world.move(minutes=30)
    assert kept(world, codes).content == first


def test_the_pdf_says_it_and_carries_the_signed_data(world, codes):
    sent = world.client("lena").get(f"/jurors/{codes['juror_lena']}/certificate.pdf")
    assert (sent.status_code, sent.headers["content-type"]) == (200, "application/pdf")
    assert "Lena Lind was a juror of Round 2027 and read and scored 2 proposals." in said_in(sent.content)
    (inside,) = PdfReader(io.BytesIO(sent.content)).attachments["certificate.json"]
    body = json.loads(inside)
    assert body == kept(world, codes).json()
    assert fits(body["content"], body["signature"], body["public_key"])
    assert world.client("lena").get(f"/jurors/{codes['juror_lena']}/certificate.pdf").content == sent.content


@pytest.mark.abuse(1)
@pytest.mark.parametrize("ending", ["", ".json", ".pdf"])
def test_nothing_of_what_was_read_is_in_it(world, codes, ending):
    said = said_in(world.client("lena").get(f"/jurors/{codes['juror_lena']}/certificate{ending}").content)
    for hidden in ("Proposal 1", codes["p1"], codes["lena1"], "3.5", "Oskar"):
        assert hidden not in said


def test_it_is_for_the_juror_alone(world, codes):
    assert kept(world, codes).status_code == 200
    for who in ("oskar", "ravi", "mari", "jaan", "olev", "anna"):
        assert kept(world, codes, who).status_code == 404, who
        for ending in ("", ".pdf"):
            refused = world.client(who).get(f"/jurors/{codes['juror_lena']}/certificate{ending}")
            assert refused.status_code == 404, (who, ending)
    assert kept(world, codes, "nobody").status_code in (303, 401)


def test_without_a_review_handed_in_there_is_none(world, codes):
    oskar, path = world.client("oskar"), f"/jurors/{codes['juror_oskar']}"
    assert oskar.get(f"{path}/certificate").status_code == 404
    assert "certificate" not in oskar.get(path).text


@pytest.mark.abuse(10)
def test_a_proposal_one_is_kept_from_is_in_no_count(world, codes):
    with world.acting() as w:
        make_conflict(w, proposal_of(w, codes["p2"]), "lena")
    assert kept(world, codes).json()["content"]["proposals"] == 1


def test_whoever_has_left_keeps_it(world, codes):
    with world.acting() as w:
        juror_of(w, codes["juror_lena"]).left_at = w.now
    assert kept(world, codes).json()["content"]["proposals"] == 2
