"""What a juror has done in a round, as a certificate says it: how much, never what or how it was marked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy import select as sa_select
from sqlmodel import col, select

from challenge.jury.models import Conflict, Juror, Review
from challenge.jury.queries.panel import juror as place_of
from challenge.jury.states import ConflictState, ReviewState
from challenge.kernel.errors import Missing
from challenge.kernel.work import Work
from challenge.people.models import Person
from challenge.rounds.models import Round
from challenge.rounds.states import Gate


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is certified. ``at``: when the last of the reviews was handed in, so the same work is the same text."""

    juror: Juror
    round: Round
    name: str
    proposals: int
    reviews: dict[Gate, int]
    at: datetime

    @property
    def content(self) -> dict[str, Any]:
        """What is signed, as plain JSON."""
        return {
            "certificate": self.juror.code,
            "juror": self.name,
            "round": self.round.code,
            "title": self.round.title,
            "proposals": self.proposals,
            "reviews": {str(gate): count for gate, count in self.reviews.items()},
            "until": self.at.isoformat(timespec="milliseconds"),
        }


def certificate(w: Work, code: str) -> Certificate:
    """The certificate of one's own place on a panel, once a review is handed in. Raises Missing."""
    juror = place_of(w, code)
    if juror.person_id != w.actor.id:
        raise Missing
    rows = w.session.execute(
        sa_select(col(Review.gate), col(Review.proposal_id), col(Review.submitted_at)).where(_counts(juror))
    ).all()
    if not rows:
        raise Missing
    return Certificate(
        juror=juror, round=w.session.get_one(Round, juror.round_id),
        name=w.session.get_one(Person, juror.person_id).name, proposals=len({row.proposal_id for row in rows}),
        reviews={gate: count for gate in Gate if (count := sum(row.gate is gate for row in rows))},
        at=max(row.submitted_at for row in rows),
    )  # fmt: skip


def has_certificate(w: Work, juror: Juror) -> bool:
    """Whether there is anything to certify."""
    return bool(w.session.exec(select(func.count()).select_from(Review).where(_counts(juror))).one())


def _counts(juror: Juror) -> Any:
    """Handed in, and free of conflict: no count may betray a proposal its juror is kept from."""
    conflicted = select(Conflict.proposal_id).where(
        Conflict.person_id == juror.person_id, Conflict.state != ConflictState.LIFTED
    )
    return (
        (col(Review.juror_id) == juror.id)
        & (col(Review.state) == ReviewState.SUBMITTED)
        & col(Review.proposal_id).not_in(conflicted)
    )
