"""Each row of the table, with everything in order but one thing: it says so, or does not ask for it."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

import pytest
from sqlmodel import delete, update

from challenge.proposals.content import gate_of
from challenge.proposals.models import BudgetLine, Commitment, PartnerCity, ProposalChallenge
from challenge.proposals.states import BudgetCategory, CommitmentKind, CommitmentState
from challenge.proposals.states import ProposalState as S
from challenge.proposals.workflow import COMMITMENT, PROPOSAL
from challenge.rounds.schemas import Rules
from challenge.rounds.states import GATE_WINDOWS, CityRole, Gate, Judge, Owed
from tests.cast import PLACES
from tests.factories.proposals import AT, make_challenge, make_proposal, rules_with
from tests.factories.rounds import WINDOWS, make_round
from tests.factories.selection import sign_off

HANDED_IN = "deadline_over not_open_yet no_challenge incomplete"
WITH_CITIES = f"{HANDED_IN} pairing no_budget commitments"
EVALUATED = "quorum consensus_missing"
JUDGED = f"{EVALUATED} below_threshold no_scores_yet"
ASKS = {
    "submit": HANDED_IN,
    "begin": "no_challenge",
    "invite": EVALUATED,
    "invite_to_full": EVALUATED,
    "submit_pilot_proposal": WITH_CITIES,
    "name_finalist": JUDGED,
    "to_jury": JUDGED,
    "submit_full": WITH_CITIES,
    "recall": "deadline_over reviewed",
    "reopen": "reviewed",
    "decline": "consensus_missing",
    "award": f"{EVALUATED} no_award pairing commitments",
    "put_on_reserve": EVALUATED,
    "turn_away": EVALUATED,
    "promote": "no_award pairing",
    "expire": "no_end_date not_over_yet",
    "merge": "merge_not_asked merge_not_agreed not_to_merge",
    "lapse": "not_over_yet",
    "reinstate": "no_upheld_appeal",
    **dict.fromkeys(("screen_in", "send_back", "find_ineligible", "turn_down", "start_pilot", "withdraw"), ""),
}
FIELDS = {
    "incomplete": {"answers": {}},
    "quorum": {"reviews_eligible": 2},
    "consensus_missing": {"consensus_missing": True},
    "below_threshold": {"below_threshold": True},
    "no_scores_yet": {"below_threshold": None},
    "reviewed": {"reviews_eligible": 1},
    "no_award": {"award_cents": None},
    "no_end_date": {"offer_until": None},
    "merge_not_asked": {"merge_into_id": None, "merge_agreed_at": None},
    "merge_not_agreed": {"merge_agreed_at": None},
    "no_upheld_appeal": {"appeal_upheld_at": None},
}
TOUCH_MORE = {"quorum", "reviewed", "incomplete"}  # one figure; and other answers are another version to sign
ROWS = {
    f"{row.name} from {source}": (row, S(source)) for row in PROPOSAL.rows for source in row.source
}  # fmt: skip


def judged_by_jurors() -> Rules:
    """At each gate jurors judge and cities owe a sign-off, so that each row asks whatever it can ask."""
    rules = rules_with()
    criteria = rules.gates[Gate.FULL_PROPOSAL].criteria
    gate = {"judges": [Judge.JURORS], "reviews": 3, "owed": Owed.SIGN_OFF, "criteria": criteria}
    return rules.model_copy(update={"gates": {key: one.model_copy(update=gate) for key, one in rules.gates.items()}})


def gates_for(row, source):
    """The gates of a round in which this row exists."""
    stood = {S.IN_REVIEW, S.SHORTLISTING, S.IN_JURY} if source is S.DECLINED else set()
    sets = (set(some) for size in (3, 2, 1) for some in combinations(Gate, size))
    return next([str(gate) for gate in Gate if gate in some] for some in sets if row.when(frozenset(some | stood)))


def whole(w, row, source):
    """A proposal of which everything is in order, in this state (in memory only), at its usual time."""
    round_ = make_round(w, rules=judged_by_jurors())
    into = make_proposal(w, round_, lead="eero", state=S.IN_REVIEW)
    made = make_proposal(
        w, round_, challenges=[make_challenge(w, round_)], gates=gates_for(row, source), below_threshold=False,
        reviews_eligible=0 if "reviewed" in ASKS[row.name] else 3, award_cents=100, appeal_upheld_at=w.now,
        merge_into_id=into.id, merge_agreed_at=w.now,
    )  # fmt: skip
    w.add(BudgetLine(
        proposal_id=made.id, organisation_id=made.organisation_id, category=BudgetCategory.STAFF, cents=100,
    ))  # fmt: skip
    sign_off(w, made)
    made.state = source
    w.now = AT[gate_of(made)] + timedelta(days=400 if row.name == "lapse" else 0)
    made.offer_until = w.now
    return made, into


def spoil(w, proposal, into, name):
    """One thing that is not in order."""
    own = lambda model: model.proposal_id == proposal.id  # noqa: E731 -- three times below
    opens_at, closes_at = WINDOWS[GATE_WINDOWS[gate_of(proposal)]]
    for field, value in FIELDS.get(name, {}).items():
        setattr(proposal, field, value)
    if name == "no_challenge":
        w.session.exec(delete(ProposalChallenge).where(own(ProposalChallenge)))
    if name == "pairing":
        w.session.exec(
            update(PartnerCity).where(own(PartnerCity), PartnerCity.country != "EE").values(role=CityRole.FOLLOWER)
        )
    if name == "no_budget":
        w.session.exec(delete(BudgetLine).where(own(BudgetLine)))
    if name == "commitments":
        w.session.exec(delete(Commitment).where(own(Commitment)))
    if name == "not_to_merge":
        into.state = S.SHORTLISTING
    if name == "not_over_yet":
        proposal.offer_until = w.now + timedelta(seconds=1)
        w.now = min(w.now, closes_at)  # within the grace
    w.now = {"deadline_over": closes_at + timedelta(days=1), "not_open_yet": opens_at - timedelta(days=1)}.get(
        name, w.now
    )


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here depends on which
def test_a_row_says_what_is_not_in_order(world, name):
    row, source = ROWS[name]
    asks = ASKS[row.name].split()
    found = set()
    with world.acting("jaan") as w, w.session.no_autoflush:
        proposal, into = whole(w, row, source)
        before = proposal.model_dump(), into.state, w.now
        assert row.blocked(w, proposal) is None
        for code in dict.fromkeys([*FIELDS, *asks]):
            saved = w.session.begin_nested()
            spoil(w, proposal, into, code)
            problem = row.blocked(w, proposal)
            assert (problem is None) == (code not in asks) or code in TOUCH_MORE
            found |= {problem.code} if problem else set()
            saved.rollback()
            for field, value in before[0].items():
                setattr(proposal, field, value)
            into.state, w.now = before[1:]
        w.session.rollback()

    assert found == set(asks)


@pytest.mark.parametrize("name", ["sign", "record", "withdraw"])
def test_nobody_commits_to_what_has_ended(world, name):
    with world.acting("sofia") as w:
        proposal = make_proposal(w, make_round(w), state=S.DRAFT)
        made = w.add(Commitment(
            proposal_id=proposal.id, round_code=proposal.round_code, city_id=PLACES["helsinki"].id,
            kind=CommitmentKind.FORMAL_DECISION if name == "record" else CommitmentKind.SIGN_OFF,
            state=CommitmentState.ASKED,
        ))  # fmt: skip
        found = []
        for state in (S.DRAFT, S.WITHDRAWN):
            proposal.state = state
            problem = next(offer.problem for offer in COMMITMENT.offers(w, made) if offer.row.name == name)
            found.append(problem.code if problem else None)
    assert found == [None, "proposal_ended"]
