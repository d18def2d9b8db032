"""A pilot that ends early gives back what it has not spent: the reserve list of its round can have money and place."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from challenge.proposals.models import Proposal
from challenge.rounds.models import Round
from challenge.selection import queries, rules
from challenge.selection.states import OutcomeState
from tests.cast import PLACES
from tests.factories.money import make_funded
from tests.factories.pilots import BUDGET
from tests.factories.selection import make_candidate, make_outcome
from tests.pilots.ready import end_early, pay
from tests.selection.steps import PAIRS

PAID = 15_000_000
FREE = BUDGET - PAID


@pytest.fixture
def running(world):
    """A pilot whose award is the whole budget of its round, and another proposal before the jury; code and ids."""
    with world.acting() as w:
        pilot = make_funded(w)
        proposal, round_ = w.session.get_one(Proposal, pilot.proposal_id), w.session.get_one(Round, pilot.round_id)
        round_.budget_cents, proposal.size_class = BUDGET, "large"
        make_outcome(w, proposal, state=OutcomeState.ANNOUNCED, amount_cents=BUDGET)
        other = make_candidate(w, round_, title="Another", cities=PAIRS[1])
        return pilot.code, round_.id, proposal.id, other.id


def test_what_is_not_spent_is_free_with_its_place_and_what_is_spent_stays_bound(world, running):
    code, round_id, proposal_id, other_id = running
    pay(world, code, cents=PAID)
    with world.acting("jaan") as w:
        assert rules.awards_but(w, round_id, []) == [("large", BUDGET)]
        assert rules.budget_left(w, w.session.get_one(Proposal, other_id), 1).code == "over_budget"
        assert queries.reserve_board(w, w.session.get_one(Round, round_id)).gone == ()
    end_early(world, code)
    with world.acting("jaan") as w:
        round_, other = w.session.get_one(Round, round_id), w.session.get_one(Proposal, other_id)
        assert rules.awards_but(w, round_id, []) == [(None, PAID)]
        assert [rules.budget_left(w, other, cents) is None for cents in (FREE, FREE + 1)] == [True, False]
        board = queries.reserve_board(w, round_)
        assert (board.left, [(one.proposal.id, one.cents, one.was_piloted) for one in board.gone]) == (
            FREE, [(proposal_id, FREE, True)],
        )  # fmt: skip
        told = queries.board(w, round_)
        assert (told.money.approved, told.free, sum(place.awarded for place in told.places)) == (PAID, 1, 0)
    page = world.client("jaan").get(f"/rounds/{_round_code(world, round_id)}/reserve").text
    assert "Pilot ended early" in page
    assert "€1,050,000 and its places in the cities are free" in page


def test_the_database_counts_the_same_and_lets_nobody_take_back_what_is_awarded_again(world, running):
    code, _round_id, proposal_id, other_id = running
    pay(world, code, cents=PAID)
    end_early(world, code)
    with pytest.raises(IntegrityError, match="outcome_within_budget"), world.acting() as w:
        make_outcome(w, w.session.get_one(Proposal, other_id), state=OutcomeState.APPROVED, amount_cents=FREE + 1)
    with world.acting() as w:
        make_outcome(w, w.session.get_one(Proposal, other_id), state=OutcomeState.APPROVED, amount_cents=FREE)
    for given_back in ("NULL", str(FREE - 1)):
        with pytest.raises(IntegrityError, match="outcome_within_budget"), world.acting() as w:
            w.session.connection().execute(
                text(f"UPDATE proposal SET released_cents = {given_back} WHERE id = :id"), {"id": proposal_id}
            )


@pytest.mark.parametrize("given_back", [-1, BUDGET + 1])
def test_nothing_is_given_back_that_was_not_awarded(world, running, given_back):
    with pytest.raises(IntegrityError, match="released_of_the_award"), world.acting() as w:
        w.session.get_one(Proposal, running[2]).released_cents = given_back


def test_a_city_of_a_pilot_that_ended_can_carry_another(world, running):
    code, round_id, _proposal_id, _other_id = running
    tartu = PLACES["tartu"].id

    def here():
        with world.acting() as w:
            return rules.rooms(w, round_id, [tartu])[tartu].here

    before = here()
    end_early(world, code)
    assert (before, here()) == (1, 0)


def _round_code(world, round_id):
    with world.acting(writing=False) as w:
        return w.session.get_one(Round, round_id).code
