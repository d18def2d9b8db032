"""Whose dossier: a round's or a proposal's, for whom, and what of it is looked up once for all sections."""

from __future__ import annotations

from collections.abc import Callable, Collection

from sqlmodel import col, select

from challenge.dossier import deciding, departures, inputs, judging, records, telling
from challenge.dossier.scene import Scene
from challenge.dossier.shape import Dossier, Reader, Section
from challenge.kernel.errors import Missing
from challenge.kernel.work import Work
from challenge.people import queries as people
from challenge.proposals import queries as proposals
from challenge.proposals.models import Proposal
from challenge.rounds.models import Round
from challenge.selection import queries
from challenge.selection.rules import is_on_panel

Builder = Callable[[Work, Scene], Section]
WHOLE: tuple[Builder, ...] = (
    inputs.rules,
    inputs.proposals,
    inputs.conflicts,
    judging.reviews,
    judging.agreements,
    judging.calibrations,
    judging.rankings,
    deciding.scenarios,
    deciding.outcomes,
    departures.departures,
    telling.releases,
    telling.letters,
    telling.appeals,
    records.steps,
)
ONE: tuple[Builder, ...] = (
    inputs.proposals,
    inputs.versions,
    inputs.receipts,
    inputs.commitments,
    inputs.conflicts,
    judging.reviews,
    judging.agreements,
    judging.rankings,
    deciding.scenarios,
    deciding.outcomes,
    departures.departures,
    telling.letters,
    telling.appeals,
    records.steps,
)
# What a party is asked nothing else of: reading who judges is journalled, and they do not read it.
THEIRS: tuple[Builder, ...] = (
    inputs.proposals,
    inputs.versions,
    inputs.receipts,
    inputs.commitments,
    deciding.outcomes,
    telling.letters,
    telling.appeals,
)


def of_round(w: Work, code: str) -> Dossier:
    """What the decisions of a round rested on, for those who decide and observe. Missing for all others."""
    round_ = queries.inside(w, code)
    hidden = queries.excluded(w, round_.id)
    every = w.session.exec(select(Proposal).where(Proposal.round_id == round_.id).order_by(Proposal.title)).all()
    decided = {outcome.proposal_id for outcome in deciding.outcomes_of(w, round_.id)}
    listed = [one for one in every if one.submitted_at is not None or one.id in decided]
    seen = [one for one in listed if one.id not in hidden]
    scene = _scene(w, round_, seen, hidden, is_whole=True)
    sections = tuple(build(w, scene) for build in WHOLE)
    return Dossier("round", round_.code, round_.title, w.now, sections, len(listed) - len(seen)).seen(
        Reader.INSIDER, w.actor.id
    )


def of_proposal(w: Work, code: str) -> Dossier:
    """What the decisions on a proposal rested on: all of it for insiders, its own for a party, nothing for jurors.

    Missing for all others.
    """
    found = proposals.visible(w, code)
    reader = _reader(w, found)
    round_ = w.session.get_one(Round, found.round_id)
    scene = _scene(w, round_, [found], queries.excluded(w, round_.id), is_whole=False)
    sections = tuple(build(w, scene) for build in (ONE if reader is Reader.INSIDER else THEIRS))
    return Dossier("proposal", found.code, found.title, w.now, sections).seen(reader, w.actor.id)


def _reader(w: Work, proposal: Proposal) -> Reader:
    if is_on_panel(w, proposal.round_id):
        raise Missing
    if queries.is_insider(w, proposal.round_id) and proposal.id not in queries.excluded(w, proposal.round_id):
        return Reader.INSIDER
    if queries.is_party(w, proposal):
        return Reader.PARTY
    raise Missing


def _scene(w: Work, round_: Round, seen: list[Proposal], hidden: Collection[int], *, is_whole: bool) -> Scene:
    outcomes = deciding.outcomes_of(w, round_.id)
    ids = {one.id for one in seen}
    mine = [one for one in outcomes if one.proposal_id in ids]
    names = people.names(w, [key for one in mine for key in (one.proposed_by, one.approved_by, one.accepted_by)])
    titles = dict(
        w.session.exec(
            select(Proposal.id, Proposal.title).where(Proposal.round_id == round_.id, col(Proposal.id).not_in(hidden))
        ).all()
    )
    return Scene(round_, tuple(seen), tuple(mine), names, titles, is_whole, is_hiding=bool(hidden))
