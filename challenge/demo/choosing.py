"""The example's jury has judged two proposals for one place: a scenario says which, and why; it is adopted.

The outcomes follow it and are approved: what announcing them would do can be rehearsed.
"""

from __future__ import annotations

from datetime import timedelta

from challenge.demo import texts
from challenge.demo.play import Play, only_live, proposal
from challenge.jobs import choosing
from challenge.rounds.states import Gate
from challenge.selection import actions as selection
from challenge.selection import queries
from challenge.selection.models import Outcome
from challenge.selection.schemas import OutcomeIn
from challenge.selection.states import Verdict

JURORS = ("amara", "jonas", "elif")
CLEAR = (("4.5", "4.5", "4", "4", "4"), ("4", "4", "4", "4", "4"), ("4.5", "4", "4.5", "4", "4"))
CLOSE = (("4", "4", "4", "4", "4"), ("4.5", "4", "3.5", "4", "4"), ("4", "3.5", "4", "4", "3.5"))
COMPUTED, STANDS = -20, 30  # days from today


def play(show: Play, codes: dict[str, str]) -> None:
    """From idea to jury, then the choice, asked for by one coordinator and adopted by the other; and the outcomes."""
    first = _judged(show, "priit", "gutters", codes["cellars"], ("merilinna", "lindsund"), CLEAR)
    second = _judged(show, "aino", "shelter", codes["stops"], ("havnsted", "kaldvere"), CLOSE)
    with show.acting("liis", COMPUTED) as w:
        code = selection.ask_for_scenario(w, only_live(w), "The round’s own rules", {}).code
        selection.ask_for_scenario(w, only_live(w), "One more mid-size", {"planned": {"mid": 2}})
    choosing.run(show.database, lambda: show.today + timedelta(days=COMPUTED))
    with show.acting("henrik", COMPUTED + 1) as w:
        selection.adopt(w, queries.scenario(w, only_live(w).code, code)[1])
    until = show.today + timedelta(days=STANDS)
    fund = OutcomeIn(
        verdict=Verdict.FUND, amount_cents=texts.PROPOSALS["gutters"].cents, accept_by=until,
        reasons="The panel finds the measurement sound and the cities ready; it ranks first for its place.",
        conditions="Both cities name who looks after the sensors.",
    )  # fmt: skip
    wait = OutcomeIn(
        verdict=Verdict.RESERVE, reserve_rank=1, accept_by=until,
        reasons="Good work, close behind the first. If an award becomes free, this one is asked next.",
    )  # fmt: skip
    for code, given in ((first, fund), (second, wait)):
        with show.acting("liis", COMPUTED + 2) as w:
            key = selection.propose_outcome(w, proposal(w, code), given).id
        with show.acting("henrik", COMPUTED + 3) as w:
            selection.approve_outcome(w, w.session.get_one(Outcome, key))


def _judged(
    show: Play, lead: str, key: str, challenge: str, cities: tuple[str, str], marks: tuple[tuple[str, ...], ...]
) -> str:
    """A proposal that has passed every gate, with all its reviews; its code."""
    code = show.write_idea(lead, key, challenge, -206)
    show.fire(lead, code, "submit", -204)
    show.screen(code, -202)
    show.fire("liis", code, "invite", -194)
    show.team_up(lead, code, cities, key, -171)
    show.sign_all(code, -166)
    show.fire(lead, code, "submit_pilot_proposal", -163)
    show.assign(code, Gate.PILOT_PROPOSAL, -159)
    for name in JURORS:
        show.review(name, code, Gate.PILOT_PROPOSAL, marks[0], -154)
    show.fire("liis", code, "name_finalist", -139)
    show.sign_all(code, -61)
    show.fire(lead, code, "submit_full", -56)
    show.assign(code, Gate.FULL_PROPOSAL, -51)
    for name, given in zip(JURORS, marks, strict=True):
        show.review(name, code, Gate.FULL_PROPOSAL, given, -31)
    return code
