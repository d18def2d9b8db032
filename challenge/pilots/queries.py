"""What one may know of pilots: everybody reads the public face, those who run, carry or watch a pilot read the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Text, and_, cast, false, or_, true
from sqlmodel import col, select

from challenge.kernel.errors import Forbidden, Missing
from challenge.kernel.i18n import _
from challenge.kernel.journal import Step, StepText
from challenge.kernel.paging import MOST, PAGE, Page, after, cursor
from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.people.queries import names
from challenge.people.rules import may_not
from challenge.people.states import RoleName, Seat
from challenge.pilots import content
from challenge.pilots.content import Member
from challenge.pilots.models import Indicator, MemberCity, Milestone, Pilot, PilotChallenge, Report, Tranche
from challenge.pilots.states import PilotState
from challenge.proposals.models import Exclusion, Proposal, TeamMember
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.rounds.states import Pairing
from challenge.submissions.models import Submission
from challenge.submissions.states import PUBLIC

R = TypeVar("R", Milestone, Indicator, Report, Tranche)
STEPS = 60


# Scope


def told() -> ColumnElement[bool]:
    """Everybody may know of a pilot once it was agreed; past ones are known anyway."""
    return or_(
        col(Pilot.agreed_at).is_not(None),
        and_(col(Pilot.imported).is_(True), col(Pilot.state) != PilotState.PREPARING),
    )


def inside(w: Work) -> ColumnElement[bool]:
    """Pilots of which the actor reads everything: own, of their city, of their round (without those in conflict)."""
    if w.actor.kind == "system":
        return true()
    if w.actor.id is None:
        return false()
    return or_(_carried(w), _of_city(w), _of_round(w))


def _carried(w: Work) -> ColumnElement[bool]:
    """Of the team, its organisation's lead, the mentor."""
    team = select(TeamMember.proposal_id).where(TeamMember.person_id == w.actor.id, col(TeamMember.left_at).is_(None))
    return or_(
        col(Pilot.lead_id) == w.actor.id,
        col(Pilot.mentor_id) == w.actor.id,
        col(Pilot.organisation_id).in_(w.actor.organisations(Seat.LEAD)),
        col(Pilot.proposal_id).in_(team),
    )


def _of_city(w: Work) -> ColumnElement[bool]:
    places = w.actor.organisations()
    if not places:
        return false()
    return col(Pilot.id).in_(select(MemberCity.pilot_id).where(col(MemberCity.city_id).in_(places)))


def _of_round(w: Work) -> ColumnElement[bool]:
    scopes: set[int] = set()
    everywhere = False
    for role in (RoleName.COORDINATOR, RoleName.OBSERVER):
        held = w.actor.scopes(role)
        everywhere = everywhere or held is None
        scopes |= held or set()
    if not everywhere and not scopes:
        return false()
    conflicted = select(Exclusion.proposal_id).where(Exclusion.person_id == w.actor.id)
    here = true() if everywhere else col(Pilot.round_id).in_(scopes)
    return and_(here, or_(col(Pilot.proposal_id).is_(None), col(Pilot.proposal_id).not_in(conflicted)))


def in_sight(w: Work) -> ColumnElement[bool]:
    """Everything the actor may know of."""
    return or_(told(), inside(w))


# One pilot


def visible(w: Work, code: str) -> Pilot:
    """A pilot by its code; whoever may not know of it gets Missing."""
    found = w.session.exec(select(Pilot).where(Pilot.code == code, in_sight(w))).first()
    if found is None:
        raise Missing
    return found


def whole(w: Work, code: str) -> Pilot:
    """A pilot for those who read everything of it: Missing for who may not know of it, Forbidden for the public."""
    found = visible(w, code)
    if not is_inside(w, found):
        raise Forbidden(may_not(_("Only the pilot’s own people and the programme can see this.")))
    return found


def is_inside(w: Work, pilot: Pilot) -> bool:
    """Whether the actor reads more than the public."""
    return w.session.exec(select(Pilot.id).where(Pilot.id == pilot.id, inside(w))).first() is not None


