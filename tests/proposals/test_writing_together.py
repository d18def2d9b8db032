"""Three browsers of two people write in one proposal, with everything that goes wrong on the way: nothing is lost.

500 random edits on pages opened at different times: answers that never arrive, requests that are sent twice or never,
browsers that crash, people who sign out or stay away for an hour, texts chosen between and brought back from the
history. The checker knows only what was sent and what was answered, and holds against it, at every step and at the end:

1. a text that was taken stands in the history, and each text follows the one it was typed over, or texts of the same
   page whose answers were lost: nobody's words are written over unseen;
2. a text that was not taken is kept for its writer, word for word, beside the one that stands;
3. only a question that somebody else changed since the page was opened is ever refused; the others of the same save
   are taken.

Planted bugs that were tried in ``kernel/editing.py``, each caught: a save that is taken whatever it was typed over
("written over somebody else's words"); one late question that refuses the others of its save ("refused, though nobody
else changed it"); a text set aside under its question only, so that a second page of the same person replaces the
first one's (a text is missing among those that wait).
"""

from __future__ import annotations

import pytest

from challenge.proposals import actions
from challenge.proposals.schemas import Invitation
from challenge.proposals.states import ProposalState as S
from challenge.proposals.states import TeamRole
from tests.factories.proposals import get, proposal_in
from tests.proposals.playing import EDITS, Play


@pytest.fixture
def code(world):
    found = proposal_in(world, S.CO_DEVELOPMENT)
    with world.acting("ravi") as w:
        actions.invite_member(
            w, get(w, found), Invitation(name="Eero", email="eero@example.org", role=TeamRole.CO_LEAD)
        )
    with world.acting("eero") as w:
        actions.accept_invitation(w, get(w, found))
    return found


@pytest.mark.abuse(38)
def test_nothing_is_lost_and_only_the_same_question_can_conflict(world, code):
    play = Play(world, code, seed=500)
    play.run()
    play.at_the_end()
    assert play.edits >= EDITS
    assert play.conflicts > 20  # else nothing was tried
