"""Whether the marks that count are those that were handed in or agreed on: rows, kept revisions and the journal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlmodel import col, select

from challenge.jury.consensus.models import Consensus, ConsensusMark
from challenge.jury.consensus.states import ConsensusState
from challenge.jury.models import Review, Score
from challenge.jury.scale import shown
from challenge.jury.states import ReviewState
from challenge.kernel.journal import Step, digest
from challenge.kernel.revision import Revision, named
from challenge.kernel.work import Work

KEEPING = {"review": "submit", "consensus": "propose"}  # the step whose words name what it kept
HELD = (ConsensusState.AGREED, ConsensusState.SUPERSEDED)


def faults(w: Work, round_id: int | None = None) -> Iterator[str]:
    """Every review handed in and every consensus agreed whose marks are not what was kept, in words.

    The marks in force are compared with the content kept at that moment, its hash with the content, and the hash with
    the one in the journal, whose chain nobody can rewrite unseen. Comments are not compared: erasure takes them away.
    """
    yield from _reviews(w, round_id)
    yield from _agreements(w, round_id)


def _reviews(w: Work, round_id: int | None) -> Iterator[str]:
    rows = select(Review).where(Review.state == ReviewState.SUBMITTED).order_by(col(Review.id))
    found = list(w.session.exec(rows if round_id is None else rows.where(Review.round_id == round_id)))
    marks: dict[int, dict[str, str]] = {}
    for score in w.session.exec(select(Score).where(col(Score.review_id).in_([one.id for one in found]))):
        if score.tenths is not None:
            marks.setdefault(score.review_id, {})[score.criterion] = shown(score.tenths)
    kept = _kept(w, "review", {one.code: one.revision for one in found})
    for review in found:
        revision = kept.get(review.code)
        if revision is None:
            yield f"review {review.code}: what was handed in was not kept"
            continue
        said = {key: one["mark"] for key, one in revision.content.get("marks", {}).items() if one["mark"] is not None}
        yield from _differing(f"review {review.code}", marks.get(review.id, {}), said)
        yield from _of_revision(w, "review", revision)


def _agreements(w: Work, round_id: int | None) -> Iterator[str]:
    rows = select(Consensus).where(col(Consensus.state).in_(HELD), col(Consensus.agreed_at).is_not(None))
    found = list(w.session.exec(rows if round_id is None else rows.where(Consensus.round_id == round_id)))
    marks: dict[int, dict[str, str]] = {}
    of_these = col(ConsensusMark.consensus_id).in_([one.id for one in found])
    for mark in w.session.exec(select(ConsensusMark).where(of_these)):
        marks.setdefault(mark.consensus_id, {})[mark.criterion] = shown(mark.tenths)
    kept = _kept(w, "consensus", {one.code: one.revision for one in found})
    for consensus in found:
        revision = kept.get(consensus.code)
        if revision is None:
            yield f"consensus {consensus.code}: what was agreed was not kept"
            continue
        yield from _differing(f"consensus {consensus.code}", marks.get(consensus.id, {}), revision.content["marks"])
        yield from _of_revision(w, "consensus", revision)


def _kept(w: Work, workflow: str, numbers: dict[str, int]) -> dict[str, Revision]:
    rows = w.session.exec(
        select(Revision).where(Revision.workflow == workflow, col(Revision.subject_code).in_(numbers))
    )
    return {row.subject_code: row for row in rows if row.number == numbers[row.subject_code]}


def _differing(what: str, now: dict[str, str], kept: dict[str, Any]) -> Iterator[str]:
    for key in sorted(now.keys() | kept.keys()):
        if now.get(key) != kept.get(key):
            yield f"{what}: the mark for “{key}” is {now.get(key)}, handed in was {kept.get(key)}"


def _of_revision(w: Work, workflow: str, revision: Revision) -> Iterator[str]:
    what = f"{workflow} {revision.subject_code}, version {revision.number}"
    if digest(revision.content) != revision.hash:
        yield f"{what}: the content that was kept was changed"
    said = digest(named(revision))
    noted = w.session.exec(
        select(Step.id).where(
            Step.workflow == workflow, Step.subject_code == revision.subject_code, Step.transition == KEEPING[workflow],
            Step.digest == said,
        )
    )  # fmt: skip
    if noted.first() is None:
        yield f"{what}: the journal knows no such content"
