"""Why not, for tranches, claims and change requests. *Who* asks about the person; guards ask about the thing."""

from __future__ import annotations

from challenge.kernel import attachment
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.people.rules import may_not
from challenge.people.states import Seat
from challenge.pilots import content, rules
from challenge.pilots.capacity import can_carry
from challenge.pilots.content import Money
from challenge.pilots.models import Milestone, Pilot, Report, Tranche
from challenge.pilots.money import ledger
from challenge.pilots.money.models import ChangeRequest, Claim
from challenge.pilots.money.schemas import problem_in
from challenge.pilots.money.states import Account, ChangeKind, ClaimState
from challenge.pilots.rules import is_coordinator
from challenge.pilots.states import PAIRED, REPORT_KINDS, PilotState, ReportState
from challenge.rounds.models import Round
from challenge.rounds.pairing import COUNTING
from challenge.rounds.queries import rules_of
from challenge.rounds.states import CityRole

CLAIMING = "claim"
CHANGING = "change_request"
MOST_TEXT = 39_900  # characters of an agreement, with room for a heading


def pilot_of(w: Work, record: Tranche | Claim | ChangeRequest) -> Pilot:
    """The pilot whose money it is."""
    return w.session.get_one(Pilot, record.pilot_id)


# Tranches


def report_is_accepted(w: Work, tranche: Tranche) -> Problem | None:
    """A tranche is paid only after the report it rests on is accepted."""
    if tranche.report_id is None:
        return None
    report = w.session.get_one(Report, tranche.report_id)
    if report.state is ReportState.ACCEPTED:
        return None
    return Problem(
        "report_not_accepted",
        _(
            "Nothing is paid before this report is accepted: %(report)s, due %(day)s. A coordinator accepts it on its"
            " page.",
            report=REPORT_KINDS[report.kind], day=content.Day(report.due_on),
        ),
    )  # fmt: skip


def milestone_is_done(w: Work, tranche: Tranche) -> Problem | None:
    """A tranche is paid only after the milestone it rests on is done."""
    found = w.session.get_one(Milestone, tranche.milestone_id) if tranche.milestone_id is not None else None
    if found is None or found.done_on is not None:
        return None
    return Problem(
        "milestone_not_done",
        _("Nothing is paid before this milestone is done: “%(milestone)s”. The plan says what shows it.",
          milestone=found.title),
    )  # fmt: skip


PAYING = (PilotState.RUNNING, PilotState.COMPLETED)


def pilot_pays(w: Work, tranche: Tranche) -> Problem | None:
    """Payments go to pilots that run or ran to their end; what is owed back is owed in any case."""
    pilot = pilot_of(w, tranche)
    if tranche.recovers_from_id is not None or pilot.state in PAYING:
        return None
    return Problem(
        "pilot_does_not_run",
        _("The pilot is “%(state)s”: money is paid while it runs.", state=content.label_of(pilot)),
    )  # fmt: skip


def is_within_award(w: Work, tranche: Tranche) -> Problem | None:
    """Never more than was awarded; nothing is asked back that is accounted for."""
    pilot = pilot_of(w, tranche)
    if tranche.recovers_from_id is not None:
        return _is_owed(w, pilot, tranche)
    award = ledger.awarded(w, pilot)
    if award is None:
        return Problem("no_budget", _("The budget of this pilot is not known: nothing can be paid."))
    free = award + ledger.on(w, pilot, Account.BANK)
    if tranche.cents <= free:
        return None
    return Problem(
        "above_budget",
        _("%(cents)s is more than is left of the award: %(free)s of %(award)s.",
          cents=Money(tranche.cents), free=Money(free), award=Money(award)),
    )  # fmt: skip


def _is_owed(w: Work, pilot: Pilot, tranche: Tranche) -> Problem | None:
    owed = ledger.owes(w, pilot, tranche.recovers_from_id)
    if tranche.cents <= owed:
        return None
    return Problem("not_owed", _("%(owed)s is still to be accounted for, not more.", owed=Money(owed)))


PAYABLE = (report_is_accepted, milestone_is_done, pilot_pays, is_within_award)


