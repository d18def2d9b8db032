"""Decisions are told by the letter the coordinators read before they told them: the same words, to the same people."""

from __future__ import annotations

from typing import Any

from challenge.kernel.journal import Step
from challenge.kernel.work import Work
from challenge.notifications.subjects import Subject
from challenge.people.models import Person
from challenge.proposals.models import Proposal
from challenge.proposals.rules import window_of
from challenge.proposals.workflow import PROPOSAL
from challenge.rounds import rules as rounds
from challenge.selection import letters, queries
from challenge.selection.letters import Letter
from challenge.selection.schemas import GateVerdict


def concerned(w: Work, subject: Subject, _step: Step, _given: dict[str, Any]) -> set[int]:
    """The team, and lead and deputies of the partner cities: whom the coordinators saw in the list of letters."""
    record = subject.record
    proposal = record if isinstance(record, Proposal) else w.session.get_one(Proposal, record.proposal_id)
    return {person.id for person in queries.recipients(w, [proposal])[proposal.id]}


def of_outcome(w: Work, subject: Subject, _step: Step, _given: dict[str, Any], person: Person) -> Letter:
    """An announced outcome."""
    return letters.letter(w, subject.record, person)


def of_invitation(w: Work, subject: Subject, step: Step, _given: dict[str, Any], person: Person) -> Letter:
    """A proposal goes on to the next gate: it stands there already."""
    proposal: Proposal = subject.record
    until = rounds.due_at(w, proposal, PROPOSAL.name, window_of(proposal))
    return letters.gate_letter(w, proposal, GateVerdict.INVITE, "", person, told=step.at, until=until)


def of_refusal(w: Work, subject: Subject, step: Step, given: dict[str, Any], person: Person) -> Letter:
    """A proposal goes no further."""
    reasons, advice = str(given.get("reason", "")), str(given.get("advice", ""))
    return letters.gate_letter(
        w, subject.record, GateVerdict.DECLINE, reasons, person, advice=advice, told=step.at
    )  # fmt: skip
