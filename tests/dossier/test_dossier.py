"""Dossiers: everything a decision rested on, whole for those who decide, one's own for a party, nothing for jurors."""

import hashlib
import io
import json

import pytest
from pypdf import PdfReader
from sqlmodel import select

from challenge.jobs import calibrating
from challenge.kernel.letter import Letter
from challenge.kernel.receipt import Receipt
from challenge.notifications import actions as notifications
from challenge.notifications.rehearsal import rehearse
from challenge.proposals.models import Proposal
from challenge.rounds.models import Round
from challenge.selection.models import Outcome
from challenge.selection.states import OutcomeState, Verdict
from tests.cast import PEOPLE
from tests.factories.jury import make_conflict, make_juror, make_submitted
from tests.factories.selection import make_outcome, make_scenario
from tests.files_read import said_in
from tests.selection.scenarios import MILLION, TIGHT, scored
from tests.selection.steps import announce, codes

URL = "http://127.0.0.1:8000"
FUND, DECLINE = Verdict.FUND, Verdict.DECLINE
JURY_SECRETS = ("Lena", "Oskar", "4.5", "Kept for ourselves", "The panel preferred it")


@pytest.fixture
def story(world):
    """Judged by two, a scenario adopted and departed from, announced, told; ids as ``scored``."""
    round_id, *ids = scored(world, TIGHT, budget_cents=3 * MILLION)
    with world.acting() as w:
        round_ = w.session.get_one(Round, round_id)
        oskar = make_juror(w, round_, "oskar")
        for at, key in enumerate(ids):
            make_submitted(w, w.session.get_one(Proposal, key), oskar, 45 - 5 * (at % 2))
            make_conflict(w, w.session.get_one(Proposal, key), "ilse") if not at else None
        first, second, third, last = (w.session.get_one(Proposal, key) for key in ids)
        make_scenario(w, round_, [second, third], left=[first, last])
        for at, key in enumerate(ids):
            proposal = w.session.get_one(Proposal, key)
            proposal.below_threshold = proposal.consensus_missing = False
            make_outcome(
                w, proposal, verdict=DECLINE if at else FUND, state=OutcomeState.APPROVED, note="Kept for ourselves.",
                deviation="The panel preferred it.", conditions=("The council agrees.",), amount_cents=MILLION,
            )  # fmt: skip
    announce(world, round_id)
    with world.acting() as w:
        while notifications.tell(w, URL):
            pass
    return round_id, ids


def read(world, who, path):
    answer = world.client(who).get(path)
    return answer.json() if answer.status_code == 200 else answer.status_code


def sections(found):
    return {one["key"]: one["rows"] for one in found["sections"]}


def test_the_dossier_of_a_round_holds_everything_the_decision_rested_on(world, story):
    round_id, ids = story
    code, *_proposals = codes(world, round_id, *ids)
    calibrating.run(world.database, world.clock)
    found = sections(read(world, "jaan", f"/api/v1/rounds/{code}/dossier"))
    assert {row["rule"]: row["value"] for row in found["rules"]}["Budget"] == 3 * MILLION
    assert [len(found[key]) for key in ("proposals", "reviews", "calibrations", "scenarios", "outcomes")] == [
        4, 8, 1, 1, 4,
    ]  # fmt: skip
    assert found["conflicts"][0]["person"].startswith("Ilse")
    assert {(row["juror"].split()[0], row["counts"]) for row in found["reviews"]} == {("Lena", True), ("Oskar", True)}
    scenario = found["scenarios"][0]
    assert (scenario["solver"].split()[0], scenario["adopted_by"]) == ("HiGHS", "Kadri Kask")
    assert len(scenario["inputs"]) == len(found["proposals"][0]["sha256"]) == 64
    outcome = next(row for row in found["outcomes"] if row["amount"])
    assert (outcome["proposed_by"], outcome["approved_by"]) == ("Jaan Jõgi", "Kadri Kask")
    assert outcome["approved_at"]
    assert outcome["announced_at"]
    assert {row["as_of"] == "now" for row in found["rankings"]} == {True, False}
    assert {"ranking", "outcome", "review"} <= {row["about"].split()[0] for row in found["steps"]}
    assert found["releases"][0]["declined"] == 3


def test_departures_from_amount_rank_and_scenario_are_said_with_their_reason(world, story):
    round_id, ids = story
    code, first, *_others = codes(world, round_id, *ids)
    found = sections(read(world, "olev", f"/api/v1/proposals/{first}/dossier"))["departures"]
    (row,) = found
    assert row["departs"] == [
        "€1,000,000 awarded, €2,000,000 asked for", "The adopted scenario does not fund it.",
    ]  # fmt: skip
    assert row["reason"] == "The panel preferred it."
    every = sections(read(world, "olev", f"/api/v1/rounds/{code}/dossier"))["departures"]
    assert ["The adopted scenario funds it."] in [row["departs"] for row in every]


def test_letters_stand_there_by_the_fingerprint_of_what_was_rehearsed_and_sent(world, story):
    round_id, ids = story
    _code, first, *_others = codes(world, round_id, *ids)
    rows = sections(read(world, "jaan", f"/api/v1/proposals/{first}/dossier"))["letters"]
    with world.acting(writing=False) as w:
        sent = w.session.exec(select(Letter.fingerprint).where(Letter.subject.contains("Proposal 0"))).all()
        assert rehearse(w, w.session.get_one(Round, round_id), URL).count == 0
    assert sorted(row["sha256"] for row in rows) == sorted(sent)
    assert len({*sent}) == len(sent) > 2


