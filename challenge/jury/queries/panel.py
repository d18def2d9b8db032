"""The panel of a round, and the board on which proposals are assigned to jurors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import case, func
from sqlalchemy import select as sa_select
from sqlmodel import col, select

from challenge.jury.models import Conflict, Juror, Review
from challenge.jury.queries.conflicts import barred, live
from challenge.jury.queries.countries import shared_countries
from challenge.jury.queries.inference import Inference, Pair, inferred, names_of_organisations
from challenge.jury.queries.reviews import runs_round
from challenge.jury.states import JUDGED, LIVE, Place, ReviewState
from challenge.kernel.errors import Missing
from challenge.kernel.work import Work
from challenge.people.models import Person, Role
from challenge.people.states import RoleName
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState, gate_at
from challenge.rounds import queries as rounds
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.rounds.states import Gate, Judge

INSIDERS = (RoleName.COORDINATOR, RoleName.OBSERVER)


def round_of_jury(w: Work, code: str) -> Round:
    """A round, for coordinators and observers of it who do not judge there. Raises Missing."""
    found = rounds.visible(w, code)
    if w.actor.kind == "system":
        return found
    seen = w.session.exec(select(Round.id).where(Round.id == found.id, runs_round(w, col(Round.id)))).first()
    if seen is None:
        raise Missing
    return found


def jury_gates(round_: Round) -> tuple[Gate, ...]:
    """The gates at which jurors judge, in their order."""
    rules = rules_of(round_)
    return tuple(gate for gate in Gate if rules.gates[gate].on and Judge.JURORS in rules.gates[gate].judges)


def gate_now(w: Work, round_: Round) -> Gate | None:
    """The gate the jury is at: the last one with a proposal before it, else the last of all."""
    gates = jury_gates(round_)
    busy = {gate_at(state, [Gate(one) for one in on]) for _id, _code, _title, state, on in _judged(w, round_)}
    return next((gate for gate in reversed(gates) if gate in busy), gates[-1] if gates else None)


def juror(w: Work, code: str) -> Juror:
    """A place on a panel: for the person, and for coordinators and observers of the round. Raises Missing."""
    found = w.session.exec(
        select(Juror).where(
            Juror.code == code, (col(Juror.person_id) == w.actor.id) | runs_round(w, col(Juror.round_id))
        )
    ).first()
    if found is None:
        raise Missing
    if found.person_id != w.actor.id:
        w.saw("juror", found.round_code, [found.code])
    return found


@dataclass(frozen=True, slots=True)
class Member:
    """A juror of the panel with what is done of what."""

    juror: Juror
    name: str
    email: str
    done: Mapping[Gate, int]
    load: Mapping[Gate, int]

    @property
    def place(self) -> Place:
        """Where the invitation stands."""
        return self.juror.place


def panel(w: Work, round_: Round) -> list[Member]:
    """The panel by name, those who declined or left last."""
    rows = w.session.execute(
        select(Juror, Person.name, Person.email)
        .join(Person, col(Person.id) == Juror.person_id)
        .where(Juror.round_id == round_.id)
        .order_by(Person.name, col(Juror.id))
    ).all()
    w.saw("panel", round_.code, (found.code for found, _name, _email in rows))
    counts = w.session.execute(
        select(
            Review.juror_id, Review.gate,
            func.sum(case((col(Review.state) == ReviewState.SUBMITTED, 1), else_=0)), func.count(),
        )
        .where(Review.round_id == round_.id, col(Review.state).in_(LIVE))
        .group_by(col(Review.juror_id), col(Review.gate))
    )  # fmt: skip
    done: dict[int, dict[Gate, int]] = {}
    load: dict[int, dict[Gate, int]] = {}
    for juror_id, gate, submitted, count in counts:
        done.setdefault(juror_id, {})[gate] = int(submitted)
        load.setdefault(juror_id, {})[gate] = count
    members = [
        Member(found, name, email, done.get(found.id, {}), load.get(found.id, {})) for found, name, email in rows
    ]
    return sorted(members, key=lambda member: member.place in (Place.DECLINED, Place.LEFT))


@dataclass(frozen=True, slots=True)
class Cell:
    """A juror and a proposal on the board: a review, a conflict, what speaks for one, or nothing.

    ``country``: of both, where the rules of the round keep them apart.
    """

    review: Review | None = None
    conflict: Conflict | None = None
    inference: Inference | None = None
    country: str | None = None

    @property
    def is_live(self) -> bool:
        """Whether the review is one to do or done."""
        return self.review is not None and self.review.state in LIVE and self.conflict is None


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A proposal on the board. ``needs``: how many reviews are missing."""

    id: int
    code: str
    title: str
    cells: Mapping[int, Cell]
    needs: int