def report(w: Work, code: str) -> Report:
    """A report, for those inside. Missing for all others."""
    found = select(Report).join(Pilot, col(Pilot.id) == Report.pilot_id).where(Report.code == code, inside(w))
    row = w.session.exec(found).first()
    if row is None:
        raise Missing
    return row


def pilot_of(w: Work, row: Report | Tranche) -> Pilot:
    """The pilot of a report or tranche one has reached."""
    return w.session.get_one(Pilot, row.pilot_id)


def item(w: Work, kind: type[R], pilot: Pilot, code: str) -> R:
    """A milestone, indicator, report or tranche of this pilot."""
    found = w.session.exec(select(kind).where(kind.pilot_id == pilot.id, kind.code == code)).first()
    if found is None:
        raise Missing
    return found


def member(w: Work, pilot: Pilot, code: str) -> tuple[Member, Organisation]:
    """A member city by its code."""
    found = next((row for row in content.members(w, pilot) if row.code == code), None)
    if found is None:
        raise Missing
    return found, w.session.get_one(Organisation, found.city_id)


@dataclass(frozen=True, slots=True)
class Solved:
    """A challenge the pilot works on; it has a page where everybody may read it."""

    code: str
    title: str
    public: bool


def challenges(w: Work, pilot: Pilot) -> list[Solved]:
    """The challenges it works on."""
    rows = w.session.exec(
        select(Submission.code, Submission.title, Submission.state)
        .join(PilotChallenge, col(PilotChallenge.submission_id) == Submission.id)
        .where(PilotChallenge.pilot_id == pilot.id)
        .order_by(col(PilotChallenge.id))
    )
    return [Solved(code, title, state in PUBLIC) for code, title, state in rows]


# Lists


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty is everything."""

    round_code: str = ""
    state: str = ""
    country: str = ""
    theme: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A pilot in a list."""

    id: int
    code: str
    title: str
    summary: str
    state: PilotState
    pairing: Pairing
    home_country: str
    round_code: str
    round_title: str
    starts_on: date | None
    months: int | None
    budget_cents: int | None
    cure_expired_at: datetime | None
    cities: tuple[Member, ...] = field(default=())

    @property
    def home(self) -> list[Member]:
        """Cities of the home country that count."""
        return [row for row in self.cities if row.counts and row.country == self.home_country]

    @property
    def away(self) -> list[Member]:
        """Cities abroad that count."""
        return [row for row in self.cities if row.counts and row.country != self.home_country]


def listed(
    w: Work,
    filters: Filters | None = None,
    following: str | None = None,
    size: int = PAGE,
    also: ColumnElement[bool] | None = None,
) -> Page[Listed]:
    """A page of what the actor may know of, by title; two queries whatever its length."""
    filters = filters or Filters()
    shown: tuple[Any, ...] = (
        Pilot.id, Pilot.code, Pilot.title, Pilot.summary, Pilot.state, Pilot.pairing, Pilot.home_country,
        Pilot.round_code, Round.title, Pilot.starts_on, Pilot.months, Pilot.budget_cents, Pilot.cure_expired_at,
    )  # fmt: skip
    found = (
        select(*shown)
        .join(Round, col(Round.id) == Pilot.round_id)
        .where(in_sight(w), true() if also is None else also, *_narrowed(filters))
        .order_by(col(Pilot.title), col(Pilot.id))
        .limit(size + 1)
    )
    if (start := after(following, str, int)) is not None:
        title, last = col(Pilot.title), col(Pilot.id)
        found = found.where(or_(title > start[0], and_(title == start[0], last > start[1])))
    rows = w.session.exec(found).all()
    here = rows[:size]
    cities = content.members_of(w, [row[0] for row in here])
    more = cursor(here[-1][2], here[-1][0]) if len(rows) > size else None
    return Page([replace(Listed(*row), cities=tuple(cities.get(row[0], ()))) for row in here], more)


