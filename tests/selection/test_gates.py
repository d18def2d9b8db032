"""The gates’ batches, and the end of a round, on their pages."""

from __future__ import annotations

from sqlmodel import select

from challenge.proposals import actions as proposals
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.rounds.states import CityRole, Gate
from challenge.selection import queries
from challenge.selection.models import Appeal
from challenge.selection.states import Verdict
from challenge.submissions.models import Submission
from tests.factories.jury import JURY
from tests.factories.proposals import rules_with
from tests.factories.rounds import make_round
from tests.factories.selection import make_candidate
from tests.selection.steps import announce, codes, decided

FUND, RESERVE, DECLINE, INELIGIBLE = Verdict


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
    assert "Appeals can be filed until" in jaan.get(path).text
    assert jaan.post(path).status_code == 409
    world.move(days=15)
    assert world.client("kadri").post(path).status_code == 303
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
