"""What one does with a pilot's money. Every act locks the pilot first and books in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from sqlmodel import select

from challenge.kernel import editing
from challenge.kernel.errors import Invalid, Missing, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.patch import HERE, Origin
from challenge.kernel.work import Work
from challenge.kernel.workflow import Fired
from challenge.people.models import Organisation
from challenge.pilots import content
from challenge.pilots.actions.guard import bump, lock, permit, require, writing
from challenge.pilots.actions.members import add_member, remove_member, replace_member
from challenge.pilots.asks import Reason
from challenge.pilots.models import Pilot, Tranche
from challenge.pilots.money import ledger, queries, rules
from challenge.pilots.money.asks import Payment
from challenge.pilots.money.models import ChangeRequest, Claim
from challenge.pilots.money.states import ChangeKind
from challenge.pilots.money.workflow import CHANGE, CLAIM, PLANNED, TRANCHE
from challenge.pilots.states import TrancheState
from challenge.rounds.states import CityRole

# Tranches


def fire_tranche(w: Work, tranche: Tranche, name: str, given: BaseModel | None = None) -> Fired:
    """Do what the button says; a payment is booked with it. Who comes second finds the pilot changed."""
    if isinstance(given, Payment) and given.paid_on > w.now.date():
        TRANCHE.permitted(w, tranche, name)
        text = _("This day is still to come")
        raise Invalid(Problem("paid_later", text, {"paid_on": text}))
    pilot = rules.pilot_of(w, tranche)
    lock(w, pilot)
    fired = TRANCHE.fire(w, tranche, name, given)
    if fired.done and tranche.state is TrancheState.PAID and tranche.paid_on is not None:
        bump(w, pilot)
        ledger.pay(w, pilot, tranche, tranche.paid_on)
    return fired


# Claims


def start_claim(w: Work, pilot: Pilot, partner: Organisation, answers: Mapping[str, Any] | None = None) -> Claim:
    """Begin a claim of a partner."""
    if partner.id not in queries.partners(w, pilot):
        raise Missing
    made = Claim(
        pilot_id=pilot.id, round_id=pilot.round_id, round_code=pilot.round_code, organisation_id=partner.id
    )  # fmt: skip
    permit(w, made, rules.works_for_partner)
    require(w, made, rules.pilot_began)
    if problem := rules.why_not_claim(w, pilot, partner.id):
        raise Refused(problem)
    w.add(made)
    w.note(rules.CLAIMING, made, "start", {"partner": partner.code})
    if answers:
        write_claim(w, made, answers)
    return made


def write_claim(w: Work, claim: Claim, answers: Mapping[str, Any], origin: Origin = HERE) -> None:
    """Keep answers as they are typed, until the claim is handed in."""
    permit(w, claim, rules.works_for_partner)
    require(w, claim, rules.claim_is_open)
    editing.write(w, rules.CLAIMING, claim, answers, origin)


def fire_claim(w: Work, claim: Claim, name: str, given: BaseModel | None = None) -> Fired:
    """Do what the button says; an accepted cost is booked with it, and less is to be paid back."""
    pilot = rules.pilot_of(w, claim)
    lock(w, pilot)
    fired = CLAIM.fire(w, claim, name, given)
    if name == "accept":
        bump(w, pilot)
        ledger.accept(w, pilot, claim)
        _recover_less(w, pilot, claim.organisation_id)
    return fired


def _recover_less(w: Work, pilot: Pilot, whose: int) -> None:
    """What is planned to be paid back follows what is still to be accounted for; two approve it anew."""
    found = select(Tranche).where(Tranche.pilot_id == pilot.id, Tranche.recovers_from_id == whose)
    for tranche in w.session.exec(found).all():
        owed = ledger.owes(w, pilot, whose)
        if tranche.state not in PLANNED or tranche.cents <= owed:
            continue
        if not owed:
            TRANCHE.cause(w, tranche, "cancel")
            continue
        if tranche.state is not TrancheState.PLANNED:
            TRANCHE.cause(w, tranche, "hold_back", Reason(reason=str(_("More costs have been accepted."))))
        tranche.cents = owed
        w.session.flush()
        w.note(TRANCHE.name, tranche, "change", {"cents": owed})


# Change requests


def ask_change(w: Work, pilot: Pilot, kind: ChangeKind, columns: Mapping[str, Any]) -> ChangeRequest:
    """Ask for a change; who decides is told. What it says is read by ``changes.columns_of``."""
    permit(w, pilot, rules.asks_changes)
    require(w, pilot, rules.is_agreed)
    writing(w, pilot)
    made = ChangeRequest(
        pilot_id=pilot.id, round_id=pilot.round_id, round_code=pilot.round_code, kind=kind,
        **{"asked_by_id": w.actor.id, **columns},
    )  # fmt: skip
    if kind is ChangeKind.MONEY:
        made.by_two = rules.needs_two(w, made)
    w.add(made)
    w.note(rules.CHANGING, made, "ask", {"kind": str(kind), "reason": made.reason, "by_two": made.by_two})
    return made


def fire_change(w: Work, change: ChangeRequest, name: str, given: BaseModel | None = None) -> Fired:
    """Do what the button says; what is granted is done in the same transaction."""
    pilot = rules.pilot_of(w, change)
    lock(w, pilot)
    fired = CHANGE.fire(w, change, name, given)
    if fired.done and name == "grant":
        bump(w, pilot)
        GRANTED[change.kind](w, pilot, change)
    return fired


def _dates(w: Work, pilot: Pilot, change: ChangeRequest) -> None:
    """The pilot ends on another day; its length in months follows."""
    pilot.ends_on = change.ends_on
    if pilot.starts_on is not None and pilot.ends_on is not None:
        days = (pilot.ends_on - pilot.starts_on).days + 1
        pilot.months = min(max(round(days / 30.44), 1), 120)
    _amended(w, pilot, {"ends_on": pilot.ends_on and pilot.ends_on.isoformat()})


def _scope(w: Work, pilot: Pilot, change: ChangeRequest) -> None:
    """What is to be otherwise stands in the agreement from now on."""
    heading = _("Amendment of %(day)s", day=content.Day(w.now.date()))
    pilot.agreement = "\n\n".join(part for part in (pilot.agreement, f"### {heading}", change.scope) if part)
    _amended(w, pilot, {"change": change.code})


def _amended(w: Work, pilot: Pilot, given: dict[str, Any]) -> None:
    w.session.flush()
    content.keep_agreement(w, pilot)
    w.note(content.WORKFLOW, pilot, "amend_agreement", {**given, "revision": pilot.revision})


def _members(w: Work, pilot: Pilot, change: ChangeRequest) -> None:
    """The same acts as a coordinator's own, under the same lock: the pairing rule is asked again."""
    goes = w.session.get(Organisation, change.goes_id) if change.goes_id is not None else None
    comes = w.session.get(Organisation, change.comes_id) if change.comes_id is not None else None
    if goes is not None and comes is not None:
        replace_member(w, pilot, goes, comes)
    elif comes is not None:
        add_member(w, pilot, comes, change.role or CityRole.PILOT)
    elif goes is not None:
        remove_member(w, pilot, goes)


GRANTED = {
    ChangeKind.DATES: _dates,
    ChangeKind.MONEY: ledger.transfer,
    ChangeKind.SCOPE: _scope,
    ChangeKind.MEMBERS: _members,
}
