"""Which rows there are for each set of gates, and what a step changes beside the state."""

from __future__ import annotations

import pytest

from challenge.kernel.actor import NOBODY
from challenge.proposals import rules
from challenge.proposals.asks import Point, Screening
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState as S
from challenge.proposals.workflow import PROPOSAL
from challenge.rounds.schemas import SizeClass
from challenge.rounds.states import Gate
from tests.cast import PEOPLE
from tests.factories.proposals import get, make_challenge, make_proposal, proposal_in, rules_with, walk
from tests.factories.rounds import make_round

IDEA, PILOT, FULL = Gate.IDEA, Gate.PILOT_PROPOSAL, Gate.FULL_PROPOSAL
IDEA_FIRST = {"submit", "screen_in", "send_back", "recall from submitted", "reinstate to submitted"}
PILOT_ON = {"submit_pilot_proposal", "recall from shortlisting", "reopen from shortlisting"}
FULL_ON = {"submit_full", "recall from in_jury", "reopen from in_jury"}
EXIST = {
    (IDEA,): IDEA_FIRST | {"to_jury from in_review"},
    (PILOT,): PILOT_ON | {"begin to co_development", "to_jury from shortlisting", "reinstate to shortlisting"},
    (FULL,): FULL_ON | {"begin to finalist"},
    (IDEA, PILOT): IDEA_FIRST | PILOT_ON | {"invite", "to_jury from shortlisting"},
    (IDEA, FULL): IDEA_FIRST | FULL_ON | {"invite_to_full"},
    (PILOT, FULL): PILOT_ON | FULL_ON | {"begin to co_development", "name_finalist", "reinstate to shortlisting"},
    (IDEA, PILOT, FULL): IDEA_FIRST | PILOT_ON | FULL_ON | {"invite", "name_finalist"},
}
ALWAYS = {row for row in PROPOSAL.rows if all(row.when(frozenset(gates)) for gates in EXIST)}


def named(row) -> str:
    """By its name, and by where it begins or leads where there are several."""
    if row.name in {"begin", "reinstate"}:
        return f"{row.name} to {row.target}"
    return f"{row.name} from {row.source[0]}" if row.name in {"recall", "reopen", "to_jury"} else row.name


@pytest.mark.parametrize("gates", EXIST, ids="+".join)
def test_a_round_has_the_rows_of_its_gates_and_no_other(gates):
    rows = {named(row) for row in PROPOSAL.rows if row not in ALWAYS and row.when(frozenset(gates))}

    assert rows == EXIST[gates]


@pytest.mark.parametrize("stood", [S.IN_REVIEW, S.SHORTLISTING, S.IN_JURY])
def test_a_declined_proposal_comes_back_only_to_where_it_stood(stood):
    made = Proposal(state=S.DECLINED, stood_at=str(stood), gates=[str(gate) for gate in Gate])

    assert [row.target for row in PROPOSAL.rows_from(made)] == [stood]


TEAM, COORDINATORS, DATES = ["ravi"], ["jaan", "kadri"], ["jaan", "kadri", "system"]
BY_TEAM = {"submit", "begin", "submit_pilot_proposal", "submit_full", "recall", "turn_down", "withdraw"}
BY_DATES = {"lapse", "expire"}


def test_each_row_is_for_the_lead_or_the_coordinators_or_the_clock(world):
    with world.acting() as w:
        round_ = make_round(w)
        code = make_proposal(w, round_, challenges=[make_challenge(w, round_)]).code
    found = [(row, []) for row in PROPOSAL.rows]
    for who in (*PEOPLE, "system", "nobody"):
        with world.acting(who, writing=False) as w:
            for row, may in found:
                may.extend([who] if row.who(w, get(w, code)) is None else [])
    assert all(
        may == (TEAM if row.name in BY_TEAM else DATES if row.name in BY_DATES else COORDINATORS) for row, may in found
    )


SCORED = {"reviews_eligible": 3, "below_threshold": False, "consensus_missing": False, "reaction_until": None}
UNREAD = {"reviews_eligible": 0, "below_threshold": None, "consensus_missing": None, "reaction_until": None}


@pytest.mark.parametrize(
    ("gates", "state", "name"),
    [
        ({IDEA, PILOT}, S.DRAFT, "submit"), ({IDEA, PILOT}, S.IN_REVIEW, "invite"),
        ({IDEA, FULL}, S.IN_REVIEW, "invite_to_full"),
        ({PILOT, FULL}, S.CO_DEVELOPMENT, "submit_pilot_proposal"), ({PILOT, FULL}, S.SHORTLISTING, "name_finalist"),
        ({IDEA, FULL}, S.FINALIST, "submit_full"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here depends on which
def test_what_was_scored_before_does_not_count_at_the_next_gate(world, gates, state, name):
    code = proposal_in(world, state, gates=gates)
    with world.acting() as w:
        for field, value in SCORED.items():
            setattr(get(w, code), field, value)
    walk(world, code, name)
    with world.acting() as w:
        assert {field: getattr(get(w, code), field) for field in UNREAD} == UNREAD


def test_an_appeal_brings_back_once(world):
    code = proposal_in(world, S.INELIGIBLE)
    walk(world, code, "reinstate")
    with world.acting() as w:
        proposal = get(w, code)
        assert (proposal.state, proposal.appeal_upheld_at, proposal.stood_at) == (S.SUBMITTED, None, None)


def test_what_was_ticked_and_handed_in_is_kept_and_taken_back(world):
    code = proposal_in(world, S.SUBMITTED)
    with world.acting() as w:
        assert get(w, code).submitted_at is not None
    walk(world, code, "recall")
    with world.acting() as w:
        assert get(w, code).submitted_at is None
    walk(world, code, "submit")
    with world.acting("jaan") as w:
        PROPOSAL.fire(w, get(w, code), "screen_in", Screening(points=list(Point)))
    with world.acting() as w:
        assert get(w, code).checklist["points"] == [str(point) for point in Point]


def test_months_that_are_not_said_yet_go_over_nothing():
    size = SizeClass(key="large", title="Large", months=36, budget_cents=100, planned=2)
    assert list(rules.over_bounds(None, 100, size)) == []
    assert [str(text) for text in rules.over_bounds(37, 200, size)] == [
        "The budget is €1 over the size of this class.",
        "This is one month longer than this class.",
    ]
    assert len(list(rules.over_bounds(36, 101, size))) == 1


def test_who_is_not_signed_in_is_not_an_open_invitation(world):
    """Invitations of a team have no person yet, and neither has a visitor."""
    with world.acting() as w:
        round_ = make_round(w, rules=rules_with())
        proposal = make_proposal(w, round_, challenges=[make_challenge(w, round_)])
        for row in rules.members(w, proposal):
            row.person_id = row.accepted_at = None
        w.session.flush()
        assert w.actor.id is NOBODY.id is None
        assert rules.role_in_team(w, proposal) is None
        assert rules.is_team(w, proposal).code == rules.is_lead(w, proposal).code == "may_not"
