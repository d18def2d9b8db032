"""./run check --holes asks about everything that is shipped, and says plainly what it was told, or that it was not."""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from challenge.people.oidc.outgoing import Outgoing
from tests.house.test_files import ROOT

ONE, TWO = "pkg:pypi/jinja2@3.1.0", "pkg:npm/echarts@5.0.0"


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("holes", ROOT / "scripts" / "holes.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def public():
    """A list on this machine: ``answers`` is what it says, one after the other, ``asked`` what it was asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            server.asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            status, body = server.answers.pop(0)
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.asked, server.answers = [], []
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def look(script, public, tmp_path, capsys):
    """The script on a small bill; its exit code and what it printed."""
    bill = tmp_path / "sbom.json"
    bill.write_text(json.dumps({"components": [{"purl": ONE}, {"purl": TWO}, {"type": "file"}]}))

    def run_it(*answers):
        public.answers = list(answers)
        address = f"http://127.0.0.1:{public.server_port}/v1/querybatch"
        return script.main(bill, address, Outgoing(private_network=True)), capsys.readouterr().out

    return run_it


def test_without_a_known_hole_it_is_content(look, public):
    assert look((200, {"results": [{}, {}]})) == (0, "2 packages asked about, 0 with known holes.\n")
    assert public.asked == [{"queries": [{"package": {"purl": TWO}}, {"package": {"purl": ONE}}]}]


def test_a_known_hole_is_named_also_when_it_stands_on_another_page(look, public):
    code, said = look(
        (200, {"results": [{}, {"vulns": [{"id": "GHSA-1"}], "next_page_token": "more"}]}),
        (200, {"results": [{"vulns": [{"id": "PYSEC-2"}]}]}),
    )
    assert code == 1
    assert f"{ONE}: https://osv.dev/vulnerability/GHSA-1, https://osv.dev/vulnerability/PYSEC-2\n" in said
    assert "1 with known holes" in said
    assert public.asked[1] == {"queries": [{"package": {"purl": ONE}, "page_token": "more"}]}


@pytest.mark.parametrize(
    "answer",
    [
        (500, {}), (404, {}), (200, b"<html>"), (200, {}), (200, []), (200, {"results": [{}]}), (200, {"results": {}}),
        (302, {}), (200, b"x" * 300_000),
    ],
)  # fmt: skip
def test_an_answer_that_says_nothing_is_not_taken_for_good_news(look, answer):
    code, said = look(answer)
    assert code == 2
    assert "NOT looked at" in said


def test_a_list_out_of_reach_is_said(script, capsys):
    assert script.main(address="https://127.0.0.1:9/") == 2  # the guard: not an address of the public network
    assert "NOT looked at" in capsys.readouterr().out


def test_everything_shipped_is_asked_about(script, public):
    public.answers = [(200, {"results": [{}] * 81})]
    script.main(address=f"http://127.0.0.1:{public.server_port}/", transport=Outgoing(private_network=True))
    (asked,) = public.asked
    lines = (ROOT / "requirements" / "run.txt").read_text().splitlines()
    pinned = {line.split(" ")[0].replace("==", "@") for line in lines if "==" in line and not line.startswith(" ")}
    names = {query["package"]["purl"].removeprefix("pkg:pypi/") for query in asked["queries"]}
    assert pinned <= names
    assert len(names) > len(pinned)  # and the files from npm


def test_the_door_runs_it_and_nothing_else_does(monkeypatch):
    monkeypatch.setenv("PYTEST_DEBUG_TEMPROOT", os.environ.get("PYTEST_DEBUG_TEMPROOT", ""))  # else it is set for good
    monkeypatch.syspath_prepend(ROOT / "tests")  # as ./run starts it
    run, steps = importlib.import_module("run"), []
    monkeypatch.setattr(run, "step", lambda name, *_command: steps.append(name))
    monkeypatch.setattr(run, "browser", lambda: None)
    for arguments in (["check", "--holes"], ["test"], ["check"]):
        monkeypatch.setattr("sys.argv", ["run.py", *arguments])
        run.main()
    assert steps.count("holes") == 1
    assert steps[0] == "holes"
