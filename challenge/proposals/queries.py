"""What one may know of proposals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, true
from sqlmodel import col, select

from challenge.kernel.errors import Forbidden, Missing, Refused
from challenge.kernel.journal import Step, StepText
from challenge.kernel.paging import MOST, PAGE, Page, after, cursor
from challenge.kernel.work import Work
from challenge.people.models import Organisation, Person
from challenge.people.queries import fold
from challenge.people.states import RoleName, Seat
from challenge.proposals import content
from challenge.proposals.content import City
from challenge.proposals.models import Exclusion, PartnerCity, Preference, Proposal, ProposalChallenge, TeamMember
from challenge.proposals.rules import commitments, excluded, is_editable, may_write, members, role_in_team
from challenge.proposals.states import UNSENT, ProposalState
from challenge.rounds.models import Round
from challenge.submissions.models import Submission

__all__ = ["commitments", "partner_cities", "role_in_team", "visible"]

PUBLIC = (ProposalState.SELECTED, ProposalState.PILOTED)
INSIDERS = (RoleName.COORDINATOR, RoleName.OBSERVER)


# Scope


def visible(w: Work, code: str) -> Proposal:
    """A proposal by its code; whoever may not read it gets Missing. Jurors reach it through their assignment."""
    found = w.session.exec(select(Proposal).where(Proposal.code == code, in_sight(w))).first()
    if found is None:
        raise Missing
    return found


def code_in_sight(w: Work, proposal_id: int) -> str:
    """The code of a proposal the actor may read; empty for others."""
    return w.session.exec(select(Proposal.code).where(Proposal.id == proposal_id, in_sight(w))).first() or ""


def in_sight(w: Work) -> ColumnElement[bool]:
    """What the actor may read whole: own, invited to, of their city, on their challenge, of their round."""
    if w.actor.kind == "system":
        return true()
    if w.actor.id is None:
        return false()
    return or_(of_team(w), of_city(w), on_challenge(w), of_round(w))


def of_team(w: Work) -> ColumnElement[bool]:
    """The actor's own proposals, and those whose team they are invited to."""
    address = select(Person.email_key).where(Person.id == w.actor.id).scalar_subquery()
    mine = select(TeamMember.proposal_id).where(
        col(TeamMember.left_at).is_(None),
        or_(
            col(TeamMember.person_id) == w.actor.id,
            and_(col(TeamMember.person_id).is_(None), col(TeamMember.email_key) == address),
        ),
    )
    return or_(col(Proposal.lead_id) == w.actor.id, col(Proposal.id).in_(mine))


def of_city(w: Work) -> ColumnElement[bool]:
    """Proposals in which a city of the actor is a partner."""
    places = w.actor.organisations()
    if not places:
        return false()
    held = select(PartnerCity.proposal_id).where(
        col(PartnerCity.city_id).in_(places), col(PartnerCity.left_at).is_(None)
    )
    return col(Proposal.id).in_(held)


def on_challenge(w: Work) -> ColumnElement[bool]:
    """Proposals handed in that answer a challenge of a city whose lead or deputy the actor is."""
    places = w.actor.organisations(Seat.LEAD, Seat.DEPUTY)
    if not places:
        return false()
    held = (
        select(ProposalChallenge.proposal_id)
        .join(Submission, col(Submission.id) == ProposalChallenge.submission_id)
        .where(col(Submission.city_id).in_(places))
    )
    return and_(
        col(Proposal.submitted_at).is_not(None),
        col(Proposal.state).not_in([*UNSENT, ProposalState.LAPSED]),
        col(Proposal.id).in_(held),
    )


def of_round(w: Work) -> ColumnElement[bool]:
    """Proposals of rounds the actor coordinates or observes, without those they have a conflict with."""
    scopes: set[int] = set()
    everywhere = False
    for role in INSIDERS:
        held = w.actor.scopes(role)
        everywhere = everywhere or held is None
        scopes |= held or set()
    if not everywhere and not scopes:
        return false()
    conflicted = select(Exclusion.proposal_id).where(Exclusion.person_id == w.actor.id)
    inside = true() if everywhere else col(Proposal.round_id).in_(scopes)
    return and_(inside, col(Proposal.id).not_in(conflicted))


def is_told() -> ColumnElement[bool]:
    """Selected and announced, and its team agreed to publish."""
    return and_(col(Proposal.state).in_(PUBLIC), col(Proposal.publish).is_(True))


# One proposal


def editable(w: Work, code: str) -> Proposal:
    """A proposal the actor may write in now. Raises Missing, Forbidden or Refused."""
    proposal = visible(w, code)
    if problem := may_write(w, proposal):
        raise Forbidden(problem)
    if problem := is_editable(w, proposal):
        raise Refused(problem)
    return proposal


def said_with(w: Work, proposal: Proposal, transition: str) -> dict[str, Any]:
    """What was given with the last step of this name: a reason, a date."""
    given = w.session.exec(
        select(StepText.given)
        .join(Step, col(Step.id) == StepText.step_id)
        .where(Step.workflow == content.WORKFLOW, Step.subject_code == proposal.code, Step.transition == transition)
        .order_by(col(Step.id).desc())
        .limit(1)
    ).first()
    return dict(given or {})


def partner_cities(w: Work, proposal: Proposal) -> list[City]:
    """The partner cities now: id, code, name, country, role; ``counts`` for lead and pilot."""
    return content.cities(w, proposal)


def partner_city(w: Work, proposal: Proposal, code: str) -> City:
    """A partner city by its code. Missing for others."""
    found = next((city for city in content.cities(w, proposal) if city.code == code), None)
    if found is None:
        raise Missing
    return found


