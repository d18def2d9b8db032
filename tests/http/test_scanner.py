"""Whatever people send is shown to the scanner first: what it finds harmful, or cannot look at, is not kept."""

from __future__ import annotations

import io
import logging
import sys
import zipfile
from datetime import date

import pytest
from PIL import PngImagePlugin
from sqlmodel import select

from challenge.kernel import scanning, sheets
from challenge.kernel.attachment import Attachment
from challenge.pilots.past.columns import NAMES
from challenge.proposals.states import ProposalState
from challenge.rounds.actions import export_yaml
from challenge.submissions.states import SubmissionState
from tests.cast import PEOPLE
from tests.factories import files
from tests.factories.money import make_claim, make_funded
from tests.factories.proposals import code_of, proposal_in
from tests.factories.rounds import make_round
from tests.factories.submissions import submission_in

# What scanners are tried with; in two pieces, lest one find this file.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PROGRAM = f"import sys\nsys.exit({EICAR!r} in sys.stdin.buffer.read())\n"
INFECTED, NOT_NOW = "found something harmful", "cannot be checked for viruses now"


@pytest.fixture
def scanner(world, tmp_path):
    """A program that knows one virus; gives back how to set another command."""

    def use(command):
        world.settings = world.settings.model_copy(update={"scanner": command})
        world._app = None
        world._clients.clear()

    program = tmp_path / "a scanner.py"
    program.write_text(PROGRAM)
    use(f"'{sys.executable}' -I '{program}'")
    return use


def png(more: bytes) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("comment", more.decode("latin-1"))
    return files.picture(pnginfo=info)


def xlsx(more: bytes) -> bytes:
    made = io.BytesIO(sheets.write_xlsx([("pilots", NAMES, [])]))
    with zipfile.ZipFile(made, "a") as archive:
        archive.comment = more
    return made.getvalue()


KINDS = {
    "plan.pdf": lambda more: b"%PDF-1.7\n%" + more, "map.png": png, "plan.xlsx": xlsx,
    "plan.docx": lambda more: files.office({}, comment=more), "levels.csv": lambda more: b"time;level\n1;" + more,
}  # fmt: skip


@pytest.fixture
def path(world) -> str:
    """Where a city sends its receipts, as pages and in JSON."""
    with world.acting() as w:
        return f"/claims/{make_claim(w, make_funded(w), receipt=False).code}/files"


def kept(world) -> list[object]:
    """Rows of files, and bytes on the disk."""
    with world.acting(writing=False) as w:
        rows = list(w.session.exec(select(Attachment)))
    return [*rows, *(path for path in world.settings.files.rglob("*") if path.is_file())]


@pytest.mark.parametrize("name", KINDS)
def test_a_harmful_file_is_refused_and_nothing_of_it_kept(world, scanner, path, name, caplog):
    mari, before = world.client("mari"), len(kept(world))
    page = mari.post(path, files={"file": (name, KINDS[name](EICAR))})
    api = mari.post(f"/api/v1{path}", files={"file": (name, KINDS[name](EICAR))})

    assert (page.status_code, INFECTED in page.text) == (422, True)
    assert (api.status_code, api.json()["code"]) == (422, "file_harmful")
    assert len(kept(world)) == before
    assert [record.getMessage().split("=")[0] for record in caplog.records if record.name == "challenge.scanner"] == [
        "a harmful file was refused person"
    ] * 2
    assert mari.post(path, files={"file": (name, KINDS[name](b"42"))}).status_code == 303
    assert len(kept(world)) == before + 2


def test_who_may_not_send_a_file_makes_nobody_look_at_it(world, scanner, caplog):
    code = submission_in(world, SubmissionState.DRAFT)
    answer = world.client("sofia").post(f"/submissions/{code}/files", files={"file": ("plan.pdf", b"%PDF" + EICAR)})
    assert answer.status_code == 404
    with world.acting() as w:
        round_code = make_round(w, title="Another").code
    for path in ("/rounds/import", f"/rounds/{round_code}/import", "/pilots/import"):
        assert world.client("mari").post(path, files={"file": ("r.yaml", EICAR)}).status_code in {403, 404}
    assert [record for record in caplog.records if record.name == "challenge.scanner"] == []


BROKEN = {
    "no such program": "/nowhere/scanner -", "it fails": "sh -c 'cat >/dev/null; exit 2'",
    "it dies": "sh -c 'kill -9 $$'", "it takes too long": "sleep 60",
    "a quotation mark is missing": "'sh", "nothing": " ",
}  # fmt: skip


