"""Guards of reviews that no button meets: the panel and conflicts, asked at the step itself."""

import pytest

from challenge.jury import actions
from challenge.jury.schemas import Reopening
from challenge.jury.states import ReviewState
from challenge.jury.workflow import REVIEW
from challenge.kernel.errors import Refused
from challenge.proposals.states import ProposalState
from tests.factories.jury import juror_of, jury_of, make_conflict, make_review, proposal_of, review_of


@pytest.mark.parametrize("fact", ["left_at", "declined_at"])
def test_who_is_no_longer_on_the_panel_reads_nothing(world, fact):
    codes = jury_of(world, "lena", state=None)
    with world.acting() as w:
        code = make_review(w, proposal_of(w, codes["p1"]), juror_of(w, codes["juror_lena"])).code
        juror = juror_of(w, codes["juror_lena"])
        juror.accepted_at = None
        setattr(juror, fact, w.now)
    with world.acting("lena") as w, pytest.raises(Refused, match="not_on_panel"):
        actions.fire(w, review_of(w, code), "declare")


def test_scoring_does_not_begin_with_a_conflict(world):
    codes = jury_of(world, "lena", state=ReviewState.DECLARED)
    with world.acting() as w:
        make_conflict(w, proposal_of(w, codes["p1"]), "lena")
    with world.acting("lena") as w, pytest.raises(Refused, match="conflict"):
        REVIEW.cause(w, review_of(w, codes["lena1"]), "begin")


@pytest.mark.parametrize(
    ("state", "name"), [(ReviewState.SUBMITTED, "reopen"), (ReviewState.RELEASED, "reinstate")]
)  # fmt: skip
@pytest.mark.parametrize("spoil", ["conflict", "not_judged_now"])
def test_a_review_is_given_back_only_without_a_conflict_and_before_the_jury(world, state, name, spoil):
    codes = jury_of(world, "lena", state=state)
    with world.acting() as w:
        if spoil == "conflict":
            make_conflict(w, proposal_of(w, codes["p1"]), "lena")
        else:
            proposal_of(w, codes["p1"]).state = ProposalState.RESERVE
    with world.acting("jaan") as w, pytest.raises(Refused, match=spoil):
        REVIEW.cause(w, review_of(w, codes["lena1"]), name, Reopening(reason="Two comments were swapped."))


def test_what_was_handed_in_before_does_not_count_when_it_is_assigned_again(world):
    codes = jury_of(world, "lena", state=ReviewState.SUBMITTED)
    with world.acting() as w:
        review_of(w, codes["lena1"]).state = ReviewState.RECUSED
    with world.acting("jaan") as w:
        REVIEW.cause(w, review_of(w, codes["lena1"]), "reinstate")
    with world.acting() as w:
        review = review_of(w, codes["lena1"])
        assert (review.state, review.submitted_at) == (ReviewState.ASSIGNED, None)
