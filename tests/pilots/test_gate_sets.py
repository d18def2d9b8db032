"""Every set of gates, walked by real acts from a draft to a running pilot, announced by two people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from challenge.kernel import journal
from challenge.pilots import actions as pilots
from challenge.pilots import content
from challenge.pilots.states import PilotState
from challenge.proposals.states import ProposalState
from challenge.rounds.states import CityRole
from challenge.selection.models import Condition
from challenge.submissions.models import Submission
from challenge.submissions.states import SubmissionState
from tests.cast import PEOPLE
from tests.factories.jury import JURY
from tests.factories.pilots import BUDGET, sign_all
from tests.factories.proposals import decide, get, proposal_in
from tests.pilots.ready import get as get_pilot
from tests.pilots.ready import plan
from tests.proposals.test_walk import GATE_SETS, NAMES
from tests.selection.steps import announce, approve, propose

PAIR = {"tartu": CityRole.LEAD, "helsinki": CityRole.PILOT}


@pytest.mark.parametrize("gates", GATE_SETS, ids=NAMES)
def test_every_set_of_gates_leads_from_a_draft_to_a_running_pilot(world, gates):
    code = proposal_in(world, ProposalState.IN_JURY, gates=gates)
    world.now = max(world.now, JURY)
    with world.acting() as w:
        proposal = get(w, code)
        proposal.reviews_eligible, proposal.below_threshold = 3, False  # as the jury pushes them down
        proposal_id, round_id = proposal.id, proposal.round_id

    approve(world, "kadri", propose(world, "jaan", proposal_id, amount_cents=BUDGET))
    announce(world, round_id)
    for place in PAIR:
        decide(world, code, place)
    with world.acting("jaan") as w:
        pilot = pilots.pair(w, get(w, code)).code
    with world.acting() as w:
        made = get_pilot(w, pilot)
        made.starts_on, made.ends_on = world.now.date(), world.now.date() + timedelta(days=700)
        made.agreement = "We try it together."
        content.keep_agreement(w, made)
        sign_all(w, made, PAIR)
        plan(w, made)
        for condition in w.session.exec(select(Condition)):
            condition.met_at, condition.met_by = w.now, PEOPLE["kadri"].id
    for name in ("agree", "start"):
        with world.acting("jaan") as w:
            assert pilots.fire(w, get_pilot(w, pilot), name).done

    with world.acting() as w:
        assert get_pilot(w, pilot).state is PilotState.RUNNING
        assert get(w, code).state is ProposalState.PILOTED
        assert w.session.exec(select(Submission.state)).all() == [SubmissionState.PILOTED]
        assert list(journal.faults(w.session)) == []
