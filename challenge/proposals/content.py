"""What a proposal holds beside its own row, and the snapshot of it that revisions, signatures and receipts refer to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy import select as sa_select
from sqlmodel import col, select

from challenge.kernel import attachment, revision
from challenge.kernel.journal import digest
from challenge.kernel.once import once
from challenge.kernel.revision import Revision
from challenge.kernel.work import Work
from challenge.people.models import Membership, Organisation, Person
from challenge.proposals.models import PartnerCity, Proposal, ProposalChallenge, TeamMember
from challenge.proposals.money import Line, Own, budget, budgets_of, own_shares, own_shares_of
from challenge.proposals.schemas import FORMS
from challenge.proposals.states import ProposalState as S
from challenge.proposals.states import gate_at
from challenge.rounds.models import Round
from challenge.rounds.pairing import Partner
from challenge.rounds.states import CityRole, Gate
from challenge.submissions.models import Submission
from challenge.submissions.states import PUBLIC, SubmissionState

__all__ = ["budget", "budgets_of"]
WORKFLOW = "proposal"
FIRST = 1  # year of a pilot
COLUMNS = ("title", "summary", "size_class", "months")  # answers that are columns of the proposal as well
# States of a challenge in which a proposal may rest on it.
ANSWERABLE = tuple(state for state in PUBLIC if state not in {SubmissionState.NOT_PILOTED, SubmissionState.PILOTED})


@dataclass(frozen=True, slots=True)
class City:
    """A partner city as everybody needs it."""

    id: int
    code: str
    name: str
    country: str
    role: CityRole

    @property
    def counts(self) -> bool:
        """Whether it counts for the pairing rule, and owes commitments."""
        return self.role in (CityRole.LEAD, CityRole.PILOT)

    @property
    def partner(self) -> Partner:
        """As the pairing indicator needs it."""
        return Partner(self.id, self.name, self.country, self.role)


@dataclass(frozen=True, slots=True)
class Answered:
    """A challenge the proposal answers, as far as everybody may know it."""

    id: int
    code: str
    title: str
    state: SubmissionState
    city_id: int | None


def columns(*shown: Any) -> Select[Any]:
    """A SELECT of more columns than sqlmodel has overloads for."""
    return sa_select(*shown)


def gates_of(proposal: Proposal) -> frozenset[Gate]:
    """The gates on the proposal's way."""
    return frozenset(Gate(gate) for gate in proposal.gates)


def gate_of(proposal: Proposal) -> Gate:
    """The gate it stands at or is written for."""
    return gate_at(proposal.state, gates_of(proposal))


def last_gate(proposal: Proposal) -> Gate:
    """The last gate on its way: its form holds every question the proposal will be asked."""
    return gate_at(S.IN_JURY, gates_of(proposal))


_ORDER = {CityRole.LEAD: 0, CityRole.PILOT: 1, CityRole.FOLLOWER: 2}


@once
def cities(w: Work, proposal: Proposal) -> list[City]:
    """The partner cities: lead, pilot, follower, each by name."""
    return cities_of(w, [proposal.id]).get(proposal.id, [])


def cities_of(w: Work, ids: Iterable[int]) -> dict[int, list[City]]:
    """Proposal id → its partner cities, for lists."""
    city = (Organisation.id, Organisation.code, Organisation.name, Organisation.country, PartnerCity.role)
    rows = w.session.execute(
        columns(PartnerCity.proposal_id, *city)
        .select_from(PartnerCity)
        .join(Organisation, col(Organisation.id) == PartnerCity.city_id)
        .where(col(PartnerCity.proposal_id).in_(list(ids)), col(PartnerCity.left_at).is_(None))
        .order_by(Organisation.name)
    )
    found: dict[int, list[City]] = {}
    for proposal_id, *facts in rows:
        found.setdefault(proposal_id, []).append(City(*facts))
    return {key: sorted(row, key=lambda one: _ORDER[one.role]) for key, row in found.items()}


@once
def challenges(w: Work, proposal: Proposal) -> list[Answered]:
    """The challenges it answers, oldest first."""
    return challenges_of(w, [proposal.id]).get(proposal.id, [])


def challenges_of(w: Work, ids: Iterable[int]) -> dict[int, list[Answered]]:
    """Proposal id → the challenges it answers, for lists."""
    shown = (Submission.id, Submission.code, Submission.title, Submission.state, Submission.city_id)
    rows = w.session.execute(
        columns(ProposalChallenge.proposal_id, *shown)
        .select_from(Submission)
        .join(ProposalChallenge, col(ProposalChallenge.submission_id) == Submission.id)
        .where(col(ProposalChallenge.proposal_id).in_(list(ids)))
        .order_by(col(ProposalChallenge.id))
    )
    found: dict[int, list[Answered]] = {}
    for proposal_id, *row in rows:
        found.setdefault(proposal_id, []).append(Answered(*row))
    return found


def may_be_answered(round_: Round) -> ColumnElement[bool]:
    """Published challenges that are not decided yet, of this round or an earlier one (joined with their round)."""
    earlier = or_(col(Round.id) == round_.id, col(Round.published_at) <= round_.published_at)
    return and_(col(Submission.state).in_(ANSWERABLE), earlier)


