"""The pages, by whom they may be seen and what they do."""

from __future__ import annotations

import pytest

from challenge.kernel import revision
from challenge.people.models import Person
from challenge.proposals import actions, content, queries
from challenge.proposals.rules import commitments
from challenge.proposals.schemas import Invitation
from challenge.proposals.states import ProposalState as S
from challenge.proposals.states import TeamRole
from challenge.rounds.models import Round
from challenge.rounds.states import Gate, WindowName
from tests.factories.proposals import (
    ANSWERS,
    AT,
    code_of,
    get,
    make_challenge,
    make_proposal,
    proposal_in,
    rules_with,
    sign_all,
    walk,
)
from tests.factories.rounds import WINDOWS, make_round

STRANGERS = ("eero", "tiina", "katrin", "lena", "anna")
PAGES = (
    "",
    "/edit",
    "/check",
    "/team",
    "/cities",
    "/challenges",
    "/budget",
    "/revisions",
    "/files",
    "/receipt",
    "/merger",
)


ON_ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # many pages, no new queries


@ON_ONE_DATABASE
@pytest.mark.parametrize("state", [S.SUBMITTED, S.DECLINED])
def test_strangers_get_byte_for_byte_the_answer_of_a_missing_record(world, state):
    code = proposal_in(world, state)
    for name in STRANGERS:
        client = world.client(name)
        for page in PAGES:
            known, missing = client.get(f"/proposals/{code}{page}"), client.get(f"/proposals/00000000{page}")
            assert (known.status_code, missing.status_code) == (404, 404), (name, page)
            assert known.text.replace(code, "00000000") == missing.text
            assert "Hourly water" not in known.text


def test_a_visitor_sees_nothing_before_and_the_summary_after_the_announcement(world):
    code = proposal_in(world, S.IN_JURY)
    nobody = world.client()
    known, missing = (nobody.get(f"/proposals/{one}") for one in (code, "00000000"))
    assert (known.status_code, missing.status_code) == (303, 303)  # sign in first, whether or not there is such a one
    assert known.headers["location"].replace(code, "00000000") == missing.headers["location"]
    assert "Hourly water" not in nobody.get("/proposals").text
    walk(world, code, "award")

    page = nobody.get(f"/proposals/{code}")
    assert page.status_code == 200
    assert ANSWERS["summary"] in page.text
    assert "Hourly water" in nobody.get("/proposals").text
    for canary in (ANSWERS["problem"], "Ravi", "ravi@example.org", "1,200,000", "City Council"):
        assert canary not in page.text
    assert nobody.get(f"/proposals/{code}/team").status_code == 303  # sign in first


@ON_ONE_DATABASE
@pytest.mark.parametrize("state", list(S))
def test_every_reader_opens_the_page_in_every_state(world, state):
    code = proposal_in(world, state)
    for name in ("ravi", "mari", "jaan"):
        assert world.client(name).get(f"/proposals/{code}").status_code == 200, (state, name)
    edit = world.client("ravi").get(f"/proposals/{code}/edit").status_code
    assert edit == (200 if state in (S.DRAFT, S.RETURNED, S.CO_DEVELOPMENT, S.FINALIST) else 409)


@ON_ONE_DATABASE
def test_readers_open_what_they_may(world):
    code = proposal_in(world, S.FINALIST)
    for name in ("ravi", "mari", "olev"):
        client = world.client(name)
        for page in ("/check", "/cities", "/challenges", "/budget", "/revisions", "/files", "/receipt"):
            assert client.get(f"/proposals/{code}{page}").status_code == 200, (name, page)
    for name, page, status in (
        ("ravi", "/team", 200), ("jaan", "/team", 200), ("mari", "/team", 403), ("mari", "/edit", 403),
        ("jaan", "/merger", 403), ("ravi", "/merger", 200), ("jaan", "/edit", 403),
    ):  # fmt: skip
        assert world.client(name).get(f"/proposals/{code}{page}").status_code == status, (name, page)


