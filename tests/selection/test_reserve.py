"""The reserve list after a drop-out: who can lawfully move up, in its order or with a reason, the rest fixed."""

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from challenge.jobs import choosing
from challenge.kernel.errors import Forbidden, Refused
from challenge.kernel.letter import Letter
from challenge.notifications import actions as notifications
from challenge.proposals import actions as proposals
from challenge.proposals import content
from challenge.proposals.asks import Reason
from challenge.proposals.models import BudgetLine, Commitment, PartnerCity, Proposal
from challenge.proposals.states import BudgetCategory, ProposalState
from challenge.rounds.models import Round
from challenge.selection import actions, queries
from challenge.selection.states import OutcomeState, ScenarioState, Verdict
from tests.cast import PLACES
from tests.counting import counted
from tests.factories.jury import make_conflict
from tests.factories.selection import make_outcome
from tests.selection.scenarios import MILLION, found, scored
from tests.selection.steps import announce, approve, codes, decided, propose, states

FUND, RESERVE, DECLINE, INELIGIBLE = Verdict
MONEY = 100_000_000


def listed(world, *costs, budget=250_000_000, **fields):
    """An award of a million announced, and a reserve list with these costs; ids: the round's, and the proposals'."""
    round_id, *ids = decided(world, FUND, *[None] * len(costs), budget_cents=budget, **fields)
    with world.acting() as w:
        for rank, (key, cents) in enumerate(zip(ids[1:], costs, strict=True), 1):
            proposal = w.session.get_one(Proposal, key)
            w.add(BudgetLine(
                proposal_id=key, organisation_id=PLACES["taltech"].id, category=BudgetCategory.STAFF, cents=cents
            ))  # fmt: skip
            now = content.keep(w, proposal)
            for row in w.session.exec(select(Commitment).where(Commitment.proposal_id == key)):
                row.revision_number, row.revision_hash = now.number, now.hash
            make_outcome(w, proposal, verdict=RESERVE, reserve_rank=rank, state=OutcomeState.APPROVED)
    announce(world, round_id)
    return round_id, ids


def turned_down(world, proposal_id):
    with world.acting("ravi") as w:
        proposals.fire(w, w.session.get_one(Proposal, proposal_id), "turn_down", Reason(reason="Nobody is left."))


def board(world, round_id, who="jaan"):
    with world.acting(who, writing=False) as w:
        return queries.reserve_board(w, w.session.get_one(Round, round_id))


def test_a_drop_out_frees_money_and_the_first_who_can_be_funded_is_next(world):
    round_id, ids = listed(world, 2 * MONEY, MONEY, budget=180_000_000)
    before = board(world, round_id)
    assert (before.left, before.gone, before.next) == (80_000_000, (), None)
    turned_down(world, ids[0])
    after = board(world, round_id)
    assert (after.left, [one.proposal.id for one in after.gone]) == (180_000_000, [ids[0]])
    assert after.gone[0].reason == "Nobody is left."
    assert [line.problem.code if line.problem else None for line in after.lines] == ["over_budget", None]
    assert after.next.proposal.id == ids[2]


def test_passing_over_somebody_who_can_be_funded_needs_a_reason_and_the_second_person_sees_it(world):
    round_id, ids = listed(world, MONEY, MONEY)
    turned_down(world, ids[0])
    with pytest.raises(Refused) as caught:
        propose(world, "jaan", ids[2])
    assert caught.value.problem.code == "departs_from_reserve"
    assert "deviation" in caught.value.problem.fields
    second = propose(world, "jaan", ids[2], deviation="Its city can begin this spring, the other only next year.")
    approve(world, "kadri", second)
    announce(world, round_id)
    assert states(world, ids) == [ProposalState.WITHDRAWN, ProposalState.RESERVE, ProposalState.SELECTED]


def test_in_the_order_of_the_list_no_reason_is_asked_and_who_is_moving_up_is_passed_over_by_nobody(world):
    round_id, ids = listed(world, MONEY, MONEY)
    turned_down(world, ids[0])
    first = propose(world, "jaan", ids[1])
    second = propose(world, "jaan", ids[2])
    for outcome in (first, second):
        approve(world, "kadri", outcome)
    announce(world, round_id)
    assert states(world, ids[1:]) == [ProposalState.SELECTED] * 2


