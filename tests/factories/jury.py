"""Jurors, proposals before the jury, reviews with marks, conflicts: plain rows, and the acts that are needed often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import select

from challenge.jury import actions
from challenge.jury.models import Conflict, Juror, Review, Score
from challenge.jury.schemas import MarkIn, ReviewIn
from challenge.jury.states import TERMS, ConflictKind, ConflictSource, ConflictState, ReviewState
from challenge.jury.workflow import content_of
from challenge.kernel import revision
from challenge.kernel.work import Work
from challenge.proposals import content
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.rounds.states import Gate
from tests.cast import PEOPLE
from tests.factories.proposals import make_challenge, make_proposal
from tests.factories.rounds import make_round

JURY = datetime(2027, 10, 5, 9, 0, tzinfo=UTC)  # the jury window of the factories' rounds is open
PANEL = ("lena", "oskar", "ilse")
FULL = Gate.FULL_PROPOSAL
GOOD = "Clear, and costed for both cities."


def make_juror(w: Work, round_: Round, name: str = "lena", *, accepted: bool = True, **fields: Any) -> Juror:
    """A place on the panel, accepted unless said otherwise."""
    given = {"accepted_at": w.now, "terms": TERMS} if accepted else {}
    return w.add(
        Juror(
            round_id=round_.id, round_code=round_.code, person_id=PEOPLE[name].id, invited_at=w.now, **given | fields
        )
    )  # fmt: skip


def make_judged(w: Work, round_: Round, *, title: str | None = None, **fields: Any) -> Proposal:
    """A proposal before the jury, with a kept revision; answers a challenge unless told which."""
    given = {"title": title} if title else {}
    if "challenges" not in fields:
        fields["challenges"] = [make_challenge(w, round_)]
    made = make_proposal(w, round_, **{"state": ProposalState.IN_JURY, "submitted_at": w.now} | given | fields)
    content.keep(w, made)
    w.session.flush()
    return made


def make_review(
    w: Work, proposal: Proposal, juror: Juror, *, state: ReviewState = ReviewState.ASSIGNED, gate: Gate = FULL,
    **fields: Any,
) -> Review:  # fmt: skip
    """A review as a row, without marks."""
    if state in (ReviewState.DECLARED, ReviewState.DRAFT, ReviewState.SUBMITTED, ReviewState.REOPENED):
        fields.setdefault("revision_number", proposal.revision)
    if state in (ReviewState.SUBMITTED, ReviewState.REOPENED):
        fields.setdefault("submitted_at", w.now)
    return w.add(
        Review(
            round_id=proposal.round_id, round_code=proposal.round_code, proposal_id=proposal.id, juror_id=juror.id,
            gate=gate, state=state, **fields,
        )
    )  # fmt: skip


def put_marks(w: Work, review: Review, marks: Sequence[int] | int, comment: str = GOOD) -> Review:
    """Marks in tenths, in the order of the gate's criteria (or one for all), straight into the rows."""
    criteria = rules_of(w.session.get_one(Round, review.round_id)).gates[review.gate].criteria
    given = [marks] * len(criteria) if isinstance(marks, int) else marks
    for criterion, tenths in zip(criteria, given, strict=True):
        w.add(
            Score(
                review_id=review.id, criterion=criterion.key, tenths=tenths, max_tenths=50, step_tenths=5,
                comment=f"{comment} ({criterion.key})",
            )
        )  # fmt: skip
    return review


def make_submitted(
    w: Work, proposal: Proposal, juror: Juror, marks: Sequence[int] | int = 40, *, gate: Gate = FULL,
    comment: str = GOOD,
) -> Review:  # fmt: skip
    """A review handed in, with its kept revision; the proposal's facts are pushed."""
    made = put_marks(w, make_review(w, proposal, juror, state=ReviewState.SUBMITTED, gate=gate), marks, comment)
    kept = revision.revise(w, "review", made, content_of(w, made))
    w.step(
        "review", made.code, "submit", old="draft", new="submitted", scope=made.round_code, given=revision.named(kept)
    )
    actions.push(w, proposal)
    return made


def make_conflict(
    w: Work, proposal: Proposal, name: str = "lena", *, state: ConflictState = ConflictState.CONFIRMED, **fields: Any
) -> Conflict:
    """A conflict as a row; nothing is pushed."""
    return w.add(
        Conflict(
            round_id=proposal.round_id, round_code=proposal.round_code, person_id=PEOPLE[name].id,
            proposal_id=proposal.id, state=state, at=w.now,
            **{
                "kind": ConflictKind.OTHER, "source": ConflictSource.SET, "reason": "They built a house together.",
                "lift_reason": "Long ago." if state is ConflictState.LIFTED else "",
            }
            | fields,
        )
    )  # fmt: skip


def written(
    criteria: Sequence[str], marks: Mapping[str, str] | str = "4", comment: str = GOOD, **fields: Any
) -> ReviewIn:
    """A review as a juror fills it in: marks by criterion, or one for all."""
    given = {
        key: MarkIn(mark=Decimal(marks if isinstance(marks, str) else marks[key]), comment=comment) for key in criteria
    }
    return ReviewIn(marks=given, **fields)


CRITERIA = ("impact", "science", "transfer", "team", "plan")


def jury_of(
    world: Any, *names: str, proposals: int = 1, state: ReviewState | None = ReviewState.ASSIGNED
) -> dict[str, Any]:
    """A round at jury time; each of these jurors reads each proposal. Codes by name: ``round``, ``p1``, ``lena1`` …"""
    world.now = JURY
    codes: dict[str, Any] = {}
    with world.acting() as w:
        round_ = make_round(w)
        codes["round"] = round_.code
        jurors = {name: make_juror(w, round_, name) for name in names}
        codes |= {f"juror_{name}": juror.code for name, juror in jurors.items()}
        for number in range(1, proposals + 1):
            proposal = make_judged(w, round_, title=f"Proposal {number}")
            codes[f"p{number}"] = proposal.code
            if state is not None:
                for name, juror in jurors.items():
                    codes[f"{name}{number}"] = make_review(w, proposal, juror, state=state).code
    return codes


def review_of(w: Work, code: str) -> Review:
    """A review, whoever acts."""
    return w.session.exec(select(Review).where(Review.code == code)).one()


def proposal_of(w: Work, code: str) -> Proposal:
    """A proposal, whoever acts."""
    return w.session.exec(select(Proposal).where(Proposal.code == code)).one()


def juror_of(w: Work, code: str) -> Juror:
    """A juror, whoever acts."""
    return w.session.exec(select(Juror).where(Juror.code == code)).one()


def round_of(w: Work, code: str) -> Round:
    """A round, whoever acts."""
    return w.session.exec(select(Round).where(Round.code == code)).one()