@pytest.mark.parametrize("command", BROKEN.values(), ids=BROKEN)
def test_without_a_working_scanner_nothing_is_taken(world, scanner, path, command, caplog, monkeypatch):
    monkeypatch.setattr(scanning, "SECONDS", 0.2 if command == "sleep 60" else 10.0)
    scanner(command)
    mari, before = world.client("mari"), len(kept(world))
    page = mari.post(path, files={"file": ("plan.pdf", b"%PDF-1.7")})
    api = mari.post(f"/api/v1{path}", files={"file": ("plan.pdf", b"%PDF-1.7")})

    assert (page.status_code, NOT_NOW in page.text) == (422, True)
    assert (api.status_code, api.json()["code"], "retry-after" in api.headers) == (503, "file_unchecked", True)
    assert len(kept(world)) == before
    lines = [record for record in caplog.records if record.name == "challenge.scanner"]
    assert [record.levelno for record in lines] == [logging.ERROR] * 2
    assert PEOPLE["mari"].name not in caplog.text
    assert world.client().get("/readyz").json()["warnings"] == ["scanner"]


def test_a_warning_ends_with_the_next_file_that_is_looked_at(world, scanner, path):
    nobody, mari = world.client(), world.client("mari")
    world.app.app.state.scanner.works = False
    assert nobody.get("/readyz").json()["warnings"] == ["scanner"]
    assert mari.post(path, files={"file": ("plan.pdf", b"%PDF-1.7")}).status_code == 303
    assert nobody.get("/readyz").json()["warnings"] == []


def test_the_scanner_is_told_no_secret(world, scanner, path, tmp_path, monkeypatch):
    monkeypatch.setenv("CHALLENGE_SECRET_KEY", "a secret for the tests only, long enough")
    monkeypatch.setenv("HELLO", "world")
    scanner(f"sh -c 'cat >/dev/null; env >\"{tmp_path}/seen\"'")
    assert world.client("mari").post(path, files={"file": ("plan.pdf", b"%PDF-1.7")}).status_code == 303
    seen = (tmp_path / "seen").read_text()
    assert "PATH=" in seen
    assert "CHALLENGE" not in seen
    assert "HELLO" not in seen


def test_a_formal_decision_keeps_what_was_typed(world, scanner):
    code = proposal_in(world, ProposalState.CO_DEVELOPMENT)
    with world.acting() as w:
        path = f"/proposals/{code}/commitments/{code_of(w, 'tartu')}/decision"
    typed = {"body": "The City Council", "decided_on": date(2027, 1, 5).isoformat()}
    mari, before = world.client("mari"), len(kept(world))
    page = mari.post(path, data=typed, files={"file": ("decision.pdf", b"%PDF-1.7" + EICAR)})
    assert page.status_code == 422
    assert INFECTED in page.text
    assert typed["body"] in page.text
    assert len(kept(world)) == before
    assert mari.post(path, data=typed, files={"file": ("decision.pdf", b"%PDF-1.7")}).status_code == 303
    assert len(kept(world)) == before + 2


def test_a_budget_and_a_table_of_pilots_are_looked_at(world, scanner):
    code = proposal_in(world, ProposalState.CO_DEVELOPMENT)
    for name, path in (("ravi", f"/proposals/{code}/budget/file"), ("jaan", "/pilots/import")):
        client = world.client(name)
        page = client.post(path, data={"act": "check"}, files={"file": ("table.xlsx", xlsx(EICAR))})
        assert (page.status_code, INFECTED in page.text) == (422, True), path
        assert INFECTED not in client.post(path, data={"act": "check"}, files={"file": ("t.xlsx", xlsx(b"42"))}).text


def test_the_document_of_a_round_is_looked_at(world, scanner):
    with world.acting("jaan") as w:
        made = make_round(w, title="The looked-at round")
        code, text = made.code, export_yaml(w, made)
    jaan, harmful = world.client("jaan"), {"file": ("round.yaml", text.encode() + b"\n# " + EICAR)}
    for path in ("/rounds/import", f"/rounds/{code}/import"):
        page = jaan.post(path, data={"document": "what was: typed"}, files=harmful)
        assert (page.status_code, INFECTED in page.text, "what was: typed" in page.text) == (422, True, True), path
        assert "The looked-at round" not in jaan.post("/rounds/import", data={"document": "x: y"}, files=harmful).text


def test_without_the_setting_nobody_looks(world, path):
    answer = world.client("mari").post(path, files={"file": ("plan.pdf", b"%PDF-1.7" + EICAR)})
    assert answer.status_code == 303