def test_what_was_in_order_when_proposed_is_refused_when_it_no_longer_is(world):
    _round_id, ids = listed(world, MONEY, MONEY)
    turned_down(world, ids[0])
    propose(world, "jaan", ids[1])
    second = propose(world, "jaan", ids[2])
    with world.acting("jaan") as w:
        actions.fire(w, queries.pending(w, w.session.get_one(Proposal, ids[1])), "withdraw", _withdrawal())
    with pytest.raises(Refused) as caught:
        approve(world, "kadri", second)
    assert caught.value.problem.code == "departs_from_reserve"


def _withdrawal():
    from challenge.selection.schemas import Withdrawal  # noqa: PLC0415

    return Withdrawal(reason="Not now.")


def test_only_lawful_replacements_are_offered(world):
    round_id, ids = listed(world, MONEY, MONEY, MONEY, MONEY, budget=500_000_000)
    turned_down(world, ids[0])
    with world.acting() as w:
        foreign = w.session.exec(
            select(PartnerCity).where(PartnerCity.proposal_id == ids[1], PartnerCity.city_id == PLACES["fingal"].id)
        ).one()
        foreign.left_at = w.now  # no pair any more
        w.session.get_one(Proposal, ids[2]).months = 7  # its cities signed another text
        w.session.get_one(Proposal, ids[3]).offer_until = w.now
    found_ = board(world, round_id)
    assert [line.problem.code if line.problem else None for line in found_.lines] == [
        "pairing", "commitments", "list_over", None,
    ]  # fmt: skip
    assert found_.next.proposal.id == ids[4]
    for key, code in ((ids[1], "pairing"), (ids[2], "commitments")):
        with pytest.raises(Refused) as caught:
            propose(world, "jaan", key)
        assert caught.value.problem.code == code
    turned_down(world, ids[4])
    with pytest.raises(Refused):
        propose(world, "jaan", ids[4])


def test_the_database_refuses_an_award_beyond_what_became_free(world):
    _round_id, ids = listed(world, 2 * MONEY, budget=180_000_000)
    turned_down(world, ids[0])
    more, fits = 180_000_001, 180_000_000
    with pytest.raises(DBAPIError, match="outcome_within_budget"), world.acting() as w:
        make_outcome(w, w.session.get_one(Proposal, ids[1]), amount_cents=more, state=OutcomeState.APPROVED)
    with world.acting() as w:
        make_outcome(w, w.session.get_one(Proposal, ids[1]), amount_cents=fits, state=OutcomeState.APPROVED)


def reserve_of_scored(world):
    """Four judged proposals: the first is awarded, the others wait on the list; ids as ``scored``."""
    round_id, *ids = scored(world, budget_cents=3 * MILLION)
    with world.acting() as w:
        for rank, key in enumerate(ids):
            verdict = RESERVE if rank else FUND
            make_outcome(
                w, w.session.get_one(Proposal, key), verdict=verdict, reserve_rank=rank, amount_cents=2 * MILLION,
                state=OutcomeState.APPROVED,
            )  # fmt: skip
            proposal = w.session.get_one(Proposal, key)
            proposal.reviews_eligible, proposal.below_threshold = 1, False
    announce(world, round_id)
    return round_id, ids


