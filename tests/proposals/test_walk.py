"""The table, walked: every set of gates, every state."""

from __future__ import annotations

from itertools import combinations

import pytest

from challenge.kernel.workflow import faults
from challenge.proposals.states import CommitmentKind
from challenge.proposals.states import ProposalState as S
from challenge.proposals.workflow import COMMITMENT, PROPOSAL
from challenge.rounds.states import Gate
from tests.factories.proposals import get, proposal_in, walk

GATE_SETS = [frozenset(some) for size in (1, 2, 3) for some in combinations(Gate, size)]
NAMES = ["+".join(sorted(gates)) for gates in GATE_SETS]


def test_the_table_has_no_faults_for_any_set_of_gates():
    stood = [gates | {state} for gates in GATE_SETS for state in (S.IN_REVIEW, S.SHORTLISTING, S.IN_JURY)]

    assert faults(PROPOSAL, GATE_SETS) == []
    assert faults(PROPOSAL, stood) == []
    assert faults(COMMITMENT, list(CommitmentKind)) == []


@pytest.mark.parametrize("gates", GATE_SETS, ids=NAMES)
def test_every_set_of_gates_leads_from_a_draft_to_the_jury_and_to_a_selection(world, gates):
    code = proposal_in(world, S.IN_JURY, gates=gates)
    walk(world, code, "award", "start_pilot")

    with world.acting() as w:
        assert get(w, code).state is S.PILOTED