# Claims


def claims_for_partner(w: Work, claim: Claim) -> Problem | None:
    """The lead of the partner; of a city its deputy too."""
    seats = w.actor.organisations(Seat.LEAD, Seat.DEPUTY)
    if claim.organisation_id in seats:
        return None
    name = w.session.get_one(Organisation, claim.organisation_id).name
    return may_not(_("Only the lead or a deputy of %(name)s can do this.", name=name))


def works_for_partner(w: Work, claim: Claim) -> Problem | None:
    """Anybody of the partner writes; its lead or deputy hands in."""
    if w.actor.sits_in(claim.organisation_id):
        return None
    name = w.session.get_one(Organisation, claim.organisation_id).name
    return may_not(_("Only people of %(name)s can do this.", name=name))


def checks_claims(w: Work, claim: Claim) -> Problem | None:
    """A coordinator who does not belong to the partner."""
    if problem := is_coordinator(w, pilot_of(w, claim)):
        return problem
    if w.actor.sits_in(claim.organisation_id) or claim.submitted_by_id == w.actor.id:
        return may_not(_("You belong to the partner whose claim this is. Another coordinator can do this."))
    return None


def claim_is_open(_w: Work, claim: Claim) -> Problem | None:
    """A claim is written on until it is handed in, and again when it came back."""
    if claim.state in (ClaimState.DRAFT, ClaimState.RETURNED):
        return None
    return Problem("submitted", _("This claim has been handed in already."))


def claim_is_complete(_w: Work, claim: Claim) -> Problem | None:
    """Every question is answered, and the rate is there where another currency was paid."""
    return problem_in(claim.answers)


def has_receipt(w: Work, claim: Claim) -> Problem | None:
    """What was spent is shown."""
    if attachment.of(w, CLAIMING, claim.code):
        return None
    return Problem("no_receipt", _("Add at least one receipt to the files of this claim."))


def pilot_began(w: Work, claim: Claim) -> Problem | None:
    """Costs are those of a pilot that has begun."""
    if pilot_of(w, claim).started_at is not None:
        return None
    return Problem("not_under_way", _("The pilot has not started."))


def why_not_claim(w: Work, pilot: Pilot, whose: int) -> Problem | None:
    """After the end a claim is begun only by a partner who was paid and has not accounted for all of it."""
    problem = rules.has_not_ended(w, pilot)
    return None if problem is None or ledger.owes(w, pilot, whose) > 0 else problem


def is_within_line(w: Work, claim: Claim) -> Problem | None:
    """The partner's budget line holds it."""
    pilot = pilot_of(w, claim)
    if claim.category is None or claim.cents is None:
        return None
    free = ledger.left(w, pilot, (claim.organisation_id, claim.category))
    if claim.cents <= free:
        return None
    return Problem(
        "above_line",
        _("The budget line holds %(free)s. Send the claim back, or have money moved there by a change request.",
          free=Money(free)),
    )  # fmt: skip


# Change requests


def asks_changes(w: Work, pilot: Pilot) -> Problem | None:
    """Who asks for a change: the pilot's lead, and leads and deputies of its cities."""
    return rules.may_report(w, pilot)


def asked_it(w: Work, change: ChangeRequest) -> Problem | None:
    """Whoever asked, and the lead of the pilot."""
    if change.asked_by_id == w.actor.id or rules.leads_pilot(w, pilot_of(w, change)) is None:
        return None
    return may_not(_("Only who asked for it, or the lead of the pilot, can do this."))


def decides_changes(w: Work, change: ChangeRequest) -> Problem | None:
    """A coordinator who did not ask for it."""
    if problem := is_coordinator(w, pilot_of(w, change)):
        return problem
    return may_not(_("You asked for this. A coordinator decides.")) if change.asked_by_id == w.actor.id else None


def is_agreed(w: Work, pilot: Pilot) -> Problem | None:
    """What is not agreed yet is written, not changed."""
    if pilot.state is PilotState.PREPARING:
        return Problem("not_agreed", _("The pilot is not agreed yet: coordinators write what it is to be."))
    return rules.has_not_ended(w, pilot)


