"""Why not, for a consensus. *Who* asks about the person; guards ask about the panel, the marks and the clock."""

from __future__ import annotations

from challenge.jury import rules as jury
from challenge.jury.consensus import facts
from challenge.jury.consensus.models import Consensus
from challenge.jury.models import Juror
from challenge.jury.rules import Titled
from challenge.jury.states import JUDGED
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import Text, _, _n
from challenge.kernel.work import Work
from challenge.people.rules import may_not
from challenge.proposals.content import gate_of
from challenge.proposals.models import Proposal
from challenge.rounds import rules as rounds
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.rounds.words import Moment

WORKFLOW = "consensus"
runs_the_jury = jury.runs_the_jury


def proposal_of(w: Work, consensus: Consensus) -> Proposal:
    """The proposal it is about."""
    return w.session.get_one(Proposal, consensus.proposal_id)


# Who


def is_moderator(w: Work, consensus: Consensus) -> Problem | None:
    """The moderator, as long as she is on the panel of this proposal."""
    person = w.session.get_one(Juror, consensus.moderator_id).person_id
    if person != w.actor.id:
        return may_not(_("Only the moderator of this consensus can do this."))
    return _is_on_panel(w, consensus)


def is_member(w: Work, consensus: Consensus) -> Problem | None:
    """A juror who has handed in on the proposal, other than the moderator."""
    found = own_place(w, consensus)
    if found is None or found == consensus.moderator_id:
        return may_not(_("Only the other jurors of this proposal can answer."))
    return None


def own_place(w: Work, consensus: Consensus) -> int | None:
    """The actor's place among those who have handed in and have no conflict."""
    members = facts.members(w, consensus.proposal_id, consensus.gate)
    return next((one.juror_id for one in members if one.person_id == w.actor.id), None)


def _is_on_panel(w: Work, consensus: Consensus) -> Problem | None:
    if own_place(w, consensus) is not None:
        return None
    return may_not(_("You are not on the panel of this proposal now. A coordinator names another moderator."))


# Guards


def is_judged_now(w: Work, consensus: Consensus) -> Problem | None:
    """The proposal stands before the jury at this gate."""
    proposal = proposal_of(w, consensus)
    if proposal.state in JUDGED and gate_of(proposal) == consensus.gate:
        return None
    return Problem("not_judged_now", _("The proposal is not before the jury at this gate now."))


def has_quorum(w: Work, consensus: Consensus) -> Problem | None:
    """As many reviews as the gate asks for are in."""
    missing = facts.missing(w, proposal_of(w, consensus), consensus.gate)
    if missing <= 0:
        return None
    return Problem("quorum", _n("One more review is needed.", "%(n)s more reviews are needed.", missing))


def is_complete(w: Work, consensus: Consensus) -> Problem | None:
    """A mark for each criterion, a statement, and a note where marks are far apart."""
    lacks = lacking(w, consensus)
    if not lacks:
        return None
    return Problem("incomplete", _n("One answer is missing.", "%(n)s answers are missing.", len(lacks)), lacks)


def lacking(w: Work, consensus: Consensus) -> dict[str, Text]:
    """What is missing, by criterion, ``note`` and ``statement``."""
    marks, lacks = facts.marks(w, consensus), dict[str, Text]()
    for criterion in facts.gate_rules(w, proposal_of(w, consensus), consensus.gate).criteria:
        if criterion.key not in marks:
            lacks[criterion.key] = _("Choose a mark for “%(criterion)s”", criterion=Titled(criterion.title))
    if not consensus.note.strip() and facts.standing_of(w, proposal_of(w, consensus), consensus.gate).spread:
        lacks["note"] = _("Say how the panel came to agree: marks of jurors are far apart")
    if not consensus.statement.strip():
        lacks["statement"] = _("Write the statement to the applicants")
    return lacks


def reaction_is_over(w: Work, consensus: Consensus) -> Problem | None:
    """Where the rules give applicants a right to react, they had it: they have answered, or their time is over."""
    reaction = facts.reaction(w, consensus.proposal_id, consensus.gate)
    round_ = w.session.get_one(Round, consensus.round_id)
    if reaction is None:
        days = rules_of(round_).reaction_days
        if not days:
            return None
        text = _n(
            "The applicants have one day to react to the comments first. A coordinator opens the comments to them.",
            "The applicants have %(n)s days to react to the comments first. A coordinator opens the comments to them.",
            days,
        )
        return Problem("reaction_not_opened", text)
    if reaction.answered_at is not None or w.now >= reaction.until + rounds.grace(round_):
        return None
    until = Moment(reaction.until, round_.zone)
    return Problem(
        "reaction_open",
        _("The applicants may answer the comments until %(until)s. The panel agrees after that.", until=until),
    )


def everybody_answered(w: Work, consensus: Consensus) -> Problem | None:
    """Every other member of the panel has confirmed or objected."""
    members = {one.juror_id for one in facts.members(w, consensus.proposal_id, consensus.gate)}
    waiting = members - {consensus.moderator_id} - facts.replies(w, consensus).keys()
    if not waiting:
        return None
    return Problem("unanswered", _n("One juror has not answered yet.", "%(n)s jurors have not answered yet.",
                                    len(waiting)))  # fmt: skip


def most_confirm(w: Work, consensus: Consensus) -> Problem | None:
    """More of the panel confirm, the moderator among them, than object; objections stay beside the consensus."""
    members = {one.juror_id for one in facts.members(w, consensus.proposal_id, consensus.gate)}
    objecting = sum(1 for key, reply in facts.replies(w, consensus).items() if key in members and not reply.agrees)
    if objecting * 2 < len(members):
        return None
    return Problem(
        "objections", _("As many object as confirm. Take it back, change it, and put it to the panel again.")
    )