def partners(w: Work, proposal: Proposal) -> list[Organisation]:
    """Who may spend: the lead organisation, the partner cities, the organisations of the team; cities first."""
    held = [city.id for city in cities(w, proposal)]
    teams = (
        select(Membership.organisation_id)
        .join(TeamMember, col(TeamMember.person_id) == Membership.person_id)
        .where(TeamMember.proposal_id == proposal.id, col(TeamMember.left_at).is_(None))
    )
    organisation = col(Organisation.id)
    found = w.session.exec(
        select(Organisation)
        .where(organisation.in_(held) | (organisation == proposal.organisation_id) | organisation.in_(teams))
        .order_by(Organisation.name)
    ).all()
    return sorted(found, key=lambda one: (held.index(one.id) if one.id in held else len(held), one.name))


def teammates(w: Work, proposal: Proposal) -> dict[str, str]:
    """Code → name of the others who have joined the team: whom a comment can name."""
    rows = (
        select(Person.code, TeamMember.name)
        .join(TeamMember, col(TeamMember.person_id) == Person.id)
        .where(
            TeamMember.proposal_id == proposal.id, col(TeamMember.left_at).is_(None), col(Person.id) != w.actor.id
        )
        .order_by(col(TeamMember.id))
    )  # fmt: skip
    return dict(w.session.exec(rows).all())


def answers(proposal: Proposal) -> dict[str, Any]:
    """The answers to the questions of the gates on its way, as they were given."""
    asked = set(FORMS[last_gate(proposal)].model_fields) - set(COLUMNS)
    return {name: value for name, value in proposal.answers.items() if name in asked and value not in ("", None, [])}


def snapshot(w: Work, proposal: Proposal) -> dict[str, Any]:
    """The content: answers, challenges, cities with roles, budget, files. Not the state, not the team's e-mails."""
    files = [file.sha256 for file in attachment.of(w, WORKFLOW, proposal.code)]
    money = (budget(w, proposal), own_shares(w, proposal))
    return _content(proposal, challenges(w, proposal), cities(w, proposal), *money, files)


def hashes(w: Work, proposals: Sequence[Proposal]) -> dict[int, str]:
    """Proposal id → the hash of its content now; five queries, however many."""
    ids = [one.id for one in proposals]
    answered, partners_ = challenges_of(w, ids), cities_of(w, ids)
    lines, paid = budgets_of(w, ids), own_shares_of(w, ids)
    files = attachment.of_many(w, WORKFLOW, [one.code for one in proposals])
    return {
        one.id: digest(_content(
            one, answered.get(one.id, []), partners_.get(one.id, []), lines.get(one.id, []), paid.get(one.id, []),
            files.get(one.code, []),
        ))
        for one in proposals
    }  # fmt: skip


def _content(
    proposal: Proposal, answered: Iterable[Answered], partners_: Iterable[City], lines: Iterable[Line],
    paid: Iterable[Own], files: Iterable[str],
) -> dict[str, Any]:  # fmt: skip
    content: dict[str, Any] = {
        "title": proposal.title,
        "summary": proposal.summary,
        "size_class": proposal.size_class,
        "months": proposal.months,
        "answers": answers(proposal),
        "challenges": sorted(found.code for found in answered),
        "cities": [
            {"city": city.code, "name": city.name, "country": city.country, "role": str(city.role)}
            for city in partners_
        ],
        "budget": [
            {
                "partner": line.code, "name": line.organisation, "category": str(line.category), "cents": line.cents,
                **({"year": line.year} if line.year != FIRST else {}),
            }
            for line in lines
            if line.cents
        ],
        "files": sorted(files),
    }  # fmt: skip
    # The first year and no own share are what versions from before either was asked for hold: their fingerprint stays.
    own = [
        {"partner": one.code, "name": one.organisation, "cents": one.cents, "year": one.year}
        for one in paid
        if one.cents
    ]
    return {**content, "own_shares": own} if own else content


@dataclass(frozen=True, slots=True)
class Current:
    """The content as it is now, and the number it has or will get when somebody signs or submits it."""

    number: int
    hash: str
    content: dict[str, Any]
    kept: bool


def current(w: Work, proposal: Proposal) -> Current:
    """The content now. Nothing is written."""
    content = snapshot(w, proposal)
    content_hash = digest(content)
    latest = revision.at(w, WORKFLOW, proposal.code, proposal.revision) if proposal.revision else None
    kept = latest is not None and latest.hash == content_hash
    return Current(proposal.revision if kept else proposal.revision + 1, content_hash, content, kept)


def keep(w: Work, proposal: Proposal) -> Revision:
    """Keep the content as a revision, unless the last one is the same."""
    return revision.revise(w, WORKFLOW, proposal, snapshot(w, proposal))


def scope_hash(content: dict[str, Any], city: City) -> str:
    """Of what a city's formal decision rests on: its role, its money, and the size and challenges of the whole."""
    money = sum(line["cents"] for line in content["budget"] if line["partner"] == city.code)
    own = sum(one["cents"] for one in content.get("own_shares", ()) if one["partner"] == city.code)
    scope = [str(city.role), money, content["size_class"], content["months"], content["challenges"]]
    return digest([*scope, own] if own else scope)
