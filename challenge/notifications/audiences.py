"""Who hears of what: each answers with the ids of people. They read; who may see is decided by the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlmodel import col, or_, select

from challenge.events.models import Registration
from challenge.jury import states as jury_states
from challenge.jury.consensus import facts
from challenge.jury.models import Juror, Review
from challenge.kernel.journal import Step
from challenge.kernel.work import Work
from challenge.notifications.subjects import Subject
from challenge.people.models import Membership, Organisation, Person, Role
from challenge.people.standing.models import StandIn
from challenge.people.standing.queries import in_force
from challenge.people.states import RoleName, Seat
from challenge.pilots.log import queries as log
from challenge.pilots.models import MemberCity, Pilot
from challenge.proposals.models import Exclusion, PartnerCity, Proposal, ProposalChallenge, TeamMember
from challenge.proposals.states import ProposalState, TeamRole
from challenge.rounds.models import Round
from challenge.rounds.states import Gate
from challenge.submissions.models import Interest, Submission
from challenge.submissions.states import SubmissionState

Audience = Callable[[Work, Subject, Step, dict[str, Any]], set[int]]
SIGNATORIES = (Seat.LEAD, Seat.DEPUTY)


def people_of(w: Work, organisation_ids: Iterable[int | None], *seats: Seat) -> set[int]:
    """People with one of these seats (lead and deputy when none is named), who stands in for a lead as a deputy."""
    ids = [found for found in organisation_ids if found is not None]
    rows = select(Membership.person_id).where(
        col(Membership.organisation_id).in_(ids), col(Membership.seat).in_(seats or SIGNATORIES)
    )
    found = set(w.session.exec(rows)) if ids else set()
    if ids and Seat.DEPUTY in (seats or SIGNATORIES):
        standing = select(StandIn.person_id).where(col(StandIn.organisation_id).in_(ids), in_force(w.now))
        found |= set(w.session.exec(standing))
    return found


def with_role(w: Work, round_id: int | None, *names: RoleName) -> set[int]:
    """People with one of these roles for the round."""
    rows = select(Role.person_id).where(
        col(Role.name).in_(names), or_(col(Role.round_id).is_(None), col(Role.round_id) == round_id)
    )
    return set(w.session.exec(rows))


def coordinators(w: Work, subject: Subject, _step: Step, _given: dict[str, Any]) -> set[int]:
    """The round's coordinators, without those who have a conflict with the proposal it is about."""
    record = subject.record
    proposal_id: int | None = record.id if isinstance(record, Proposal) else getattr(record, "proposal_id", None)
    running = with_role(w, getattr(record, "round_id", None) or record.id, RoleName.COORDINATOR)
    if proposal_id is None:
        return running
    barred = set(w.session.exec(select(Exclusion.person_id).where(Exclusion.proposal_id == proposal_id)))
    return running - barred


def coordinators_of_award(w: Work, subject: Subject, step: Step, given: dict[str, Any]) -> set[int]:
    """The round's coordinators, where it was an award that ended, not a place on the reserve list."""
    return coordinators(w, subject, step, given) if step.old_state == ProposalState.SELECTED else set()


def round_coordinators(w: Work, subject: Subject, _step: Step, _given: dict[str, Any]) -> set[int]:
    """The coordinators of the round the step is about."""
    return with_role(w, subject.record.id, RoleName.COORDINATOR)


def administrators(w: Work, _subject: Subject, _step: Step, _given: dict[str, Any]) -> set[int]:
    """Everybody who administers the installation."""
    return with_role(w, None, RoleName.ADMINISTRATOR)


def themselves(_w: Work, subject: Subject, _step: Step, _given: dict[str, Any]) -> set[int]:
    """The person the step is about."""
    return {subject.record.id}


def seated(w: Work, _subject: Subject, _step: Step, given: dict[str, Any]) -> set[int]:
    """The person whose seat it is."""
    return set(w.session.exec(select(Person.id).where(Person.code == given.get("person"))))


def named(w: Work, _subject: Subject, _step: Step, given: dict[str, Any]) -> set[int]:
    """The people whose codes are given."""
    return set(w.session.exec(select(Person.id).where(col(Person.code).in_(given.get("people", [])))))


def teammates(w: Work, subject: Subject, _step: Step, given: dict[str, Any]) -> set[int]:
    """The people whose codes are given, as far as they are in the proposal's team now."""
    rows = select(TeamMember.person_id).join(Person, col(Person.id) == TeamMember.person_id).where(
        TeamMember.proposal_id == subject.record.id, col(TeamMember.left_at).is_(None),
        col(Person.code).in_(given.get("people", [])),
    )  # fmt: skip
    return {found for found in w.session.exec(rows) if found is not None}


