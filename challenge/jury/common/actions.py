"""Choosing the item, opening it, marking it, showing the marks."""

from __future__ import annotations

from sqlmodel import col, select

from challenge.jury import rules
from challenge.jury.blind.names import marker
from challenge.jury.blind.schemas import lines_of
from challenge.jury.common import queries
from challenge.jury.common.models import CommonItem, CommonReview
from challenge.jury.common.schemas import Choosing
from challenge.jury.queries.panel import round_of_jury
from challenge.jury.scale import scale_of, shown
from challenge.jury.schemas import ReviewIn
from challenge.kernel import revision
from challenge.kernel.errors import Forbidden, Invalid, Problem, Refused
from challenge.kernel.i18n import Text, _
from challenge.kernel.work import Work
from challenge.people import rules as people
from challenge.policy.redaction import copy_of
from challenge.proposals import content
from challenge.proposals.models import Proposal
from challenge.proposals.queries import in_sight, visible
from challenge.proposals.states import UNSENT
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.rounds.states import Gate

WORKFLOW = "common_item"
MOST_OFFERED = 200


def offered(w: Work, round_: Round) -> list[tuple[str, object]]:
    """(code, "title (round)") of proposals that can be chosen: handed in once, and open to the actor whole."""
    rows = w.session.exec(
        select(Proposal.code, Proposal.title, Round.title)
        .join(Round, col(Round.id) == Proposal.round_id)
        .where(in_sight(w), Proposal.revision > 0, col(Proposal.state).not_in(UNSENT))
        .order_by(col(Proposal.round_id) == round_.id, col(Proposal.title_key))
        .limit(MOST_OFFERED)
    )
    return [(code, f"{title} ({of_round})") for code, title, of_round in rows]


def choose(w: Work, round_: Round, gate: Gate, given: Choosing) -> CommonItem:
    """The item of the gate, in place of one that is not open yet. Raises Forbidden, Refused."""
    _demand_coordinator(w, round_)
    item = queries.live(w, round_.id, gate)
    if item is not None and item.opened_at is not None:
        raise Refused(Problem("opened", _("The panel has this item already. Take it back to choose another.")))
    proposal = visible(w, given.proposal)
    kept = revision.at(w, content.WORKFLOW, proposal.code, proposal.revision) if proposal.revision else None
    if kept is None:
        raise Invalid(Problem("no_version", _("Choose a proposal"), {"proposal": _("Choose a proposal")}))
    words = lines_of(given.words)
    copy = copy_of(kept.content, marker(w, proposal, words))
    if item is None:
        item = CommonItem(
            round_id=round_.id, round_code=round_.code, gate=gate, proposal_id=proposal.id, title=copy["title"],
            by_id=w.actor.id or 0,
        )  # fmt: skip
    item.proposal_id, item.words, item.content, item.title = proposal.id, words, copy, copy["title"]
    w.add(item)
    w.note(WORKFLOW, item, "choose", {"gate": str(gate), "proposal": proposal.code})
    return item


def open_to_panel(w: Work, round_: Round, gate: Gate) -> CommonItem:
    """From here on everybody marks it before the first review."""
    item = _chosen(w, round_, gate)
    if item.opened_at is None:
        item.opened_at = w.now
        w.note(WORKFLOW, item, "open_to_panel", {"gate": str(gate)})
    return item


def show_marks(w: Work, round_: Round, gate: Gate) -> CommonItem:
    """Everybody who handed in sees how all marked; nobody marks it any more. Raises Refused while too few are in."""
    item = _chosen(w, round_, gate)
    if len(queries.handed_in(w, item)) < queries.FEWEST:
        text = _("At least %(n)s jurors must have marked it: with fewer it would tell who gave which mark.",
                 n=queries.FEWEST)  # fmt: skip
        raise Refused(Problem("too_few", text))
    if item.shown_at is None:
        item.shown_at = w.now
        w.note(WORKFLOW, item, "show_marks", {"gate": str(gate)})
    return item


def take_back(w: Work, round_: Round, gate: Gate) -> None:
    """The gate has no item any more; what was given stays in the record and links nobody."""
    item = _chosen(w, round_, gate)
    item.dropped_at = w.now
    w.note(WORKFLOW, item, "take_item_back", {"gate": str(gate)})


def _chosen(w: Work, round_: Round, gate: Gate) -> CommonItem:
    _demand_coordinator(w, round_)
    item = queries.live(w, round_.id, gate)
    if item is None:
        raise Refused(Problem("no_item", _("Choose the item first.")))
    return item


def _demand_coordinator(w: Work, round_: Round) -> None:
    if problem := people.is_coordinator(w, round_):
        raise Forbidden(problem)
    round_of_jury(w, round_.code)  # who judges there prepares nothing


# What a juror does


def save(w: Work, item: CommonItem, given: ReviewIn, *, hand_in: bool) -> CommonReview:
    """Keep the marks; handed in they are locked. Raises Forbidden, Refused, Invalid."""
    place = queries.own_place(w, item)
    if place is None:
        raise Forbidden(people.may_not(_("Only jurors of this panel without a conflict of interest mark this item.")))
    if item.opened_at is None or item.shown_at is not None:
        raise Refused(Problem("not_open", _("The item is not open for marks now.")))
    found = queries.given(w, item, place.id) or CommonReview(item_id=item.id, juror_id=place.id)
    if found.submitted_at is not None:
        raise Refused(Problem("locked", _("You have handed in your marks for this item; they stay as they are.")))
    round_ = w.session.get_one(Round, item.round_id)
    criteria = rules_of(round_).gates[item.gate].criteria
    scale = scale_of(rules_of(round_))
    wrong: dict[str, Text] = {}
    marks = {}
    for criterion in criteria:
        mark = given.marks.get(criterion.key)
        tenths = None if mark is None or mark.mark is None else scale.read(mark.mark)
        if mark is not None and mark.mark is not None and tenths is None:
            wrong[criterion.key] = _(
                "Choose a mark from 0 to %(most)s by %(step)s", most=shown(scale.maximum), step=shown(scale.step)
            )
        elif tenths is None and hand_in:
            title = rules.Titled(criterion.title)
            wrong[criterion.key] = _("Choose a mark for “%(criterion)s”", criterion=title)
        marks[criterion.key] = {"tenths": tenths, "comment": (mark.comment if mark else "") or ""}
    if wrong:
        raise Invalid(Problem("incomplete", _("A mark is missing or not on the scale."), wrong))
    found.marks, found.comment, found.confidence, found.saved_at = marks, given.comment or "", given.confidence, w.now
    if hand_in:
        found.submitted_at = w.now
    w.add(found)
    if hand_in:
        w.note(WORKFLOW, item, "mark_item")
    return found