def _narrowed(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.round_code:
        found.append(col(Pilot.round_code) == filters.round_code)
    if filters.state in set(PilotState):
        found.append(col(Pilot.state) == PilotState(filters.state))
    if filters.country:
        held = select(MemberCity.pilot_id).where(MemberCity.country == filters.country)
        found.append(col(Pilot.id).in_(held))
    if filters.theme:
        found.append(cast(col(Pilot.themes), Text).contains(f'"{filters.theme}"', autoescape=True))
    return found


@dataclass(frozen=True, slots=True)
class Choosable:
    """What lists can be narrowed to, as far as the actor may know of a pilot that has it."""

    rounds: Sequence[Round]
    states: list[PilotState]
    countries: list[str]
    themes: list[str]


def choosable(w: Work) -> Choosable:
    """Rounds, states, countries and themes of the pilots in sight."""
    seen = w.session.exec(select(Pilot.state, Pilot.themes).where(in_sight(w))).all()
    states = {state for state, _themes in seen}
    places = select(MemberCity.country).join(Pilot, col(Pilot.id) == MemberCity.pilot_id).where(in_sight(w)).distinct()
    held = select(Pilot.round_id).where(in_sight(w))
    rounds = w.session.exec(select(Round).where(col(Round.id).in_(held)).order_by(col(Round.id).desc())).all()
    return Choosable(
        rounds=rounds,
        states=[state for state in PilotState if state in states],
        countries=sorted(w.session.exec(places).all()),
        themes=sorted({theme for _state, themes in seen for theme in themes}),
    )


def unpaired(w: Work) -> list[Proposal]:
    """Selected proposals that wait for their pilot, in the rounds the actor coordinates, without those in conflict."""
    held = w.actor.scopes(RoleName.COORDINATOR)
    if held is not None and not held:
        return []
    paired = select(Pilot.id).where(Pilot.proposal_id == Proposal.id, Pilot.state != PilotState.TERMINATED).exists()
    conflicted = select(Exclusion.proposal_id).where(Exclusion.person_id == w.actor.id)
    found = select(Proposal).where(
        Proposal.state == ProposalState.SELECTED, ~paired, col(Proposal.id).not_in(conflicted)
    )
    if held is not None:
        found = found.where(col(Proposal.round_id).in_(held))
    return list(w.session.exec(found.order_by(col(Proposal.title_key))))


def cures_over(w: Work) -> list[Pilot]:
    """Suspended pilots whose cure date has passed: two coordinators decide about their end."""
    found = select(Pilot).where(inside(w), Pilot.state == PilotState.SUSPENDED, col(Pilot.cure_expired_at).is_not(None))
    return list(w.session.exec(found.order_by(col(Pilot.cure_until))))


def of_city(w: Work, city_id: int) -> list[Listed]:
    """The pilots of a city, as far as the actor may know of them."""
    held = col(Pilot.id).in_(select(MemberCity.pilot_id).where(MemberCity.city_id == city_id))
    return list(listed(w, size=MOST, also=held).rows)


# History


@dataclass(frozen=True, slots=True)
class Happened:
    """A step of a pilot or of one of its reports."""

    workflow: str
    transition: str
    subject_code: str
    at: datetime
    who: str
    given: dict[str, Any]


def history(w: Work, pilot: Pilot) -> list[Happened]:
    """What happened to it, the newest first; for those inside."""
    reports = select(Report.code).where(Report.pilot_id == pilot.id)
    rows = w.session.exec(
        select(Step, StepText.given)
        .outerjoin(StepText, col(StepText.step_id) == Step.id)
        .where(
            or_(
                and_(col(Step.workflow) == content.WORKFLOW, col(Step.subject_code) == pilot.code),
                and_(col(Step.workflow) == "report", col(Step.subject_code).in_(reports)),
            )
        )
        .order_by(col(Step.id).desc())
        .limit(STEPS)
    ).all()
    who = names(w, [step.actor_id for step, _given in rows])
    return [
        Happened(
            step.workflow, step.transition, step.subject_code, step.at, who.get(step.actor_id or 0, ""), dict(given or {})
        )
        for step, given in rows
    ]