@dataclass(frozen=True, slots=True)
class Board:
    """Proposals × jurors at a gate."""

    gate: Gate
    jurors: tuple[Member, ...]
    rows: tuple[BoardRow, ...]
    organisations: Mapping[int, str]
    barred: int


def board(w: Work, round_: Round, gate: Gate) -> Board:
    """Who reads what at a gate, in a constant number of queries; not what the actor has a conflict with."""
    hidden = barred(w, round_.id)
    proposals = [
        (key, code, title)
        for key, code, title, state, gates in _judged(w, round_)
        if key not in hidden and gate_at(state, [Gate(one) for one in gates]) == gate
    ]
    ids = [row[0] for row in proposals]
    everybody = panel(w, round_)
    jurors = tuple(member for member in everybody if member.place in (Place.INVITED, Place.ACCEPTED))
    conflicts = live(w, round_.id)
    inferences = inferred(w, round_, [member.juror for member in jurors], ids)
    countries = shared_countries(w, round_, [member.juror.person_id for member in jurors], ids)
    reviews = {
        (review.juror_id, review.proposal_id): review
        for review in w.session.exec(
            select(Review).where(Review.round_id == round_.id, Review.gate == gate, col(Review.proposal_id).in_(ids))
        )
    }
    w.saw("assignment", round_.code, (review.code for review in reviews.values()))
    quorum = rules_of(round_).gates[gate].reviews
    rows = []
    for key, code, title in proposals:
        given = {
            member.juror.id: _cell(member.juror, key, reviews, conflicts, inferences, countries) for member in everybody
        }
        live_count = sum(cell.is_live for cell in given.values())  # what those who left handed in counts on
        cells = {member.juror.id: given[member.juror.id] for member in jurors}
        rows.append(BoardRow(key, code, title, cells, max(quorum - live_count, 0)))
    return Board(gate, jurors, tuple(rows), names_of_organisations(w, inferences), len(hidden))


def _judged(w: Work, round_: Round) -> list[tuple[int, str, str, ProposalState, list[str]]]:
    rows = w.session.execute(
        sa_select(col(Proposal.id), col(Proposal.code), col(Proposal.title), col(Proposal.state), col(Proposal.gates))
        .where(col(Proposal.round_id) == round_.id, col(Proposal.state).in_(JUDGED))
        .order_by(col(Proposal.title_key))
    )
    return [(key, code, title, state, gates) for key, code, title, state, gates in rows]


def _cell(
    juror: Juror,
    proposal_id: int,
    reviews: Mapping[Pair, Review],
    conflicts: Mapping[Pair, Conflict],
    inferences: Mapping[Pair, Inference],
    countries: Mapping[Pair, str],
) -> Cell:
    pair = (juror.person_id, proposal_id)
    return Cell(reviews.get((juror.id, proposal_id)), conflicts.get(pair), inferences.get(pair), countries.get(pair))


@dataclass(frozen=True, slots=True)
class Choice:
    """A person or proposal to choose from."""

    code: str
    name: str


def people_of_jury(w: Work, round_: Round) -> list[Choice]:
    """Those whose conflicts matter in a round: its panel, coordinators and observers."""
    on_panel = select(Juror.person_id).where(Juror.round_id == round_.id)
    with_role = select(Role.person_id).where(
        col(Role.name).in_(INSIDERS), (col(Role.round_id) == round_.id) | col(Role.round_id).is_(None)
    )
    rows = w.session.execute(
        select(Person.code, Person.name)
        .where(col(Person.id).in_(on_panel) | col(Person.id).in_(with_role), col(Person.erased_at).is_(None))
        .order_by(Person.name)
    )
    return [Choice(*row) for row in rows]


def proposals_of_round(w: Work, round_: Round) -> list[Choice]:
    """The proposals that are more than a draft, by title; not those the actor has a conflict with."""
    rows = w.session.execute(
        select(Proposal.code, Proposal.title)
        .where(
            Proposal.round_id == round_.id,
            Proposal.state != ProposalState.DRAFT,
            col(Proposal.id).not_in(barred(w, round_.id)),
        )
        .order_by(col(Proposal.title_key))
    )
    return [Choice(*row) for row in rows]


def person_and_proposal(w: Work, round_: Round, person_code: str, proposal_code: str) -> tuple[Person, Proposal]:
    """Both by their codes. Raises Missing."""
    person = w.session.exec(select(Person).where(Person.code == person_code)).first()
    proposal = w.session.exec(
        select(Proposal).where(Proposal.code == proposal_code, Proposal.round_id == round_.id)
    ).first()
    if person is None or proposal is None:
        raise Missing
    return person, proposal
