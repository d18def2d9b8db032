"""The steps of a pilot with everything that moves along with them."""

from __future__ import annotations

from pydantic import BaseModel
from sqlmodel import col, select

from challenge.kernel.errors import Invalid, Problem
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.kernel.workflow import Fired
from challenge.people.queries import find_by_email
from challenge.pilots import content, rules
from challenge.pilots.actions.guard import changing, lock, permit, require
from challenge.pilots.asks import Reason, Suspension
from challenge.pilots.models import Pilot, Report
from challenge.pilots.money import ledger
from challenge.pilots.money.models import ChangeRequest
from challenge.pilots.money.states import ChangeState
from challenge.pilots.money.workflow import CHANGE, PLANNED, TRANCHE
from challenge.pilots.schemas import PilotIn, Results
from challenge.pilots.states import PilotState
from challenge.pilots.workflow import PILOT, REPORT
from challenge.proposals import actions as proposals
from challenge.proposals.states import ProposalState

AGREED_UPON = ("budget_cents", "months", "starts_on", "ends_on")


def fire(w: Work, pilot: Pilot, name: str, given: BaseModel | None = None) -> Fired:
    """Do what the button says. *agree* moves the proposal and its challenges along, an end closes what is open."""
    if isinstance(given, Suspension) and given.cure_until <= w.now:
        PILOT.permitted(w, pilot, name)
        text = _("Choose a time that is still to come")
        raise Invalid(Problem("cure_past", text, {"cure_until": text}))
    lock(w, pilot)
    fired = PILOT.fire(w, pilot, name, given)
    if fired.done and name == "agree":
        _start(w, pilot)
    if fired.done and name == "terminate":
        _end(w, pilot, before=PilotState(fired.old_state))
    if fired.done and pilot.ended_at is not None:
        _close(w, pilot)
    return fired


def _close(w: Work, pilot: Pilot) -> None:
    """It is an archive now: what was asked for and not decided is refused, and its cities can carry another pilot."""
    found = select(ChangeRequest).where(ChangeRequest.pilot_id == pilot.id, ChangeRequest.state == ChangeState.ASKED)
    for change in w.session.exec(found).all():
        CHANGE.cause(w, change, "refuse", Reason(reason=str(_("The pilot ended before this was decided."))))
    if (proposal := rules.proposal_of(w, pilot)) is not None:
        proposal.pilot_ended_at = pilot.ended_at  # pushed down


def _start(w: Work, pilot: Pilot) -> None:
    """The award is booked; the proposal has become a pilot; each answered challenge that is behind becomes piloted."""
    ledger.open_ledger(w, pilot)
    proposal = rules.proposal_of(w, pilot)
    if proposal is not None:
        proposals.cause(w, proposal, "start_pilot")
        proposals.carry(w, proposal, "pilot")


def _end(w: Work, pilot: Pilot, before: PilotState) -> None:
    """Open tranches are cancelled, the ledger is settled; what is not spent goes back to the round.

    Of a pilot never agreed the offer ends, and all its money is free.
    """
    for tranche in content.tranches(w, pilot):
        if tranche.state in PLANNED:
            TRANCHE.cause(w, tranche, "cancel")
    given_back = ledger.settle(w, pilot)
    proposal = rules.proposal_of(w, pilot)
    if proposal is None:
        return
    if before is PilotState.PREPARING and proposal.state is ProposalState.SELECTED:
        proposal.offer_until = w.now
        proposals.cause(w, proposal, "expire")
    elif proposal.award_cents is not None:
        proposal.released_cents = given_back  # pushed down: the reserve list can have it


def fire_report(w: Work, report: Report, name: str, given: BaseModel | None = None) -> Fired:
    """Do what the button says; the pilot stays as it is meanwhile."""
    lock(w, w.session.get_one(Pilot, report.pilot_id))
    return REPORT.fire(w, report, name, given)


def cure_expired(w: Work) -> list[Pilot]:
    """Put *terminate* before two coordinators where the cure date has passed: a step that everybody concerned sees."""
    found = w.session.exec(
        select(Pilot)
        .where(
            Pilot.state == PilotState.SUSPENDED,
            col(Pilot.cure_until) <= w.now,
            col(Pilot.cure_expired_at).is_(None),
        )
        .order_by(col(Pilot.id))
    ).all()
    for pilot in found:
        lock(w, pilot)
        until, pilot.cure_expired_at = pilot.cure_until, w.now
        w.session.flush()
        w.note(content.WORKFLOW, pilot, "cure_expired", {"cure_until": until and until.isoformat()})
    return list(found)


def revise(w: Work, pilot: Pilot, draft: PilotIn) -> None:
    """Change what coordinators keep about it; changed money or dates make a new agreement."""
    permit(w, pilot, rules.is_coordinator)
    require(w, pilot, rules.has_not_ended)
    mentor = find_by_email(w, draft.mentor) if draft.mentor else None
    if draft.mentor and mentor is None:
        text = _("Nobody has an account with this address. Invite the person first.")
        raise Invalid(Problem("no_such_person", text, {"mentor": text}))
    if draft.budget_cents is None and not pilot.imported:
        text = _("Enter the budget")
        raise Invalid(Problem("no_budget", text, {"budget_cents": text}))
    values = draft.model_dump(exclude={"mentor"})
    if pilot.state is not PilotState.PREPARING and not pilot.imported:
        moved = [name for name in AGREED_UPON if getattr(pilot, name) not in (None, values[name])]
        if moved:
            text = _("This is part of the agreement and fixed since then.")
            raise Invalid(Problem("agreed_upon", text, dict.fromkeys(moved, text)))
    changing(w, pilot)
    changed = sorted(name for name, value in values.items() if getattr(pilot, name) != value)
    for name, value in values.items():
        setattr(pilot, name, value)
    pilot.mentor_id = mentor.id if mentor is not None else None
    w.session.flush()
    content.keep_agreement(w, pilot)
    w.note(content.WORKFLOW, pilot, "revise", {"changed": changed})


def tell_results(w: Work, pilot: Pilot, draft: Results) -> None:
    """Write the public summary and the replication plan."""
    permit(w, pilot, rules.may_plan)
    changing(w, pilot)
    pilot.public_summary, pilot.replication_plan = draft.public_summary, draft.replication_plan
    w.session.flush()
    w.note(content.WORKFLOW, pilot, "tell_results")
