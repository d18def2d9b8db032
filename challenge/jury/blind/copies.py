"""Which copy stands for which version, and what jurors may be told a proposal is called."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlalchemy import select as sa_select
from sqlmodel import col, select

from challenge.jury.blind.models import RedactedCopy
from challenge.jury.blind.names import known_names, marker
from challenge.jury.states import JUDGED
from challenge.kernel import attachment, revision
from challenge.kernel.attachment import Attachment
from challenge.kernel.once import once
from challenge.kernel.work import Work
from challenge.policy.redaction import BAR, Marker, copy_of
from challenge.proposals import content
from challenge.proposals.content import gate_of
from challenge.proposals.models import Proposal
from challenge.rounds.queries import get, rules_of
from challenge.rounds.schemas import Rules
from challenge.rounds.states import Blind, Gate

WORKFLOW = "redacted_copy"


def is_blind(rules: Rules, gate: Gate) -> bool:
    """Whether jurors read without names at this gate."""
    return rules.gates[gate].blind is Blind.DOUBLE_BLIND


def stands_blind(w: Work, proposal: Proposal) -> bool:
    """Whether the proposal is before a jury that reads without names."""
    rules = rules_of(get(w, proposal.round_id))
    return proposal.state in JUDGED and is_blind(rules, gate_of(proposal))


@once
def of_version(w: Work, proposal_id: int, number: int) -> RedactedCopy | None:
    """The copy of a version, confirmed or not."""
    return w.session.exec(
        select(RedactedCopy).where(RedactedCopy.proposal_id == proposal_id, RedactedCopy.revision_number == number)
    ).first()


def confirmed(w: Work, proposal_id: int, number: int) -> RedactedCopy | None:
    """The copy of a version, once it is confirmed."""
    found = of_version(w, proposal_id, number)
    return found if found is not None and found.confirmed_at is not None else None


def earlier(w: Work, proposal_id: int) -> RedactedCopy | None:
    """The newest copy of any version: what was added and spared there holds for the next."""
    return w.session.exec(
        select(RedactedCopy)
        .where(RedactedCopy.proposal_id == proposal_id)
        .order_by(col(RedactedCopy.revision_number).desc())
        .limit(1)
    ).first()


def confirmed_among(w: Work, proposal_ids: Collection[int]) -> frozenset[int]:
    """Those whose version before the jury has its copy."""
    found = w.session.exec(
        select(Proposal.id).where(
            col(Proposal.id).in_(proposal_ids),
            RedactedCopy.proposal_id == Proposal.id,
            RedactedCopy.revision_number == Proposal.revision,
            col(RedactedCopy.confirmed_at).is_not(None),
        )
    )
    return frozenset(found)


def titles(w: Work, proposal_ids: Collection[int]) -> dict[int, str]:
    """Proposal id → its title without names, for all that are asked for; a bar where nothing is confirmed."""
    if not proposal_ids:
        return {}
    rows = w.session.execute(
        sa_select(col(RedactedCopy.proposal_id), col(RedactedCopy.title))
        .where(col(RedactedCopy.proposal_id).in_(proposal_ids), col(RedactedCopy.title) != "")
        .order_by(col(RedactedCopy.revision_number))
    )
    return dict.fromkeys(proposal_ids, BAR) | dict(rows.all())


def title_for_jurors(proposal_id: Any, title: Any) -> ColumnElement[str]:
    """The title a juror is told, as a column: the copy's where there is a copy."""
    newest = (
        select(RedactedCopy.title)
        .where(RedactedCopy.proposal_id == proposal_id, RedactedCopy.title != "")
        .order_by(col(RedactedCopy.revision_number).desc())
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(newest, title)


def title_at(w: Work, proposal: Proposal, gate: Gate) -> str:
    """What a juror at this gate is told the proposal is called."""
    rules = rules_of(get(w, proposal.round_id))
    return titles(w, [proposal.id])[proposal.id] if is_blind(rules, gate) else proposal.title


def marks_for_jurors(w: Work, proposal: Proposal, gate: Gate) -> Marker | None:
    """Marks the names in what a juror at this gate is told of the proposal otherwise; None where names are open."""
    if not is_blind(rules_of(get(w, proposal.round_id)), gate):
        return None
    last = earlier(w, proposal.id)
    return marker(w, proposal, last.words, last.spared) if last else marker(w, proposal)


# One copy as it would be


@dataclass(frozen=True, slots=True)
class FileChoice:
    """A file of the version, and what stands for it in the copy, if anything."""

    file: Attachment
    shown: Attachment | None


@dataclass(frozen=True, slots=True)
class Prepared:
    """The copy of the version before the jury: as it is confirmed, else as it would be now."""

    number: int
    copy: RedactedCopy | None
    content: Mapping[str, Any]
    marked: int
    words: tuple[str, ...]
    spared: tuple[str, ...]
    known: tuple[str, ...]
    files: tuple[FileChoice, ...]

    @property
    def is_confirmed(self) -> bool:
        """Whether jurors may read it."""
        return self.copy is not None and self.copy.confirmed_at is not None


def prepared(w: Work, proposal: Proposal) -> Prepared | None:
    """None where no version is kept yet: there is nothing to copy."""
    kept = revision.at(w, content.WORKFLOW, proposal.code, proposal.revision) if proposal.revision else None
    if kept is None:
        return None
    copy = of_version(w, proposal.id, kept.number)
    last = copy or earlier(w, proposal.id)
    words, spared = (tuple(last.words), tuple(last.spared)) if last else ((), ())
    if copy is not None and copy.confirmed_at is not None:
        shown, marked = copy.content, copy.marked
    else:
        mark = marker(w, proposal, words, spared)
        shown = copy_of(kept.content, mark)
        marked = mark.count
    return Prepared(
        kept.number, copy, shown, marked, words, spared, tuple(known_names(w, proposal)),
        tuple(_files(w, proposal, kept.content.get("files", []), copy)),
    )  # fmt: skip


def _files(w: Work, proposal: Proposal, hashes: list[str], copy: RedactedCopy | None) -> list[FileChoice]:
    instead = {one.code: one for one in shown_files(w, proposal, copy)} if copy else {}
    rows = w.session.exec(
        select(Attachment)
        .where(
            Attachment.workflow == content.WORKFLOW, Attachment.subject_code == proposal.code,
            col(Attachment.sha256).in_(hashes),
        )
        .order_by(col(Attachment.id))
    )  # fmt: skip
    originals = {file.sha256: file for file in rows}
    return [
        FileChoice(file, instead.get(copy.files.get(file.sha256, "")) if copy else None)
        for file in sorted(originals.values(), key=lambda file: file.name)
    ]


def shown_files(w: Work, proposal: Proposal, copy: RedactedCopy) -> list[Attachment]:
    """The files of a copy: under names that say nothing, without what programs write into them."""
    codes = set(copy.files.values())
    return [file for file in attachment.of(w, WORKFLOW, proposal.code) if file.code in codes]
