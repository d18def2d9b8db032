"""What cities that are new can learn from: links the coordinators of a round keep, in their order."""

from __future__ import annotations

from sqlmodel import col, func, select

from challenge.kernel.errors import Forbidden, Missing, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people.rules import is_coordinator
from challenge.rounds.asks import LinkIn
from challenge.rounds.document import WORKFLOW
from challenge.rounds.models import LearningLink, Round

MOST = 50


def links(w: Work, round_: Round) -> list[LearningLink]:
    """All of a round in their order."""
    rows = select(LearningLink).where(LearningLink.round_id == round_.id)
    return list(w.session.exec(rows.order_by(col(LearningLink.place), col(LearningLink.id))))


def add_link(w: Work, round_: Round, given: LinkIn) -> LearningLink:
    """One more, at the end. Raises Forbidden, Refused."""
    if problem := is_coordinator(w, round_):
        raise Forbidden(problem)
    of_round = LearningLink.round_id == round_.id
    count = w.session.exec(select(func.count(col(LearningLink.id))).where(of_round)).one()
    if count >= MOST:
        raise Refused(Problem("many_links", _("There are %(most)s links already. Remove one first.", most=MOST)))
    last = w.session.exec(select(func.max(LearningLink.place)).where(of_round)).one()
    made = w.add(LearningLink(round_id=round_.id, round_code=round_.code, place=(last or 0) + 1, **given.model_dump()))
    w.note(WORKFLOW, round_, "add_link", {"title": given.title})
    return made


def _own(w: Work, round_: Round, code: str) -> LearningLink:
    if problem := is_coordinator(w, round_):
        raise Forbidden(problem)
    found = next((link for link in links(w, round_) if link.code == code), None)
    if found is None:
        raise Missing
    return found


def remove_link(w: Work, round_: Round, code: str) -> None:
    """It is not recommended any more. Raises Forbidden, Missing."""
    found = _own(w, round_, code)
    w.session.delete(found)
    w.session.flush()
    w.note(WORKFLOW, round_, "remove_link", {"title": found.title})


def move_link_up(w: Work, round_: Round, code: str) -> None:
    """Before the one it follows. Raises Forbidden, Missing."""
    found, every = _own(w, round_, code), links(w, round_)
    at = every.index(found)
    if at > 0:
        every[at - 1], every[at] = every[at], every[at - 1]
    for place, link in enumerate(every, 1):
        link.place = place
    w.session.flush()
    w.note(WORKFLOW, round_, "order_links")