def test_a_proposal_is_begun_from_a_challenge(world):
    with world.acting() as w:
        challenge = make_challenge(w, make_round(w, rules=rules_with())).code
    ravi = world.client("ravi")
    form = ravi.get(f"/proposals/new?challenge={challenge}")
    assert f'value="{challenge}" checked' in form.text

    refused = ravi.post("/proposals", data={"title": "", "organisation": "6"})
    assert refused.status_code == 422
    assert "Choose at least one challenge" in refused.text
    made = ravi.post("/proposals", data={"title": "Bathing water", "organisation": "6", "challenges": challenge})
    assert made.status_code == 303
    page = ravi.get(made.headers["location"])
    assert "Bathing water" in page.text
    assert "Next:" in page.text
    assert "0 of 4 parts done" in page.text or "1 of 4 parts done" in page.text
    assert world.client("lena").get("/proposals/new").status_code == 403


def test_an_answer_is_saved_part_by_part_and_by_itself(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    ravi = world.client("ravi")
    page = ravi.get(f"/proposals/{code}/edit?part=risks")
    assert page.status_code == 200

    with world.acting() as w:
        version = get(w, code).version
    sent = {"version": version, "risks": "Ice breaks the buoys.", "data_protection": ANSWERS["data_protection"]}
    saved = ravi.post(f"/proposals/{code}/edit?part=risks", data=sent, headers={"accept": "application/json"})
    assert saved.status_code == 200
    assert saved.json()["text"].startswith("Saved")
    with world.acting() as w:
        assert get(w, code).answers["risks"] == "Ice breaks the buoys."
        assert get(w, code).answers["answer"] == ANSWERS["answer"]  # other parts stay
        assert get(w, code).version == saved.json()["version"]


def test_indicators_are_typed_in_cells_and_kept_as_lines(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    ravi = world.client("ravi")
    page = ravi.get(f"/proposals/{code}/edit?part=impact")
    assert 'value="Hours until a warning"' in page.text

    with world.acting() as w:
        version = get(w, code).version
    cells = {"indicator-0-name": "Hours | days", "indicator-0-baseline": "48", "indicator-0-target": "2",
             "indicator-2-name": "Bathers"}  # fmt: skip
    sent = {"version": version, "impact": "Fewer days closed.", **cells}
    assert ravi.post(f"/proposals/{code}/edit?part=impact", data=sent).status_code == 303
    with world.acting() as w:
        assert get(w, code).answers["indicators"] == ["Hours / days | 48 | 2", "Bathers"]
    check = ravi.get(f"/proposals/{code}/edit?part=impact&checked=1")
    assert "Give at least one indicator with its baseline and its target" in check.text


def test_a_stale_save_shows_both_texts_and_loses_none(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    with world.acting("ravi") as w:
        actions.invite_member(w, get(w, code), Invitation(name="Eero", email="eero@example.org", role=TeamRole.CO_LEAD))
    with world.acting("eero") as w:
        actions.accept_invitation(w, get(w, code))
    ravi, eero = world.client("ravi"), world.client("eero")
    for client in (ravi, eero):
        client.get(f"/proposals/{code}/edit?part=risks")
    with world.acting() as w:
        version = get(w, code).version
    url = f"/proposals/{code}/edit?part=risks"
    same = {"version": version, "data_protection": ANSWERS["data_protection"]}
    assert ravi.post(url, data={**same, "risks": "Ravi says ice."}).status_code == 303
    late = eero.post(url, data={**same, "risks": "Eero says storms."})
    assert late.status_code == 409
    assert "Ravi says ice." in late.text
    assert "Eero says storms." in late.text


def test_a_save_is_not_stale_when_only_the_budget_changed(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    ravi = world.client("ravi")
    ravi.get(f"/proposals/{code}/edit?part=risks")
    with world.acting() as w:
        version, partner = get(w, code).version, code_of(w, "taltech")
    assert ravi.post(f"/proposals/{code}/budget", data={f"{partner}-staff": "900,000"}).status_code == 303
    sent = {"version": version, "risks": "Ice.", "data_protection": ANSWERS["data_protection"]}

    assert ravi.post(f"/proposals/{code}/edit?part=risks", data=sent).status_code == 303
    with world.acting() as w:
        assert get(w, code).answers["risks"] == "Ice."


def test_an_idea_is_submitted_over_the_web_with_its_receipt(world):
    code = proposal_in(world, S.DRAFT)
    world.now = AT[Gate.IDEA]
    ravi = world.client("ravi")
    check = ravi.get(f"/proposals/{code}/check")
    assert "Submit idea" in check.text
    with world.acting() as w:
        version = get(w, code).version
    assert ravi.post(f"/proposals/{code}/transitions/submit", data={"version": version}).status_code == 303
    page = ravi.get(f"/proposals/{code}")
    assert "Idea submitted" in page.text
    receipt = ravi.get(f"/proposals/{code}/receipt.json").json()
    with world.acting() as w:
        assert receipt["content"]["sha256"] == revision.at(w, "proposal", code, 1).hash
    assert world.client("sofia").get(f"/proposals/{code}/receipt").status_code == 200


def test_the_budget_adds_up_warns_and_says_what_is_wrong(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    ravi = world.client("ravi")
    with world.acting() as w:
        partner = code_of(w, "tartu")
    wrong = ravi.post(f"/proposals/{code}/budget", data={f"{partner}-staff": "lots"})
    assert wrong.status_code == 422
    assert 'value="lots"' in wrong.text
    assert "Tartu, Staff: enter an amount in euros" in wrong.text
    assert ravi.post(f"/proposals/{code}/budget", data={f"{partner}-staff": "1.300.000,50"}).status_code == 303
    page = ravi.get(f"/proposals/{code}/budget")
    assert "The budget is €40,000.50 over the size of this class." in page.text
    assert world.client("mari").post(f"/proposals/{code}/budget", data={}).status_code == 403
    assert "Save and add up" not in world.client("mari").get(f"/proposals/{code}/budget").text


def test_a_stale_budget_keeps_what_was_typed(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    ravi = world.client("ravi")
    with world.acting() as w:
        partner = code_of(w, "tartu")
    late = ravi.post(f"/proposals/{code}/budget", data={"stamp": "0" * 16, f"{partner}-staff": "77"})
    assert late.status_code == 409
    assert 'value="77"' in late.text
    with world.acting() as w:
        assert sum(line.cents for line in content.budget(w, get(w, code))) == 120_000_000


def test_a_city_is_found_asked_and_signs_what_it_saw(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    sign_all(world, code)
    ravi, sofia = world.client("ravi"), world.client("sofia")
    with world.acting() as w:
        dlr, helsinki, version = code_of(w, "dlr"), code_of(w, "helsinki"), get(w, code).version
    added = ravi.post(f"/proposals/{code}/cities", data={"city": dlr, "role": "follower"})
    assert added.status_code == 303
    again = ravi.post(f"/proposals/{code}/cities", data={"city": dlr, "role": "follower"})
    assert again.status_code == 422
    assert "is a partner city already" in again.text
    page = ravi.get(f"/proposals/{code}")
    assert "the proposal changed in version" in page.text
    assert ravi.post(f"/proposals/{code}/commitments", data={"city": helsinki}).status_code == 303

    sign_page = sofia.get(f"/proposals/{code}/commitments/{helsinki}")
    assert "Changed since version" in sign_page.text
    assert "<ins>" in sign_page.text
    with world.acting() as w:
        now = content.current(w, get(w, code))
    url = f"/proposals/{code}/commitments/{helsinki}/signature"
    old = {"revision_number": now.number, "revision_hash": "0" * 64}
    assert sofia.post(url, data=old).status_code == 409
    given = {"revision_number": now.number, "revision_hash": now.hash}
    assert ravi.post(url, data=given).status_code == 403
    assert sofia.post(url, data=given).status_code == 303
    assert version
    assert f"Signed version {now.number}" in sofia.get(f"/proposals/{code}").text


def test_a_formal_decision_is_recorded_with_its_document_and_withdrawn(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    mari = world.client("mari")
    with world.acting() as w:
        tartu = code_of(w, "tartu")
    url = f"/proposals/{code}/commitments/{tartu}"
    missing = mari.post(f"{url}/decision", data={"body": ""})
    assert missing.status_code == 422
    assert "Name the body that decided" in missing.text
    files = {"file": ("decision.pdf", b"%PDF-1.7 decision", "application/pdf")}
    data = {"body": "City Council", "decided_on": "2027-05-03", "bridge_cents": "40 000"}
    assert world.client("ravi").post(f"{url}/decision", data=data, files=files).status_code == 403
    assert mari.post(f"{url}/decision", data=data, files=files).status_code == 303
    page = mari.get(url)
    assert "City Council" in page.text
    assert "€40,000" in page.text
    with world.acting() as w:
        (row,) = commitments(w, get(w, code))
    got = mari.get(f"{url}/document/{row.attachment_code}")
    assert got.content == b"%PDF-1.7 decision"
    assert world.client("eero").get(f"{url}/document/{row.attachment_code}").status_code == 404
    gone = mari.post(f"{url}/withdrawal", data={"why": "No quorum.", "kind": "formal_decision"})
    assert gone.status_code == 303
    assert mari.post(f"{url}/withdrawal", data={"why": "No quorum.", "kind": "formal_decision"}).status_code == 409


def test_a_city_leaves_over_the_web(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    with world.acting() as w:
        helsinki = code_of(w, "helsinki")
    url = f"/proposals/{code}/cities/{helsinki}/leaving"
    assert world.client("ravi").get(url).status_code == 403
    sofia = world.client("sofia")
    assert sofia.get(url).status_code == 200
    assert sofia.post(url, data={"reason": ""}).status_code == 422
    assert sofia.post(url, data={"reason": "Elections."}).status_code == 303
    assert sofia.get(f"/proposals/{code}").status_code == 404


def test_the_team_is_invited_joins_and_is_handed_the_lead(world):
    code = proposal_in(world, S.DRAFT)
    ravi, eero = world.client("ravi"), world.client("eero")
    data = {"name": "Eero Eskola", "email": "eero@example.org", "role": "co_lead"}
    assert ravi.post(f"/proposals/{code}/team", data={**data, "role": "lead"}).status_code == 422
    assert ravi.post(f"/proposals/{code}/team", data=data).status_code == 303
    assert ravi.post(f"/proposals/{code}/team", data=data).status_code == 422
    assert "You are invited" in eero.get(f"/proposals/{code}").text
    assert "My proposals" in eero.get("/proposals").text
    assert eero.post(f"/proposals/{code}/invitation", data={"answer": "accept"}).status_code == 303
    with world.acting() as w:
        person = w.session.get_one(Person, 15).code
    assert ravi.post(f"/proposals/{code}/team/{person}/lead").status_code == 303
    assert eero.post(f"/proposals/{code}/leaving").status_code == 409
    assert ravi.post(f"/proposals/{code}/leaving").status_code == 303
    assert ravi.get(f"/proposals/{code}").status_code == 404


def test_a_coordinator_screens_with_the_facts_beside_each_point(world):
    code = proposal_in(world, S.SUBMITTED)
    jaan = world.client("jaan")
    page = jaan.get(f"/proposals/{code}")
    assert "Eligibility checklist" in page.text
    form = jaan.get(f"/proposals/{code}/transitions/screen_in")
    assert "All answers are there, within their limits." in form.text
    with world.acting() as w:
        version = get(w, code).version
    some = {"version": version, "points": ["challenge", "complete"]}
    refused = jaan.post(f"/proposals/{code}/transitions/screen_in", data=some)
    assert refused.status_code == 422
    assert "Check every point." in refused.text
    every = ["challenge", "complete", "in_time", "team", "understandable", "original"]
    done = jaan.post(f"/proposals/{code}/transitions/screen_in", data={"version": version, "points": every})
    assert done.status_code == 303
    assert world.client("ravi").get(f"/proposals/{code}/transitions/invite").status_code == 403


def test_a_city_rates_an_idea_over_the_web(world):
    code = proposal_in(world, S.IN_REVIEW)
    world.now = WINDOWS[WindowName.PREFERENCES][0]
    mari = world.client("mari")
    assert "Rate this idea for your city" in mari.get(f"/proposals/{code}").text
    assert "Rate this idea for your city" not in world.client("sofia").get(f"/proposals/{code}").text
    assert mari.post(f"/proposals/{code}/rating", data={"rating": "6"}).status_code == 422
    assert mari.post(f"/proposals/{code}/rating", data={"rating": "4", "comment": "CANARY useful"}).status_code == 303
    assert "4 of 5" in world.client("jaan").get(f"/proposals/{code}").text
    assert "CANARY" not in world.client("ravi").get(f"/proposals/{code}").text
    assert "CANARY" not in world.client("sofia").get(f"/proposals/{code}").text


def test_challenges_are_added_over_the_web(world):
    code = proposal_in(world, S.DRAFT)
    with world.acting() as w:
        more = make_challenge(w, w.session.get_one(Round, get(w, code).round_id), title="Noise at night").code
    ravi = world.client("ravi")
    assert "Noise at night" in ravi.get(f"/proposals/{code}/challenges").text
    assert ravi.post(f"/proposals/{code}/challenges", data={"challenge": "00000000"}).status_code == 422
    assert ravi.post(f"/proposals/{code}/challenges", data={"challenge": more}).status_code == 303
    assert ravi.post(f"/proposals/{code}/challenges/{more}/removal").status_code == 303


def test_two_leads_agree_to_merge_over_the_web(world):
    code = proposal_in(world, S.IN_REVIEW)
    with world.acting() as w:
        into = make_proposal(w, w.session.get_one(Round, get(w, code).round_id), lead="eero", state=S.IN_REVIEW).code
    ravi, eero = world.client("ravi"), world.client("eero")
    assert ravi.get(f"/proposals/{code}/merger").status_code == 200
    assert ravi.post(f"/proposals/{code}/merger", data={"into": "00000000"}).status_code == 422
    assert ravi.post(f"/proposals/{code}/merger", data={"into": into}).status_code == 303
    assert "asks to become part" in eero.get(f"/proposals/{into}").text
    assert eero.post(f"/proposals/{into}/mergers/{code}").status_code == 303
    assert "Merge" in world.client("jaan").get(f"/proposals/{code}").text


@pytest.mark.parametrize("name", ["ravi", "mari", "jaan"])
def test_a_list_takes_as_many_queries_for_three_as_for_one(world, name, counted):
    proposal_in(world, S.SUBMITTED)
    client = world.client(name)
    client.get("/proposals")
    with counted(world) as one:
        client.get("/proposals")
    for _ in range(2):
        proposal_in(world, S.SUBMITTED)
    with counted(world) as three:
        page = client.get("/proposals")
    assert page.text.count("Hourly water") >= 1
    assert three[0] == one[0]


def test_lists_of_a_round_are_filtered(world):
    code = proposal_in(world, S.SUBMITTED, title="Sub water")
    with world.acting() as w:
        round_ = w.session.get_one(Round, get(w, code).round_id)
        make_proposal(w, round_, title="Draft water")
    jaan = world.client("jaan")
    assert "Draft water" in jaan.get("/proposals").text
    only = jaan.get("/proposals?state=submitted").text
    assert "Sub water" in only
    assert "Draft water" not in only
    assert "No proposal fits" in jaan.get("/proposals?q=zzz").text
    assert queries.PUBLIC
