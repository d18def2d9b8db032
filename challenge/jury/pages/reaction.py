"""The comments of the jury as a team reads them before the panel agrees, and the team's one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.templates import Deadline
from challenge.http.work import WebWork, work
from challenge.jury.blind import copies
from challenge.jury.consensus import facts, reactions
from challenge.jury.consensus.schemas import ReactionIn
from challenge.kernel.errors import Invalid, Refused
from challenge.kernel.i18n import _
from challenge.people.queries import names
from challenge.proposals.rules import is_team, runs_team
from challenge.rounds.queries import rules_of
from challenge.rounds.states import GATES

if TYPE_CHECKING:
    from challenge.jury.consensus.models import Reaction
    from challenge.proposals.models import Proposal

router = APIRouter(include_in_schema=False)


@router.get("/proposals/{code}/reaction")
def show(request: Request, code: str) -> Response:
    """The comments, by when to answer, and the answer once it is given."""
    with work(request) as w:
        return _show(w, *reactions.of_team(w, code))


@router.post("/proposals/{code}/reaction")
def react(request: Request, code: str, sent: Sent) -> Response:
    """Answer, once."""
    with work(request) as w:
        proposal, reaction = reactions.of_team(w, code)
        form = Form.sent(ReactionIn, sent)
        if not form.valid:
            return _show(w, proposal, reaction, form, status=422)
        try:
            reactions.react(w, proposal, reaction, form.value)
        except Invalid as refusal:
            form.say_problem(refusal.problem)
            return _show(w, proposal, reaction, form, status=422)
        except Refused:
            return _show(w, proposal, reaction, form, status=409)  # what was typed stays
        return see_other(w, f"/proposals/{code}/reaction", say=_("Your answer is with the panel."))


def _show(
    w: WebWork, proposal: Proposal, reaction: Reaction, form: Form[ReactionIn] | None = None, status: int = 200
) -> Response:
    round_ = facts.round_of(w, reaction)
    answers = is_team(w, proposal) is None
    return page(
        w, "jury/reaction.html", status=status, proposal=proposal, round=round_, reaction=reaction,
        gate_word=GATES[reaction.gate], comments=reactions.comments_of(w, reaction), form=form or Form(ReactionIn),
        typed=form is not None, problem=reactions.why_not_react(w, reaction), is_team=answers,
        may_answer=runs_team(w, proposal) is None, most=reactions.most_words(w, reaction),
        pages=rules_of(round_).reaction_pages, is_blind=copies.is_blind(rules_of(round_), reaction.gate),
        by=names(w, [reaction.answered_by_id]).get(reaction.answered_by_id or 0, ""),
        due=Deadline(str(_("Your answer is due")), reaction.until, round_.zone, w.now, rules_of(round_).grace_seconds),
    )  # fmt: skip
