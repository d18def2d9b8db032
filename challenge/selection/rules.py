"""Why not, for outcomes and appeals: who may decide, what must hold for an award, who may hear an appeal."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import col, select

from challenge.cities.models import CityProfile
from challenge.jury.models import Conflict, Juror
from challenge.jury.states import ConflictState
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _, _n
from challenge.kernel.money import euros
from challenge.kernel.work import Work
from challenge.people import rules as people
from challenge.people.models import Person, Role
from challenge.people.rules import may_not
from challenge.people.states import RoleName
from challenge.proposals import content
from challenge.proposals import rules as proposals
from challenge.proposals.models import PartnerCity, Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds import rules as rounds
from challenge.rounds.document import rules_of
from challenge.rounds.models import Round
from challenge.rounds.states import CityRole
from challenge.rounds.words import Moment
from challenge.selection.models import Appeal, Outcome
from challenge.selection.states import BINDING, Verdict
from challenge.submissions.models import Submission

FREED = (ProposalState.WITHDRAWN, ProposalState.LAPSED)
CARRYING = (ProposalState.SELECTED, ProposalState.PILOTED)


class Euros(NamedTuple):
    """An amount in a sentence, in the reader's language."""

    cents: int

    def __str__(self) -> str:
        return euros(self.cents)


def proposal_of(w: Work, record: Outcome | Appeal) -> Proposal:
    """The proposal an outcome is about, or an appeal."""
    return w.session.get_one(Proposal, record.proposal_id)


def round_of(w: Work, record: Outcome | Appeal | Proposal | Submission) -> Round:
    """Its round."""
    return w.session.get_one(Round, record.round_id)


def person_id(w: Work) -> int:
    """The actor's id. What two people must do is never done by the system."""
    if w.actor.id is None:
        message = "only a person can decide"
        raise ValueError(message)
    return w.actor.id


# Who


def is_decider(w: Work, outcome: Outcome) -> Problem | None:
    """A coordinator of the round without a conflict of interest with the proposal."""
    return may_decide(w, proposal_of(w, outcome))


def may_decide(w: Work, proposal: Proposal) -> Problem | None:
    """As ``is_decider``, before there is an outcome."""
    if problem := people.is_coordinator(w, proposal):
        return problem
    if is_on_panel(w, proposal.round_id):
        return may_not(_("You judge in this round. A coordinator who is not on the panel can do this."))
    if w.actor.id in conflicted(w, proposal):
        return may_not(_("You have a conflict of interest here. Another coordinator can do this."))
    return None


def is_on_panel(w: Work, round_id: int) -> bool:
    """Whether the actor judges in the round: who scores does not decide."""
    found = select(Juror.id).where(
        Juror.round_id == round_id,
        Juror.person_id == w.actor.id,
        col(Juror.accepted_at).is_not(None),
        col(Juror.left_at).is_(None),
    )
    return w.actor.id is not None and w.session.exec(found).first() is not None


def conflicted(w: Work, proposal: Proposal) -> set[int]:
    """Everybody with a conflict of interest that is not lifted."""
    found = select(Conflict.person_id).where(
        Conflict.proposal_id == proposal.id, Conflict.state != ConflictState.LIFTED
    )
    return set(w.session.exec(found))


def is_handler(w: Work, appeal: Appeal) -> Problem | None:
    """Who has taken the appeal."""
    if appeal.handler_id is not None and w.actor.id == appeal.handler_id:
        return None
    return may_not(_("Only the handler of this appeal can do this."))


def may_handle(w: Work, appeal: Appeal) -> Problem | None:
    """A coordinator without a conflict who took no part in the decision."""
    if problem := people.is_coordinator(w, appeal):
        return problem
    if w.actor.id in {appeal.decided_by, appeal.decided_with, appeal.filed_by}:
        return may_not(_("You took part in the decision. Another coordinator handles the appeal against it."))
    return may_decide(w, proposal_of(w, appeal)) if appeal.proposal_id is not None else None


# Guards: two people, one revision, one moment


def by_second_person(w: Work, outcome: Outcome) -> Problem | None:
    """Who proposed does not approve; the reason names who can."""
    if w.actor.id != outcome.proposed_by:
        return None
    others = [name for _id, name in deciders(w, proposal_of(w, outcome), but=outcome.proposed_by)]
    if not others:
        return Problem(
            "second_person",
            _("You proposed this, and nobody else may approve it. Name another coordinator without a conflict."),
        )
    return Problem(
        "second_person",
        _("You proposed this. Another coordinator without a conflict approves it: %(names)s.", names=", ".join(others)),
    )


