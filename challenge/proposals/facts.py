"""What the service can tell about a proposal: for the checklist, the task list and the next step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, func, select

from challenge.kernel import receipt
from challenge.kernel.i18n import Text, _, _n
from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.people.states import KINDS
from challenge.proposals import content, money, rules
from challenge.proposals.asks import Point
from challenge.proposals.content import City
from challenge.proposals.models import Commitment, Proposal
from challenge.proposals.states import CommitmentKind, CommitmentState, ProposalState
from challenge.rounds.pairing import PairingFacts, pairing_facts
from challenge.rounds.states import Blind, Gate, Judge
from challenge.rounds.words import Country, Moment


def pairing(w: Work, proposal: Proposal, cities: list[City]) -> PairingFacts:
    """The pairing rule line by line, for the live indicator."""
    return pairing_facts((city.partner for city in cities), rules.rules_of(w, proposal))


def is_read_without_names(w: Work, proposal: Proposal) -> bool:
    """Whether it stands before a jury that reads a copy without names."""
    judged = proposal.state in (ProposalState.IN_REVIEW, ProposalState.SHORTLISTING, ProposalState.IN_JURY)
    gate = rules.rules_of(w, proposal).gates[content.gate_of(proposal)]
    return judged and Judge.JURORS in gate.judges and gate.blind is Blind.DOUBLE_BLIND


# The checklist


def checklist(w: Work, proposal: Proposal) -> dict[Point, Text]:
    """Point → what the service has found; people judge the rest."""
    organisation = w.session.get_one(Organisation, proposal.organisation_id)
    lacks = rules.lacking(w, proposal)
    words = sum(len(str(value).split()) for value in content.answers(proposal).values())
    return {
        Point.CHALLENGE: _challenges(w, proposal),
        Point.COMPLETE: _n("One answer is missing or too long.", "%(n)s answers are missing or too long.", len(lacks))
        if lacks
        else _("All answers are there, within their limits."),
        Point.IN_TIME: _arrival(w, proposal),
        Point.TEAM: _(
            "%(name)s: %(kind)s, %(country)s.", name=organisation.name, kind=KINDS[organisation.kind],
            country=Country(organisation.country),
        ),
        Point.UNDERSTANDABLE: _n("One word in all.", "%(n)s words in all.", words),
        Point.ORIGINAL: _others(w, proposal),
    }  # fmt: skip


def _challenges(w: Work, proposal: Proposal) -> Text:
    answered = [found.title for found in content.challenges(w, proposal) if found.state in content.ANSWERABLE]
    if not answered:
        return _("None of its challenges is accepted.")
    return _("Accepted: %(titles)s.", titles=", ".join(f"“{title}”" for title in answered))


def _arrival(w: Work, proposal: Proposal) -> Text:
    given = receipt.latest(w, content.WORKFLOW, proposal.code)
    if given is None:
        return _("There is no receipt.")
    zone = rules.round_of(w, proposal).zone
    received, deadline = Moment(given.received_at, zone), Moment(given.deadline, zone)
    if given.within_grace:
        return _("Received %(at)s, within the grace after %(deadline)s.", at=received, deadline=deadline)
    return _("Received %(at)s, before %(deadline)s.", at=received, deadline=deadline)


def _others(w: Work, proposal: Proposal) -> Text:
    same = w.session.exec(
        select(func.count())
        .select_from(Proposal)
        .where(
            Proposal.round_id == proposal.round_id,
            Proposal.organisation_id == proposal.organisation_id,
            col(Proposal.id) != proposal.id,
            col(Proposal.submitted_at).is_not(None),
        )
    ).one()
    if not same:
        return _("The lead organisation has handed in no other proposal in this round.")
    return _n(
        "The lead organisation has handed in one other proposal in this round.",
        "The lead organisation has handed in %(n)s other proposals in this round.",
        same,
    )


# Beside the form


@dataclass(frozen=True, slots=True)
class Task:
    """Something that must be done outside the form: what, where, how it stands."""

    key: str
    title: Text
    path: str
    hint: Text | str
    problem: Text | None

    @property
    def is_done(self) -> bool:
        """Nothing is missing."""
        return self.problem is None


def outside_the_form(w: Work, proposal: Proposal) -> list[Task]:
    """Challenges, and at the proposal gates cities, budget and what cities owe."""
    problem = rules.answers_accepted_challenge(w, proposal)
    count = len(content.challenges(w, proposal))
    tasks = [
        Task("challenges", _("Challenges it answers"), "challenges", _n("one challenge", "%(n)s challenges", count),
             problem.text if problem else None),
    ]  # fmt: skip
    if content.gate_of(proposal) is Gate.IDEA:
        return tasks
    return [*tasks, _cities(w, proposal), _budget(w, proposal), *_commitments(w, proposal)]


def _cities(w: Work, proposal: Proposal) -> Task:
    cities = content.cities(w, proposal)
    problem = rules.pairing_holds(w, proposal)
    hint = ", ".join(city.name for city in cities) or _("none yet")
    return Task("cities", _("Partner cities"), "cities", hint, problem.text if problem else None)


def _budget(w: Work, proposal: Proposal) -> Task:
    total = money.sheet_of(w, proposal).all.total
    problem = rules.budget_fits(w, proposal)
    hint = _("%(total)s in all", total=rules.Amount(total)) if total else ""
    return Task("budget", _("Budget by partner"), "budget", hint, problem.text if problem else None)


def _commitments(w: Work, proposal: Proposal) -> list[Task]:
    kind = rules.OWED[rules.gate_rules(w, proposal).owed]
    if kind is None:
        return []
    owing = [city for city in content.cities(w, proposal) if city.counts]
    lacks = rules.uncommitted(w, proposal, kind)
    done, number = len(owing) - len(lacks), content.current(w, proposal).number
    if kind is CommitmentKind.SIGN_OFF:
        title = _("Sign-off by every partner city")
        hint = _("%(done)s of %(all)s signed version %(number)s", done=done, all=len(owing), number=number)
    else:
        title = _("Formal decision of every partner city")
        hint = _("%(done)s of %(all)s decided", done=done, all=len(owing))
    missing = _n("%(n)s missing", "%(n)s missing", len(lacks)) if lacks or not owing else None
    return [Task("commitments", title, "cities", hint, missing)]


# Commitments, city by city


@dataclass(frozen=True, slots=True)
class Promise:
    """How a partner city stands: its sign-off, its formal decision, and why one no longer counts."""

    city: City
    sign_off: Commitment | None
    decision: Commitment | None
    is_current: bool
    owes: bool

    @property
    def may_be_asked(self) -> bool:
        """Neither asked nor signed at the moment."""
        return self.sign_off is None or self.sign_off.state in (CommitmentState.VOIDED, CommitmentState.WITHDRAWN)


def promises(w: Work, proposal: Proposal, cities: list[City]) -> list[Promise]:
    """For each partner city its latest commitment of each kind."""
    now, owed = content.current(w, proposal), rules.OWED[rules.gate_rules(w, proposal).owed]
    latest: dict[tuple[int, CommitmentKind], Commitment] = {}
    for row in rules.commitments(w, proposal):
        latest[row.city_id, row.kind] = row
    return [_promise(city, latest, now.hash, owes=city.counts and owed is not None) for city in cities]


def _promise(city: City, latest: Mapping[Any, Commitment], now: str, *, owes: bool) -> Promise:
    signed, decided = (
        latest.get((city.id, CommitmentKind.SIGN_OFF)),
        latest.get((city.id, CommitmentKind.FORMAL_DECISION)),
    )
    holds = signed is not None and signed.state is CommitmentState.SIGNED and signed.revision_hash == now
    return Promise(city, signed, decided, is_current=holds, owes=owes)
