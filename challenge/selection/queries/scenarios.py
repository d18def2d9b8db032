"""Scenarios as those see them who decide: never a proposal they have a conflict with, nor what it is worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from challenge.kernel.errors import Missing
from challenge.kernel.work import Work
from challenge.proposals.content import cities_of
from challenge.proposals.models import Proposal
from challenge.rounds.models import Round
from challenge.selection.models import Remark, Scenario, Selection
from challenge.selection.queries.candidates import hash_of, snapshot
from challenge.selection.queries.outcomes import excluded, inside


def scenarios(w: Work, round_: Round) -> list[Scenario]:
    """The scenarios of a round, oldest first."""
    return list(w.session.exec(
        select(Scenario).where(Scenario.round_id == round_.id).order_by(col(Scenario.id))
    ))  # fmt: skip


def scenario(w: Work, round_code: str, code: str) -> tuple[Round, Scenario]:
    """One of a round, for coordinators and observers who do not judge in it. Missing for all others."""
    round_ = inside(w, round_code)
    found = w.session.exec(select(Scenario).where(Scenario.code == code, Scenario.round_id == round_.id)).first()
    if found is None:
        raise Missing
    return round_, found


def adopted(w: Work, round_: Round) -> Scenario | None:
    """The adopted one."""
    found = select(Scenario).where(Scenario.round_id == round_.id, col(Scenario.adopted_at).is_not(None))
    return w.session.exec(found).first()


def selection_of(w: Work, scenario_: Scenario) -> Selection | None:
    """What was computed for it."""
    return w.session.exec(select(Selection).where(Selection.scenario_id == scenario_.id)).first()


def selections(w: Work, round_: Round) -> dict[int, Selection]:
    """Scenario id → its selection."""
    found = w.session.exec(select(Selection).where(Selection.round_id == round_.id))
    return {one.scenario_id: one for one in found}


def snapshot_of(w: Work, scenario_id: int) -> dict[str, Any]:
    """What a scenario is computed from, as things stand. For the job."""
    found = w.session.get_one(Scenario, scenario_id)
    reserve = bool(found.changes.get("reserve"))
    return snapshot(w, w.session.get_one(Round, found.round_id), reserve=reserve)


def is_stale(w: Work, round_: Round, selection: Selection) -> bool:
    """Whether scores, money or places are no longer what it was computed from."""
    reserve = bool(selection.inputs.get("reserve"))
    return hash_of(snapshot(w, round_, reserve=reserve)) != selection.inputs_hash


def remarks(w: Work, scenario_: Scenario) -> list[Remark]:
    """What was said about it, oldest first."""
    found = select(Remark).where(Remark.scenario_id == scenario_.id).order_by(col(Remark.id))
    return list(w.session.exec(found))


@dataclass(frozen=True, slots=True)
class Named:
    """A proposal the actor may see in a scenario."""

    id: int
    code: str
    title: str
    size_class: str


@dataclass(frozen=True, slots=True)
class Names:
    """The proposals of a round the actor may see, by id, the cities by id; ``hidden`` are not to be named."""

    proposals: Mapping[int, Named]
    cities: Mapping[str, str]
    hidden: frozenset[int]

    def of(self, ids: Iterable[int]) -> list[Named]:
        """These, without the hidden ones."""
        return [self.proposals[key] for key in ids if key in self.proposals]

    def tells(self, ids: Iterable[int]) -> bool:
        """Whether none of these is hidden."""
        return self.hidden.isdisjoint(ids)


def names(w: Work, round_: Round, selections_: Iterable[Selection] = (), also: Iterable[int] = ()) -> Names:
    """The proposals of these selections and others by id."""
    ids = {one["id"] for found in selections_ for kind in ("candidates", "left_out") for one in found.inputs[kind]}
    ids |= set(also)
    hidden = frozenset(excluded(w, round_.id))
    rows = w.session.exec(
        select(Proposal.id, Proposal.code, Proposal.title, Proposal.size_class)
        .where(col(Proposal.id).in_(ids - hidden), Proposal.round_id == round_.id)
        .order_by(Proposal.title)
    )
    shown = {key: Named(key, code, title, size or "") for key, code, title, size in rows}
    cities = {str(city.id): city.name for listed in cities_of(w, shown).values() for city in listed}
    return Names(shown, cities, hidden)
