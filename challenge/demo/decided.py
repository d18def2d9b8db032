"""The example's first decided proposal: from idea to a pilot that runs."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from challenge.demo import pilot
from challenge.demo.play import LEADS, Play, only_live, organisation, proposal
from challenge.kernel.work import Work
from challenge.pilots import actions as pilots
from challenge.pilots.models import Pilot
from challenge.proposals import actions as proposals
from challenge.proposals.asks import Decision
from challenge.rounds.states import Gate
from challenge.selection import actions as selection
from challenge.selection.models import Outcome
from challenge.selection.schemas import OutcomeIn
from challenge.selection.states import Verdict

JURORS = ("amara", "jonas", "elif")
TOP = ("4.5", "4.5", "4", "4.5", "4")


def warm_streets(show: Play, challenge: str) -> None:
    """Idea, co-development, finalist, jury, award, pilot: months ago in the example."""
    code = show.write_idea("aino", "warm", challenge, -237)
    show.fire("aino", code, "submit", -236)
    show.screen(code, -235)
    show.fire("liis", code, "invite", -230)
    show.team_up("aino", code, pilot.CITIES, "warm", -219)
    show.sign_all(code, -215)
    show.fire("aino", code, "submit_pilot_proposal", -214)
    show.assign(code, Gate.PILOT_PROPOSAL, -212)
    for name in JURORS:
        show.review(name, code, Gate.PILOT_PROPOSAL, TOP, -205)
    show.fire("liis", code, "name_finalist", -200)
    show.sign_all(code, -178)
    show.fire("aino", code, "submit_full", -175)
    show.assign(code, Gate.FULL_PROPOSAL, -149)
    for name in JURORS:
        show.review(name, code, Gate.FULL_PROPOSAL, TOP, -145)
    decide(show, code)
    run(show, code)


def decide(show: Play, code: str) -> None:
    """Two people: one proposes, the other approves; then the results are announced by both."""
    with show.acting("liis", -140) as w:
        given = OutcomeIn(
            verdict=Verdict.FUND, amount_cents=pilot.BUDGET, accept_by=w.now + timedelta(days=30),
            reasons="The cities need it, the method can answer the question, and both sites are ready.",
        )  # fmt: skip
        selection.propose_outcome(w, proposal(w, code), given)
    with show.acting("henrik", -139) as w:
        found = w.session.exec(select(Outcome).where(Outcome.proposal_id == proposal(w, code).id)).one()
        selection.approve_outcome(w, found)
    with show.acting("liis", -138) as w:
        selection.announce(w, only_live(w))
    with show.acting("henrik", -137) as w:
        selection.announce(w, only_live(w))
    with show.acting("aino", -135) as w:
        selection.accept(w, proposal(w, code))


def run(show: Play, code: str) -> None:
    """The cities decide formally, the pilot is paired, agreed and started; it has results to show."""
    decided_on = (show.today - timedelta(days=135)).date()
    for place, body in (("merilinna", "City Council"), ("havnsted", "City Board")):
        with show.acting(LEADS[place], -132) as w:
            given = Decision(body=body, decided_on=decided_on, bridge_cents=4_000_000)
            proposals.record_decision(w, proposal(w, code), organisation(w, place).code, given)
    with show.acting("liis", -130) as w:
        pilot_code = pilots.pair(w, proposal(w, code)).code
    with show.acting("liis", -128) as w:
        pilot.plan(w, _pilot(w, pilot_code))
    for place in pilot.CITIES:
        with show.acting(LEADS[place], -125) as w:
            found = _pilot(w, pilot_code)
            pilots.sign_agreement(w, found, organisation(w, place), found.revision)
    with show.acting("aino", -124) as w:
        found = _pilot(w, pilot_code)
        pilots.sign_as_lead(w, found, found.revision)
    with show.acting("liis", -120) as w:
        pilots.fire(w, _pilot(w, pilot_code), "agree", None)
    with show.acting("liis", -110) as w:
        pilots.fire(w, _pilot(w, pilot_code), "start", None)
    pilot.live(show, pilot_code)


def _pilot(w: Work, code: str) -> Pilot:
    return w.session.exec(select(Pilot).where(Pilot.code == code)).one()