def deciders(w: Work, record: Proposal | Appeal, *, but: int | None = None) -> list[tuple[int, str]]:
    """(id, name) of the coordinators of its round without a conflict, by name."""
    rows = w.session.exec(
        select(Person.id, Person.name)
        .join(Role, col(Role.person_id) == Person.id)
        .where(
            Role.name == RoleName.COORDINATOR,
            or_(col(Role.round_id).is_(None), col(Role.round_id) == record.round_id),
            col(Person.disabled_at).is_(None),
            col(Person.erased_at).is_(None),
        )
        .order_by(Person.name, col(Person.id))
        .distinct()
    )
    proposal = record if isinstance(record, Proposal) else proposal_of(w, record) if record.proposal_id else None
    left_out = conflicted(w, proposal) if proposal is not None else set()
    return [(person_id, name) for person_id, name in rows if person_id not in left_out and person_id != but]


def same_revision(w: Work, outcome: Outcome) -> Problem | None:
    """The content is what it was when the outcome was proposed."""
    return same_content(outcome, content.current(w, proposal_of(w, outcome)))


def same_content(outcome: Outcome, now: content.Current) -> Problem | None:
    """As ``same_revision``, where the content is at hand."""
    if outcome.revision_hash == now.hash:
        return None
    return Problem(
        "stale_revision",
        _(
            "This outcome is about version %(number)s; the proposal has changed since. Withdraw it and propose again.",
            number=outcome.revision_number,
        ),
    )


def proposal_waits(w: Work, outcome: Outcome) -> Problem | None:
    """The proposal is still where the outcome can be told."""
    return waits_for(proposal_of(w, outcome), outcome.verdict)


def waits_for(proposal: Proposal, verdict: Verdict) -> Problem | None:
    """In jury anything can be decided; from the reserve list one can only be promoted."""
    if proposal.state is ProposalState.IN_JURY:
        return None
    if proposal.state is ProposalState.RESERVE:
        if verdict is Verdict.FUND:
            return None
        text = _("It is on the reserve list: it can be funded, or its place expires.")
        return Problem("on_reserve", text, {"verdict": text})
    return Problem("not_in_jury", _("Outcomes are for proposals in jury or on the reserve list. This one is not."))


def offer_is_ahead(w: Work, outcome: Outcome) -> Problem | None:
    """Nobody is offered what is over."""
    return is_ahead(w, outcome.accept_by)


def is_ahead(w: Work, accept_by: datetime | None) -> Problem | None:
    """The date of the offer lies in the future."""
    if accept_by is None or accept_by > w.now:
        return None
    text = _("Choose a later date: this one is over")
    return Problem("offer_over", _("The date until which the offer stands is over."), {"accept_by": text})


# Guards: what an award needs


def evaluated(w: Work, outcome: Outcome) -> Problem | None:
    """Quorum, and the thresholds for what is to be funded; or a recorded reason to depart from them."""
    return departs(w, proposal_of(w, outcome), outcome.verdict, outcome.deviation)


def departs(w: Work, proposal: Proposal, verdict: Verdict, deviation: str) -> Problem | None:
    """Why a reason is needed and missing."""
    if deviation or verdict is Verdict.INELIGIBLE:
        return None
    problem = proposals.quorum(w, proposal)
    if problem is None and verdict is not Verdict.DECLINE:
        problem = proposals.over_thresholds(w, proposal)
    if problem is None:
        return None
    return Problem(problem.code, problem.text, {"deviation": _("Say why this departs from the rules")})


def award_holds(w: Work, outcome: Outcome) -> Problem | None:
    """Everything an award needs besides its evaluation."""
    if outcome.verdict is not Verdict.FUND or outcome.amount_cents is None:
        return None
    return may_award(w, proposal_of(w, outcome), outcome.amount_cents)


def may_award(w: Work, proposal: Proposal, cents: int) -> Problem | None:
    """Pairing, commitments, size class, budget left, and places left in each city."""
    return (
        proposals.pairing_holds(w, proposal)
        or proposals.commitments_live(w, proposal)
        or fits_class(w, proposal, cents)
        or budget_left(w, proposal, cents)
        or cities_can_carry(w, proposal)
    )


def fits_class(w: Work, proposal: Proposal, cents: int) -> Problem | None:
    """A maximum is a maximum."""
    size = proposals.rules_of(w, proposal).size_class(proposal.size_class)
    if size is None or size.bound != "maximum" or cents <= size.budget_cents:
        return None
    text = _("The most for this class is %(most)s", most=Euros(size.budget_cents))
    return Problem("over_maximum", text, {"amount_cents": text})


