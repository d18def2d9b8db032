"""Cities, commitments, team, screening, rating and merging on the web."""

from __future__ import annotations

from challenge.notifications import subjects
from challenge.people.models import Person
from challenge.proposals import content
from challenge.proposals.rules import commitments
from challenge.proposals.states import ProposalState as S
from challenge.rounds.models import Round
from challenge.rounds.states import WindowName
from challenge.submissions.asks import Withdraw
from challenge.submissions.models import Submission
from challenge.submissions.workflow import SUBMISSION
from tests.factories.proposals import (
    code_of,
    get,
    make_challenge,
    make_proposal,
    proposal_in,
    sign_all,
)
from tests.factories.rounds import WINDOWS


def test_a_city_is_found_asked_and_signs_what_it_saw(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    sign_all(world, code)
    ravi, sofia = world.client("ravi"), world.client("sofia")
    with world.acting() as w:
        dlr, helsinki = code_of(w, "dlr"), code_of(w, "helsinki")
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
    assert f"Signed version {now.number}" in sofia.get(f"/proposals/{code}").text


def test_the_page_links_only_to_commitments_the_reader_may_open(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    for who, opened in (("ravi", {"tartu", "helsinki"}), ("jaan", {"tartu", "helsinki"}), ("sofia", {"helsinki"})):
        reader = world.client(who)
        page = reader.get(f"/proposals/{code}").text
        for city in ("tartu", "helsinki"):
            with world.acting() as w:
                url = f"/proposals/{code}/commitments/{code_of(w, city)}"
            assert (f'href="{url}"' in page) is (city in opened), (who, city)
            assert reader.get(url).status_code == (200 if city in opened else 404), (who, city)


def test_what_a_city_is_told_of_its_commitment_leads_to_a_page(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    sign_all(world, code)
    with world.acting() as w:
        paths = [subjects.commitment(w, row.code).path for row in commitments(w, get(w, code))]
        assert paths
    assert [world.client("ravi").get(path).status_code for path in paths] == [200] * len(paths)


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


def test_a_coordinator_records_over_the_web_that_it_goes_on(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    with world.acting("mari") as w:
        (answered,) = content.challenges(w, get(w, code))
        challenge = w.session.get_one(Submission, answered.id)
        SUBMISSION.fire(w, challenge, "withdraw", Withdraw(reason="No staff."))
    jaan, url = world.client("jaan"), f"/proposals/{code}/consent"
    assert "Record why" in jaan.get(f"/proposals/{code}/challenges").text
    assert "choose a challenge" not in jaan.get(url).text
    assert world.client("ravi").get(url).status_code == 403
    assert jaan.post(url, data={"reason": ""}).status_code == 422
    assert jaan.post(url, data={"reason": "Helsinki has the same problem."}).status_code == 303
    assert "Record why" not in jaan.get(f"/proposals/{code}/challenges").text


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
