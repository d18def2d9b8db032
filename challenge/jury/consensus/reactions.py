"""The right to react: applicants read the comments without names and marks, and may answer once, in time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from challenge.jury.actions.pushing import locked
from challenge.jury.consensus import facts, queries
from challenge.jury.consensus.models import Reaction
from challenge.jury.consensus.schemas import WORDS_A_PAGE, ReactionIn
from challenge.jury.models import Review, Score
from challenge.jury.queries.conflicts import barred
from challenge.jury.rules import Titled
from challenge.jury.states import JUDGED
from challenge.kernel.ask import count_words
from challenge.kernel.errors import Forbidden, Invalid, Missing, Problem, Refused
from challenge.kernel.i18n import _, _n
from challenge.kernel.work import Work
from challenge.people.rules import is_coordinator
from challenge.proposals import content
from challenge.proposals import queries as proposals
from challenge.proposals import rules as of_proposals
from challenge.proposals.content import gate_of
from challenge.proposals.models import Proposal
from challenge.rounds import rules as rounds
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.rounds.states import Gate
from challenge.rounds.words import Moment

NONE_READY = Problem(
    "nothing_to_open",
    _("No proposal waits for this: comments are opened once enough reviews are in, and once for each proposal."),
)


def open_reactions(w: Work, round_: Round, gate: Gate) -> list[Reaction]:
    """Show the comments to the team of every proposal at the gate that is ready; all have the same time.

    Raises Forbidden, Refused. What the actor has a conflict of interest with waits for another coordinator.
    """
    if problem := is_coordinator(w, round_) or why_not_open(round_):
        raise Forbidden(problem) if problem.code == "may_not" else Refused(problem)
    found = ready(w, round_, gate)
    if not found or w.actor.id is None:
        raise Refused(NONE_READY)
    whole = (w.now + timedelta(days=rules_of(round_).reaction_days)).replace(minute=0, second=0, microsecond=0)
    made = []
    for proposal_id in [proposal.id for proposal in found]:
        proposal = locked(w, proposal_id)
        reaction = w.add(
            Reaction(
                round_id=round_.id, round_code=round_.code, proposal_id=proposal.id, gate=gate, opened_at=w.now,
                opened_by_id=w.actor.id, until=whole + timedelta(hours=1), comments=_comments(w, proposal, gate),
            )
        )  # fmt: skip
        proposal.reaction_until = reaction.until
        w.session.flush()
        w.note(content.WORKFLOW, proposal, "open_reaction", {"until": reaction.until.isoformat()})
        made.append(reaction)
    return made


def why_not_open(round_: Round) -> Problem | None:
    """Why there is no right to react, if so."""
    if rules_of(round_).reaction_days:
        return None
    return Problem("no_reaction", _("The rules of this round give no time to react to the reviews."))


def ready(w: Work, round_: Round, gate: Gate) -> list[Proposal]:
    """The proposals before the jury at the gate whose comments can be opened now, without those barred to the actor."""
    opened = select(Reaction.proposal_id).where(Reaction.round_id == round_.id, Reaction.gate == gate)
    waiting = w.session.exec(
        select(Proposal)
        .where(
            Proposal.round_id == round_.id, col(Proposal.state).in_(JUDGED), col(Proposal.id).not_in(opened),
            col(Proposal.id).not_in(barred(w, round_.id)),
        )
        .order_by(col(Proposal.id))
    ).all()  # fmt: skip
    enough = rules_of(round_).gates[gate].reviews
    return [one for one in waiting if gate_of(one) == gate and one.reviews_eligible >= enough]


def _comments(w: Work, proposal: Proposal, gate: Gate) -> list[dict[str, str]]:
    """Comments of reviews that count, by criterion, each time in another order that is nobody's."""
    reviews = {one.review_id: one.review_code for one in facts.members(w, proposal.id, gate)}
    said: dict[str, list[tuple[str, str]]] = {}
    for score in w.session.exec(select(Score).where(col(Score.review_id).in_(reviews), Score.comment != "")):
        said.setdefault(score.criterion, []).append((reviews[score.review_id], score.comment))
    for review in w.session.exec(select(Review).where(col(Review.id).in_(reviews), Review.comment != "")):
        said.setdefault("", []).append((review.code, review.comment))
    order = [criterion.key for criterion in facts.gate_rules(w, proposal, gate).criteria]
    return [
        {"criterion": key, "text": text}
        for key in (*order, "")
        for _place, text in sorted((_shuffled(proposal.code, key, code), text) for code, text in said.get(key, ()))
    ]


