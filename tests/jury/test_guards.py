"""Guards of reviews that no button meets: the panel and conflicts, asked at the step itself."""

import pytest

from challenge.jury import actions
from challenge.jury.states import ReviewState
from challenge.jury.workflow import REVIEW
from challenge.kernel.errors import Refused
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