def test_the_choice_is_made_again_with_the_awards_fixed(world):
    round_id, ids = reserve_of_scored(world)
    code = codes(world, round_id)[0]
    jaan = world.client("jaan")
    where = jaan.post(f"/rounds/{code}/reserve/scenario").headers["location"]
    assert choosing.run(world.database, world.clock) == 1
    scenario, selection = found(world, where.rsplit("/", 1)[1])
    assert scenario.state is ScenarioState.READY
    assert selection.constraints["budget"] == MILLION  # the award keeps its two
    assert selection.chosen == [ids[3]]
    turned_down(world, ids[0])
    assert "have changed since this was computed" in jaan.get(where).text
    again = jaan.post(f"/rounds/{code}/reserve/scenario").headers["location"]
    choosing.run(world.database, world.clock)
    _scenario, selection = found(world, again.rsplit("/", 1)[1])
    assert selection.constraints["budget"] == 3 * MILLION
    assert selection.chosen == [ids[1], ids[2]]
    assert ids[0] not in {one["id"] for one in selection.inputs["candidates"]}
    assert "From the reserve list and who still waits" in jaan.get(again).text
    with pytest.raises(Refused) as caught, world.acting("kadri") as w:
        actions.adopt(w, queries.scenario(w, code, again.rsplit("/", 1)[1])[1])
    assert caught.value.problem.code == "moves_up"
    with pytest.raises(Forbidden), world.acting("ravi") as w:
        actions.ask_for_scenario(w, w.session.get_one(Round, round_id), "Mine", {"reserve": True})


def test_the_snapshot_asks_as_much_for_one_as_for_many(world):
    def asked(lines):
        round_id, *_ids = scored(world, lines, budget_cents=9 * MILLION, title=f"Of {len(lines)}")
        with world.acting(writing=False) as w:
            round_ = w.session.get_one(Round, round_id)
            with counted(world) as statements:
                queries.snapshot(w, round_)
        return len(statements)

    line = (45, MILLION, "mid")
    assert asked((line,)) == asked((line,) * 4)


def test_the_page_says_the_next_step_first(world):
    round_id, ids = listed(world, MONEY, MONEY)
    code, _first, second, third = codes(world, round_id, *ids)
    jaan, kadri = world.client("jaan"), world.client("kadri")
    assert "No award has become free" in jaan.get(f"/rounds/{code}/reserve").text
    turned_down(world, ids[0])
    page = jaan.get(f"/rounds/{code}/reserve").text
    assert page.index("An award is free") < page.index("What became free") < page.index("In this order")
    assert f'href="/proposals/{second}/outcomes/new"' in page
    assert "Moving it up passes over place 1" in page
    assert "The reason: Nobody is left." in page
    assert "One award was not taken up" in jaan.get(f"/rounds/{code}/outcomes").text
    assert 'value="fund" checked' in jaan.get(f"/proposals/{second}/outcomes/new").text.replace(" checked ", " checked")
    outcome = propose(world, "jaan", ids[1])
    assert "Another coordinator looks and approves" in kadri.get(f"/rounds/{code}/reserve").text
    approve(world, "kadri", outcome)
    assert "Nobody is told before two coordinators announce" in kadri.get(f"/rounds/{code}/reserve").text
    answer = world.client("olev").get(f"/api/v1/rounds/{code}/reserve").json()
    assert [one["proposal"] for one in answer["items"]] == [second, third]
    assert answer["free"][0]["amount_cents"] == MONEY
    with world.acting() as w:
        make_conflict(w, w.session.get_one(Proposal, ids[2]), "kadri")
    for path in (f"/rounds/{code}/reserve", f"/api/v1/rounds/{code}/reserve"):
        assert third in jaan.get(path).text
        assert third not in kadri.get(path).text
        for who in ("ravi", "mari", "lena"):
            assert world.client(who).get(path).status_code == 404


def test_coordinators_are_told_that_an_award_is_free_and_where_to_look(world):
    round_id, ids = listed(world, MONEY)
    code = codes(world, round_id)[0]
    world.move(days=31)
    with world.acting() as w:
        for key in ids:
            proposals.fire(w, w.session.get_one(Proposal, key), "expire")
    with world.acting() as w:
        while notifications.tell(w, "http://127.0.0.1"):
            pass
        said = w.session.exec(select(Letter.text).where(Letter.subject == "Offer expired: Proposal 0")).all()
        other = w.session.exec(select(Letter.text).where(Letter.subject == "Offer expired: Proposal 1")).all()
    assert any(f"http://127.0.0.1/rounds/{code}/reserve" in text for text in said)
    assert not any("/reserve" in text for text in other)