def _shuffled(*parts: str) -> str:
    return hashlib.sha256(":".join(parts).encode()).hexdigest()


def react(w: Work, proposal: Proposal, reaction: Reaction, given: ReactionIn) -> None:
    """The team's answer, once. Raises Forbidden, Refused, Invalid."""
    if problem := of_proposals.runs_team(w, proposal):
        raise Forbidden(problem)
    proposal = locked(w, proposal.id)
    w.session.refresh(reaction)
    if problem := why_not_react(w, reaction):
        raise Refused(problem)
    most = most_words(w, reaction)
    over = count_words(given.text) - most
    if over > 0:
        text = _n("One word too many. The most is %(most)s.", "%(n)s words too many. The most is %(most)s.", over,
                  most=most)  # fmt: skip
        raise Invalid(Problem("too_long", text, {"text": text}))
    reaction.text, reaction.answered_at, reaction.answered_by_id = given.text, w.now, w.actor.id
    proposal.reaction_until = w.now  # an answer is given once
    w.session.flush()
    w.note(content.WORKFLOW, proposal, "react")


def why_not_react(w: Work, reaction: Reaction) -> Problem | None:
    """Why the answer cannot be given now, if so: it was given, or the time and its grace are over."""
    round_ = w.session.get_one(Round, reaction.round_id)
    if reaction.answered_at is not None:
        return Problem("answered", _("Your team has answered already. An answer is given once."))
    if w.now < reaction.until + rounds.grace(round_):
        return None
    return Problem(
        "deadline_over", _("Answers were due %(at)s. The panel goes on without one.", at=Moment(reaction.until,
                                                                                              round_.zone))
    )  # fmt: skip


def most_words(w: Work, reaction: Reaction) -> int:
    """How long the answer may be."""
    return rules_of(w.session.get_one(Round, reaction.round_id)).reaction_pages * WORDS_A_PAGE


@dataclass(frozen=True, slots=True)
class Comments:
    """What was said about one criterion; the last are about the whole, without a criterion."""

    title: Any
    texts: tuple[str, ...]


def comments_of(w: Work, reaction: Reaction) -> list[Comments]:
    """The comments as they were opened, by criterion."""
    rules = rules_of(w.session.get_one(Round, reaction.round_id)).gates[reaction.gate]
    titles = {criterion.key: Titled(criterion.title) for criterion in rules.criteria}
    by_key: dict[str, list[str]] = {}
    for one in reaction.comments:
        by_key.setdefault(str(one.get("criterion", "")), []).append(str(one.get("text", "")))
    return [Comments(titles.get(key) or _("As a whole"), tuple(texts)) for key, texts in by_key.items()]


def of_team(w: Work, code: str) -> tuple[Proposal, Reaction]:
    """The comments last opened to a proposal's team: for the team, and for who runs or observes the round.

    Raises Missing.
    """
    proposal = proposals.visible(w, code)
    found = w.session.exec(
        select(Reaction).where(Reaction.proposal_id == proposal.id).order_by(col(Reaction.id).desc())
    ).first()
    if found is None or not (of_proposals.is_team(w, proposal) is None or queries.sees_as_insider(w, proposal)):
        raise Missing
    return proposal, found