def registered(w: Work, subject: Subject, _step: Step, _given: dict[str, Any]) -> set[int]:
    """Everybody who comes to the event or waits for a seat."""
    return _registered(w, subject.record.id, seated=False)


def with_a_seat(w: Work, subject: Subject, _step: Step, _given: dict[str, Any]) -> set[int]:
    """Everybody who has a seat at the event."""
    return _registered(w, subject.record.id, seated=True)


def _registered(w: Work, event_id: int, *, seated: bool) -> set[int]:
    rows = select(Registration.person_id).where(Registration.event_id == event_id, col(Registration.left_at).is_(None))
    return set(w.session.exec(rows.where(col(Registration.slot).is_not(None)) if seated else rows))


def confirmers(w: Work, _subject: Subject, _step: Step, given: dict[str, Any]) -> set[int]:
    """Who confirms the roles of these rounds and the seats of these organisations: their coordinators and leads."""
    rounds = w.session.exec(select(Round.id).where(col(Round.code).in_(given.get("rounds", [])))).all()
    places = select(Organisation.id).where(col(Organisation.code).in_(given.get("organisations", [])))
    found = with_role(w, None, RoleName.ADMINISTRATOR) | people_of(w, w.session.exec(places).all(), Seat.LEAD)
    for round_id in rounds:
        found |= with_role(w, round_id, RoleName.COORDINATOR)
    return found


def city(w: Work, subject: Subject, _step: Step, _given: dict[str, Any]) -> set[int]:
    """Lead and deputy of the submitting city, and the contacts the form names."""
    named = {subject.record.contact_id, subject.record.deputy_id} - {None}
    return people_of(w, [subject.record.city_id]) | named


def interested_cities(w: Work, subject: Subject, _step: Step, _given: dict[str, Any]) -> set[int]:
    """Cities with a live interest in the challenge."""
    rows = select(Interest.city_id).where(
        Interest.submission_id == subject.record.id, col(Interest.withdrawn_at).is_(None)
    )
    return people_of(w, w.session.exec(rows).all())


def proposal_of(w: Work, subject: Subject) -> Proposal:
    """The proposal itself, or the one the record belongs to."""
    record = subject.record
    return record if isinstance(record, Proposal) else w.session.get_one(Proposal, record.proposal_id)


def leads_found_ineligible(w: Work, subject: Subject, step: Step, given: dict[str, Any]) -> set[int]:
    """Its leads, unless it stood before the jury: then it is an outcome, and the outcome's letter tells it."""
    return set() if step.old_state == ProposalState.IN_JURY else leads(w, subject, step, given)


def leads(w: Work, subject: Subject, _step: Step, _given: dict[str, Any]) -> set[int]:
    """Lead and co-leads of the proposal."""
    found = proposal_of(w, subject)
    rows = select(TeamMember.person_id).where(
        TeamMember.proposal_id == found.id, TeamMember.role == TeamRole.CO_LEAD, col(TeamMember.left_at).is_(None),
        col(TeamMember.person_id).is_not(None),
    )  # fmt: skip
    return {found.lead_id} | {person for person in w.session.exec(rows) if person is not None}


def team(w: Work, subject: Subject, _step: Step, _given: dict[str, Any]) -> set[int]:
    """Everybody of the team who has accepted, and the partner cities' leads and deputies."""
    found = proposal_of(w, subject)
    members = select(TeamMember.person_id).where(
        TeamMember.proposal_id == found.id, col(TeamMember.left_at).is_(None), col(TeamMember.person_id).is_not(None)
    )
    return {found.lead_id} | {p for p in w.session.exec(members) if p is not None} | partner_cities_of(w, found.id)


def partner_cities_of(w: Work, proposal_id: int) -> set[int]:
    """Leads and deputies of a proposal's cities."""
    rows = select(PartnerCity.city_id).where(PartnerCity.proposal_id == proposal_id, col(PartnerCity.left_at).is_(None))
    return people_of(w, w.session.exec(rows).all())


def committing_city(w: Work, subject: Subject, _step: Step, _given: dict[str, Any]) -> set[int]:
    """Lead and deputy of the city that is asked to commit."""
    return people_of(w, [subject.record.city_id])


def challenge_cities(w: Work, subject: Subject, _step: Step, _given: dict[str, Any]) -> set[int]:
    """Cities whose challenge the proposal answers."""
    rows = select(Submission.city_id).where(
        ProposalChallenge.submission_id == Submission.id, ProposalChallenge.proposal_id == proposal_of(w, subject).id
    )
    return people_of(w, w.session.exec(rows).all())


