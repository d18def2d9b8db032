"""What would keep somebody from judging, before they are invited. Nothing is kept and nobody is written to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select as sa_select
from sqlmodel import col, select

from challenge.jury.models import Conflict
from challenge.jury.queries.conflicts import barred
from challenge.jury.queries.countries import shared_countries
from challenge.jury.queries.inference import Inference, inferred_of, names_of_organisations
from challenge.jury.states import ConflictState
from challenge.kernel.work import Work
from challenge.people.queries import find_by_email
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round

NOBODY = 0  # the id of somebody the service does not know yet
OUT = (ProposalState.DRAFT, ProposalState.INELIGIBLE, ProposalState.MERGED, ProposalState.WITHDRAWN,
       ProposalState.LAPSED)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Against:
    """What speaks against somebody judging a proposal: a conflict on record, one inferred now, or the country."""

    code: str
    title: str
    conflict: Conflict | None
    inference: Inference | None
    country: str | None


@dataclass(frozen=True, slots=True)
class Checked:
    """Somebody beside the proposals of a round that the actor may see."""

    email: str
    is_known: bool
    count: int
    against: tuple[Against, ...]
    organisations: Mapping[int, str]

    @property
    def free(self) -> int:
        """How many proposals nothing speaks against."""
        return self.count - len(self.against)


def check_person(w: Work, round_: Round, email: str) -> Checked:
    """By the address, known or not. A proposal the actor has a conflict with is not looked at."""
    person = find_by_email(w, email)
    key = person.id if person is not None else NOBODY
    rows = w.session.execute(
        sa_select(col(Proposal.id), col(Proposal.code), col(Proposal.title))
        .where(
            col(Proposal.round_id) == round_.id,
            col(Proposal.state).not_in(OUT),
            col(Proposal.id).not_in(barred(w, round_.id)),
        )
        .order_by(col(Proposal.title_key))
    ).all()
    ids = [proposal for proposal, _code, _title in rows]
    inferences = inferred_of(w, round_, {key: person.email if person is not None else email}, ids)
    countries = shared_countries(w, round_, [key], ids)
    conflicts = {
        one.proposal_id: one
        for one in w.session.exec(select(Conflict).where(Conflict.person_id == key, Conflict.round_id == round_.id))
        if one.state is not ConflictState.LIFTED
    }
    lifted = _lifted(w, round_, key)
    against = []
    for proposal, code, title in rows:
        inference = inferences.get((key, proposal))
        if inference is not None and (proposal, inference.kind, inference.organisation_id) in lifted:
            inference = None
        found = Against(code, title, conflicts.get(proposal), inference, countries.get((key, proposal)))
        if found.conflict or found.inference or found.country:
            against.append(found)
    w.saw("conflicts", round_.code, (one.conflict.code for one in against if one.conflict is not None))
    names = names_of_organisations(w, inferences)
    return Checked(email, person is not None, len(rows), tuple(against), names)


def _lifted(w: Work, round_: Round, person: int) -> set[tuple[int, str, int | None]]:
    """What coordinators have lifted: proposal, kind, organisation."""
    rows = w.session.exec(
        select(Conflict).where(
            Conflict.person_id == person, Conflict.round_id == round_.id, Conflict.state == ConflictState.LIFTED
        )
    )
    return {(one.proposal_id, one.kind, one.organisation_id) for one in rows}
