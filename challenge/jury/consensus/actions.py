"""What a panel does together, and a coordinator with it. Each act holds the proposal, as those of single jurors do."""

from __future__ import annotations

from pydantic import BaseModel

from challenge.jury.actions.pushing import locked, push
from challenge.jury.consensus import facts, queries, rules
from challenge.jury.consensus.models import Consensus, ConsensusMark, Minutes, Note, Reply
from challenge.jury.consensus.schemas import ConsensusIn, MinutesIn, NoteIn, ReplyIn
from challenge.jury.consensus.states import ConsensusState
from challenge.jury.consensus.workflow import CONSENSUS
from challenge.jury.scale import scale_of, shown
from challenge.kernel.errors import Forbidden, Invalid, Problem, Refused
from challenge.kernel.i18n import Text, _
from challenge.kernel.work import Work
from challenge.kernel.workflow import Fired
from challenge.people.rules import is_coordinator, may_not
from challenge.proposals.models import Proposal
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.rounds.states import Gate

DISCUSSION = "discussion"
NOT_OPEN = Problem("not_open", _("The discussion opens when enough reviews are in."))


def fire(w: Work, consensus: Consensus, name: str, given: BaseModel | None = None) -> Fired:
    """A transition; what is agreed is tested against the thresholds at once."""
    proposal = _held(w, consensus)
    fired = CONSENSUS.fire(w, consensus, name, given)
    push(w, proposal)
    return fired


def _held(w: Work, consensus: Consensus) -> Proposal:
    """Its proposal, held until the work ends; the consensus is as it stands once nobody else holds it."""
    proposal = locked(w, consensus.proposal_id)
    w.session.refresh(consensus)
    return proposal


def name_moderator(w: Work, proposal: Proposal, gate: Gate, juror_code: str) -> Consensus:
    """A coordinator says who writes the consensus: a juror who has handed in, never a coordinator.

    What was put to the panel is taken back when another moderator is named. Raises Forbidden, Refused, Invalid.
    """
    if problem := may_run(w, proposal):
        raise Forbidden(problem)
    proposal = locked(w, proposal.id)
    if not facts.is_open(w, proposal, gate):
        raise Refused(NOT_OPEN)
    members = facts.members(w, proposal.id, gate)
    chosen = next((one for one in members if one.juror_code == juror_code), None)
    if chosen is None:
        text = _("Choose somebody who has handed in on this proposal")
        raise Invalid(Problem("not_on_panel", text, {"juror": text}))
    consensus = facts.live(w, proposal.id, gate)
    if consensus is None:
        consensus = w.add(
            Consensus(
                round_id=proposal.round_id, round_code=proposal.round_code, proposal_id=proposal.id, gate=gate,
                moderator_id=chosen.juror_id,
            )
        )  # fmt: skip
    if problem := rules.is_judged_now(w, consensus):
        raise Refused(problem)
    if consensus.state is ConsensusState.AGREED:
        raise Refused(Problem("consensus_agreed", _("The consensus is agreed. Two coordinators can open it again.")))
    if consensus.state is ConsensusState.PROPOSED and consensus.moderator_id != chosen.juror_id:
        CONSENSUS.cause(w, consensus, "take_back")
    consensus.moderator_id = chosen.juror_id
    w.session.flush()
    w.note(CONSENSUS.name, consensus, "name_moderator", {"juror": juror_code})
    return consensus


def may_run(w: Work, proposal: Proposal) -> Problem | None:
    """A coordinator of the round without a conflict, who does not judge there."""
    problem = is_coordinator(w, proposal)
    if problem is None and not queries.sees_as_insider(w, proposal):
        problem = may_not(_("You judge in this round, or have a conflict of interest here. Another coordinator can."))
    return problem


def save_consensus(w: Work, consensus: Consensus, given: ConsensusIn) -> Consensus:
    """Keep the draft as far as it is given; a mark off the scale is refused by name. Raises Forbidden, Refused."""
    if problem := rules.is_moderator(w, consensus):
        raise Forbidden(problem)
    _held(w, consensus)
    if consensus.state is not ConsensusState.DRAFT:
        raise Refused(
            Problem("not_a_draft", _("It is before the panel or agreed. Take it back first, then change it."))
        )
    if problem := rules.is_judged_now(w, consensus):
        raise Refused(problem)
    _put(w, consensus, given)
    if given.note is not None:
        consensus.note = given.note
    if given.statement is not None:
        consensus.statement = given.statement
    consensus.saved_at = w.now
    w.session.flush()
    return consensus