def budget_left(w: Work, proposal: Proposal, cents: int) -> Problem | None:
    """The round's budget covers it beside the other awards. The database holds the same (holds.py)."""
    budget = round_of(w, proposal).budget_cents
    if budget is None:
        return None
    left = budget - bound_cents(w, proposal.round_id, but=proposal.id)
    if cents <= left:
        return None
    text = _("The budget leaves %(left)s", left=Euros(max(left, 0)))
    whole = _("The budget does not cover this award. %(left)s.", left=text)
    return Problem("over_budget", whole, {"amount_cents": text})


def binding() -> ColumnElement[bool]:
    """Awards that bind money: approved or announced, of proposals that have not left."""
    return and_(
        col(Outcome.verdict) == Verdict.FUND,
        col(Outcome.state).in_(BINDING),
        col(Proposal.state).not_in(FREED),
    )


def bound_cents(w: Work, round_id: int, *, but: int | None = None) -> int:
    """The money of the round that approved and announced awards bind, without those of one proposal."""
    found = w.session.exec(
        select(func.coalesce(func.sum(Outcome.amount_cents), 0))
        .join(Proposal, col(Proposal.id) == Outcome.proposal_id)
        .where(Outcome.round_id == round_id, binding(), col(Proposal.id) != (but or 0))
    ).one()
    return int(found or 0)


def cities_can_carry(w: Work, proposal: Proposal) -> Problem | None:
    """No city gets more pilots than the round's cap and than it can carry at once (over all rounds)."""
    cities = [city for city in content.cities(w, proposal) if city.counts]
    cap = proposals.rules_of(w, proposal).pilots_per_city
    capacity = dict(
        w.session.exec(
            select(CityProfile.organisation_id, CityProfile.capacity).where(
                col(CityProfile.organisation_id).in_([city.id for city in cities])
            )
        ).all()
    )
    carried = pilots_of(w, [city.id for city in cities], but=proposal.id)
    for city in cities:
        rounds_of_city = carried.get(city.id, [])
        here = rounds_of_city.count(proposal.round_id)
        if cap is not None and here >= cap:
            return Problem("city_cap", _n(
                "%(city)s has its one pilot of this round already.",
                "%(city)s has its %(n)s pilots of this round already.", cap, city=city.name,
            ))  # fmt: skip
        most = capacity.get(city.id)
        if most is not None and len(rounds_of_city) >= most:
            return Problem("city_capacity", _(
                "%(city)s can carry %(most)s pilots at once and has %(has)s. Its lead can change this.",
                city=city.name, most=most, has=len(rounds_of_city),
            ))  # fmt: skip
    return None


def pilots_of(w: Work, city_ids: list[int], *, but: int | None = None) -> dict[int, list[int]]:
    """City → the rounds of the pilots and awards in which it leads or pilots, one entry each."""
    awarded = (
        select(Outcome.proposal_id)
        .join(Proposal, col(Proposal.id) == Outcome.proposal_id)
        .where(binding())
    )  # fmt: skip
    rows = w.session.exec(
        select(PartnerCity.city_id, Proposal.round_id)
        .join(Proposal, col(Proposal.id) == PartnerCity.proposal_id)
        .where(
            col(PartnerCity.city_id).in_(city_ids),
            col(PartnerCity.left_at).is_(None),
            col(PartnerCity.role).in_((CityRole.LEAD, CityRole.PILOT)),
            col(Proposal.id) != (but or 0),
            or_(col(Proposal.state).in_(CARRYING), col(Proposal.id).in_(awarded)),
        )
    )
    found: dict[int, list[int]] = {}
    for city_id, round_id in rows:
        found.setdefault(city_id, []).append(round_id)
    return found


# Appeals


def appeal_until(round_: Round, published_at: datetime) -> datetime | None:
    """The last minute of the appeal window: the end of a day in the round's zone. None where there are no appeals."""
    days = rules_of(round_).appeal_days
    if not days:
        return None
    zone = ZoneInfo(round_.zone)
    last = published_at.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(last, time(23, 59), zone)


def may_still_appeal(w: Work, round_: Round, published_at: datetime | None) -> Problem | None:
    """Within the window after the decision was told, with the round's grace."""
    until = appeal_until(round_, published_at) if published_at is not None else None
    if until is None:
        return Problem("no_appeal", _("There is no decision here that could be appealed against."))
    if w.now < until + rounds.grace(round_):
        return None
    return Problem("appeal_over", _("Appeals could be filed until %(at)s.", at=Moment(until, round_.zone)))


def subject_waits(w: Work, appeal: Appeal) -> Problem | None:
    """What is appealed against still stands."""
    if appeal.submission_id is not None:
        state = str(w.session.get_one(Submission, appeal.submission_id).state)
    else:
        state = str(proposal_of(w, appeal).state)
    if state == appeal.decision:
        return None
    return Problem("decision_gone", _("The decision no longer stands."))
