"""Why not, for proposals. *Who* asks about the person; guards ask about the proposal and the clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from challenge.kernel.errors import Problem
from challenge.kernel.i18n import Text, _, _n
from challenge.kernel.messages import faults_of
from challenge.kernel.money import euros
from challenge.kernel.work import Work
from challenge.people import rules as people
from challenge.people.rules import may_not
from challenge.people.states import Seat
from challenge.proposals import content
from challenge.proposals.content import City, gate_of
from challenge.proposals.models import Commitment, Exclusion, Proposal, TeamMember
from challenge.proposals.schemas import CHECKS, FORMS, MIMS
from challenge.proposals.states import ENDS, CommitmentKind, CommitmentState, TeamRole
from challenge.rounds import rules as rounds
from challenge.rounds.models import Round
from challenge.rounds.pairing import pairing
from challenge.rounds.schemas import GateRules, Rules, SizeClass
from challenge.rounds.states import GATE_WINDOWS, Bound, Judge, Owed, WindowName


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money as the reader writes it."""

    cents: int

    def __str__(self) -> str:
        return euros(self.cents)


OWED: dict[Owed, CommitmentKind | None] = {
    Owed.NOTHING: None,
    Owed.SIGN_OFF: CommitmentKind.SIGN_OFF,
    Owed.FORMAL_DECISION: CommitmentKind.FORMAL_DECISION,
}


# Who


def is_lead(w: Work, proposal: Proposal) -> Problem | None:
    """The lead of its team."""
    held = w.actor.id is not None and w.actor.id == proposal.lead_id
    return None if held else may_not(_("Only the lead of this proposal can do this."))


def is_team(w: Work, proposal: Proposal) -> Problem | None:
    """Anybody of its team who has accepted and not left."""
    return None if role_in_team(w, proposal) is not None else may_not(_("Only the team of this proposal can do this."))


def may_write(w: Work, proposal: Proposal) -> Problem | None:
    """The team without its mentors."""
    role = role_in_team(w, proposal)
    return None if role not in (None, TeamRole.MENTOR) else may_not(_("Only the team of this proposal can write in it."))


def role_in_team(w: Work, proposal: Proposal) -> TeamRole | None:
    """What the actor is in the team."""
    if w.actor.id is None:
        return None
    return w.session.exec(
        select(TeamMember.role).where(
            TeamMember.proposal_id == proposal.id,
            TeamMember.person_id == w.actor.id,
            col(TeamMember.left_at).is_(None),
        )
    ).first()


def is_coordinator(w: Work, proposal: Proposal) -> Problem | None:
    """A coordinator of its round without a conflict of interest."""
    return people.is_coordinator(w, proposal) or _without_conflict(w, proposal)


def _without_conflict(w: Work, proposal: Proposal) -> Problem | None:
    found = w.session.exec(
        select(Exclusion.id).where(Exclusion.proposal_id == proposal.id, Exclusion.person_id == w.actor.id)
    ).first()
    return may_not(_("You have a conflict of interest here. Another coordinator can do this.")) if found else None


is_system = people.is_system
runs_dates = people.any_of(is_coordinator, is_system)


# Guards: the clock


def round_of(w: Work, proposal: Any) -> Round:
    """Its round."""
    return w.session.get_one(Round, proposal.round_id)


def rules_of(w: Work, proposal: Any) -> Rules:
    """The rules of its round."""
    return rounds.rules_of(round_of(w, proposal))


def gate_rules(w: Work, proposal: Proposal) -> GateRules:
    """The rules of the gate it stands at."""
    return rules_of(w, proposal).gates[gate_of(proposal)]


def window_of(proposal: Proposal) -> WindowName:
    """The window in which the gate's form is due."""
    return GATE_WINDOWS[gate_of(proposal)]


def due_date_not_over(w: Work, proposal: Proposal) -> Problem | None:
    """Its extension, else the gate's window, plus grace."""
    return rounds.not_over(w, proposal, content.WORKFLOW, window_of(proposal))


def due_date_over(w: Work, proposal: Proposal) -> Problem | None:
    """Nothing lapses before its due date and grace are over."""
    problem = due_date_not_over(w, proposal)
    if problem is None or problem.code != "deadline_over":
        return Problem("not_over_yet", _("The deadline is not over yet."))
    return None


