"""Files that take long to examine hold no more threads than there are children: everybody else is answered."""

import contextlib
import fcntl
import sys
import threading

import pytest
from starlette.testclient import TestClient

from challenge.http import turns
from challenge.kernel import sandbox
from challenge.people.queries import COOKIE
from challenge.submissions.states import SubmissionState as S
from tests.factories import files
from tests.factories.submissions import submission_in
from tests.submissions.marks import on_sqlite

HEADERS = {"sec-fetch-site": "same-origin", "cookie": f"{COOKIE}=token-of-mari"}


@pytest.fixture
def slow(monkeypatch, tmp_path):
    """Children that wait until the lock they are given is let go; the file that is locked, held for now."""
    gate, program = tmp_path / "gate", tmp_path / "slow.py"
    program.write_text(
        "import fcntl, sys\nsys.stdin.buffer.read()\n"
        f"with open({str(gate)!r}) as gate: fcntl.flock(gate, fcntl.LOCK_SH)\nsys.stdout.write('no type')\n"
    )
    monkeypatch.setattr(sandbox, "PROGRAM", program)
    with gate.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield held


@contextlib.contextmanager
def uploading(world, count):
    """So many people send a file; (a client, what they were answered)."""
    code = submission_in(world, S.DRAFT)
    world.client("mari")
    with TestClient(world.app, base_url="http://127.0.0.1:8000", follow_redirects=False) as client:
        answers = []

        def upload():
            content = {"file": ("plan.png", files.picture())}
            answers.append(client.post(f"/submissions/{code}/files", files=content, headers=HEADERS).status_code)

        senders = [threading.Thread(target=upload) for _number in range(count)]
        for sender in senders:
            sender.start()
        yield client, answers
        for sender in senders:
            sender.join(20)


@on_sqlite
def test_pages_are_answered_while_many_files_are_examined(world, slow):
    with uploading(world, 6) as (client, answers):
        while world.app.lanes.busy < 6:
            threading.Event().wait(0.01)
        read = []
        reader = threading.Thread(target=lambda: read.append(client.get("/help").status_code), daemon=True)
        reader.start()
        reader.join(10)
        served, still = list(read), len(answers)
        fcntl.flock(slow, fcntl.LOCK_UN)
    assert (served, still) == ([200], 0)
    assert answers == [422] * 6


@on_sqlite
@pytest.mark.usefixtures("slow")
def test_only_so_many_wait_with_their_files(world, monkeypatch):
    monkeypatch.setattr(turns, "MOST_WAITING", 0)
    with uploading(world, 1) as (_client, answers):
        pass
    assert answers == [503]


@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel")
def test_a_child_lets_others_go_first():
    from tests.submissions.test_hostile_files import in_the_child  # noqa: PLC0415

    assert in_the_child("import os; assert os.nice(0) >= 10") == 0