def pilot_is_open(w: Work, change: ChangeRequest) -> Problem | None:
    """Nothing changes in a pilot that is over."""
    return rules.has_not_ended(w, pilot_of(w, change))


def line_holds_it(w: Work, change: ChangeRequest) -> Problem | None:
    """The line the money is taken from still holds it, without what was spent."""
    if change.kind is not ChangeKind.MONEY or change.from_id is None or change.from_category is None:
        return None
    free = ledger.left(w, pilot_of(w, change), (change.from_id, change.from_category))
    if (change.cents or 0) <= free:
        return None
    return Problem("line_overdrawn", _("The budget line holds %(free)s that is not spent.", free=Money(free)))


def is_within_one_key(w: Work, change: ChangeRequest) -> Problem | None:
    """Since it was asked nothing was moved that makes it more than one person may move."""
    if change.kind is not ChangeKind.MONEY or change.by_two or not needs_two(w, change):
        return None
    return Problem(
        "above_share",
        _("So much was moved out of this line since then that two must decide. Have it withdrawn and asked for again."),
    )


def needs_two(w: Work, change: ChangeRequest) -> bool:
    """Whether it moves, with what was moved by one before, more of its line than the round lets one person move."""
    pilot = pilot_of(w, change)
    first, moved = ledger.history_of(w, pilot, change)
    return (moved + (change.cents or 0)) * 100 > first * share_of(w, pilot)


def share_of(w: Work, pilot: Pilot) -> int:
    """How many percent of a line one person may move, by the rules of the round."""
    return rules_of(w.session.get_one(Round, pilot.round_id)).transfer_percent


def end_is_possible(w: Work, change: ChangeRequest) -> Problem | None:
    """The new last day lies after the first."""
    pilot = pilot_of(w, change)
    if change.ends_on is None or pilot.starts_on is None or pilot.starts_on <= change.ends_on:
        return None
    return Problem("ends_before_it_starts", _("The last day lies before the first day."))


def agreement_has_room(w: Work, change: ChangeRequest) -> Problem | None:
    """What is to be otherwise fits into the agreement."""
    if len(pilot_of(w, change).agreement) + len(change.scope) <= MOST_TEXT:
        return None
    return Problem("too_long", _("The agreement would become too long. Ask for a shorter change."))


def cities_would_do(w: Work, change: ChangeRequest) -> Problem | None:
    """With the change the pairing rule holds where it must, and the city that comes can carry one more pilot."""
    if change.kind is not ChangeKind.MEMBERS:
        return None
    pilot = pilot_of(w, change)
    members = content.members(w, pilot)
    if change.goes_id is not None and all(row.city_id != change.goes_id for row in members):
        return Problem("not_a_member", _("The city that is to go is no member any more."))
    after = content.counted([row for row in members if row.city_id != change.goes_id])
    if change.comes_id is not None and change.role is not None:
        if problem := _may_come(w, pilot, change, members):
            return problem
        after.append((w.session.get_one(Organisation, change.comes_id).country, change.role, change.comes_id))
    must_hold = pilot.state in PAIRED or (pilot.state is PilotState.SUSPENDED and pilot.cure_until is None)
    return content.paired(pilot, after) if must_hold else None


def _may_come(w: Work, pilot: Pilot, change: ChangeRequest, members: list[content.Member]) -> Problem | None:
    city = w.session.get_one(Organisation, change.comes_id)
    if any(row.city_id == city.id for row in members):
        return Problem("already_member", _("This city is a member of the pilot already."))
    if city.kind not in rules_of(w.session.get_one(Round, pilot.round_id)).city_kinds:
        return Problem("not_a_city", _("%(name)s does not count as a city in this round.", name=city.name))
    stays = any(row.role is CityRole.LEAD and row.city_id != change.goes_id for row in members)
    if change.role is CityRole.LEAD and stays:
        return Problem("second_lead", _("There is a lead city already. Give that one another role first."))
    return can_carry(w, pilot.round_id, [city.id]) if change.role in COUNTING else None