def gate_has_opened(w: Work, proposal: Proposal) -> Problem | None:
    """Nothing is handed in before the gate's window opens."""
    problem = rounds.is_open(w, round_of(w, proposal), window_of(proposal))
    return problem if problem is not None and problem.code == "not_open_yet" else None


def offer_is_over(w: Work, proposal: Proposal) -> Problem | None:
    """An offer (or a place on the reserve list) expires only after its date."""
    if proposal.offer_until is None:
        return Problem("no_end_date", _("No end date has been set for this offer."))
    if w.now < proposal.offer_until:
        return Problem("not_over_yet", _("The offer still stands."))
    return None


# Guards: the content


def answers_accepted_challenge(w: Work, proposal: Proposal) -> Problem | None:
    """At least one challenge that is accepted and not yet decided, or a recorded consent to go on without."""
    if any(found.state in content.ANSWERABLE for found in content.challenges(w, proposal)):
        return None
    if proposal.checklist.get("goes_on_without_challenge"):
        return None
    text = _("Choose at least one accepted challenge that this proposal answers.")
    return Problem("no_challenge", text, {"challenges": text})


def is_complete(w: Work, proposal: Proposal) -> Problem | None:
    """Every question of the gate is answered within its limits; the problem names each that is not."""
    lacks = faults_of(FORMS[gate_of(proposal)], proposal.answers, choices=choices(w, proposal))
    if not lacks:
        return None
    return Problem(
        "incomplete", _n("One answer needs you before you submit.", "%(n)s answers need you before you submit.",
                         len(lacks)), lacks,
    )  # fmt: skip


def choices(w: Work, proposal: Any) -> dict[str, list[tuple[str, object]]]:
    """What may be chosen in the form: the round's size classes, mechanisms and checks by name."""
    sizes = [
        (size.key, _("%(size)s: about %(budget)s, %(months)s months", size=_(size.title),
                     budget=Amount(size.budget_cents), months=size.months))
        for size in rules_of(w, proposal).size_classes
    ]  # fmt: skip
    return {
        "size_class": list(sizes),
        "mims": [(str(mim), text) for mim, text in MIMS.items()],
        "people_checks": [(str(check), text) for check, text in CHECKS.items()],
    }


def pairing_holds(w: Work, proposal: Proposal) -> Problem | None:
    """The pairing rule of the round over the partner cities."""
    cities = content.cities(w, proposal)
    return pairing(((city.country, city.role, city.id) for city in cities), rules_of(w, proposal))


def commitments_live(w: Work, proposal: Proposal, kind: CommitmentKind | None = None) -> Problem | None:
    """Every lead and pilot city has signed what is owed (by default, what the gate asks for)."""
    kind = OWED[gate_rules(w, proposal).owed] if kind is None else kind
    if kind is None:
        return None
    lacks = uncommitted(w, proposal, kind)
    if not lacks:
        return None
    fields = {f"city-{city.code}": _missing_commitment(city, kind) for city in lacks}
    text = _n(
        "One partner city has not committed itself yet.", "%(n)s partner cities have not committed themselves yet.",
        len(lacks),
    )  # fmt: skip
    return Problem("commitments", next(iter(fields.values())) if len(fields) == 1 else text, fields)


def _missing_commitment(city: City, kind: CommitmentKind) -> Text:
    if kind is CommitmentKind.SIGN_OFF:
        return _("%(city)s has not signed the current version. Its lead or deputy can sign it.", city=city.name)
    return _("The formal decision of %(city)s is missing. Its lead can record it.", city=city.name)


def uncommitted(w: Work, proposal: Proposal, kind: CommitmentKind) -> list[City]:
    """The lead and pilot cities whose commitment is missing. A live formal decision stands for a sign-off too."""
    now = content.current(w, proposal)
    decided, signed = set(), set()
    for row in commitments(w, proposal):
        if row.state is not CommitmentState.SIGNED:
            continue
        if row.kind is CommitmentKind.FORMAL_DECISION:
            decided.add(row.city_id)
        elif row.revision_hash == now.hash:
            signed.add(row.city_id)
    enough = decided if kind is CommitmentKind.FORMAL_DECISION else decided | signed
    return [city for city in content.cities(w, proposal) if city.counts and city.id not in enough]


