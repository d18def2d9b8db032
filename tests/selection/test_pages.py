"""The pages of those who decide: who sees what, what is asked, what is refused."""

from __future__ import annotations

import re

import pytest

from challenge.proposals.models import Proposal
from challenge.rounds.models import Round
from challenge.selection.states import OutcomeState, Verdict
from tests.factories.jury import make_conflict, make_juror, make_submitted
from tests.selection.steps import codes, count_queries, decided, outcome_of

FUND, RESERVE, DECLINE, INELIGIBLE = Verdict
FORM = {
    "verdict": "fund", "amount_cents": "1,000,000", "accept_by": "2027-11-20T17:00", "reasons": "The cities need it.",
    "conditions": "The council agrees.\nThe data stay open.",
}  # fmt: skip
PRIVATE = (
    "/rounds/{round}/outcomes", "/rounds/{round}/announce", "/rounds/{round}/gates", "/rounds/{round}/closing",
    "/outcomes/{outcome}", "/outcomes/{outcome}/letters",
)  # fmt: skip


def test_a_coordinator_proposes_another_approves_both_announce_and_the_team_accepts(world):
    """The story of one award, on the pages."""
    round_id, proposal_id = decided(world, None)
    round_code, code = codes(world, round_id, proposal_id)
    jaan, kadri, ravi = (world.client(name) for name in ("jaan", "kadri", "ravi"))

    assert f"/proposals/{code}/outcomes/new" in jaan.get(f"/rounds/{round_code}/outcomes").text
    form = jaan.get(f"/proposals/{code}/outcomes/new")
    assert 'value="1200000"' not in form.text
    assert jaan.post(f"/proposals/{code}/outcomes/new", data={**FORM, "amount_cents": ""}).status_code == 422
    made = jaan.post(f"/proposals/{code}/outcomes/new", data=FORM)
    assert made.status_code == 303
    where = made.headers["location"]
    assert "Kadri Kask" in jaan.get(where).text  # who can approve
    assert jaan.post(f"{where}/transitions/approve").status_code == 409
    assert "Look and approve" in kadri.get(f"/rounds/{round_code}/outcomes").text
    assert kadri.post(f"{where}/transitions/approve").status_code == 303

    preview = jaan.get(f"/rounds/{round_code}/announce").text
    batch = re.search(r'name="batch" value="([0-9a-f]+)"', preview).group(1)
    assert "Ravi Rao" in preview
    assert "Fund with €1,000,000" in preview
    letters = jaan.get(f"{where}/letters").text
    assert "The council agrees." in letters
    assert "Mari Maasikas" in letters
    assert jaan.post(f"/rounds/{round_code}/announce", data={"batch": batch}).status_code == 303
    assert jaan.post(f"/rounds/{round_code}/announce", data={"batch": batch}).status_code == 409
    assert ravi.get(f"/proposals/{code}/outcome").status_code == 404
    assert kadri.post(f"/rounds/{round_code}/announce", data={"batch": batch}).status_code == 303

    decision = ravi.get(f"/proposals/{code}/outcome").text
    assert "Selected for funding" in decision
    assert "Accept the offer" in decision
    assert ravi.post(f"/proposals/{code}/outcome/accept").status_code == 303
    assert "Offer accepted" in ravi.get(f"/proposals/{code}/outcome").text
    assert kadri.post(f"{where}/conditions/1", data={"met": "yes"}).status_code == 303
    assert kadri.post(f"{where}/conditions/9", data={"met": "yes"}).status_code == 404


def test_the_pages_of_those_who_decide_are_not_there_for_others(world):
    round_id, proposal_id = decided(world, FUND)
    with world.acting() as w:
        make_juror(w, w.session.get_one(Round, round_id))
    round_code, code = codes(world, round_id, proposal_id)
    outcome = outcome_of(world, code).code
    for who in ("mari", "ravi", "lena", "anna", "aoife"):
        client = world.client(who)
        for path in (*PRIVATE, "/proposals/{proposal}/outcomes/new", "/outcomes/{outcome}/transitions/approve"):
            there = client.get(path.format(round=round_code, outcome=outcome, proposal=code))
            missing = client.get(path.format(round="00000000", outcome="00000000", proposal="00000000"))
            text = re.sub(f"{round_code}|{code}|{outcome}", "00000000", there.text)
            assert (who, there.status_code, text) == (who, 404, missing.text)


