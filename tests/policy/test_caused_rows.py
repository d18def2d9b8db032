"""Rows that no button offers are fired inside larger acts; each still names who is behind it, asked here directly."""

from __future__ import annotations

from challenge.events.workflow import EVENT
from challenge.jury.consensus.workflow import CONSENSUS
from challenge.jury.workflow import CONFLICT, REVIEW
from challenge.partners.workflow import INVITATION
from challenge.pilots.money.workflow import CHANGE, CLAIM, TRANCHE
from challenge.pilots.workflow import PILOT, REPORT
from challenge.proposals.models import Commitment
from challenge.proposals.states import CommitmentKind, CommitmentState
from challenge.proposals.workflow import COMMITMENT, PROPOSAL
from challenge.rounds.workflow import ROUND
from challenge.selection.workflow import APPEAL, OUTCOME
from challenge.submissions.workflow import SUBMISSION
from challenge.wiring import workflows
from tests.cast import PEOPLE, PLACES
from tests.factories.consensus import make_consensus
from tests.factories.jury import JURY, make_conflict, make_juror, make_review
from tests.factories.partners import make_invitation
from tests.factories.pilots import make_pilot, make_tranche
from tests.factories.proposals import make_challenge
from tests.factories.rounds import make_round
from tests.factories.selection import make_candidate, make_outcome

COORDINATORS, DATES = "jaan kadri", "jaan kadri system"
MAY = {
    "submission": {
        "reinstate": COORDINATORS, "develop": DATES, "enter_selection": DATES, "pilot": COORDINATORS,
    },
    "proposal": dict.fromkeys(
        ("find_ineligible", "award", "put_on_reserve", "turn_away", "promote", "start_pilot"), COORDINATORS
    ),
    "commitment": {"void": "sofia"},
    "partner_invitation": {"lapse": "system"},
    "review": {"begin": "lena", "reinstate": COORDINATORS},
    "conflict": {"declare": "katrin"},
    "consensus": {"fall": COORDINATORS},
    "outcome": {"announce": COORDINATORS, "supersede": COORDINATORS},
    "tranche": {"cancel": COORDINATORS},
}  # fmt: skip


def records(w):
    """A record of each workflow that has such rows."""
    round_ = make_round(w)
    challenge = make_challenge(w, round_)
    proposal = make_candidate(w, round_, challenges=[challenge])
    juror = make_juror(w, round_)
    commitment = Commitment(
        proposal_id=proposal.id, round_code=round_.code, city_id=PLACES["helsinki"].id, state=CommitmentState.ASKED,
        kind=CommitmentKind.FORMAL_DECISION,
    )  # fmt: skip
    return [
        (SUBMISSION, challenge),
        (PROPOSAL, proposal),
        (COMMITMENT, w.add(commitment)),
        (INVITATION, make_invitation(w, proposal)),
        (REVIEW, make_review(w, proposal, juror)),
        (CONFLICT, make_conflict(w, proposal, "katrin")),
        (CONSENSUS, make_consensus(w, proposal, "lena")),
        (OUTCOME, make_outcome(w, proposal)),
        (TRANCHE, make_tranche(w, make_pilot(w))),
    ]


def test_who_is_behind_each_row_that_no_button_offers(world):
    world.now = JURY
    with world.acting() as w:
        kept = [(workflow, type(record), record.id) for workflow, record in records(w)]
    others = {
        workflow.name for workflow in (ROUND, EVENT, PILOT, REPORT, CLAIM, CHANGE, APPEAL)
    }  # every row of theirs is a button
    assert {workflow.name for workflow, _model, _key in kept} | others == {workflow.name for workflow in workflows()}

    found = {workflow.name: {} for workflow, _model, _key in kept}
    for who in (*PEOPLE, "system", "nobody"):
        with world.acting(who, writing=False) as w:
            for workflow, model, key in kept:
                record = w.session.get_one(model, key)
                for row in workflow.rows:
                    if not row.offered and row.who(w, record) is None:
                        found[workflow.name].setdefault(row.name, []).append(who)

    assert {name: {row: " ".join(who) for row, who in rows.items()} for name, rows in found.items()} == MAY
    assert all(row.offered for workflow in workflows() if workflow.name in others for row in workflow.rows)
