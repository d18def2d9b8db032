"""What is offered is what works, for everybody, in every state; and who may do what is a reviewed table."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from challenge.kernel.errors import Forbidden, Missing, Refused
from challenge.proposals import actions
from challenge.proposals.states import ProposalState as S
from challenge.proposals.workflow import PROPOSAL
from tests.factories.proposals import get, given_for, proposal_in

CAST = ("ravi", "eero", "mari", "sofia", "tiina", "lena", "jaan", "olev", "anna", "nobody", "system")
OFFERED = [row.name for row in PROPOSAL.rows if row.offered]
SNAPSHOT = Path(__file__).with_name("permissions.txt")


class UndoError(Exception):
    """Leaves a unit of work without committing."""


ON_ONE_DATABASE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here depends on which


@ON_ONE_DATABASE
@pytest.mark.parametrize("state", list(S))
def test_a_button_is_offered_exactly_when_firing_works(world, state):
    code = proposal_in(world, state)
    with world.acting() as w:
        assert get(w, code).state is state
    for name in CAST:
        for transition in dict.fromkeys(OFFERED):
            with contextlib.suppress(UndoError), world.acting(name) as w:
                proposal = get(w, code)
                open_now = {offer.row.name for offer in PROPOSAL.offers(w, proposal) if offer.problem is None}
                before = proposal.state
                try:
                    given = given_for(world, proposal, transition)
                    actions.fire(w, proposal, transition, given)
                except (Refused, Forbidden, Missing):
                    assert transition not in open_now, (name, transition)
                    assert proposal.state is before
                else:
                    assert transition in open_now, (name, transition)
                    assert proposal.state is not before
                raise UndoError


def test_every_state_is_reached_by_real_transitions_and_who_may_do_what_is_as_reviewed(world):
    lines = []
    for state in S:
        code = proposal_in(world, state)
        for name in CAST:
            with world.acting(name, writing=False) as w:
                offers = PROPOSAL.offers(w, get(w, code))
            names = " ".join(sorted(offer.row.name for offer in offers))
            lines += [f"{state} {name}: {names}"] if names else []

    assert lines == SNAPSHOT.read_text().splitlines()
