"""Rounds with scored proposals, and scenarios of them."""

from __future__ import annotations

from sqlmodel import select

from challenge.jobs import choosing
from challenge.proposals import content
from challenge.proposals.models import BudgetLine, Proposal
from challenge.proposals.states import BudgetCategory
from challenge.rounds.models import Round
from challenge.rounds.schemas import Rules
from challenge.selection import actions, queries
from challenge.selection.models import Scenario
from tests.cast import PLACES
from tests.factories.jury import FULL, JURY, make_judged, make_juror, make_submitted
from tests.factories.proposals import make_challenge
from tests.factories.rounds import make_round
from tests.factories.selection import sign_off
from tests.selection.steps import PAIRS

GATES = Rules().gates
ONE_REVIEW = Rules(gates={**GATES, FULL: GATES[FULL].model_copy(update={"reviews": 1})})
MILLION = 100_000_000  # cents
# Marks in tenths, money in cents, size: the first spends what the next two together are worth more for.
TIGHT = (
    (50, 200 * MILLION // 100, "large"),
    (45, 150 * MILLION // 100, "mid"),
    (45, 140 * MILLION // 100, "large"),
    (35, 100 * MILLION // 100, "mid"),
)


def scored(world, lines=TIGHT, **fields) -> list[int]:
    """A round with a judged proposal a line (marks, cost, size); ids: the round's, then the proposals'."""
    world.now = JURY
    with world.acting() as w:
        round_ = make_round(w, **{"rules": ONE_REVIEW, **fields})
        juror, challenges = make_juror(w, round_, "lena"), [make_challenge(w, round_)]
        ids = [round_.id]
        for at, (marks, cost, size) in enumerate(lines):
            proposal = make_judged(
                w, round_, title=f"Proposal {at}", cities=PAIRS[at % len(PAIRS)], size_class=size, challenges=challenges
            )  # fmt: skip
            if cost:
                w.add(BudgetLine(
                    proposal_id=proposal.id, organisation_id=PLACES["taltech"].id, category=BudgetCategory.STAFF,
                    cents=cost,
                ))  # fmt: skip
                content.keep(w, proposal)
            sign_off(w, proposal)
            make_submitted(w, proposal, juror, marks)
            ids.append(proposal.id)
    return ids


def made(world, round_id: int, name: str = "The rules", who: str = "jaan", *, compute: bool = True, **changes) -> str:
    """A scenario, computed unless said otherwise; its code."""
    with world.acting(who) as w:
        code = actions.ask_for_scenario(w, w.session.get_one(Round, round_id), name, changes).code
    if compute:
        assert choosing.run(world.database, world.clock) >= 1
    return code


def adopt(world, round_id: int, code: str, who: str = "kadri") -> None:
    with world.acting(who) as w:
        actions.adopt(w, queries.scenario(w, w.session.get_one(Round, round_id).code, code)[1])


def found(world, code: str):
    """Scenario and selection."""
    with world.acting() as w:
        scenario = w.session.exec(select(Scenario).where(Scenario.code == code)).one()
        return scenario, queries.selection_of(w, scenario)


def titles(world, ids) -> list[str]:
    with world.acting() as w:
        return [w.session.get_one(Proposal, key).title for key in ids]
