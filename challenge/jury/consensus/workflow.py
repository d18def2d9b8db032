"""The life of a consensus, in one table."""

from __future__ import annotations

from typing import Any

from challenge.jury.consensus import facts, rules
from challenge.jury.consensus.models import Consensus, ConsensusMark
from challenge.jury.consensus.rules import WORKFLOW, is_moderator, runs_the_jury
from challenge.jury.consensus.states import ENDS, LABELS
from challenge.jury.consensus.states import ConsensusState as S
from challenge.jury.scale import shown
from challenge.jury.schemas import Reason
from challenge.kernel import revision
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.kernel.workflow import Transition as T  # noqa: N817 -- a table of them
from challenge.kernel.workflow import Workflow


def content_of(w: Work, consensus: Consensus) -> dict[str, Any]:
    """What it says, as it is kept each time it is put before the panel."""
    return {
        "moderator": consensus.moderator_id,
        "marks": {key: shown(mark.tenths) for key, mark in sorted(facts.marks(w, consensus).items())},
        "note": consensus.note,
        "statement": consensus.statement,
    }


def put_before(w: Work, consensus: Consensus, _given: object) -> dict[str, Any]:
    """The panel answers to what it says now."""
    return revision.named(revision.revise(w, WORKFLOW, consensus, content_of(w, consensus)))


def unanswered(w: Work, consensus: Consensus, _given: object) -> None:
    """Answers were given to what it said; they do not hold for what it will say."""
    for reply in facts.replies(w, consensus).values():
        w.session.delete(reply)


def agreed(w: Work, consensus: Consensus, _given: object) -> None:
    """From now on it is tested against the thresholds, and it ranks."""
    consensus.agreed_at = w.now


def begun_anew(w: Work, consensus: Consensus, _given: object) -> None:
    """A draft with the same content takes its place; what was agreed stays in the record."""
    marks = facts.marks(w, consensus)
    w.session.flush()
    kept = consensus.model_dump(
        include={"round_id", "round_code", "proposal_id", "gate", "moderator_id", "note", "statement"}
    )
    made = w.add(Consensus(**kept, saved_at=w.now))
    for mark in marks.values():
        scale = mark.model_dump(include={"criterion", "tenths", "max_tenths", "step_tenths"})
        w.add(ConsensusMark(consensus_id=made.id, **scale))
    w.note(WORKFLOW, made, "start")


LIVE = (S.DRAFT, S.PROPOSED, S.AGREED)
WHOLE = (rules.is_judged_now, rules.has_quorum, rules.is_complete)

# fmt: off
CONSENSUS = Workflow(WORKFLOW, S.DRAFT, ENDS, LABELS, (
    T("propose", (S.DRAFT,), S.PROPOSED, is_moderator, _("Put it to the panel"), WHOLE, effects=(put_before,),
      told=_("Put to the panel"), tone="primary"),
    T("take_back", (S.PROPOSED,), S.DRAFT, is_moderator, _("Change it"), (rules.is_judged_now,),
      effects=(unanswered,), told=_("Taken back to change it")),
    T("agree", (S.PROPOSED,), S.AGREED, is_moderator, _("Record as agreed"),
      (*WHOLE, rules.reaction_is_over, rules.everybody_answered, rules.most_confirm), effects=(agreed,),
      told=_("Consensus agreed"), tone="primary"),
    T("reopen", (S.AGREED,), S.SUPERSEDED, runs_the_jury, _("Open again"), (rules.is_judged_now,), asks=Reason,
      effects=(begun_anew,), keys=2, fresh=True, told=_("Consensus opened again"), tone="warning",
      warns=_("The panel agrees anew. What was agreed stays in the record and no longer counts.")),
    T("fall", LIVE, S.SUPERSEDED, runs_the_jury, _("Fall"), offered=False,
      told=_("No longer counts: a conflict of interest of somebody who took part")),
))
# fmt: on
