"""The life of a review and of a conflict of interest: one table each."""

from __future__ import annotations

from typing import Any

from challenge.jury import rules
from challenge.jury.models import Conflict, Review
from challenge.jury.rules import WORKFLOW, decides_on_conflict, is_the_juror, is_the_person, runs_the_jury
from challenge.jury.scale import shown
from challenge.jury.schemas import NoReason, Reason, Reopening, Stepping
from challenge.jury.states import CONFLICT_ENDS, CONFLICT_LABELS, ENDS, LABELS
from challenge.jury.states import ConflictState as C
from challenge.jury.states import ReviewState as S
from challenge.kernel import revision
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.kernel.workflow import Transition as T  # noqa: N817 -- a table of them
from challenge.kernel.workflow import Workflow


def content_of(w: Work, review: Review) -> dict[str, Any]:
    """What a review says, as it is kept at each submit."""
    return {
        "proposal_revision": review.revision_number,
        "marks": {
            key: {"mark": None if score.tenths is None else shown(score.tenths), "comment": score.comment}
            for key, score in sorted(rules.scores_of(w, review).items())
        },
        "comment": review.comment,
        "confidence": review.confidence,
    }


def handed_in(w: Work, review: Review, _given: object) -> dict[str, Any]:
    """Stamp it and keep what it says now; an earlier content stays as it was."""
    review.submitted_at = w.now
    return revision.named(revision.revise(w, WORKFLOW, review, content_of(w, review)))


def open_until(w: Work, review: Review, given: Reopening) -> None:
    """A later due date where one is given."""
    due = rules.due_at(w, review)
    if given.until is not None and (due is None or given.until > due):
        review.due_at = given.until


def asked_anew(_w: Work, review: Review, _given: object) -> None:
    """Given once more to the same juror: what was done is not counted as done."""
    review.submitted_at = None


def decided(w: Work, conflict: Conflict, _given: object) -> None:
    """Who confirmed or lifted it, and when."""
    conflict.decided_at, conflict.decided_by_id = w.now, w.actor.id


def lifted_because(w: Work, conflict: Conflict, given: Reason) -> None:
    """Why it no longer excludes."""
    conflict.lift_reason = given.reason
    decided(w, conflict, given)


HELD = (rules.has_accepted, rules.has_no_conflict, rules.is_judged_now, rules.can_be_read, rules.is_in_time)
FROM_ANY = (S.ASSIGNED, S.DECLARED, S.DRAFT, S.SUBMITTED, S.REOPENED)

# fmt: off
REVIEW = Workflow(WORKFLOW, S.ASSIGNED, ENDS, LABELS, (
    T("declare", (S.ASSIGNED,), S.DECLARED, is_the_juror, _("I have no conflict of interest"),
      (*HELD, rules.has_marked_common_item),
      told=_("No conflict of interest declared"), tone="primary"),
    T("begin", (S.DECLARED,), S.DRAFT, is_the_juror, _("Begin"), HELD, offered=False, told=_("Scoring begun")),
    T("submit", (S.DRAFT, S.REOPENED), S.SUBMITTED, is_the_juror, _("Submit review"),
      (*HELD, rules.is_of_the_latest_version, rules.is_complete), effects=(handed_in,), told=_("Review submitted"),
      tone="primary"),
    T("reopen", (S.SUBMITTED,), S.REOPENED, runs_the_jury, _("Reopen"), (rules.has_no_conflict, rules.is_judged_now),
      asks=Reopening, effects=(open_until,), keys=2, fresh=True, told=_("Review reopened"), tone="warning",
      warns=_("The juror can change the marks again. What was submitted stays in the record.")),
    T("recuse", FROM_ANY, S.RECUSED, is_the_juror, _("Step aside"), asks=Stepping, told=_("Juror stepped aside"),
      tone="warning",
      warns=_("You will not see this proposal any more, and marks you gave count nowhere. This cannot be taken back.")),
    T("release", (S.ASSIGNED, S.DECLARED, S.DRAFT, S.REOPENED), S.RELEASED, runs_the_jury, _("Release"),
      asks=NoReason, told=_("Juror released")),
    T("reinstate", (S.RELEASED, S.RECUSED), S.ASSIGNED, runs_the_jury, _("Assign again"),
      (rules.has_no_conflict, rules.is_judged_now), effects=(asked_anew,), offered=False,
      told=_("Assigned again")),
))

CONFLICT = Workflow("conflict", C.INFERRED, CONFLICT_ENDS, CONFLICT_LABELS, (
    T("declare", (C.INFERRED,), C.DECLARED, is_the_person, _("Declare"), offered=False,
      told=_("Conflict declared")),
    T("confirm", (C.DECLARED, C.INFERRED), C.CONFIRMED, decides_on_conflict, _("Confirm"), effects=(decided,),
      told=_("Conflict confirmed")),
    T("lift", (C.DECLARED, C.INFERRED, C.CONFIRMED), C.LIFTED, decides_on_conflict, _("Lift"), asks=Reason,
      effects=(lifted_because,), told=_("Conflict lifted"), tone="warning",
      warns=_("This person may then read and judge the proposal. Your name and reason stay in the record.")),
))
# fmt: on
