"""Why not, for pilots and their reports. *Who* asks about the person; guards ask about the pilot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError
from sqlmodel import col, select

from challenge.kernel.errors import Problem
from challenge.kernel.i18n import Text, _, _n
from challenge.kernel.work import Work
from challenge.people import rules as people
from challenge.people.models import Organisation
from challenge.people.rules import any_of, may_not
from challenge.people.states import Seat
from challenge.pilots import content
from challenge.pilots.capacity import cities_can_carry_it
from challenge.pilots.content import Money, together
from challenge.pilots.models import Pilot, Report, Tranche
from challenge.pilots.schemas import REPORT_FORMS
from challenge.pilots.states import OPEN, PilotState, ReportKind, ReportState, TrancheState
from challenge.proposals import rules as proposals
from challenge.proposals.models import Exclusion, Proposal
from challenge.proposals.states import CommitmentKind, ProposalState
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.selection import queries as selection

Rule = Callable[[Work, Any], Problem | None]

# Who


def is_coordinator(w: Work, pilot: Pilot) -> Problem | None:
    """A coordinator of its round without a conflict of interest."""
    return people.is_coordinator(w, pilot) or _without_conflict(w, pilot)


def _without_conflict(w: Work, pilot: Pilot) -> Problem | None:
    if not is_excluded(w, pilot):
        return None
    return may_not(_("You have a conflict of interest here. Another coordinator can do this."))


def is_excluded(w: Work, pilot: Pilot) -> bool:
    """Whether a conflict of interest with its proposal keeps the actor out."""
    if pilot.proposal_id is None:
        return False
    found = select(Exclusion.id).where(Exclusion.proposal_id == pilot.proposal_id, Exclusion.person_id == w.actor.id)
    return w.session.exec(found).first() is not None


is_system = people.is_system


def leads_pilot(w: Work, pilot: Pilot) -> Problem | None:
    """The lead of the team, or whoever leads its organisation."""
    held = w.actor.id is not None and w.actor.id == pilot.lead_id
    held = held or w.actor.sits_in(pilot.organisation_id, Seat.LEAD)
    return None if held else may_not(_("Only the lead of this pilot or of its organisation can do this."))


def represents_member(w: Work, pilot: Pilot) -> Problem | None:
    """The lead or a deputy of a member city."""
    seats = w.actor.organisations(Seat.LEAD, Seat.DEPUTY)
    held = bool(seats) and any(row.city_id in seats for row in content.members(w, pilot))
    return None if held else may_not(_("Only the lead or a deputy of a member city can do this."))


may_plan = any_of(leads_pilot, is_coordinator)
may_report = any_of(leads_pilot, represents_member)
may_measure = any_of(leads_pilot, represents_member, is_coordinator)


def of_its_pilot(rule: Rule) -> Rule:
    """The same rule, asked about the pilot of a report or a tranche."""

    def asked(w: Work, record: Any) -> Problem | None:
        return rule(w, w.session.get_one(Pilot, record.pilot_id))

    asked.__name__ = rule.__name__
    return asked


# Guards: the pilot

ENDED = Problem(
    "ended",
    _(
        "This pilot has ended: its records are kept as they are. If one of them is wrong, tell a coordinator of its"
        " round."
    ),
)


def proposal_of(w: Work, pilot: Pilot) -> Proposal | None:
    """The proposal it came from; None for imported ones."""
    return w.session.get(Proposal, pilot.proposal_id) if pilot.proposal_id is not None else None


def pairing_holds(w: Work, pilot: Pilot) -> Problem | None:
    """Its own copy of the rule over its member cities."""
    return content.paired(pilot, content.counted(content.members(w, pilot)))


def has_not_ended(_w: Work, pilot: Pilot) -> Problem | None:
    """The archive: a pilot that is over is read, and written no longer. ``actions.guard.changing`` asks this."""
    return None if pilot.state in OPEN else ENDED


def decisions_are_in(w: Work, pilot: Pilot) -> Problem | None:
    """Where the round says so, the formal decision of each city is in."""
    proposal = proposal_of(w, pilot)
    if proposal is None or not rules_of(w.session.get_one(Round, pilot.round_id)).decision_before_agreement:
        return None
    return proposals.commitments_live(w, proposal, CommitmentKind.FORMAL_DECISION)


def everyone_signed(w: Work, pilot: Pilot) -> Problem | None:
    """Every lead and pilot city and the lead organisation signed the agreement as it stands."""
    if not pilot.revision:
        return Problem("no_agreement", _("The agreement has no text yet. A coordinator can write it."))
    lacks = {
        f"city-{row.code}": _("%(city)s has not signed the agreement. Its lead or deputy can sign it.", city=row.name)
        for row in content.members(w, pilot)
        if row.counts and row.signed_revision != pilot.revision
    }
    if pilot.organisation_id is not None and pilot.lead_signed_revision != pilot.revision:
        name = w.session.get_one(Organisation, pilot.organisation_id).name
        lacks["lead"] = _("%(name)s has not signed the agreement. Its lead can sign it.", name=name)
    return together("signatures", _n("One signature is missing.", "%(n)s signatures are missing.", len(lacks)), lacks)


def award_stands(w: Work, pilot: Pilot) -> Problem | None:
    """The team has not turned the award down in the meantime."""
    proposal = proposal_of(w, pilot)
    if proposal is None or proposal.state is ProposalState.SELECTED:
        return None
    return Problem("award_gone", _("The proposal is no longer selected: terminate this pilot."))


def budget_is_the_award(w: Work, pilot: Pilot) -> Problem | None:
    """The pilot costs what was awarded."""
    proposal = proposal_of(w, pilot)
    if proposal is None or proposal.award_cents == pilot.budget_cents:
        return None
    return Problem(
        "not_the_award",
        _(
            "The budget is %(budget)s, the award is %(award)s. A coordinator can correct the budget.",
            budget=Money(pilot.budget_cents or 0), award=Money(proposal.award_cents or 0),
        ),
    )  # fmt: skip


def conditions_are_met(w: Work, pilot: Pilot) -> Problem | None:
    """Every condition of the award is met."""
    proposal = proposal_of(w, pilot)
    if proposal is None:
        return None
    texts = [row.text for row in selection.unmet(w, proposal)]
    lacks = {f"condition-{place}": _("Not met yet: %(condition)s", condition=text) for place, text in enumerate(texts)}
    text = _n("One condition of the award is not met.", "%(n)s conditions of the award are not met.", len(lacks))
    return together("conditions", text, lacks)


def plan_is_whole(w: Work, pilot: Pilot) -> Problem | None:
    """Milestones, indicators with baselines, and tranches that add up to the budget."""
    lacks: dict[str, Text] = {}
    if not content.milestones(w, pilot):
        lacks["milestones"] = _("Add at least one milestone.")
    indicators = content.indicators(w, pilot)
    if not indicators:
        lacks["indicators"] = _("Add at least one indicator.")
    for row in indicators:
        if row.baseline is None:
            lacks[f"indicator-{row.code}"] = _("“%(indicator)s” has no baseline.", indicator=row.title)
    planned = content.planned_cents(content.tranches(w, pilot))
    if pilot.budget_cents is not None and planned != pilot.budget_cents:
        lacks["tranches"] = _(
            "The tranches add up to %(planned)s, the budget is %(budget)s.",
            planned=Money(planned), budget=Money(pilot.budget_cents),
        )  # fmt: skip
    return together("plan", _n("The plan lacks one thing.", "The plan lacks %(n)s things.", len(lacks)), lacks)


def has_started_or_could(w: Work, pilot: Pilot) -> Problem | None:
    """A pilot suspended before its start resumes with a whole plan."""
    return plan_is_whole(w, pilot) if pilot.started_at is None else None


def results_are_told(w: Work, pilot: Pilot) -> Problem | None:
    """Final report accepted, indicators closed, replication plan and public summary written."""
    lacks: dict[str, Text] = {}
    finals = [row for row in content.reports(w, pilot) if row.kind is ReportKind.FINAL]
    if not finals or any(row.state is not ReportState.ACCEPTED for row in finals):
        lacks["report"] = _("The final report is not accepted yet.")
    still_open = [row for row in content.indicators(w, pilot) if row.closed_at is None]
    if still_open:
        lacks["indicators"] = _n("One indicator is open.", "%(n)s indicators are open.", len(still_open))
    if not pilot.replication_plan:
        lacks["replication_plan"] = _("The replication plan is missing. The lead can write it.")
    if not pilot.public_summary:
        lacks["public_summary"] = _("The public summary is missing. The lead can write it.")
    return together("results", _n("One result is missing.", "%(n)s results are missing.", len(lacks)), lacks)


# Guards of reports


def is_open(_w: Work, report: Report) -> Problem | None:
    """A report is written on until it is submitted, and again when it came back."""
    if report.state in (ReportState.DUE, ReportState.RETURNED):
        return None
    return Problem("submitted", _("This report has been submitted already."))


def is_planned(_w: Work, report: Report) -> Problem | None:
    """Kind and date change only before the report has been submitted."""
    if report.state is ReportState.DUE:
        return None
    return Problem("submitted", _("This report has been submitted already."))


def is_complete(_w: Work, report: Report) -> Problem | None:
    """Every question that must be answered is, within its limits."""
    form = REPORT_FORMS[report.kind]
    answers = {name: value for name, value in report.answers.items() if value not in ("", None)}
    try:
        form.model_validate(answers)
    except ValidationError as error:
        names = dict.fromkeys(str(found["loc"][0]) for found in error.errors() if found["loc"])
        lacks = {
            name: _("Look again at: %(question)s", question=_(str(form.model_fields[name].title))) for name in names
        }
        return together("incomplete", _n("One answer is missing.", "%(n)s answers are missing.", len(lacks)), lacks)
    return None


def pilot_is_under_way(w: Work, report: Report) -> Problem | None:
    """Reports come from pilots that have begun."""
    pilot = w.session.get_one(Pilot, report.pilot_id)
    if pilot.state in (PilotState.RUNNING, PilotState.SUSPENDED, PilotState.COMPLETED):
        return None
    return Problem("not_under_way", _("The pilot is not running."))


def may_go_on(w: Work, report: Report) -> Problem | None:
    """The archive: after the end only a report that a payment still waits for goes on."""
    problem = has_not_ended(w, w.session.get_one(Pilot, report.pilot_id))
    if problem is None:
        return None
    waits = select(Tranche.id).where(
        Tranche.report_id == report.id, col(Tranche.state).not_in((TrancheState.PAID, TrancheState.CANCELLED))
    )
    return None if w.session.exec(waits).first() is not None else problem


# Guards: pairing a proposal


def is_selected(_w: Work, proposal: Proposal) -> Problem | None:
    """Only a selected proposal becomes a pilot."""
    if proposal.state is ProposalState.SELECTED:
        return None
    return Problem("not_selected", _("Only a selected proposal becomes a pilot."))


def has_no_pilot(w: Work, proposal: Proposal) -> Problem | None:
    """One live pilot per proposal."""
    found = select(Pilot.id).where(Pilot.proposal_id == proposal.id, Pilot.state != PilotState.TERMINATED)
    if w.session.exec(found).first() is None:
        return None
    return Problem("already_paired", _("This proposal has a pilot already. Terminate that one first."))


def commitments_are_live(w: Work, proposal: Proposal) -> Problem | None:
    """What the cities owed at the last gate still stands."""
    return proposals.commitments_live(w, proposal)


PAIR: tuple[Rule, ...] = (
    is_selected, has_no_pilot, proposals.pairing_holds, commitments_are_live, cities_can_carry_it,
)  # fmt: skip


def why_not_pair(w: Work, proposal: Proposal) -> Problem | None:
    """Why this proposal cannot become a pilot now, if so."""
    return next((problem for rule in PAIR if (problem := rule(w, proposal)) is not None), None)