def commitments(w: Work, proposal: Proposal) -> list[Commitment]:
    """All commitments of its cities, the newest last."""
    found = select(Commitment).where(Commitment.proposal_id == proposal.id).order_by(col(Commitment.id))
    return list(w.session.exec(found))


def budget_fits(w: Work, proposal: Proposal) -> Problem | None:
    """There is a budget, of partners only, within the maximum of its size class where that is a maximum."""
    lines = content.budget(w, proposal)
    total = sum(line.cents for line in lines)
    if total == 0:
        text = _("Enter what each partner spends.")
        return Problem("no_budget", text, {"budget": text})
    size = rules_of(w, proposal).size_class(proposal.size_class)
    if size is None or size.bound is not Bound.MAXIMUM:
        return None
    over = list(over_bounds(proposal.months, total, size))
    return Problem("over_maximum", over[0], dict(zip(("budget", "months"), over, strict=False))) if over else None


def over_bounds(months: int | None, total: int, size: SizeClass) -> Iterable[Text]:
    """What goes over the figures of the size class: a warning where they are approximate, else a reason why not."""
    if total > size.budget_cents:
        yield _("The budget is %(over)s over the size of this class.", over=Amount(total - size.budget_cents))
    if months is not None and months > size.months:
        over = months - size.months
        yield _n("This is one month longer than this class.", "This is %(n)s months longer than this class.", over)


# Guards: the evaluation


def quorum(w: Work, proposal: Proposal) -> Problem | None:
    """Where jurors judge, enough of them without conflict have handed in."""
    gate = gate_rules(w, proposal)
    missing = gate.reviews - proposal.reviews_eligible
    if Judge.JURORS not in gate.judges or missing <= 0:
        return None
    return Problem("quorum", _n("One more review is needed.", "%(n)s more reviews are needed.", missing))


def over_thresholds(w: Work, proposal: Proposal) -> Problem | None:
    """Where jurors judge, every threshold is met."""
    if Judge.JURORS not in gate_rules(w, proposal).judges or proposal.below_threshold is False:
        return None
    if proposal.below_threshold is None:
        return Problem("no_scores_yet", _("The scores are not complete yet."))
    return Problem("below_threshold", _("The scores are below a threshold of this gate."))


def before_first_review(_w: Work, proposal: Proposal) -> Problem | None:
    """Nothing changes under a juror who has handed in."""
    if proposal.reviews_eligible == 0:
        return None
    return Problem("reviewed", _("A review of this version has been handed in already."))


def award_is_set(_w: Work, proposal: Proposal) -> Problem | None:
    """An award says how much."""
    return None if proposal.award_cents is not None else Problem("no_award", _("The amount of the award is missing."))


def leads_agreed_to_merge(_w: Work, proposal: Proposal) -> Problem | None:
    """Both leads want the merger."""
    if proposal.merge_into_id is None:
        return Problem("merge_not_asked", _("The lead has not asked to merge this proposal into another."))
    if proposal.merge_agreed_at is None:
        return Problem("merge_not_agreed", _("The lead of the other proposal has not agreed yet."))
    return None


def appeal_was_upheld(_w: Work, proposal: Proposal) -> Problem | None:
    """Only an upheld appeal brings a proposal back."""
    if proposal.appeal_upheld_at is not None:
        return None
    return Problem("no_upheld_appeal", _("Only after an upheld appeal."))


# Commitments: who, and as long as the proposal can still change


def is_signer(w: Work, commitment: Commitment) -> Problem | None:
    """The lead or the deputy of the city that commits itself."""
    held = w.actor.sits_in(commitment.city_id, Seat.LEAD, Seat.DEPUTY)
    return None if held else may_not(_("Only the lead or the deputy of this city can do this."))


def is_city_lead(w: Work, commitment: Commitment) -> Problem | None:
    """The lead of the city that commits itself."""
    held = w.actor.sits_in(commitment.city_id, Seat.LEAD)
    return None if held else may_not(_("Only the lead of this city can do this."))


def proposal_is_open(w: Work, commitment: Commitment) -> Problem | None:
    """The proposal is neither decided nor ended."""
    proposal = w.session.get_one(Proposal, commitment.proposal_id)
    if proposal.state not in ENDS:
        return None
    return Problem("proposal_ended", _("This proposal has ended."))
