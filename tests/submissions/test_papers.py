"""What a submission carries along: files by content, revisions with their diff, receipts that verify offline."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlmodel import select

from challenge.kernel.attachment import Attachment, path_of
from challenge.submissions import actions
from challenge.submissions.states import SubmissionState as S
from tests.factories import files
from tests.factories.submissions import find, submission_in
from tests.submissions.marks import on_sqlite

PDF = b"%PDF-1.7\n%report"
PNG, JPEG = files.picture(), files.picture("JPEG")


def office(part):
    return files.office({}, main=part)


def upload(world, code, name, content, who="mari"):
    return world.client(who).post(f"/submissions/{code}/files", files={"file": (name, content)})


@on_sqlite
@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("noise.pdf", PDF, "application/pdf"),
        ("map.png", PNG, "image/png"),
        ("map.jpeg", JPEG, "image/jpeg"),
        ("levels.csv", b"time;level\n22:00;71\n", "text/csv"),
        ("plan.docx", office("word/document.xml"), None),
        ("table.xlsx", office("xl/workbook.xml"), None),
    ],
)
def test_a_file_of_an_accepted_kind_is_added_and_downloaded(world, name, content, kind):
    code = submission_in(world, S.DRAFT)
    assert upload(world, code, name, content).status_code == 303
    page = world.client("mari").get(f"/submissions/{code}/files").text
    with world.acting() as w:
        file = w.session.exec(select(Attachment)).one()
    assert file.name in page
    answer = world.client("mari").get(f"/submissions/{code}/files/{file.code}")
    assert answer.content == content
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    if kind:
        assert answer.headers["content-type"].split(";")[0] == kind


@on_sqlite
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("report.pdf", b"<!doctype html><script>alert(1)</script>"),
        ("picture.png", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
        ("data.csv", b"<html><body onload=alert(1)>"),
        ("archive.docx", b"PK\x03\x04 but no zip"),
        ("macro.docx", office("word/vbaProject.bin")),
        ("run.exe", b"MZ\x90\x00\x03"),
        ("empty.pdf", b""),
    ],
)
def test_a_file_is_judged_by_its_content(world, name, content):
    code = submission_in(world, S.DRAFT)
    answer = upload(world, code, name, content)
    assert answer.status_code == 422
    assert "file" in answer.text
    with world.acting() as w:
        assert w.session.exec(select(Attachment)).all() == []
    assert not path_of(world.settings.files, hashlib.sha256(content).hexdigest()).exists()


@on_sqlite
def test_who_may_not_add_a_file_leaves_no_byte(world):
    code = submission_in(world, S.DRAFT)
    for who, status in (("sofia", 404), ("jaan", 403), ("nobody", 401)):
        assert upload(world, code, "noise.pdf", PDF, who).status_code == status
    assert not world.settings.files.exists()


@on_sqlite
def test_at_most_ten_files_and_a_removed_one_makes_room(world):
    code = submission_in(world, S.DRAFT)
    for number in range(10):
        assert upload(world, code, f"{number}.pdf", PDF + str(number).encode()).status_code == 303
    answer = upload(world, code, "11.pdf", PDF)
    assert (answer.status_code, "There are already 10 files" in answer.text) == (422, True)
    with world.acting() as w:
        file = w.session.exec(select(Attachment)).first().code
    mari = world.client("mari")
    assert mari.post(f"/submissions/{code}/files/{file}/removal").status_code == 303
    assert mari.get(f"/submissions/{code}/files/{file}").status_code == 404
    assert upload(world, code, "11.pdf", PDF).status_code == 303


@on_sqlite
def test_nothing_chosen_is_said(world):
    code = submission_in(world, S.DRAFT)
    answer = world.client("mari").post(f"/submissions/{code}/files", data={})
    assert (answer.status_code, "Choose a file first." in answer.text) == (422, True)


def test_files_of_what_is_handed_in_stay(world):
    code = submission_in(world, S.DRAFT)
    upload(world, code, "noise.pdf", PDF)
    with world.acting("mari") as w:
        actions.fire(w, find(w, code), "submit")
    with world.acting() as w:
        file = w.session.exec(select(Attachment)).one().code
    assert upload(world, code, "more.pdf", PDF).status_code == 409
    assert world.client("mari").post(f"/submissions/{code}/files/{file}/removal").status_code == 409
    assert world.client("jaan").get(f"/submissions/{code}/files/{file}").status_code == 200
    assert world.client("sofia").get(f"/submissions/{code}/files/{file}").status_code == 404
    assert world.client().get(f"/challenges/{code}/files/{file}").status_code == 404


def test_files_of_a_published_challenge_are_everybodys(world):
    code = submission_in(world, S.DRAFT)
    upload(world, code, "noise.pdf", PDF)
    with world.acting("mari") as w:
        actions.fire(w, find(w, code), "submit")
    with world.acting() as w:
        submission = find(w, code)
        submission.published_at = w.now
        w.session.flush()
        submission.state = S.ACCEPTED
        file = w.session.exec(select(Attachment)).one().code
    answer = world.client().get(f"/challenges/{code}/files/{file}")
    assert answer.content == PDF
    assert answer.headers["content-disposition"] == 'attachment; filename="noise.pdf"'
    assert "noise.pdf" in world.client().get(f"/challenges/{code}").text


# Receipts


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def test_a_receipt_verifies_offline_with_the_public_key_alone(world):
    code = submission_in(world, S.DRAFT)
    upload(world, code, "noise.pdf", PDF)
    mari = world.client("mari")
    assert mari.post(f"/submissions/{code}/transitions/submit", data={}).status_code == 303
    kept = mari.get(f"/submissions/{code}/receipt.json").json()
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(world.client().get("/receipts/key").text))
    signature = base64.b64decode(kept["signature"])

    key.verify(signature, canonical(kept["content"]))

    assert kept["content"]["subject"] == code
    assert kept["content"]["files"] == [hashlib.sha256(PDF).hexdigest()]
    assert kept["content"]["sha256"] == hashlib.sha256(canonical(kept["revision"])).hexdigest()
    assert kept["revision"]["answers"]["title"] == "Quiet junctions at night"
    for name, value in (("received_at", "2027-01-01T00:00:00.000+00:00"), ("subject", "AAAAAAAA"), ("revision", 2)):
        with pytest.raises(InvalidSignature):
            key.verify(signature, canonical({**kept["content"], name: value}))
    page = mari.get(f"/submissions/{code}/receipt").text
    assert kept["content"]["sha256"] in page
    assert "in time" in page


def test_a_receipt_is_for_those_who_see_the_submission(world):
    code = submission_in(world, S.SUBMITTED)
    draft = submission_in_same_round(world, code)
    for path in ("receipt", "receipt.json"):
        assert world.client("sofia").get(f"/submissions/{code}/{path}").status_code == 404
        assert world.client("olev").get(f"/submissions/{code}/{path}").status_code == 200
        assert world.client("mari").get(f"/submissions/{draft}/{path}").status_code == 404  # none was given yet


def submission_in_same_round(world, code):
    with world.acting() as w:
        round_code = find(w, code).round_code
    return submission_in(world, S.DRAFT, round_code, title="Another")


# Revisions


def test_each_submit_keeps_a_revision_and_the_diff_is_by_words(world):
    code = submission_in(world, S.RETURNED)
    with world.acting("mari") as w:
        submission = find(w, code)
        problem = submission.answers["problem"].replace("212 complaints", "240 complaints")
        actions.revise(w, submission, {"problem": problem, "thesis": True})
        actions.fire(w, submission, "submit")
    page = world.client("mari").get(f"/submissions/{code}/revisions").text
    assert "From revision 1 to revision 2" in page
    assert '<del><span class="govuk-visually-hidden">taken out: </span>212</del>' in page
    assert '<ins><span class="govuk-visually-hidden">put in: </span>240</ins>' in page
    assert "Students may write a thesis" in page
    assert "Wished outcome" not in page
    other_way = world.client("mari").get(f"/submissions/{code}/revisions?old=2&new=1").text
    assert "taken out: </span>240</del>" in other_way
    assert "2 revisions" in world.client("mari").get(f"/submissions/{code}").text


def test_handing_in_the_same_again_is_the_same_revision_with_a_new_receipt(world):
    code = submission_in(world, S.SUBMITTED)
    with world.acting("mari") as w:
        actions.fire(w, find(w, code), "recall")
        actions.fire(w, find(w, code), "submit")
        assert find(w, code).revision == 1
    page = world.client("mari").get(f"/submissions/{code}/receipt").text
    assert "Other receipts" in page
