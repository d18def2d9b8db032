"""Asking a rule before an act that is not a transition: 403 for the person, 409 for the thing and the clock."""

from __future__ import annotations

from challenge.kernel.errors import Forbidden, Invalid, Problem, Refused
from challenge.kernel.i18n import Text
from challenge.kernel.work import Work
from challenge.people.rules import Rule
from challenge.proposals.models import Proposal


def permit(w: Work, proposal: Proposal, *who: Rule) -> None:
    """The actor is the one to do this. Raises Forbidden."""
    for rule in who:
        if problem := rule(w, proposal):
            raise Forbidden(problem)


def require(w: Work, proposal: Proposal, *guards: Rule) -> None:
    """The proposal and the clock allow it. Raises Refused."""
    for guard in guards:
        if problem := guard(w, proposal):
            raise Refused(problem)


def invalid(code: str, field: str, text: Text) -> Invalid:
    """An answer that cannot be taken, said at its field."""
    return Invalid(Problem(code, text, {field: text}))
