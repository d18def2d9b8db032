"""Suggestions of who reads what: asked for here, computed between two units of work, applied by ``assign_all``."""

from __future__ import annotations

from typing import Any

from challenge.jury import queries
from challenge.jury.actions.conflicts import infer
from challenge.jury.actions.pushing import lock_all
from challenge.jury.models import Suggestion
from challenge.jury.schemas import Suggesting
from challenge.jury.states import SuggestionState
from challenge.kernel import computing
from challenge.kernel.errors import Forbidden, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.journal import digest
from challenge.kernel.work import Work
from challenge.people import rules as people
from challenge.rounds.models import Round
from challenge.rounds.states import Gate


def ask_for_suggestion(w: Work, round_: Round, gate: Gate, asked: Suggesting | None = None) -> Suggestion:
    """Have it computed who could write the missing reviews; looks for conflicts first. Raises Forbidden, Refused.

    What has begun stays; what was assigned and has not begun moves only where the reviews cannot be had otherwise.
    """
    if problem := people.is_coordinator(w, round_):
        raise Forbidden(problem)
    lock_all(w, round_)
    infer(w, round_)
    inputs = queries.inputs(w, round_, gate, asked or Suggesting())
    if not inputs["missing"]:
        raise Refused(Problem("nothing_missing", _("Every proposal you may see here has its reviews.")))
    if not inputs["jurors"]:
        raise Refused(Problem("no_jurors", _("Nobody is on the panel yet. Invite jurors first.")))
    if w.actor.id is None:
        raise Forbidden(people.may_not(_("Sign in to do this.")))
    made = w.add(
        Suggestion(round_id=round_.id, round_code=round_.code, gate=gate, by_id=w.actor.id, inputs=inputs)
    )  # fmt: skip
    w.note("round", round_, "suggest_assignment", {"gate": str(gate), "inputs": digest(inputs)})
    return made


def claim_suggestion(w: Work) -> Suggestion | None:
    """The one that has waited longest, held until the lease ends; None when none waits."""
    return computing.claim(w, Suggestion)


def keep_suggestion(w: Work, suggestion_id: int, state: SuggestionState, result: dict[str, Any]) -> None:
    """Write down what was computed; nothing when another node was quicker."""
    computing.finish(w, Suggestion, suggestion_id, state=state, result=result)