def test_an_observer_reads_and_does_not_act(world):
    round_id, proposal_id = decided(world, FUND)
    round_code, code = codes(world, round_id, proposal_id)
    olev, outcome = world.client("olev"), outcome_of(world, code).code
    for path in PRIVATE:
        found = olev.get(path.format(round=round_code, outcome=outcome))
        assert found.status_code == 200
        assert re.findall(r'<form[^>]*method="post"[^>]*action="([^"]*)"', found.text) == ["/sign-out"]
    assert olev.get(f"/proposals/{code}/outcomes/new").status_code == 403
    assert olev.post(f"/outcomes/{outcome}/transitions/withdraw", data={"reason": "No."}).status_code == 403
    assert olev.post(f"/rounds/{round_code}/announce", data={"batch": "x"}).status_code == 403
    assert olev.post(f"/rounds/{round_code}/gates?gate=idea", data={}).status_code == 403
    assert olev.post(f"/rounds/{round_code}/closing").status_code == 403


def test_nobody_signed_out_gets_past_the_results(world):
    round_id, proposal_id = decided(world, FUND)
    round_code, code = codes(world, round_id, proposal_id)
    nobody = world.client("nobody")
    for path in (*PRIVATE, "/appeals", "/proposals/{proposal}/outcome", "/proposals/{proposal}/appeal"):
        found = nobody.get(path.format(round=round_code, outcome=outcome_of(world, code).code, proposal=code))
        assert found.status_code == 303
        assert found.headers["location"].startswith("/sign-in")
    assert nobody.get(f"/rounds/{round_code}/results").status_code == 200


@pytest.mark.abuse(9)
def test_a_coordinator_with_a_conflict_sees_neither_outcome_nor_letters(world):
    round_id, proposal_id, other = decided(world, FUND, DECLINE)
    with world.acting() as w:
        proposal = w.session.get_one(Proposal, proposal_id)
        make_conflict(w, proposal, "kadri")
        title = proposal.title
    round_code, code, _other = codes(world, round_id, proposal_id, other)
    kadri, outcome = world.client("kadri"), outcome_of(world, code).code
    for path in (f"/outcomes/{outcome}", f"/outcomes/{outcome}/letters", f"/proposals/{code}/outcomes/new"):
        assert kadri.get(path).status_code == 404
    for path in (f"/rounds/{round_code}/outcomes", f"/rounds/{round_code}/announce"):
        found = kadri.get(path)
        assert found.status_code == 200
        assert title not in found.text
        assert outcome not in found.text
        assert "conflict" in found.text


def test_what_the_form_cannot_take_is_said_at_its_field(world):
    round_id, proposal_id = decided(world, None)
    _round_code, code = codes(world, round_id, proposal_id)
    with world.acting() as w:
        w.session.get_one(Proposal, proposal_id).below_threshold = True
    refused = world.client("jaan").post(f"/proposals/{code}/outcomes/new", data=FORM)
    assert refused.status_code == 409
    assert "Say why this departs from the rules" in refused.text
    assert "The data stay open." in refused.text  # what was typed is kept
    assert (
        world.client("jaan")
        .post(f"/proposals/{code}/outcomes/new", data={**FORM, "deviation": "The panel insists."})
        .status_code
        == 303
    )


def test_withdrawing_asks_why_and_keeps_the_outcome(world):
    round_id, proposal_id = decided(world, FUND)
    _round_code, code = codes(world, round_id, proposal_id)
    outcome = outcome_of(world, code).code
    kadri = world.client("kadri")
    assert "Reason" in kadri.get(f"/outcomes/{outcome}/transitions/withdraw").text
    assert kadri.post(f"/outcomes/{outcome}/transitions/withdraw", data={"reason": ""}).status_code == 422
    assert kadri.post(f"/outcomes/{outcome}/transitions/withdraw", data={"reason": "A mistake."}).status_code == 303
    assert outcome_of(world, code).state is OutcomeState.SUPERSEDED
    assert "A mistake." in kadri.get(f"/outcomes/{outcome}").text


@pytest.mark.parametrize("state", [OutcomeState.PROPOSED, OutcomeState.APPROVED])
def test_the_list_of_outcomes_costs_the_same_for_one_and_for_three(world, state):
    counts = []
    for verdicts in ([FUND], [FUND, RESERVE, DECLINE]):
        round_id, *ids = decided(world, *verdicts, state=state, title=f"Round of {len(verdicts)}")
        with world.acting() as w:
            juror = make_juror(w, w.session.get_one(Round, round_id))
            for proposal_id in ids:
                make_submitted(w, w.session.get_one(Proposal, proposal_id), juror)
        round_code, *_codes = codes(world, round_id)
        client = world.client("jaan")
        path = f"/rounds/{round_code}/outcomes"
        assert client.get(path).status_code == 200  # texts and templates are loaded
        counts.append(count_queries(world, lambda client=client, path=path: client.get(path)))
    assert counts[0] == counts[1]
