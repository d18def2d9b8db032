"""Hostile files: bombs are refused, polyglots are only ever downloads, and a juror leaves no trace in a file."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
import zlib

import pytest
from sqlmodel import select

from challenge.kernel import sandbox
from challenge.kernel.attachment import Attachment
from challenge.kernel.errors import Refused
from challenge.people.models import Role
from challenge.people.states import RoleName
from challenge.submissions.states import SubmissionState as S
from tests.cast import PEOPLE
from tests.factories import files
from tests.factories.submissions import submission_in
from tests.submissions.marks import on_sqlite
from tests.submissions.test_papers import upload

REASONS = {"pixels": "too many pixels", "pixels in a document": "too many pixels", "nested": "not accepted",
           "fetch": "unpacks to much more", "lie": "not be read"}  # fmt: skip


@pytest.mark.abuse(20)
@on_sqlite
@pytest.mark.parametrize("name", files.BOMBS)
def test_a_bomb_is_refused(world, name):
    code = submission_in(world, S.DRAFT)
    content = files.BOMBS[name]()
    answer = upload(world, code, "plan.docx", content)
    assert answer.status_code == 422
    assert REASONS.get(name, "unpacks to much more") in answer.text
    with world.acting() as w:
        assert w.session.exec(select(Attachment)).all() == []


ATTEMPTS = [
    "import socket; socket.socket()", "import os; os.execv('/bin/true', ['true'])", "x = bytearray(600 * 1024 * 1024)",
    "import ctypes; assert ctypes.CDLL(None).socket(2, 1, 0) >= 0", "with open('/dev/shm/x', 'w') as f: f.write('x')",
]  # fmt: skip


@pytest.mark.abuse(20)
@pytest.mark.parametrize("what", ATTEMPTS)
def test_what_the_child_may_not_do_it_cannot(what):
    assert in_the_child("pass") == 0
    assert in_the_child(what) != 0


def in_the_child(what: str) -> int:
    """The exit code of a child that confines itself and then does this."""
    source = sandbox.PROGRAM.read_text().rsplit("if __name__", 1)[0] + f"confine()\n{what}\n"
    return subprocess.run([sys.executable, "-I", "-c", source], capture_output=True, check=False).returncode


@pytest.mark.abuse(20)
def test_a_parser_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(sandbox, "WALL_SECONDS", 0.001)
    with pytest.raises(Refused) as refused:
        sandbox.run("look", "png", files.picture())
    assert refused.value.problem.code == "file_unreadable"


@pytest.mark.parametrize("content", [b"%PDF-1.7\n%report", b"%PDF-" + b"[" * 100_000, files.pdf()[:300]])
def test_a_pdf_that_cannot_be_cleaned_is_refused(content):
    with pytest.raises(Refused):
        sandbox.run("clean", "pdf", content)


def seen(content: bytes) -> bytes:
    """Everything that can be read in a file: as it stands, unpacked, in both encodings."""
    found = [content]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found += [archive.comment, *(seen(archive.read(name)) for name in archive.namelist())]
            found += [str((entry.date_time, entry.extra, entry.comment)).encode() for entry in archive.infolist()]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        found.append(inflated(stream))
    for text in re.findall(rb"(?:iTXt|zTXt)[^\0]*\0[\0-\1]{1,2}[^\0]*\0[^\0]*\0(.*?)IDAT", content, re.DOTALL):
        found.append(inflated(text))
    whole = b"\n".join(found)
    return whole + whole.replace(b"\0", b"")


def inflated(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed)
    except zlib.error:
        return b""


CANARY = "LenaLindWasHere"
MADE = {"report.pdf": (files.pdf, 5), "photo.jpg": (files.jpeg, 4), "map.png": (files.png, 3),
        "plan.docx": (files.docx, 12), "table.xlsx": (files.xlsx, 5)}  # fmt: skip


def numbers(content: bytes) -> set[bytes]:
    return set(re.findall(CANARY.encode() + rb" (\d\d?)", seen(content)))


@on_sqlite
@pytest.mark.parametrize("name", MADE)
@pytest.mark.abuse(6)
def test_a_juror_leaves_no_trace_in_a_file(world, name):
    make, places = MADE[name]
    content = make(CANARY)
    assert len(numbers(content)) == places  # it could leak
    with world.acting() as w:
        w.add(Role(person_id=PEOPLE["mari"].id, name=RoleName.JUROR))
    code = submission_in(world, S.DRAFT)

    assert upload(world, code, f"{CANARY} {name}", content).status_code == 303

    with world.acting() as w:
        file = w.session.exec(select(Attachment)).one()
    answer = world.client("peeter").get(f"/submissions/{code}/files/{file.code}")
    assert answer.status_code == 200
    assert numbers(answer.content) == set()
    assert CANARY not in file.name + str(answer.headers)
    assert re.fullmatch(rf"document-[0-9a-f]{{8}}\.{name.rsplit('.')[-1]}", file.name)
    assert sandbox.run("clean", "zip" if content.startswith(b"PK") else file.name.rsplit(".")[-1], answer.content)


@on_sqlite
def test_everybody_elses_file_stays_as_it_was_sent(world):
    code, content = submission_in(world, S.DRAFT), files.docx(CANARY)
    assert upload(world, code, "plan.docx", content).status_code == 303
    with world.acting() as w:
        file = w.session.exec(select(Attachment)).one()
    assert world.client("mari").get(f"/submissions/{code}/files/{file.code}").content == content


HTML = b"<html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
XHTML = b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>'
BODIES = {"html": HTML, "svg": SVG, "xhtml": XHTML, "js": b"alert(1)", "mhtml": b"MIME-Version: 1.0\n\n" + HTML}
HEADS = {
    "bare": lambda body: body, "pdf": lambda body: files.pdf() + body, "pdf inside": lambda body: b"%PDF-1.4\n" + body,
    "png": lambda body: files.picture() + body, "jpeg comment": lambda body: files.picture("JPEG", comment=body),
    "gif": lambda body: b"GIF89a=0;/*" + body, "zip": lambda body: files.office({"index.html": body}),
    "zip behind": lambda body: body + files.office({}),
}  # fmt: skip


@on_sqlite
@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("body", BODIES)
@pytest.mark.abuse(19)
def test_a_polyglot_is_refused_or_only_ever_a_download(world, head, body):
    code = submission_in(world, S.DRAFT)
    answer = upload(world, code, f"{head}.{body}", HEADS[head](BODIES[body]))
    if answer.status_code != 303:
        assert answer.status_code == 422
        return
    with world.acting() as w:
        file = w.session.exec(select(Attachment)).one()
    got = world.client("mari").get(f"/submissions/{code}/files/{file.code}").headers
    assert got["content-disposition"].startswith("attachment;")
    assert got["x-content-type-options"] == "nosniff"
    assert got["content-security-policy"] == "default-src 'none'; sandbox"
    assert not re.match(r"text/html|image/svg|application/xhtml|text/xml|.*javascript", got["content-type"])
    assert file.name.rsplit(".", 1)[1] in {"pdf", "png", "jpg", "docx", "csv"}
