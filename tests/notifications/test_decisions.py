"""Decisions reach everybody they concern by mail, in the words the coordinators looked at, and not before."""

import pytest
from sqlmodel import select

from challenge.kernel.letter import Letter
from challenge.notifications import actions
from challenge.notifications.models import Message
from challenge.people.queries import person
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.rounds.states import Gate
from challenge.selection import actions as selection
from challenge.selection import letters, queries
from challenge.selection.schemas import GateDecision, GateVerdict
from challenge.selection.states import Verdict
from tests.factories.jury import JURY
from tests.factories.rounds import make_round
from tests.factories.selection import make_candidate
from tests.selection.steps import announce, decided

URL = "http://127.0.0.1:8000"
FUND, RESERVE, DECLINE, INELIGIBLE = Verdict


def told(world):
    """Every message there is, after the job has run: (person, subject, text, path)."""
    with world.acting() as w:
        while actions.tell(w, URL):
            pass
    with world.acting(writing=False) as w:
        rows = w.session.exec(select(Message).order_by(Message.id)).all()
        return [(row.person_id, row.subject, row.text, row.path) for row in rows]


@pytest.mark.parametrize("verdict", [FUND, RESERVE, DECLINE, INELIGIBLE])
def test_an_announced_outcome_is_told_by_its_letter_to_everybody_it_concerns(world, verdict):
    round_id, proposal_id = decided(world, verdict)
    assert told(world) == []
    announce(world, round_id)
    found = told(world)
    with world.acting(writing=False) as w:
        proposal = w.session.get_one(Proposal, proposal_id)
        outcome = queries.announced(w, proposal)
        people = queries.recipients(w, [proposal])[proposal_id]
        for reader in people:
            wanted = letters.letter(w, outcome, person(w, reader.id))
            mine = [row for row in found if row[0] == reader.id]
            assert mine == [(reader.id, wanted.subject, wanted.text, f"/proposals/{proposal.code}/outcome")]
        assert len(people) > 2
        assert {row[0] for row in found} == {reader.id for reader in people}


def test_the_mail_holds_the_letter_and_leads_to_the_decision(world):
    round_id, proposal_id = decided(world, FUND)
    announce(world, round_id)
    count = len(told(world))
    with world.acting(writing=False) as w:
        mails = w.session.exec(select(Letter)).all()
        code = w.session.get_one(Proposal, proposal_id).code
    assert len(mails) == count
    assert all("The cities need it" in mail.text and f"{URL}/proposals/{code}/outcome" in mail.text for mail in mails)
    assert len({mail.address for mail in mails}) == count


def test_what_is_held_back_is_told_to_nobody(world):
    round_id, approved, _proposed = decided(world, FUND, None)
    announce(world, round_id)
    with world.acting(writing=False) as w:
        people = {reader.id for reader in queries.recipients(w, [w.session.get_one(Proposal, approved)])[approved]}
    assert {row[0] for row in told(world)} <= people


def test_a_gate_tells_who_goes_on_and_who_does_not_with_the_reasons_given(world):
    world.now = JURY
    with world.acting() as w:
        round_ = make_round(w)
        on, off = (
            make_candidate(w, round_, title=title, state=ProposalState.SHORTLISTING).code for title in ("On", "Off")
        )
        round_id = round_.id
    with world.acting("jaan") as w:
        selection.decide_gate(
            w,
            w.session.get_one(Round, round_id),
            Gate.PILOT_PROPOSAL,
            [
                GateDecision(proposal=on, verdict=GateVerdict.INVITE),
                GateDecision(proposal=off, verdict=GateVerdict.DECLINE, reasons="Too thin.", advice="Join another."),
            ],
        )
    found = {(subject, text) for _person, subject, text, _path in told(world)}
    ons = [text for subject, text in found if subject == "“On” goes on to the next step"]
    offs = [text for subject, text in found if subject == "“Off” does not go on to the next step"]
    assert ons
    assert all("submit it until" in text for text in ons)
    assert offs
    assert all("Too thin." in text and "Join another." in text for text in offs)
