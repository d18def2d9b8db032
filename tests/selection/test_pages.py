"""The pages: who sees what, what is asked, what is refused, and that a list costs the same however long it is."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import event
from sqlmodel import select

from challenge.people.models import Role
from challenge.people.states import RoleName
from challenge.proposals import actions as proposals
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.rounds.states import CityRole, Gate
from challenge.selection import queries
from challenge.selection.models import Appeal, Outcome
from challenge.selection.states import OutcomeState, Verdict
from challenge.submissions.models import Submission
from tests.cast import PEOPLE
from tests.factories.jury import JURY, make_conflict, make_juror, make_submitted
from tests.factories.proposals import rules_with
from tests.factories.rounds import make_round
from tests.factories.selection import make_candidate
from tests.selection.test_announcing import announce, decided

FUND, RESERVE, DECLINE, INELIGIBLE = Verdict
FORM = {
    "verdict": "fund", "amount_cents": "1,000,000", "accept_by": "2027-11-20T17:00", "reasons": "The cities need it.",
    "conditions": "The council agrees.\nThe data stay open.",
}  # fmt: skip


def codes(world, round_id: int, *ids: int) -> list[str]:
    with world.acting() as w:
        return [
            w.session.get_one(Round, round_id).code,
            *(w.session.get_one(Proposal, proposal_id).code for proposal_id in ids),
        ]


def outcome_of(world, proposal_code: str) -> Outcome:
    with world.acting() as w:
        proposal = w.session.exec(select(Proposal).where(Proposal.code == proposal_code)).one()
        return queries.history(w, proposal)[0]


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


PRIVATE = (
    "/rounds/{round}/outcomes", "/rounds/{round}/announce", "/rounds/{round}/gates", "/rounds/{round}/closing",
    "/outcomes/{outcome}", "/outcomes/{outcome}/letters",
)  # fmt: skip


@pytest.mark.parametrize("who", ["mari", "ravi", "lena", "anna", "aoife"])
def test_the_pages_of_those_who_decide_are_not_there_for_others(world, who):
    round_id, proposal_id = decided(world, FUND)
    with world.acting() as w:
        make_juror(w, w.session.get_one(Round, round_id))
    round_code, code = codes(world, round_id, proposal_id)
    client = world.client(who)
    for path in (*PRIVATE, "/proposals/{proposal}/outcomes/new", "/outcomes/{outcome}/transitions/approve"):
        there = client.get(path.format(round=round_code, outcome=outcome_of(world, code).code, proposal=code))
        missing = client.get(path.format(round="00000000", outcome="00000000", proposal="00000000"))
        text = re.sub(f"{round_code}|{code}|{outcome_of(world, code).code}", "00000000", there.text)
        assert (there.status_code, text) == (404, missing.text)


def test_an_observer_reads_and_does_not_act(world):
    round_id, proposal_id = decided(world, FUND)
    round_code, code = codes(world, round_id, proposal_id)
    olev, outcome = world.client("olev"), outcome_of(world, code).code
    for path in PRIVATE:
        found = olev.get(path.format(round=round_code, outcome=outcome))
        assert found.status_code == 200
        assert not re.search(r'<form[^>]*method="post"', found.text)
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


def count_queries(world, act) -> int:
    seen = []
    engine = world.database.engine

    def on_execute(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", on_execute)
    try:
        act()
    finally:
        event.remove(engine, "before_cursor_execute", on_execute)
    return len(seen)


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


def test_results_name_the_selected_and_number_the_rest(world):
    titles = ("Heat from the ice hall", "A quiet title", "A waiting title", "A declined title")
    each = [{"title": title, "publish": title != "A quiet title"} for title in titles]
    round_id, *_ids = decided(world, FUND, FUND, RESERVE, DECLINE, each=each)
    round_code, *_codes = codes(world, round_id)
    path = f"/rounds/{round_code}/results"
    nobody = world.client("nobody")
    before = nobody.get(path).text
    assert "not announced yet" in before
    announce(world, round_id)

    after = nobody.get(path).text
    assert "2 pilots are selected" in after
    assert "Heat from the ice hall" in after
    assert "Tartu" in after
    for hidden in titles[1:]:
        assert hidden not in after
    assert "One more proposal is selected" in after


def test_an_appeal_goes_from_the_form_to_its_answer(world):
    round_id, proposal_id = decided(world, DECLINE)
    announce(world, round_id)
    with world.acting() as w:
        w.add(Role(person_id=PEOPLE["katrin"].id, name=RoleName.COORDINATOR))
    _round_code, code = codes(world, round_id, proposal_id)
    ravi, katrin, jaan, mari = (world.client(name) for name in ("ravi", "katrin", "jaan", "mari"))

    assert f"/proposals/{code}/appeal" in ravi.get(f"/proposals/{code}/outcome").text
    assert mari.get(f"/proposals/{code}/appeal").status_code == 403
    assert ravi.post(f"/proposals/{code}/appeal", data={"grounds": ""}).status_code == 422
    made = ravi.post(f"/proposals/{code}/appeal", data={"grounds": "A juror works for a competitor."})
    where = made.headers["location"]
    assert ravi.post(f"/proposals/{code}/appeal", data={"grounds": "Again."}).status_code == 409
    assert mari.get(where).status_code == 404
    assert "Katrin Kivi" in jaan.get(where).text
    assert "Katrin Kivi" not in ravi.get(where).text
    assert jaan.post(f"{where}/handler").status_code == 403
    assert ravi.post(f"{where}/handler").status_code == 403
    assert katrin.post(f"{where}/handler").status_code == 303
    assert jaan.get(f"{where}/transitions/hear").status_code == 403
    assert katrin.post(f"{where}/transitions/hear", data={"hearing": "Both sides."}).status_code == 303
    assert katrin.post(f"{where}/transitions/uphold", data={"result": "The conflict was known."}).status_code == 303
    assert "The conflict was known." in ravi.get(where).text
    for name in ("ravi", "katrin", "jaan", "olev"):
        assert where in world.client(name).get("/appeals").text
    assert where not in mari.get("/appeals").text
    with world.acting() as w:
        assert w.session.get_one(Proposal, proposal_id).state is ProposalState.IN_JURY


def test_the_team_reads_reviews_without_names_in_an_order_of_their_own(world):
    round_id, proposal_id = decided(world, DECLINE)
    with world.acting() as w:
        proposal = w.session.get_one(Proposal, proposal_id)
        for name in ("lena", "oskar", "ilse"):
            make_submitted(w, proposal, make_juror(w, w.session.get_one(Round, round_id), name), comment=f"By {name}.")
        proposal.reviews_eligible, proposal.below_threshold = 3, False
    announce(world, round_id)
    _round_code, code = codes(world, round_id, proposal_id)
    text = world.client("ravi").get(f"/proposals/{code}/outcome").text
    assert [f"Reviewer {letter}" in text for letter in "ABCD"] == [True, True, True, False]
    assert not re.search("Lena Lind|Oskar Olsen|Ilse Ivask", text)
    assert text == world.client("ravi").get(f"/proposals/{code}/outcome").text


def test_a_gate_is_decided_in_one_batch(world):
    world.now = JURY
    pairs = ({"tartu": CityRole.LEAD, "helsinki": CityRole.PILOT}, {"tallinn": CityRole.LEAD, "fingal": CityRole.PILOT})
    with world.acting() as w:
        round_ = make_round(w)
        on, off, later = (
            make_candidate(w, round_, title=title, state=ProposalState.SHORTLISTING, cities=cities).code
            for title, cities in zip(("Goes on", "Stops", "Later"), (*pairs, pairs[0]), strict=True)
        )
        w.session.exec(select(Proposal).where(Proposal.code == later)).one().reviews_eligible = 0
        round_code = round_.code
    jaan, path = world.client("jaan"), f"/rounds/{round_code}/gates?gate=pilot_proposal"
    assert "Goes on" in jaan.get(path).text
    missing = jaan.post(path, data={f"verdict-{on}": "invite", f"verdict-{off}": "decline"})
    assert missing.status_code == 409
    assert "Say why it does not go on" in missing.text
    blocked = jaan.post(path, data={f"verdict-{later}": "invite"})
    assert blocked.status_code == 409
    chosen = {f"verdict-{on}": "invite", f"verdict-{off}": "decline", f"reasons-{off}": "The plan is thin."}
    check = jaan.post(path, data=chosen)
    assert check.status_code == 200
    assert "The plan is thin." in check.text
    assert "does not go on" in check.text
    assert "Goes on" in jaan.post(path, data={**chosen, "step": "change"}).text
    assert jaan.post(path, data={**chosen, "step": "send"}).status_code == 303
    with world.acting() as w:
        found = {
            code: w.session.exec(select(Proposal).where(Proposal.code == code)).one().state for code in (on, off, later)
        }
    assert list(found.values()) == [ProposalState.FINALIST, ProposalState.DECLINED, ProposalState.SHORTLISTING]
    decision = world.client("ravi").get(f"/proposals/{off}/outcome").text
    assert "The plan is thin." in decision
    assert f"/proposals/{off}/appeal" in decision
    assert world.client("ravi").get(f"/proposals/{later}/outcome").status_code == 404


def test_a_round_with_one_gate_has_no_batch_to_decide(world):
    world.now = JURY
    with world.acting() as w:
        round_code = make_round(w, rules=rules_with({Gate.FULL_PROPOSAL})).code
    found = world.client("jaan").get(f"/rounds/{round_code}/gates")
    assert found.status_code == 200
    assert "straight to the jury" in found.text
    assert world.client("jaan").get(f"/rounds/{round_code}/gates?gate=idea").status_code == 404


def test_a_round_is_closed_when_nothing_is_open(world):
    round_id, funded, _declined = decided(world, FUND, DECLINE)
    round_code, *_codes = codes(world, round_id, funded)
    jaan, path = world.client("jaan"), f"/rounds/{round_code}/closing"
    assert "2 matters are open" in jaan.get(path).text
    assert jaan.post(path).status_code == 409
    announce(world, round_id)
    assert jaan.post(path).status_code == 409
    with world.acting() as w:
        proposal = w.session.get_one(Proposal, funded)
        proposals.cause(w, proposal, "start_pilot")
        released = [found.id for found in queries.releasable(w, w.session.get_one(Round, round_id))]
        assert len(released) == 1
    assert jaan.post(path).status_code == 303
    with world.acting() as w:
        assert str(w.session.get_one(Round, round_id).state) == "closed"
        assert str(w.session.get_one(Submission, released[0]).state) == "not_piloted"


def test_empty_pages_say_the_next_step(world):
    world.now = JURY
    with world.acting() as w:
        round_code = make_round(w).code
    for name in ("outcomes", "announce", "gates", "closing", "results"):
        found = world.client("jaan").get(f"/rounds/{round_code}/{name}")
        assert found.status_code == 200
        assert found.text.count("<h1") == 1
    assert "No appeals" in world.client("ravi").get("/appeals").text
    with world.acting() as w:
        assert w.session.exec(select(Appeal)).all() == []
