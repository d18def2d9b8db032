"""What the tests of this package do again and again: decide, announce, look up."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.rounds.states import CityRole
from challenge.selection import actions, queries
from challenge.selection.models import Outcome, Release
from challenge.selection.schemas import OutcomeIn
from challenge.selection.states import OutcomeState, Verdict
from tests.counting import counted
from tests.factories.jury import JURY
from tests.factories.rounds import make_round
from tests.factories.selection import make_candidate, make_outcome

EURO = 100
PAIRS = (
    {"tartu": CityRole.LEAD, "helsinki": CityRole.PILOT},
    {"tallinn": CityRole.LEAD, "fingal": CityRole.PILOT},
    {"narva": CityRole.LEAD, "dlr": CityRole.PILOT},
    {"tartu": CityRole.LEAD, "dlr": CityRole.PILOT},
)


def given(world, verdict: Verdict = Verdict.FUND, **fields) -> OutcomeIn:
    """A complete answer to the form."""
    values = {
        "verdict": verdict, "amount_cents": 1_000_000 * EURO, "reserve_rank": 1,
        "accept_by": world.now + timedelta(days=30), "reasons": "The cities need it.",
        "conditions": "The council agrees.\n\nThe data stay open.", **fields,
    }  # fmt: skip
    return OutcomeIn.model_validate(values)


def one(world, **fields) -> int:
    """A proposal before the jury; its id."""
    world.now = JURY
    with world.acting() as w:
        return make_candidate(w, make_round(w, **fields)).id


def propose(world, who: str, proposal_id: int, **fields) -> int:
    with world.acting(who) as w:
        return actions.propose_outcome(w, w.session.get_one(Proposal, proposal_id), given(world, **fields)).id


def approve(world, who: str, outcome_id: int):
    with world.acting(who) as w:
        return actions.approve_outcome(w, w.session.get_one(Outcome, outcome_id))


def decided(
    world, *verdicts: Verdict | None, state: OutcomeState = OutcomeState.APPROVED, each=(), **fields
) -> list[int]:
    """A round with one proposal for each verdict (None: no outcome yet); ids: the round's, then the proposals'."""
    world.now = JURY
    with world.acting() as w:
        round_ = make_round(w, **fields)
        ids = [round_.id]
        for place, verdict in enumerate(verdicts):
            about = {"title": f"Proposal {place}", "cities": PAIRS[place % len(PAIRS)]}
            proposal = make_candidate(w, round_, **{**about, **(each[place] if each else {})})
            ids.append(proposal.id)
            if verdict is not None:
                make_outcome(w, proposal, verdict=verdict, state=state, reserve_rank=place + 1, conditions=("A.",))
    return ids


def announce(world, round_id: int, *who: str) -> Release | None:
    """Each turns a key (jaan, then kadri, when nobody is named)."""
    release = None
    for name in who or ("jaan", "kadri"):
        with world.acting(name) as w:
            release = actions.announce(w, w.session.get_one(Round, round_id))
    return release


def states(world, ids: list[int]) -> list[ProposalState]:
    with world.acting() as w:
        return [w.session.get_one(Proposal, key).state for key in ids]


def codes(world, round_id: int, *ids: int) -> list[str]:
    with world.acting() as w:
        return [
            w.session.get_one(Round, round_id).code,
            *(w.session.get_one(Proposal, proposal_id).code for proposal_id in ids),
        ]


def outcome_of(world, proposal_code: str) -> Outcome:
    with world.acting() as w:
        proposal = w.session.exec(select(Proposal).where(Proposal.code == proposal_code)).one()
        return queries.history(w, proposal)[0]


def count_queries(world, act) -> int:
    with counted(world) as asked:
        act()
    return len(asked)
