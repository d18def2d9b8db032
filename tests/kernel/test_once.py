"""A page of one record asks the database nothing twice; where something may be written, everything is asked anew."""

import pytest

from challenge.jury.states import ReviewState
from challenge.kernel.once import once
from challenge.proposals.states import ProposalState as S
from tests.counting import counted
from tests.factories.jury import jury_of
from tests.factories.proposals import proposal_in
from tests.factories.submissions import fresh


@pytest.mark.parametrize(("name", "state"), [("ravi", S.IN_JURY), ("jaan", S.IN_JURY), ("ravi", S.CO_DEVELOPMENT),
                                             ("mari", S.CO_DEVELOPMENT)])  # fmt: skip
def test_a_proposal_asks_nothing_twice(world, name, state):
    code = proposal_in(world, state)
    client = fresh(world, name)
    assert asked_twice(world, client, f"/proposals/{code}") == []


@pytest.mark.parametrize("state", [ReviewState.DECLARED, ReviewState.ASSIGNED])
def test_a_review_asks_nothing_twice(world, state):
    codes = jury_of(world, "lena", state=state)
    assert asked_twice(world, world.client("lena"), f"/reviews/{codes['lena1']}") == []


def asked_twice(world, client, path):
    assert client.get(path).status_code == 200
    with counted(world) as asked:
        client.get(path)
    return sorted({statement for statement in asked if asked.count(statement) > 1})


def test_an_answer_is_kept_only_where_nothing_can_be_written(world):
    count = []

    @once
    def question(_w, about):
        count.append(about)
        return len(count)

    with world.acting("jaan") as w:
        assert (question(w, "a"), question(w, "a")) == (1, 2)
        w.known = {}
        assert [question(w, about) for about in ("a", "a", "b", "a")] == [3, 3, 4, 3]
