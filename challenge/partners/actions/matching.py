"""Matching a whole round: asked for here, computed between two units of work; what a coordinator ticks is sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from challenge.kernel import computing
from challenge.kernel.errors import Forbidden, Problem, Refusal, Refused
from challenge.kernel.i18n import Text, _
from challenge.kernel.journal import digest
from challenge.kernel.work import Work
from challenge.partners import queries
from challenge.partners.actions.inviting import invite
from challenge.partners.models import Matching
from challenge.partners.schemas import InvitationIn, InvitationsIn
from challenge.partners.states import MatchingState
from challenge.people import rules as people
from challenge.proposals import queries as proposals
from challenge.rounds.models import Round
from challenge.rounds.states import CityRole


def ask_for_matching(w: Work, round_: Round) -> Matching:
    """Have it computed who could work with whom. Raises Forbidden, Refused."""
    if (problem := people.is_coordinator(w, round_)) or w.actor.id is None:
        raise Forbidden(problem or people.may_not(_("Sign in to do this.")))
    inputs = queries.inputs(w, round_)
    if not inputs["proposals"]:
        raise Refused(Problem("nobody_lacks", _("No proposal that is being written lacks a city.")))
    if not inputs["cities"]:
        raise Refused(Problem("no_cities", _("Nobody of a city is here yet. Invite people of cities first.")))
    made = w.add(Matching(round_id=round_.id, round_code=round_.code, by_id=w.actor.id, inputs=inputs))
    w.note("round", round_, "match_partners", {"inputs": digest(inputs)})
    return made


def claim_matching(w: Work) -> Matching | None:
    """The one that has waited longest, held for a while; None when none waits."""
    return computing.claim(w, Matching)


def keep_matching(w: Work, key: int, state: MatchingState, result: dict[str, Any]) -> None:
    """Write down what was computed; nothing when another node was quicker."""
    computing.finish(w, Matching, key, state=state, result=result)


@dataclass(frozen=True, slots=True)
class Sent:
    """How many invitations were sent, and which were not: title, city and why."""

    done: int
    refused: tuple[tuple[str, str, Text], ...]


def invite_all(w: Work, round_: Round, pairs: Iterable[tuple[str, str]], given: InvitationsIn) -> Sent:
    """Invite the city of each pair (proposal, city) to it. What may not be is told and the others are sent."""
    if problem := people.is_coordinator(w, round_):
        raise Forbidden(problem)
    done, refused = 0, []
    for proposal_code, city in pairs:
        proposal = proposals.visible(w, proposal_code)
        one = InvitationIn(role=CityRole.PILOT, message=given.message, answer_by=given.answer_by)
        try:
            invite(w, proposal, city, one)
        except Refusal as why:
            refused.append((proposal.title, city, next(iter(why.problem.fields.values()), why.problem.text)))
        else:
            done += 1
    return Sent(done, tuple(refused))
