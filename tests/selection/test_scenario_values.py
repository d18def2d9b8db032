"""Which score a scenario chooses by: the one that ranks."""

from sqlmodel import select

from challenge.jobs import calibrating
from challenge.jury import actions as jury
from challenge.jury.consensus.states import ConsensusState
from challenge.jury.models import Review, Score
from challenge.proposals.models import Proposal
from challenge.rounds.models import Round
from challenge.selection.queries.candidates import snapshot
from tests.factories.consensus import make_consensus
from tests.factories.jury import make_juror, make_submitted
from tests.selection.scenarios import MILLION, ONE_REVIEW, TIGHT, scored


def proposal_marks(w, proposal):
    """What lena gave, the same for each criterion."""
    return w.session.exec(
        select(Score.tenths).join(Review, Review.id == Score.review_id).where(Review.proposal_id == proposal.id)
    ).first()


def values(world, round_id):
    with world.acting(writing=False) as w:
        found = snapshot(w, w.session.get_one(Round, round_id))
    return {one["id"]: one for one in found["candidates"]}, {one["id"]: one["why"] for one in found["left_out"]}


def test_what_the_panel_agreed_is_the_value_and_juries_drawn_anew_vary_around_it(world):
    round_id, first, second, *_rest = scored(world, TIGHT, budget_cents=3 * MILLION)
    with world.acting() as w:
        proposal = w.session.get_one(Proposal, second)
        make_consensus(w, proposal, state=ConsensusState.AGREED, marks=45)
        jury.push(w, proposal)
    found, _out = values(world, round_id)
    assert found[second]["value"] == 45_000
    assert round(sum(found[second]["marks"]) / len(found[second]["marks"])) == 45_000
    assert found[first]["value"] == round(sum(found[first]["marks"]) / len(found[first]["marks"]))


def test_where_calibrated_scores_rank_they_are_the_values_and_who_has_none_is_no_candidate(world):
    rules = ONE_REVIEW.model_copy(update={"ranking": "calibrated"})
    round_id, *ids = scored(world, TIGHT, budget_cents=3 * MILLION, rules=rules)
    with world.acting() as w:
        others = [make_juror(w, w.session.get_one(Round, round_id), name) for name in ("oskar", "ilse")]
        for at, key in enumerate(ids):
            proposal = w.session.get_one(Proposal, key)
            for juror, milder in zip(others, (5, 0), strict=True):
                given = proposal_marks(w, proposal) + milder - 5 * (at % 2)
                make_submitted(w, proposal, juror, min(given, 50))
    assert values(world, round_id) == ({}, dict.fromkeys(ids, "uncalibrated"))
    calibrating.run(world.database, world.clock)
    found, out = values(world, round_id)
    assert (set(found), out) == (set(ids), {})
    raw = {key: round(sum(one["marks"]) / len(one["marks"])) for key, one in found.items()}
    assert {key: one["value"] for key, one in found.items()} == raw  # drawn juries vary around the calibrated score
    assert any(one["value"] % 500 for one in found.values())  # no mean of half marks: it is corrected
