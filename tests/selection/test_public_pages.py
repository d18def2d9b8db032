"""What teams and everybody read: decisions, feedback, results; and the pages of appeals."""

from __future__ import annotations

import re

import pytest

from challenge.people.models import Role
from challenge.people.states import RoleName
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.selection.states import Verdict
from tests.cast import PEOPLE
from tests.factories.jury import make_juror, make_submitted
from tests.selection.steps import announce, codes, decided

FUND, RESERVE, DECLINE, INELIGIBLE = Verdict


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
    assert "This decision no longer stands" in ravi.get(f"/proposals/{code}/outcome").text
    assert "The conflict was known." in ravi.get(where).text
    for name in ("ravi", "katrin", "jaan", "olev"):
        assert where in world.client(name).get("/appeals").text
    assert where not in mari.get("/appeals").text
    with world.acting() as w:
        assert w.session.get_one(Proposal, proposal_id).state is ProposalState.IN_JURY


@pytest.mark.abuse(3)
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
