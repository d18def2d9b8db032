"""Why not, for reviews and conflicts. *Who* asks about the person; guards ask about the review and the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, select

from challenge.jury.blind import copies
from challenge.jury.common import queries as common
from challenge.jury.models import Conflict, Juror, Review, Score
from challenge.jury.states import JUDGED, LIVE, ConflictState, ReviewState
from challenge.kernel.errors import Problem, Remedy
from challenge.kernel.i18n import Text, _, _n
from challenge.kernel.once import once
from challenge.kernel.work import Work
from challenge.people import rules as people
from challenge.people.rules import all_of, may_not
from challenge.proposals.content import gate_of
from challenge.proposals.models import Proposal
from challenge.rounds import queries as round_queries
from challenge.rounds import rules as rounds
from challenge.rounds.models import Round
from challenge.rounds.schemas import GateRules, Rules
from challenge.rounds.states import Gate, WindowName
from challenge.rounds.words import Moment

WORKFLOW = "review"
NO_COPY = Problem(
    "no_copy",
    _("Jurors read without names here, and the copy of this version is not confirmed yet. A coordinator does that"
      " under “What jurors will read”."),
)  # fmt: skip


# What a review belongs to (the identity map makes these free once the record is loaded)


def juror_of(w: Work, review: Review) -> Juror:
    """The juror it is assigned to."""
    return w.session.get_one(Juror, review.juror_id)


def proposal_of(w: Work, review: Review) -> Proposal:
    """The proposal it judges."""
    return w.session.get_one(Proposal, review.proposal_id)


def round_of(w: Work, record: Review | Proposal | Conflict | Juror) -> Round:
    """The round it belongs to."""
    return round_queries.get(w, record.round_id)


def rules_of(w: Work, record: Review | Proposal | Conflict | Juror) -> Rules:
    """The rules of its round."""
    return round_queries.rules_of(round_of(w, record))


def gate_rules(w: Work, review: Review) -> GateRules:
    """The rules of the gate it judges at."""
    return rules_of(w, review).gates[review.gate]


@once
def scores_of(w: Work, review: Review) -> dict[str, Score]:
    """Its marks by criterion, drafts too."""
    return {score.criterion: score for score in w.session.exec(select(Score).where(Score.review_id == review.id))}


@once
def has_live_conflict(w: Work, person_id: int | None, proposal_id: int) -> bool:
    """Whether a conflict that is not lifted stands between them."""
    found = w.session.exec(
        select(Conflict.id).where(
            Conflict.person_id == person_id,
            Conflict.proposal_id == proposal_id,
            Conflict.state != ConflictState.LIFTED,
        )
    ).first()
    return found is not None


# Who


def is_the_juror(w: Work, review: Review) -> Problem | None:
    """The juror of this review."""
    held = juror_of(w, review).person_id == w.actor.id
    return None if held else may_not(_("Only the juror of this review can do this."))


def is_free_of_conflict(w: Work, record: Review | Conflict) -> Problem | None:
    """Nobody decides on a proposal they have a conflict of interest with."""
    if has_live_conflict(w, w.actor.id, record.proposal_id):
        return may_not(_("You have a conflict of interest here. Another coordinator can do this."))
    return None


def is_not_oneself(w: Work, conflict: Conflict) -> Problem | None:
    """Nobody decides on their own conflict."""
    held = conflict.person_id == w.actor.id
    return may_not(_("This is about yourself. Another coordinator can do this.")) if held else None


def is_the_person(w: Work, conflict: Conflict) -> Problem | None:
    """The person the conflict is about."""
    held = conflict.person_id == w.actor.id
    return None if held else may_not(_("Only the person concerned can do this."))


runs_the_jury = all_of(people.is_coordinator, is_free_of_conflict)
decides_on_conflict = all_of(people.is_coordinator, is_not_oneself)


# Guards


IN_CONFLICT = Problem("conflict", _("The juror has a conflict of interest here. A coordinator can lift it."))


def has_accepted(w: Work, review: Review) -> Problem | None:
    """The juror accepted contract and confidentiality and is still on the panel."""
    juror = juror_of(w, review)
    if juror.left_at is not None or juror.declined_at is not None:
        return Problem("not_on_panel", _("This juror is not on the panel. A coordinator can invite again."))
    if juror.accepted_at is None:
        return Problem("not_accepted", _("The juror must accept the contract and confidentiality first."))
    return None


def has_no_conflict(w: Work, review: Review) -> Problem | None:
    """No conflict of interest between the juror and the proposal, unless a coordinator lifted it."""
    return IN_CONFLICT if has_live_conflict(w, juror_of(w, review).person_id, review.proposal_id) else None


def is_judged_now(w: Work, review: Review) -> Problem | None:
    """The proposal stands before the jury at this gate."""
    proposal = proposal_of(w, review)
    if proposal.state in JUDGED and gate_of(proposal) == review.gate:
        return None
    return Problem("not_judged_now", _("The proposal is not before the jury at this gate now."))


def due_at(w: Work, review: Review) -> datetime | None:
    """When the review is due: its own date, else the jury window's close; an extension when it is later."""
    closes_at = review.due_at
    if closes_at is None:
        window = rounds.window(w, review.round_id, WindowName.JURY)
        closes_at = window.closes_at if window else None
    until = rounds.extended_until(w, review, WORKFLOW)
    return max((date for date in (closes_at, until) if date is not None), default=None)


