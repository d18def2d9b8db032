"""Two at once: both are counted, and nobody gets more than they take."""

import threading

import pytest

from challenge.jury import actions, queries
from challenge.jury.rules import load_of
from challenge.jury.states import ReviewState
from challenge.kernel.errors import Refused
from tests.factories.jury import FULL, PANEL, juror_of, jury_of, proposal_of, put_marks, review_of, round_of


def at_once(*acts):
    """Run these in threads that begin together; gives back what each raised, or None."""
    barrier, raised = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        barrier.wait()
        try:
            act()
        except Refused as refusal:
            raised[place] = refusal

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_jurors_who_submit_at_once_are_all_counted(world):
    codes = jury_of(world, *PANEL, state=ReviewState.DRAFT)
    with world.acting() as w:
        for name in PANEL:
            put_marks(w, review_of(w, codes[f"{name}1"]), 40)

    def submit(name):
        def act():
            with world.acting(name) as w:
                actions.fire(w, review_of(w, codes[f"{name}1"]), "submit")

        return act

    assert at_once(*(submit(name) for name in PANEL)) == [None, None, None]
    with world.acting(writing=False) as w:
        proposal = proposal_of(w, codes["p1"])
        assert (proposal.reviews_eligible, proposal.below_threshold) == (3, False)


def test_two_coordinators_do_not_overload_a_juror(world):
    codes = jury_of(world, "lena", proposals=2, state=None)
    with world.acting() as w:
        juror_of(w, codes["juror_lena"]).load_max = 1

    def assign(who, key):
        def act():
            with world.acting(who) as w:
                actions.assign(w, proposal_of(w, codes[key]), juror_of(w, codes["juror_lena"]), FULL)

        return act

    raised = at_once(assign("jaan", "p1"), assign("kadri", "p2"))
    assert [refusal.problem.code for refusal in raised if refusal] == ["load"]
    with world.acting(writing=False) as w:
        assert load_of(w, juror_of(w, codes["juror_lena"]), FULL) == 1


@pytest.mark.parametrize("gate", [FULL])
def test_what_is_pushed_is_what_the_ranking_says(world, gate):
    codes = jury_of(world, *PANEL, state=ReviewState.DRAFT)
    for name, mark in zip(PANEL, (30, 25, 35), strict=True):
        with world.acting(name) as w:
            put_marks(w, review_of(w, codes[f"{name}1"]), mark)
            actions.fire(w, review_of(w, codes[f"{name}1"]), "submit")
        with world.acting(writing=False) as w:
            row = queries.ranking(w, round_of(w, codes["round"]), gate).rows[0]
            proposal = proposal_of(w, codes["p1"])
            assert proposal.below_threshold is row.standing.below_threshold
            assert proposal.reviews_eligible == len([review for review in row.reviews if review.is_eligible])
    with world.acting(writing=False) as w:
        assert proposal_of(w, codes["p1"]).below_threshold is True  # 15 of 25 is under two thirds