def codes_of(w: Work, members_: Iterable[TeamMember]) -> dict[str, str]:
    """Address key → the person's code, for the rows of a team."""
    keys = [member.email_key for member in members_]
    return dict(w.session.exec(select(Person.email_key, Person.code).where(col(Person.email_key).in_(keys))).all())


def published(w: Work, code: str) -> Proposal:
    """A proposal everybody may know of: title, summary, partners. Missing for all others."""
    found = w.session.exec(select(Proposal).where(Proposal.code == code, is_told())).first()
    if found is None:
        raise Missing
    return found


def team(w: Work, proposal: Proposal) -> list[TeamMember]:
    """The people of the team and the open invitations, in the order they came."""
    return members(w, proposal)


def preferences(w: Work, proposal: Proposal) -> list[tuple[str, Preference]]:
    """(city, its rating): all of them for coordinators and observers, their own for cities."""
    found = (
        select(Organisation.name, Preference)
        .join(Preference, col(Preference.city_id) == Organisation.id)
        .where(Preference.proposal_id == proposal.id)
        .order_by(Organisation.name)
    )
    if not oversees(w, proposal):
        found = found.where(col(Preference.city_id).in_(w.actor.organisations()))
    return list(w.session.exec(found))


def oversees(w: Work, proposal: Proposal) -> bool:
    """Whether the actor coordinates or observes its round, without a conflict."""
    if not any(w.actor.holds(role, proposal.round_id) for role in INSIDERS):
        return False
    return not excluded(w, proposal)


# Lists


@dataclass(frozen=True, slots=True)
class Row:
    """A proposal in a list."""

    id: int
    code: str
    title: str
    state: ProposalState
    organisation: str
    size_class: str | None
    saved_at: datetime | None
    round: str
    submitted_at: datetime | None
    reviews: int
    cities: tuple[City, ...] = ()


def listed(
    w: Work,
    scope: ColumnElement[bool] | None = None,
    *,
    round_id: int | None = None,
    state: ProposalState | None = None,
    text: str = "",
    following: str | None = None,
    size: int = PAGE,
) -> Page[Row]:
    """A page of what the actor may read (or of ``scope``), by title; two queries whatever its length."""
    shown = (
        Proposal.id, Proposal.code, Proposal.title, Proposal.state, Organisation.name, Proposal.size_class,
        Proposal.saved_at, Round.title, Proposal.submitted_at, Proposal.reviews_eligible,
    )  # fmt: skip
    found = (
        content.columns(*shown, Proposal.title_key)
        .select_from(Proposal)
        .join(Organisation, col(Organisation.id) == Proposal.organisation_id)
        .join(Round, col(Round.id) == Proposal.round_id)
        .where(in_sight(w) if scope is None else scope)
        .order_by(col(Proposal.title_key), col(Proposal.id))
        .limit(size + 1)
    )
    if round_id is not None:
        found = found.where(col(Proposal.round_id) == round_id)
    if state is not None:
        found = found.where(col(Proposal.state) == state)
    if words := fold(text):
        found = found.where(col(Proposal.title_key).contains(words, autoescape=True))
    if (start := after(following, str, int)) is not None:
        key, last = col(Proposal.title_key), col(Proposal.id)
        found = found.where(or_(key > start[0], and_(key == start[0], last > start[1])))
    rows = w.session.execute(found).all()
    here = rows[:size]
    cities = content.cities_of(w, [row[0] for row in here]) if here else {}
    more = cursor(here[-1][-1], here[-1][0]) if len(rows) > size else None
    return Page([Row(*(*row[:-1], tuple(cities.get(row[0], ())))) for row in here], more)


def mine(w: Work) -> Page[Row]:
    """The actor's own proposals, and those they are invited to."""
    return listed(w, of_team(w) if w.actor.id is not None else false(), size=MOST)


def of_my_cities(w: Work) -> Page[Row]:
    """Proposals in which a city of the actor is a partner, and those that answer its challenges."""
    return listed(w, or_(of_city(w), on_challenge(w)), size=MOST)


def all_published(w: Work, following: str | None = None) -> Page[Row]:
    """What everybody may know of."""
    return listed(w, is_told(), following=following)


def funnel(w: Work, round_id: int) -> dict[ProposalState, int]:
    """How many proposals of a round stand where, as far as the actor may read them."""
    found = (
        select(Proposal.state, func.count())
        .where(Proposal.round_id == round_id, in_sight(w))
        .group_by(col(Proposal.state))
    )
    counted = {ProposalState(state): count for state, count in w.session.exec(found)}
    return {state: counted[state] for state in ProposalState if state in counted}


def answering(w: Work, submission_id: int) -> Page[Row]:
    """Proposals that answer a challenge, as far as the actor may read them."""
    held = select(ProposalChallenge.proposal_id).where(ProposalChallenge.submission_id == submission_id)
    return listed(w, and_(in_sight(w), col(Proposal.id).in_(held)), size=MOST)


def to_answer(w: Work, round_: Round) -> list[tuple[str, object]]:
    """(code, "title (city)") of the challenges a proposal of this round may answer, by title."""
    found = (
        content.columns(Submission.code, Submission.title, Organisation.name)
        .select_from(Submission)
        .join(Round, col(Round.id) == Submission.round_id)
        .outerjoin(Organisation, col(Organisation.id) == Submission.city_id)
        .where(content.may_be_answered(round_))
        .order_by(col(Submission.title_key))
    )
    return [(code, f"{title} ({city})" if city else title) for code, title, city in w.session.execute(found)]
