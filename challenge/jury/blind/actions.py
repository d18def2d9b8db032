"""Preparing a copy without names: words, files, and the confirmation that opens it to jurors."""

from __future__ import annotations

from sqlmodel import col, select

from challenge.jury.blind import copies
from challenge.jury.blind.copies import WORKFLOW, Prepared
from challenge.jury.blind.models import RedactedCopy
from challenge.jury.blind.names import marker
from challenge.jury.blind.schemas import Names, lines_of
from challenge.jury.queries.reviews import runs_round
from challenge.kernel import attachment, revision
from challenge.kernel.attachment import Attachment, Stored
from challenge.kernel.errors import Forbidden, Missing, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people.rules import may_not
from challenge.policy.redaction import BAR, copy_of
from challenge.proposals import content
from challenge.proposals import queries as proposals
from challenge.proposals import rules as proposal_rules
from challenge.proposals.models import Proposal

NOT_BLIND = Problem(
    "not_blind", _("At this gate jurors read the proposal itself. A copy without names is made only where they do not.")
)
NO_VERSION = Problem("no_version", _("There is no submitted version yet: a copy is made of what was submitted."))
STALE = Problem(
    "copy_changed", _("Somebody changed this copy in the meantime. Read it once more, then confirm what you have read.")
)
CONFIRMED = Problem(
    "copy_confirmed", _("The coordinators have confirmed this copy. Write to them if a name is still to be read in it.")
)


def of_proposal(w: Work, code: str) -> Proposal:
    """A proposal whose copy the actor may see: as its team, or as coordinator or observer who judges nothing there.

    Raises Missing.
    """
    found = proposals.visible(w, code)
    if proposal_rules.role_in_team(w, found) is None and not runs(w, found):
        raise Missing
    return found


def runs(w: Work, proposal: Proposal) -> bool:
    """Whether the actor coordinates or observes its round and judges nothing there."""
    held = select(Proposal.id).where(Proposal.id == proposal.id, runs_round(w, col(Proposal.round_id)))
    return w.session.exec(held).first() is not None


def why_not_confirm(w: Work, proposal: Proposal) -> Problem | None:
    """A coordinator without a conflict who judges nothing in the round."""
    if problem := proposal_rules.is_coordinator(w, proposal):
        return problem
    return None if runs(w, proposal) else may_not(_("Whoever judges in this round does not prepare its copies."))


def why_not_prepare(w: Work, proposal: Proposal) -> Problem | None:
    """A coordinator; the team too, as long as the copy is not confirmed."""
    if (problem := why_not_confirm(w, proposal)) is None:
        return None
    if proposal_rules.may_write(w, proposal) is not None:
        return problem
    return CONFIRMED if copies.confirmed(w, proposal.id, proposal.revision) else None


def set_names(w: Work, proposal: Proposal, given: Names) -> RedactedCopy:
    """Keep the words. A copy that was confirmed is closed to jurors until it is confirmed again."""
    copy = _opened(w, proposal)
    copy.words, copy.spared = lines_of(given.words), lines_of(given.spared)
    _changed(w, copy, "name_words", {"words": len(copy.words), "spared": len(copy.spared)})
    return copy


def put_file(w: Work, proposal: Proposal, sha256: str, stored: Stored) -> Attachment:
    """A file without names stands for one of the version. ``stored`` carries no name and no properties."""
    copy = _opened(w, proposal)
    original(w, proposal, sha256)
    _drop(w, proposal, copy, sha256)
    made = attachment.attach(w, WORKFLOW, proposal, stored)
    copy.files = {**copy.files, sha256: made.code}
    _changed(w, copy, "show_file", {"sha256": sha256})
    return made


def drop_file(w: Work, proposal: Proposal, sha256: str) -> None:
    """Jurors do not see this file any more."""
    copy = _opened(w, proposal)
    _drop(w, proposal, copy, sha256)
    _changed(w, copy, "hide_file", {"sha256": sha256})


def _drop(w: Work, proposal: Proposal, copy: RedactedCopy, sha256: str) -> None:
    code = copy.files.get(sha256)
    for file in copies.shown_files(w, proposal, copy):
        if file.code == code:
            attachment.remove(w, WORKFLOW, proposal, file)
    copy.files = {key: value for key, value in copy.files.items() if key != sha256}


def confirm(w: Work, proposal: Proposal, version: int | None) -> RedactedCopy:
    """Open the copy to jurors as it was read: names that are known by now are marked too. Raises Refused, Forbidden."""
    if problem := why_not_confirm(w, proposal):
        raise Forbidden(problem)
    before = _blind_version(w, proposal)
    if version not in (None, before.copy.version if before.copy else 0):
        raise Refused(STALE)
    kept = revision.at(w, content.WORKFLOW, proposal.code, before.number)
    copy = before.copy or _made(w, proposal, before)
    mark = marker(w, proposal, copy.words, copy.spared)
    copy.content = copy_of(kept.content if kept else {}, mark)
    copy.title, copy.marked = copy.content["title"], mark.count
    copy.confirmed_at, copy.confirmed_by_id = w.now, w.actor.id
    w.note(
        WORKFLOW,
        copy,
        "confirm_copy",
        {"proposal": proposal.code, "number": copy.revision_number, "marked": mark.count},
    )
    return copy


def _blind_version(w: Work, proposal: Proposal) -> Prepared:
    if not copies.stands_blind(w, proposal):
        raise Refused(NOT_BLIND)
    found = copies.prepared(w, proposal)
    if found is None:
        raise Refused(NO_VERSION)
    return found


def _opened(w: Work, proposal: Proposal) -> RedactedCopy:
    if problem := why_not_prepare(w, proposal):
        raise Refused(problem) if problem is CONFIRMED else Forbidden(problem)
    before = _blind_version(w, proposal)
    return before.copy or _made(w, proposal, before)


def _made(w: Work, proposal: Proposal, before: Prepared) -> RedactedCopy:
    return w.add(
        RedactedCopy(
            round_id=proposal.round_id, round_code=proposal.round_code, proposal_id=proposal.id,
            revision_number=before.number, words=list(before.words), spared=list(before.spared),
        )
    )  # fmt: skip


def _changed(w: Work, copy: RedactedCopy, act: str, given: dict[str, int | str]) -> None:
    if copy.confirmed_at is not None:
        copy.title, copy.content, copy.marked = BAR, {}, 0
    copy.confirmed_at, copy.confirmed_by_id = None, None
    w.session.flush()
    w.note(WORKFLOW, copy, act, given)


def original(w: Work, proposal: Proposal, sha256: str) -> Attachment:
    """A file of the version before the jury. Raises Missing."""
    found = copies.prepared(w, proposal)
    for choice in found.files if found else ():
        if choice.file.sha256 == sha256:
            return choice.file
    raise Missing
