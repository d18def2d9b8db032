"""What one may know of outcomes. Before they are announced: only who decides, and who observes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from challenge.jury.models import Conflict
from challenge.jury.states import ConflictState
from challenge.kernel.errors import Missing
from challenge.kernel.i18n import Text
from challenge.kernel.journal import Step, StepText
from challenge.kernel.work import Work
from challenge.people.models import Membership, Person
from challenge.people.states import RoleName, Seat
from challenge.proposals import queries as proposals
from challenge.proposals import rules as proposal_rules
from challenge.proposals.models import PartnerCity, Proposal, TeamMember
from challenge.proposals.states import LABELS, ProposalState
from challenge.proposals.workflow import PROPOSAL
from challenge.rounds import queries as rounds
from challenge.rounds.models import Round
from challenge.selection import rules
from challenge.selection.models import Condition, Outcome
from challenge.selection.states import PENDING, VERDICTS, OutcomeState, Verdict

INSIDERS = (RoleName.COORDINATOR, RoleName.OBSERVER)
# Transitions of a proposal that tell its team how a gate went.
GATE_STEPS = ("invite", "invite_to_full", "name_finalist", "decline", "find_ineligible")
TELLING_ALL = (*GATE_STEPS, "award", "put_on_reserve", "turn_away", "promote")


# Scope


def is_insider(w: Work, round_id: int) -> bool:
    """Whether the actor decides in this round or observes it, and does not judge in it."""
    if w.actor.kind == "system":
        return True
    return any(w.actor.holds(role, round_id) for role in INSIDERS) and not rules.is_on_panel(w, round_id)


def inside(w: Work, code: str) -> Round:
    """The round, for those who may know what is being decided in it. Missing for all others."""
    found = rounds.visible(w, code)
    if not is_insider(w, found.id):
        raise Missing
    return found


def visible(w: Work, code: str) -> Outcome:
    """An outcome, for coordinators and observers of its round without a conflict. Missing for all others."""
    found = w.session.exec(select(Outcome).where(Outcome.code == code)).first()
    if found is None or not is_insider(w, found.round_id) or found.proposal_id in excluded(w, found.round_id):
        raise Missing
    return found


def excluded(w: Work, round_id: int) -> set[int]:
    """The proposals of the round that the actor may not see decided: they have a conflict."""
    if w.actor.id is None:
        return set()
    found = select(Conflict.proposal_id).where(
        Conflict.person_id == w.actor.id, Conflict.round_id == round_id, Conflict.state != ConflictState.LIFTED
    )
    return set(w.session.exec(found))


def decidable(w: Work, code: str) -> Proposal:
    """A proposal, for those who decide on it or observe. Missing for all others."""
    found = proposals.visible(w, code)
    if not is_insider(w, found.round_id) or found.id in excluded(w, found.round_id):
        raise Missing
    return found


def heard(w: Work, code: str) -> Proposal:
    """A proposal whose decisions the actor is told: its team, its cities, insiders. Missing for all others."""
    found = proposals.visible(w, code)
    if not (is_insider(w, found.round_id) or is_party(w, found)):
        raise Missing
    return found


def is_party(w: Work, proposal: Proposal) -> bool:
    """Whether the actor belongs to the team or to a partner city."""
    if proposal_rules.role_in_team(w, proposal) is not None or w.actor.id == proposal.lead_id:
        return True
    places = w.actor.organisations()
    return any(city.id in places for city in proposals.partner_cities(w, proposal))


# Outcomes of a proposal


def pending(w: Work, proposal: Proposal) -> Outcome | None:
    """The outcome in preparation."""
    return w.session.exec(
        select(Outcome).where(Outcome.proposal_id == proposal.id, col(Outcome.state).in_(PENDING))
    ).first()


def announced(w: Work, proposal: Proposal) -> Outcome | None:
    """The outcome that stands."""
    return w.session.exec(
        select(Outcome).where(Outcome.proposal_id == proposal.id, Outcome.state == OutcomeState.ANNOUNCED)
    ).first()


def history(w: Work, proposal: Proposal) -> list[Outcome]:
    """All outcomes of a proposal, newest first."""
    found = select(Outcome).where(Outcome.proposal_id == proposal.id)
    return list(w.session.exec(found.order_by(col(Outcome.id).desc())))


def conditions(w: Work, outcome: Outcome) -> list[Condition]:
    """Its conditions in order."""
    found = select(Condition).where(Condition.outcome_id == outcome.id)
    return list(w.session.exec(found.order_by(col(Condition.place))))


def unmet(w: Work, proposal: Proposal) -> list[Condition]:
    """The conditions of the award that stands which nobody has ticked: pilots ask before *agree*."""
    outcome = announced(w, proposal)
    return [] if outcome is None else [found for found in conditions(w, outcome) if found.met_at is None]


# What the team is told


@dataclass(frozen=True, slots=True)
class Decision:
    """The latest decision the team has been told, by an announcement or at a gate."""

    label: Text
    tone: str
    told_at: datetime
    reasons: str
    advice: str = ""
    outcome: Outcome | None = None
    conditions: tuple[Condition, ...] = ()
    decided_by: int | None = None
    is_against: bool = False  # declined or ineligible: it can be appealed against


def decision(w: Work, proposal: Proposal) -> Decision | None:
    """What was decided and told last; None as long as nothing was. An outcome in preparation changes nothing here."""
    told = w.session.exec(
        select(Outcome)
        .where(Outcome.proposal_id == proposal.id, col(Outcome.published_at).is_not(None))
        .order_by(col(Outcome.published_at).desc(), col(Outcome.id).desc())
        .limit(1)
    ).first()
    step = _last_step(w, proposal)
    if told is not None and told.published_at is not None and (step is None or step[0].at <= told.published_at):
        label = VERDICTS[told.verdict]
        return Decision(
            label.public, label.tone, told.published_at, told.reasons, outcome=told,
            conditions=tuple(conditions(w, told)), decided_by=told.proposed_by,
            is_against=told.verdict in {Verdict.DECLINE, Verdict.INELIGIBLE},
        )  # fmt: skip
    if step is None:
        return None
    found, given = step
    row = next(row for row in PROPOSAL.rows if row.name == found.transition and str(row.target) == found.new_state)
    target = ProposalState(found.new_state or "")
    is_against = target in {ProposalState.DECLINED, ProposalState.INELIGIBLE}
    return Decision(
        row.told or row.label, LABELS[target].tone if is_against else "moss", found.at,
        str(given.get("reason", "")), str(given.get("advice", "")), decided_by=found.actor_id, is_against=is_against,
    )  # fmt: skip


def _last_step(w: Work, proposal: Proposal) -> tuple[Step, dict[str, object]] | None:
    """The newest step of the proposal that told its team how a gate went."""
    step = w.session.exec(
        select(Step)
        .where(
            Step.workflow == PROPOSAL.name,
            Step.subject_code == proposal.code,
            col(Step.transition).in_(GATE_STEPS),
        )
        .order_by(col(Step.id).desc())
        .limit(1)
    ).first()
    if step is None:
        return None
    given = w.session.exec(select(StepText.given).where(StepText.step_id == step.id)).first()
    return step, dict(given or {})


def recipients(w: Work, proposals_: list[Proposal]) -> dict[int, list[Person]]:
    """Proposal id → who is told: its lead, its team, then lead and deputies of its cities; each person once."""
    ids = [found.id for found in proposals_]
    team = w.session.exec(
        select(TeamMember.proposal_id, Person)
        .join(Person, col(Person.id) == TeamMember.person_id)
        .where(col(TeamMember.proposal_id).in_(ids), col(TeamMember.left_at).is_(None))
        .order_by(col(TeamMember.id))
    ).all()
    cities = w.session.exec(
        select(PartnerCity.proposal_id, Person)
        .join(Membership, col(Membership.organisation_id) == PartnerCity.city_id)
        .join(Person, col(Person.id) == Membership.person_id)
        .where(
            col(PartnerCity.proposal_id).in_(ids),
            col(PartnerCity.left_at).is_(None),
            col(Membership.seat).in_((Seat.LEAD, Seat.DEPUTY)),
        )
        .order_by(col(PartnerCity.id), col(Membership.id))
    ).all()
    leads = {
        person.id: person
        for person in w.session.exec(select(Person).where(col(Person.id).in_({found.lead_id for found in proposals_})))
    }
    told: dict[int, dict[int, Person]] = {found.id: {found.lead_id: leads[found.lead_id]} for found in proposals_}
    for proposal_id, person in [*team, *cities]:
        told[proposal_id].setdefault(person.id, person)
    return {
        key: [person for person in people.values() if person.erased_at is None and person.disabled_at is None]
        for key, people in told.items()
    }