def test_page_and_json_say_the_same(world, story):
    round_id, ids = story
    code, first, *_others = codes(world, round_id, *ids)
    for path in (f"/rounds/{code}/dossier", f"/proposals/{first}/dossier"):
        page, found = world.client("jaan").get(path).text, read(world, "jaan", f"/api/v1{path}")
        for section in found["sections"]:
            assert f'id="{section["key"]}"' in page
            for row in section["rows"]:
                for value in row.values():
                    if isinstance(value, str) and len(value) == 64:
                        assert value[:12] in page


def test_a_team_reads_its_own_and_nothing_of_the_jury_or_of_others(world, story):
    round_id, ids = story
    _code, first, second, *_others = codes(world, round_id, *ids)
    whole = str(read(world, "jaan", f"/api/v1/proposals/{first}/dossier"))
    assert all(secret in whole for secret in JURY_SECRETS)
    for who in ("ravi", "sofia"):
        found = read(world, who, f"/api/v1/proposals/{first}/dossier")
        assert not any(secret in str(found) for secret in (*JURY_SECRETS, "Proposal 1", "Kadri", "Jaan"))
        assert {one["key"] for one in found["sections"]} == {
            "proposals", "versions", "commitments", "outcomes", "letters",
        }  # fmt: skip
        assert sections(found)["outcomes"][0]["conditions"] == ["The council agrees."]
        assert [row["to"] for row in sections(found)["letters"]] == [
            {"ravi": "Ravi Rao", "sofia": "Sofia Salo"}[who],
        ]
        page = world.client(who).get(f"/proposals/{first}/dossier").text
        assert not any(secret in page for secret in (*JURY_SECRETS, "Proposal 1"))
    assert read(world, "sofia", f"/api/v1/proposals/{second}/dossier") == 404
    with world.acting() as w:  # what is not told is not there
        proposal = w.session.get_one(Proposal, ids[0])
        make_outcome(w, proposal, reasons="Nobody knows yet.")
    assert "Nobody knows yet." in str(read(world, "jaan", f"/api/v1/proposals/{first}/dossier"))
    assert "Nobody knows yet." not in str(read(world, "ravi", f"/api/v1/proposals/{first}/dossier"))


def test_jurors_and_strangers_get_nothing(world, story):
    round_id, ids = story
    code, first, *_others = codes(world, round_id, *ids)
    for who in ("lena", "oskar", "anna"):
        for path in (f"/rounds/{code}/dossier", f"/proposals/{first}/dossier"):
            assert world.client(who).get(path).status_code == 404
            assert read(world, who, f"/api/v1{path}") == 404
    for who in ("ravi", "mari"):
        assert read(world, who, f"/api/v1/rounds/{code}/dossier") == 404


def test_a_coordinator_with_a_conflict_reads_the_rest(world, story):
    round_id, ids = story
    code, first, *_others = codes(world, round_id, *ids)
    with world.acting() as w:
        make_conflict(w, w.session.get_one(Proposal, ids[0]), "kadri")
    found = read(world, "kadri", f"/api/v1/rounds/{code}/dossier")
    assert found["hidden"] == 1
    assert len(sections(found)["proposals"]) == 3
    assert "Proposal 0" not in str(found)
    assert first not in str(found)
    ranked = sections(found)["rankings"]
    assert {(row["place"], row["inputs"]) for row in ranked} == {(None, None)}  # they would tell of the hidden one
    whole = sections(read(world, "jaan", f"/api/v1/rounds/{code}/dossier"))["rankings"]
    assert None not in {row["inputs"] for row in whole}
    assert {row["place"] for row in whole} >= {1, 2}
    assert read(world, "kadri", f"/api/v1/proposals/{first}/dossier") == 404


def test_reading_who_judged_is_noted_and_a_team_reads_none_of_it(world, story):
    from challenge.kernel.sight import Sight  # noqa: PLC0415

    round_id, ids = story
    _code, first, *_others = codes(world, round_id, *ids)
    for who in ("ravi", "jaan"):
        world.client(who).get(f"/proposals/{first}/dossier")
    with world.acting(writing=False) as w:
        readers = w.session.exec(select(Sight.reader_id).where(Sight.place == "dossier")).all()
        assert w.session.exec(select(Receipt)).all() == []
        assert w.session.exec(select(Outcome)).first() is not None
    assert set(readers) == {PEOPLE["jaan"].id}


def test_the_pdf_holds_the_same_and_carries_it(world, story):
    round_id, ids = story
    code, first, *_others = codes(world, round_id, *ids)
    for who, path in (("jaan", f"/rounds/{code}/dossier"), ("ravi", f"/proposals/{first}/dossier")):
        sent = world.client(who).get(f"{path}.pdf")
        assert (sent.status_code, sent.headers["content-type"]) == (200, "application/pdf")
        (inside,) = PdfReader(io.BytesIO(sent.content)).attachments["dossier.json"]
        assert json.loads(inside) == read(world, who, f"/api/v1{path}")
        assert f"SHA-256 {hashlib.sha256(inside).hexdigest()}" in said_in(sent.content)
    assert "Kept for ourselves." in said_in(world.client("jaan").get(f"/rounds/{code}/dossier.pdf").content)
    party = said_in(world.client("ravi").get(f"/proposals/{first}/dossier.pdf").content)
    assert not [secret for secret in JURY_SECRETS if secret in party]


@pytest.mark.parametrize("who", ["lena", "nobody", "tiina"])
def test_no_pdf_for_who_may_not_read_it(world, story, who):
    round_id, ids = story
    code, first, *_others = codes(world, round_id, *ids)
    for path in (f"/rounds/{code}/dossier.pdf", f"/proposals/{first}/dossier.pdf"):
        assert world.client(who).get(path).status_code in {303, 401, 403, 404}