def _put(w: Work, consensus: Consensus, given: ConsensusIn) -> None:
    all_rules = rules_of(w.session.get_one(Round, consensus.round_id))
    scale = scale_of(all_rules)
    criteria = {criterion.key for criterion in all_rules.gates[consensus.gate].criteria}
    wrong, tenths = dict[str, Text](), dict[str, int | None]()
    for key, mark in given.marks.items():
        tenths[key] = None if mark is None else scale.read(mark)
        if key not in criteria:
            wrong[key] = _("This gate has no such criterion")
        elif mark is not None and tenths[key] is None:
            wrong[key] = _(
                "Choose a mark from 0 to %(most)s by %(step)s", most=shown(scale.maximum), step=shown(scale.step)
            )
    if wrong:
        raise Invalid(Problem("off_the_scale", _("A mark is not on the scale."), wrong))
    kept = facts.marks(w, consensus)
    for key, value in tenths.items():
        if value is None:
            if key in kept:
                w.session.delete(kept[key])
            continue
        mark_row = kept.get(key) or ConsensusMark(
            consensus_id=consensus.id, criterion=key, tenths=value, max_tenths=scale.maximum, step_tenths=scale.step
        )
        mark_row.tenths = value
        w.session.add(mark_row)


def reply(w: Work, consensus: Consensus, given: ReplyIn) -> Reply:
    """Confirm or object, as one of the panel who is not the moderator; an answer can be changed until it is agreed."""
    _held(w, consensus)
    if problem := rules.is_member(w, consensus):
        raise Forbidden(problem)
    if consensus.state is not ConsensusState.PROPOSED:
        raise Refused(Problem("not_proposed", _("It is not before the panel now. You can answer when it is.")))
    place = rules.own_place(w, consensus)
    if place is None:
        raise Forbidden(may_not(_("Only the other jurors of this proposal can answer.")))
    answer = facts.replies(w, consensus).get(place) or Reply(
        consensus_id=consensus.id, juror_id=place, agrees=True, at=w.now
    )
    answer.agrees, answer.at = given.answer == "confirm", w.now
    answer.reason = "" if answer.agrees else given.reason
    w.session.add(answer)
    w.session.flush()
    w.note(CONSENSUS.name, consensus, "confirm" if answer.agrees else "object", {"reason": answer.reason})
    return answer


def add_note(w: Work, proposal: Proposal, gate: Gate, given: NoteIn) -> Note:
    """Say something to the panel. Notes are never changed."""
    members = facts.members(w, proposal.id, gate)
    own = next((one for one in members if w.actor.id is not None and one.person_id == w.actor.id), None)
    if own is None:
        raise Forbidden(may_not(_("Only jurors who have handed in on this proposal write here.")))
    if not facts.is_open(w, proposal, gate):
        raise Refused(NOT_OPEN)
    made = w.add(Note(proposal_id=proposal.id, gate=gate, juror_id=own.juror_id, text=given.text, at=w.now))
    w.step(DISCUSSION, proposal.code, "write", old=None, new=None, scope=proposal.round_code, given={"gate": gate})
    return made


def save_minutes(w: Work, proposal: Proposal, gate: Gate, given: MinutesIn) -> Minutes:
    """Keep what was said in the meeting, by a coordinator without a conflict. Raises Forbidden."""
    if problem := may_run(w, proposal):
        raise Forbidden(problem)
    if w.actor.id is None:
        raise Forbidden(may_not(_("Sign in to do this.")))
    kept = facts.minutes(w, proposal.id, gate)
    if kept is None:
        kept = w.add(
            Minutes(
                round_id=proposal.round_id, round_code=proposal.round_code, proposal_id=proposal.id, gate=gate,
                saved_at=w.now, saved_by_id=w.actor.id,
            )
        )  # fmt: skip
    kept.text, kept.saved_at, kept.saved_by_id = given.text, w.now, w.actor.id
    w.session.flush()
    w.step(DISCUSSION, proposal.code, "minutes", old=None, new=None, scope=proposal.round_code, given={"gate": gate})
    return kept