def juror(w: Work, subject: Subject, _step: Step, _given: dict[str, Any]) -> set[int]:
    """The juror of a review, or the person invited to the panel."""
    record = subject.record
    found = record if isinstance(record, Juror) else w.session.get_one(Juror, record.juror_id)
    return {found.person_id}


def panel(w: Work, subject: Subject, _step: Step, given: dict[str, Any]) -> set[int]:
    """The jurors whose reviews of the proposal count, at the gate of the consensus or the one that is named."""
    record = subject.record
    proposal_id, gate = (record.id, given.get("gate")) if isinstance(record, Proposal) else (record.proposal_id,
                                                                                             record.gate)  # fmt: skip
    return {one.person_id for one in facts.members(w, proposal_id, Gate(str(gate)))}


def moderator(w: Work, subject: Subject, _step: Step, _given: dict[str, Any]) -> set[int]:
    """Who writes the consensus, as long as they belong to the panel."""
    record = subject.record
    members = facts.members(w, record.proposal_id, record.gate)
    return {one.person_id for one in members if one.juror_id == record.moderator_id}


JURORS: frozenset[Audience] = frozenset({juror, panel, moderator})  # what they read names nobody they may not know


def pilot_people(w: Work, subject: Subject, _step: Step, _given: dict[str, Any]) -> set[int]:
    """Member cities' leads and deputies, and the proposal's lead."""
    return of_pilot(w, subject.record)


def of_pilot(w: Work, pilot: Pilot) -> set[int]:
    """The people of a pilot: member cities' leads and deputies, and the proposal's lead."""
    cities = w.session.exec(select(MemberCity.city_id).where(MemberCity.pilot_id == pilot.id)).all()
    lead = w.session.get(Proposal, pilot.proposal_id) if pilot.proposal_id else None
    return people_of(w, cities) | ({lead.lead_id} if lead else set())


def of_the_log(w: Work, subject: Subject, _step: Step, given: dict[str, Any]) -> set[int]:
    """The people whose codes are given, as far as the pilot's log can name them now."""
    return {who.id for code, who in log.people(w, subject.record).items() if code in given.get("people", [])}


def pilot_lead(_w: Work, subject: Subject, _step: Step, _given: dict[str, Any]) -> set[int]:
    """The lead of the pilot; nobody where it is not known."""
    return {subject.record.lead_id} - {None}


def asker(_w: Work, subject: Subject, _step: Step, _given: dict[str, Any]) -> set[int]:
    """Whoever asked the question, if we know them."""
    return {subject.record.asked_by_id} - {None}


def window_people(w: Work, subject: Subject, _step: Step, given: dict[str, Any]) -> set[int]:
    """Whom a window of the round concerns: those who still have something to finish in it, and the coordinators."""
    round_id, name = subject.record.id, str(given.get("window", ""))
    concerned = WINDOW_PEOPLE[name](w, round_id) if name in WINDOW_PEOPLE else set()
    return concerned | with_role(w, round_id, RoleName.COORDINATOR)


def _drafting_cities(w: Work, round_id: int) -> set[int]:
    unfinished = (SubmissionState.DRAFT, SubmissionState.RETURNED)
    rows = select(Submission.city_id).where(Submission.round_id == round_id, col(Submission.state).in_(unfinished))
    return people_of(w, w.session.exec(rows).all())


def _taking_part(w: Work, round_id: int) -> set[int]:
    rows = select(Submission.city_id).where(Submission.round_id == round_id, Submission.state != SubmissionState.DRAFT)
    return people_of(w, w.session.exec(rows).all())


def _writing(*states: ProposalState) -> Callable[[Work, int], set[int]]:
    def found(w: Work, round_id: int) -> set[int]:
        rows = select(Proposal.lead_id).where(Proposal.round_id == round_id, col(Proposal.state).in_(states))
        return set(w.session.exec(rows))

    return found


def _judging(w: Work, round_id: int) -> set[int]:
    rows = select(Juror.person_id).where(
        Review.juror_id == Juror.id, Review.round_id == round_id, col(Review.state).in_(jury_states.OPEN)
    )
    return set(w.session.exec(rows))


WINDOW_PEOPLE: dict[str, Callable[[Work, int], set[int]]] = {
    "challenges": _drafting_cities,
    "interests": _taking_part,
    "ideas": _writing(ProposalState.DRAFT, ProposalState.RETURNED),
    "preferences": _taking_part,
    "pilot_proposals": _writing(ProposalState.CO_DEVELOPMENT),
    "full_proposals": _writing(ProposalState.FINALIST),
    "jury": _judging,
}
