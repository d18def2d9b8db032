"""Which item a gate has, who has marked it, and what may be shown of the marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as sa_select
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from challenge.jury.common.models import CommonItem, CommonReview
from challenge.jury.models import Conflict, Juror
from challenge.jury.states import ConflictState
from challenge.kernel.once import once
from challenge.kernel.work import Work
from challenge.people.models import Person
from challenge.rounds.models import Round
from challenge.rounds.states import Gate, RoundState

FEWEST = 3  # whose marks can be shown without telling who gave which


@once
def live(w: Work, round_id: int, gate: Gate) -> CommonItem | None:
    """The item of a gate, in preparation too; None where there is none."""
    return w.session.exec(
        select(CommonItem).where(
            CommonItem.round_id == round_id, CommonItem.gate == gate, col(CommonItem.dropped_at).is_(None)
        )
    ).first()


@once
def own_place(w: Work, item: CommonItem) -> Juror | None:
    """The actor's place on the panel, if she marks this item: accepted, not left, no conflict with its proposal."""
    return w.session.exec(_panel(item).where(Juror.person_id == w.actor.id)).first()


def _panel(item: CommonItem) -> SelectOfScalar[Juror]:
    """Those who mark it."""
    conflicted = select(Conflict.person_id).where(
        Conflict.proposal_id == item.proposal_id, Conflict.state != ConflictState.LIFTED
    )
    return select(Juror).where(
        Juror.round_id == item.round_id, col(Juror.accepted_at).is_not(None), col(Juror.left_at).is_(None),
        col(Juror.person_id).not_in(conflicted),
    )  # fmt: skip


@once
def given(w: Work, item: CommonItem, juror_id: int) -> CommonReview | None:
    """What a juror gave it so far."""
    return w.session.exec(
        select(CommonReview).where(CommonReview.item_id == item.id, CommonReview.juror_id == juror_id)
    ).first()


def waits_for(w: Work, juror: Juror, gate: Gate) -> bool:
    """Whether this juror must mark the item of the gate before anything else there."""
    item = live(w, juror.round_id, gate)
    if item is None or item.opened_at is None or item.shown_at is not None:
        return False
    if w.session.exec(_panel(item).where(Juror.id == juror.id)).first() is None:
        return False
    found = given(w, item, juror.id)
    return found is None or found.submitted_at is None


@dataclass(frozen=True, slots=True)
class Waiting:
    """An item the actor has to mark."""

    round_code: str
    round_title: str
    gate: Gate


def to_mark(w: Work) -> list[Waiting]:
    """The items the actor has to mark, in rounds under way."""
    rows = w.session.execute(
        sa_select(CommonItem, col(Round.title))
        .join(Round, col(Round.id) == CommonItem.round_id)
        .join(Juror, (col(Juror.round_id) == CommonItem.round_id) & (col(Juror.person_id) == w.actor.id))
        .where(
            col(Round.state) == RoundState.PUBLISHED, col(CommonItem.opened_at).is_not(None),
            col(CommonItem.shown_at).is_(None), col(CommonItem.dropped_at).is_(None),
            col(Juror.accepted_at).is_not(None), col(Juror.left_at).is_(None),
        )
    ).all()  # fmt: skip
    found = []
    for item, title in rows:
        place = own_place(w, item)
        if place is not None and waits_for(w, place, item.gate):
            found.append(Waiting(item.round_code, title, item.gate))
    return found


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who marks it, for who runs the round."""

    name: str
    is_in: bool


def members(w: Work, item: CommonItem) -> list[Member]:
    """Who marks it, by name, and who has."""
    panel = w.session.exec(_panel(item)).all()
    done = {one.juror_id for one in handed_in(w, item)}
    names = dict(
        w.session.exec(select(Person.id, Person.name).where(col(Person.id).in_([one.person_id for one in panel]))).all()
    )
    w.saw("common", item.round_code, [one.code for one in panel])
    return sorted((Member(names[one.person_id], one.id in done) for one in panel), key=lambda one: one.name)


def handed_in(w: Work, item: CommonItem) -> list[CommonReview]:
    """What was handed in by those who may judge its proposal."""
    return list(w.session.exec(select(CommonReview).where(CommonReview.item_id == item.id, *_counts())))


def _counts() -> tuple[ColumnElement[bool], ...]:
    """Handed in on an item (joined or named) by jurors without a conflict with its proposal."""
    conflicted = (
        select(Conflict.id)
        .join(Juror, col(Juror.person_id) == Conflict.person_id)
        .join(CommonItem, col(CommonItem.proposal_id) == Conflict.proposal_id)
        .where(
            Juror.id == CommonReview.juror_id, CommonItem.id == CommonReview.item_id,
            Conflict.state != ConflictState.LIFTED,
        )
        .correlate(CommonReview)
        .exists()
    )  # fmt: skip
    return col(CommonReview.submitted_at).is_not(None), ~conflicted


@dataclass(frozen=True, slots=True)
class Spread:
    """How all marked a criterion: from the lowest to the highest, which tells nobody who gave which."""

    own: int | None
    marks: tuple[int, ...]


def shown(w: Work, item: CommonItem) -> Mapping[str, Spread] | None:
    """Criterion → how all marked it, once it is shown: nobody marks it after that."""
    if item.shown_at is None:
        return None
    place, found = own_place(w, item), handed_in(w, item)
    own = next((one for one in found if place is not None and one.juror_id == place.id), None)
    keys = dict.fromkeys(key for one in found for key in one.marks)
    return {
        key: Spread(
            own.marks.get(key, {}).get("tenths") if own else None,
            tuple(sorted(one.marks[key]["tenths"] for one in found if key in one.marks)),
        )
        for key in keys
    }


# What links jurors who share no proposal


def links(w: Work, round_id: int, gate: Gate, criteria: Iterable[str]) -> list[tuple[int, int, dict[str, int]]]:
    """(minus the item, juror, tenths by criterion): scores of something that competes with nothing."""
    keys = list(criteria)
    rows = w.session.exec(
        select(CommonReview)
        .join(CommonItem, col(CommonItem.id) == CommonReview.item_id)
        .where(
            CommonItem.round_id == round_id, CommonItem.gate == gate, col(CommonItem.dropped_at).is_(None), *_counts()
        )
    )
    return [
        (-one.item_id, one.juror_id, {key: one.marks[key]["tenths"] for key in keys})
        for one in rows
        if all(one.marks.get(key, {}).get("tenths") is not None for key in keys)
    ]


def counts(w: Work) -> dict[tuple[int, Gate], int]:
    """How many have handed in at each gate: a glance that says whether a calibration may have changed."""
    rows = w.session.execute(
        sa_select(col(CommonItem.round_id), col(CommonItem.gate), func.count())
        .join(CommonReview, col(CommonReview.item_id) == CommonItem.id)
        .where(col(CommonItem.dropped_at).is_(None), col(CommonReview.submitted_at).is_not(None))
        .group_by(col(CommonItem.round_id), col(CommonItem.gate))
    )
    return {(round_id, Gate(gate)): count for round_id, gate, count in rows}
