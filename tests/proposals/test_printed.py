"""A proposal as PDF, and the sign-off as cities live it: over HTTP only."""

from __future__ import annotations

import hashlib
import io
import re
import socket

import pytest
from pypdf import PdfReader

from challenge.kernel import revision
from challenge.proposals import actions, content
from challenge.proposals.states import ProposalState as S
from challenge.rounds.states import CityRole, Gate
from tests.factories.proposals import ANSWERS, AT, code_of, get, make_proposal, proposal_in, sign
from tests.factories.rounds import make_round
from tests.files_read import said_in
from tests.filling import hidden

SIGNED = re.compile(r'name="revision_(number|hash)" value="(\w+)"')


def printed(world, code, name="ravi", number=0):
    answer = world.client(name).get(f"/proposals/{code}/print.pdf{f'?number={number}' if number else ''}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    return said_in(answer.content)


@pytest.fixture
def three(world):
    """A pilot proposal with Tartu, Helsinki and Fingal: its code."""
    code = proposal_in(world, S.CO_DEVELOPMENT)
    world.now = AT[Gate.PILOT_PROPOSAL]
    with world.acting("ravi") as w:
        actions.ask_city(w, get(w, code), code_of(w, "fingal"), CityRole.PILOT)
    return code


def place(world, name):
    with world.acting() as w:
        return code_of(w, name)


def signs(world, code, name, city):
    """A signatory opens the page and signs what it shows."""
    page = f"/proposals/{code}/commitments/{place(world, city)}"
    client = world.client(name)
    shown = {f"revision_{key}": value for key, value in SIGNED.findall(client.get(page).text)}
    assert client.post(f"{page}/signature", data=shown).status_code == 303
    return shown["revision_hash"]


def saves(world, code, **answers):
    """The lead saves a page of the form."""
    url = f"/proposals/{code}/edit?part={'summary' if 'title' in answers else 'risks'}"
    with world.acting() as w:
        kept = {name: get(w, code).answers[name] for name in ("risks", "data_protection")}
    ravi = world.client("ravi")
    sent = {**hidden(ravi.get(url).text), **({} if "title" in answers else kept), **answers}
    assert ravi.post(url, data=sent).status_code == 303


def submits(world, code):
    with world.acting() as w:
        version = get(w, code).version
    sent = {"version": version, "confirmed": "true"}
    return world.client("ravi").post(f"/proposals/{code}/transitions/submit_pilot_proposal", data=sent)


def test_one_word_voids_two_sign_offs_and_signing_again_lets_it_go_on(world, three):
    first = signs(world, three, "mari", "tartu")
    signs(world, three, "sofia", "helsinki")
    saves(world, three, risks=ANSWERS["risks"] + " Ice.")

    refused = submits(world, three)
    assert refused.status_code == 409
    assert "3 partner cities have not committed themselves yet" in refused.text
    page = world.client("mari").get(f"/proposals/{three}/commitments/{place(world, 'tartu')}").text
    assert "no longer counts" in page
    assert "Ice." in page  # what changed, word by word

    again = {signs(world, three, *who) for who in (("mari", "tartu"), ("sofia", "helsinki"), ("aoife", "fingal"))}
    assert len(again) == 1
    assert again != {first}
    assert submits(world, three).status_code == 303
    assert first in printed(world, three, number=2)  # the first is the idea
    assert again.pop() in printed(world, three)


def test_a_decision_survives_a_wording_edit_and_not_a_change_of_that_citys_money(world, three):
    tartu = place(world, "tartu")
    page = f"/proposals/{three}/commitments/{tartu}"
    sent = {"body": "City Council", "decided_on": "2027-05-03", "bridge_cents": "40000"}
    assert world.client("mari").post(f"{page}/decision", data=sent).status_code == 303
    saves(world, three, risks="Another wording.")
    assert "It counts as long as" in world.client("mari").get(page).text
    assert "Formal decision" in printed(world, three)

    ravi, budget = world.client("ravi"), f"/proposals/{three}/budget"
    stamp = re.search(r'name="stamp" value="(\w+)"', ravi.get(budget).text).group(1)
    money = {"stamp": stamp, f"{place(world, 'taltech')}-staff-1": "1000000", f"{tartu}-staff-1": "200000"}
    assert ravi.post(budget, data=money).status_code == 303
    assert "It counts as long as" not in world.client("mari").get(page).text
    assert "City Council" not in printed(world, three)


def test_a_signed_version_says_who_signed_it_and_stays_as_it_was(world, three):
    sign(world, three, "tartu")
    before = printed(world, three, number=2)
    saves(world, three, risks="A new risk.")

    assert printed(world, three, number=2) == before
    assert "Signed by the cities" in before
    assert "A new risk." not in before
    now = printed(world, three)
    assert "A new risk." in now
    assert "Version 3" in now
    assert "Signed by the cities" not in now
    with world.acting() as w:
        kept = revision.at(w, "proposal", three, 2)
        assert kept.hash in before
        assert content.current(w, get(w, three)).hash in now


def test_it_holds_everything_that_is_signed(world, three):
    said = printed(world, three)
    flat = re.sub(r"\s+", " ", said)
    for name, answer in ANSWERS.items():
        if isinstance(answer, str) and name not in {"size_class", "months", "title"}:
            assert re.sub(r"\s+", " ", answer) in flat, name
    for word in ("Tartu", "Helsinki", "Fingal", "Finland", "Ireland", "€1,200,000", "Staff", "TalTech"):
        assert word in said


def test_the_fingerprint_can_be_computed_from_what_the_file_carries(world, three):
    sent = world.client("ravi").get(f"/proposals/{three}/print.pdf?number=1").content
    (inside,) = PdfReader(io.BytesIO(sent)).attachments["content.json"]
    assert f"SHA-256 {hashlib.sha256(inside).hexdigest()}" in said_in(sent)


@pytest.mark.abuse(28)
def test_no_answer_makes_the_printer_read_a_file_or_an_address(world, three, tmp_path, request):
    secret = tmp_path / "secret.txt"
    secret.write_text("cx-secret-of-the-machine")
    heard = socket.create_server(("127.0.0.1", 0))
    request.addfinalizer(heard.close)
    heard.setblocking(False)  # noqa: FBT003
    address = f"http://127.0.0.1:{heard.getsockname()[1]}/"
    reads = [
        f'#read("{secret}")', f'#image("{secret}")', f'#include "{secret}"', f'#import "{address}"',
        f'#link("{address}")',
        f"<img src=file://{secret}>", f"<link rel=attachment href={address}>", f'#json("../../../..{secret}")',
        '#import "@preview/tablex:0.0.9": *', "#sys.inputs", f"@import url({address})",
    ]  # fmt: skip
    saves(world, three, risks="\n".join(reads), data_protection=reads[0])
    saves(world, three, title=reads[0][:120])
    said = printed(world, three)
    assert "cx-secret-of-the-machine" not in said
    assert "#read(" in said  # as written, and nothing more
    with pytest.raises(BlockingIOError):
        heard.accept()


def test_in_the_readers_language(world, three):
    ravi = world.client("ravi")
    ravi.more_cookies["__Host-language"] = "et"
    said = said_in(ravi.get(f"/proposals/{three}/print.pdf").content)
    assert "Partnerlinnad" in said
    assert "Soome" in said


@pytest.mark.parametrize("name", ["nobody", "tiina", "lena", "eero"])
def test_who_may_not_read_the_proposal_gets_no_file(world, three, name):
    assert world.client(name).get(f"/proposals/{three}/print.pdf").status_code in {303, 401, 404}
    assert world.client(name).get(f"/proposals/{three}/print.pdf?number=1").status_code in {303, 401, 404}


def test_a_version_that_does_not_exist_is_not_there(world, three):
    assert world.client("ravi").get(f"/proposals/{three}/print.pdf?number=7").status_code == 404


def test_an_empty_draft_prints_too(world):
    with world.acting() as w:
        code = make_proposal(w, make_round(w), title="Only a title").code
    said = printed(world, code)
    assert "Only a title" in said
    assert "kept under no version" in said
