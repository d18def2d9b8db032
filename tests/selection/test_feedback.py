"""What teams learn of the jury at the announcement: means by criterion and a quarter of the field, in one act."""

import pytest
from sqlmodel import select

from challenge.jury.consensus.states import ConsensusState
from challenge.jury.ranking import quarters, rank
from challenge.proposals.models import Proposal
from challenge.rounds.models import Round
from challenge.rounds.schemas import Rules
from challenge.selection import queries
from challenge.selection.models import RankBand
from challenge.selection.states import Verdict
from tests.factories.consensus import make_consensus
from tests.factories.jury import FULL, make_conflict, make_juror, make_submitted
from tests.jury.test_ranking import GATE, RULES, entry
from tests.selection.steps import announce, codes, decided

DECLINE = Verdict.DECLINE


def one_review_is_enough():
    gates = Rules().gates
    return Rules(gates={**gates, FULL: gates[FULL].model_copy(update={"reviews": 1})})


def judged(world, *marks):
    """A round whose proposals lena gave these marks, decided but for the announcement."""
    round_id, *ids = decided(world, *[DECLINE] * len(marks), rules=one_review_is_enough())
    with world.acting() as w:
        round_ = w.session.get_one(Round, round_id)
        lena = make_juror(w, round_, load_max=50)
        for key, mark in zip(ids, marks, strict=True):
            make_submitted(w, w.session.get_one(Proposal, key), lena, mark)
    return round_id, ids


def bands(world):
    with world.acting(writing=False) as w:
        return {row.proposal_id: row.quarter for row in w.session.exec(select(RankBand))}


def outcome_page(world, proposal_id, who="ravi"):
    _round, code = codes(world, 1, proposal_id)
    return world.client(who).get(f"/proposals/{code}/outcome")


def test_quarters_of_the_field_and_never_the_place():
    field = [entry(key, (mark, mark, mark), (mark, mark, mark)) for key, mark in enumerate(range(50, 10, -5))]
    found = quarters(rank(field, GATE, RULES))
    assert [found[key] for key in range(8)] == [1, 1, 2, 2, 3, 3, 4, 4]  # from the fifth on below a threshold


def test_a_field_in_which_a_quarter_would_be_a_place_has_none():
    field = [entry(key, (mark, mark, mark), (mark, mark, mark)) for key, mark in enumerate(range(50, 15, -5))]
    assert len(field) == 7
    assert quarters(rank(field, GATE, RULES)) == {}


def test_equals_stand_in_the_same_quarter_and_what_has_gone_in_none():
    same = [entry(key, (40, 40, 40), (40, 40, 40)) for key in range(7)]
    rest = [entry(7, (30, 40, 40), (30, 40, 40)), entry(8, (50, 50, 50), (50, 50, 50), is_running=False)]
    found = quarters(rank([*same, *rest], GATE, RULES))
    assert {found[key] for key in range(7)} == {1}
    assert found[7] == 4
    assert 8 not in found


def test_the_team_reads_means_and_its_quarter_when_all_is_announced(world):
    round_id, ids = judged(world, 50, 45, 45, 40, 40, 35, 35, 30)
    assert bands(world) == {}
    assert outcome_page(world, ids[0]).status_code == 404
    announce(world, round_id)

    assert [bands(world)[key] for key in ids] == [1, 1, 1, 2, 2, 3, 3, 4]
    text = outcome_page(world, ids[0]).text
    assert "Among the best quarter of the proposals at this gate" in text
    assert "Exact places are told to nobody" in text
    assert "Marks of one reviewer" in text
    assert "5.00" in text
    assert "Lena" not in text
    assert "In the last quarter" in outcome_page(world, ids[-1]).text


def test_where_the_panel_agreed_the_team_reads_its_marks_and_its_words(world):
    round_id, ids = judged(world, 50, 40)
    with world.acting() as w:
        make_consensus(w, w.session.get_one(Proposal, ids[0]), state=ConsensusState.AGREED, marks=35)
    announce(world, round_id)
    text = outcome_page(world, ids[0]).text
    assert "Marks the panel agreed on" in text
    assert "3.50" in text
    assert "5.00" not in text
    assert "Strong cities, weak plan." in text
    assert "Two had read the budget otherwise." not in text  # for the panel, coordinators and observers
    assert "Strong cities, weak plan." not in outcome_page(world, ids[1]).text


def test_a_small_field_has_no_quarters(world):
    round_id, ids = judged(world, 50, 40)
    announce(world, round_id)
    assert bands(world) == {}
    text = outcome_page(world, ids[0]).text
    assert "quarter" not in text
    assert "Marks of one reviewer" in text


@pytest.mark.abuse(9)
def test_a_conflict_found_after_the_announcement_leaves_the_means(world):
    round_id, ids = judged(world, 50)
    with world.acting() as w:
        proposal = w.session.get_one(Proposal, ids[0])
        make_submitted(w, proposal, make_juror(w, w.session.get_one(Round, round_id), "oskar"), 40)
    announce(world, round_id)
    assert "Mean marks of 2 reviewers" in outcome_page(world, ids[0]).text
    assert "4.50" in outcome_page(world, ids[0]).text
    with world.acting() as w:
        make_conflict(w, w.session.get_one(Proposal, ids[0]), "oskar")
    with world.acting("ravi", writing=False) as w:
        found = queries.feedback(w, w.session.get_one(Proposal, ids[0]))[0]
    assert (found.count, {mean.mean for mean in found.means}) == (1, {5})


@pytest.mark.abuse(4)
def test_others_learn_neither_means_nor_quarter(world):
    round_id, ids = judged(world, 50, 45, 45, 40, 40, 35, 35, 30)
    announce(world, round_id)
    assert "best quarter" in outcome_page(world, ids[0]).text
    for who in ("eero", "lena", "katrin", "nobody"):
        answer = outcome_page(world, ids[0], who)
        assert answer.status_code in (303, 404), who
        assert "quarter" not in answer.text