def is_blind(w: Work, review: Review) -> bool:
    """Whether its juror reads a copy without names."""
    return copies.is_blind(rules_of(w, review), review.gate)


def version_read(w: Work, review: Review) -> int:
    """The version its juror reads: what stands before the jury, and once handed in what was read then."""
    is_fixed = review.state is ReviewState.SUBMITTED and review.revision_number
    return review.revision_number if is_fixed and review.revision_number else proposal_of(w, review).revision


def can_be_read(w: Work, review: Review) -> Problem | None:
    """Where neither side may know the other: the copy without names is confirmed."""
    if not is_blind(w, review):
        return None
    return None if copies.confirmed(w, review.proposal_id, version_read(w, review)) else NO_COPY


def has_marked_common_item(w: Work, review: Review) -> Problem | None:
    """Where the gate has an item everybody marks, it comes before the first proposal."""
    if not common.waits_for(w, juror_of(w, review), review.gate):
        return None
    return Problem(
        "common_first",
        _("Mark the common item of this gate first: everybody on the panel does, before the first review."),
        remedy=Remedy(_("Go to the common item"), f"/rounds/{review.round_code}/common"),
    )


def is_in_time(w: Work, review: Review) -> Problem | None:
    """Before the due date and grace. Where the round has no date for the jury there is nothing to miss."""
    due, round_ = due_at(w, review), round_of(w, review)
    if due is None or w.now < due + rounds.grace(round_):
        return None
    return Problem(
        "deadline_over",
        _("Reviews were due %(at)s. Only the coordinators can give more time.", at=Moment(due, round_.zone)),
    )


def is_of_the_latest_version(w: Work, review: Review) -> Problem | None:
    """What was read is what stands before the jury."""
    newest = proposal_of(w, review).revision
    if review.revision_number == newest:
        return None
    return Problem(
        "newer_version",
        _("The proposal has a newer version (%(number)s). Read what changed and save your scores.", number=newest),
    )


def is_complete(w: Work, review: Review) -> Problem | None:
    """A mark and a comment for each criterion of the gate; the problem names what is missing."""
    lacks = lacking(w, review)
    if not lacks:
        return None
    return Problem(
        "incomplete",
        _n("One answer is missing.", "%(n)s answers are missing.", len(lacks)),
        lacks,
    )


def lacking(w: Work, review: Review) -> dict[str, Text]:
    """What is missing, by ``criterion`` (the mark) and ``criterion.comment``."""
    scores, lacks = scores_of(w, review), dict[str, Text]()
    for criterion in gate_rules(w, review).criteria:
        score = scores.get(criterion.key)
        if score is None or score.tenths is None:
            lacks[criterion.key] = _("Choose a mark for “%(criterion)s”", criterion=Titled(criterion.title))
        if score is None or not score.comment.strip():
            lacks[f"{criterion.key}.comment"] = _("Say why, for “%(criterion)s”", criterion=Titled(criterion.title))
    return lacks


@dataclass(frozen=True, slots=True)
class Titled:
    """The title of a criterion: ours are translated, the round's own stay as they were typed."""

    title: str

    def __str__(self) -> str:
        return str(_(self.title))


# Assigning


def may_be_assigned(w: Work, juror: Juror, proposal: Proposal, gate: Gate) -> Problem | None:
    """Why this juror may not be given this proposal, conflicts apart: the panel, the gate, the load."""
    if juror.left_at is not None or juror.declined_at is not None:
        return Problem("not_on_panel", _("This juror is not on the panel."))
    if proposal.state not in JUDGED or gate_of(proposal) != gate:
        return Problem("not_judged_now", _("The proposal is not before the jury at this gate now."))
    if load_of(w, juror, gate) >= juror.load_max:
        text = _n(
            "This juror takes at most one review at a gate.",
            "This juror takes at most %(n)s reviews at a gate.",
            juror.load_max,
        )
        return Problem("load", text)
    return None


def load_of(w: Work, juror: Juror, gate: Gate) -> int:
    """How many reviews the juror has at this gate, done ones included."""
    found = select(func.count()).where(Review.juror_id == juror.id, Review.gate == gate, col(Review.state).in_(LIVE))
    return w.session.exec(found).one()
