"""The plan and what becomes of it: milestones, indicators with measurements, reports, tranches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlmodel import col, select

from challenge.kernel import editing
from challenge.kernel.errors import Invalid, Problem, Refused
from challenge.kernel.i18n import Text, _
from challenge.kernel.patch import HERE, Origin
from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.pilots import content, rules
from challenge.pilots.actions.guard import changing, permit, require
from challenge.pilots.models import Indicator, MemberCity, Milestone, Pilot, Report, Tranche
from challenge.pilots.money.queries import partners
from challenge.pilots.money.schemas import TrancheIn
from challenge.pilots.schemas import IndicatorIn, MeasurementIn, MilestoneIn, ReportIn
from challenge.pilots.states import ReportState, TrancheState
from challenge.pilots.tracking.models import Measurement

Item = TypeVar("Item", Milestone, Indicator, Report, Tranche)


def add_milestone(w: Work, pilot: Pilot, draft: MilestoneIn) -> Milestone:
    """Plan a milestone."""
    _begin(w, pilot)
    return _noted(w, pilot, "add_milestone", w.add(Milestone(pilot_id=pilot.id, **draft.model_dump())))


def change_milestone(w: Work, pilot: Pilot, item: Milestone, draft: MilestoneIn) -> None:
    """Change a milestone, or say that it is done."""
    _begin(w, pilot)
    _set(w, pilot, "change_milestone", item, draft.model_dump())


def add_indicator(w: Work, pilot: Pilot, draft: IndicatorIn) -> Indicator:
    """Plan what is measured."""
    _may(w, pilot)
    values = _indicator(w, pilot, draft)
    changing(w, pilot)
    return _noted(w, pilot, "add_indicator", w.add(Indicator(pilot_id=pilot.id, **values)))


def change_indicator(w: Work, pilot: Pilot, item: Indicator, draft: IndicatorIn) -> None:
    """Change what is measured. Once the pilot has started, baseline and target are the coordinators' to change."""
    _may(w, pilot)
    values = _indicator(w, pilot, draft)
    moved = values["baseline"] != item.baseline or values["target"] != item.target
    if moved and pilot.started_at is not None:
        permit(w, pilot, rules.is_coordinator)
    if item.closed_at is not None:
        raise Refused(Problem("closed", _("This indicator is closed. Open it again first.")))
    changing(w, pilot)
    _set(w, pilot, "change_indicator", item, values)


def _indicator(w: Work, pilot: Pilot, draft: IndicatorIn) -> dict[str, Any]:
    """The columns, with the city as one of the members."""
    values = draft.model_dump(exclude={"city"})
    values["city_id"] = None
    if draft.city:
        found = (
            select(Organisation.id)
            .join(MemberCity, col(MemberCity.city_id) == Organisation.id)
            .where(MemberCity.pilot_id == pilot.id, Organisation.code == draft.city)
        )
        values["city_id"] = w.session.exec(found).first()
        if values["city_id"] is None:
            text = _("Choose a member city")
            raise Invalid(Problem("not_a_member", text, {"city": text}))
    return values


def measure(w: Work, pilot: Pilot, item: Indicator, draft: MeasurementIn) -> None:
    """Enter where an indicator stands; closing it says that this is the final value."""
    permit(w, pilot, rules.may_measure)
    require(w, pilot, rules.has_not_ended)
    if item.closed_at is not None:
        raise Refused(Problem("closed", _("This indicator is closed. Open it again first.")))
    if draft.measured_on > w.now.date():
        text = _("This day is still to come")
        raise Invalid(Problem("measured_later", text, {"measured_on": text}))
    changing(w, pilot)
    w.add(
        Measurement(
            indicator_id=item.id, value=draft.actual, measured_on=draft.measured_on, source=draft.source,
            by_id=w.actor.id, at=w.now,
        )
    )  # fmt: skip
    is_newest = item.measured_on is None or draft.measured_on >= item.measured_on
    values = {"actual": draft.actual, "measured_on": draft.measured_on} if is_newest else {}
    _set(w, pilot, "measure", item, {**values, "closed_at": w.now if draft.closed else None})


def reopen_indicator(w: Work, pilot: Pilot, item: Indicator) -> None:
    """The value was not final after all."""
    permit(w, pilot, rules.is_coordinator)
    changing(w, pilot)
    _set(w, pilot, "reopen_indicator", item, {"closed_at": None})


# Money: coordinators only, and fixed once the pilot runs


def add_tranche(w: Work, pilot: Pilot, draft: TrancheIn) -> Tranche:
    """Plan a payment."""
    _may_plan_money(w, pilot)
    values = _tranche(w, pilot, draft)
    changing(w, pilot)
    made = w.add(Tranche(pilot_id=pilot.id, round_code=pilot.round_code, **values))
    return _noted(w, pilot, "add_tranche", made)


def change_tranche(w: Work, pilot: Pilot, item: Tranche, draft: TrancheIn) -> None:
    """Plan a payment otherwise."""
    _may_plan_money(w, pilot)
    if item.state is not TrancheState.PLANNED:
        raise Refused(Problem("not_planned", _("Only planned tranches can be changed.")))
    values = _tranche(w, pilot, draft)
    changing(w, pilot)
    _set(w, pilot, "change_tranche", item, values)


def _may_plan_money(w: Work, pilot: Pilot) -> None:
    permit(w, pilot, rules.is_coordinator)
    require(w, pilot, rules.has_not_ended)
    if pilot.started_at is not None:
        raise Refused(Problem("tranches_fixed", _("The tranches are fixed since the pilot started.")))


def _tranche(w: Work, pilot: Pilot, draft: TrancheIn) -> dict[str, Any]:
    values = draft.model_dump(exclude={"report", "milestone", "payee"})
    known: dict[str, tuple[dict[str, int], Text]] = {
        "report": ({row.code: row.id for row in content.reports(w, pilot)}, _("Choose a report of this pilot")),
        "milestone": (
            {row.code: row.id for row in content.milestones(w, pilot)},
            _("Choose a milestone of this pilot"),
        ),
        "payee": ({row.code: key for key, row in partners(w, pilot).items()}, _("Choose a partner of this pilot")),
    }
    for name, (codes, text) in known.items():
        code = getattr(draft, name)
        if code and code not in codes:
            raise Invalid(Problem(f"no_such_{name}", text, {name: text}))
        values[f"{name}_id"] = codes.get(code)
    return values


# Reports


def add_report(w: Work, pilot: Pilot, draft: ReportIn) -> Report:
    """Plan a report. Coordinators say what is owed."""
    permit(w, pilot, rules.is_coordinator)
    _begin(w, pilot)
    made = w.add(Report(pilot_id=pilot.id, round_id=pilot.round_id, round_code=pilot.round_code, **draft.model_dump()))
    return _noted(w, pilot, "add_report", made)


def change_report(w: Work, pilot: Pilot, item: Report, draft: ReportIn) -> None:
    """Owe it on another day, or as another kind, as long as it has not been submitted."""
    permit(w, pilot, rules.is_coordinator)
    _begin(w, pilot)
    require(w, item, rules.is_planned)
    _set(w, pilot, "change_report", item, draft.model_dump())


def write_report(w: Work, report: Report, answers: Mapping[str, Any], origin: Origin = HERE) -> None:
    """Keep answers as they are typed, until the report is submitted."""
    permit(w, report, rules.of_its_pilot(rules.may_report))
    require(w, report, rules.is_open, rules.may_go_on)
    editing.write(w, content.REPORTING, report, answers, origin)


def drop(w: Work, pilot: Pilot, item: Milestone | Indicator | Report | Tranche) -> None:
    """Take something out of the plan that nothing rests on yet; once the pilot runs, coordinators only."""
    if isinstance(item, Tranche):
        _may_plan_money(w, pilot)
    else:
        _may(w, pilot)
    if isinstance(item, Report) or pilot.started_at is not None:
        permit(w, pilot, rules.is_coordinator)
    tranches = content.tranches(w, pilot)
    if isinstance(item, Milestone) and any(row.milestone_id == item.id for row in tranches):
        raise Refused(Problem("milestone_in_use", _("A tranche rests on this milestone.")))
    rested_on = isinstance(item, Report) and (
        item.state is not ReportState.DUE or any(row.report_id == item.id for row in tranches)
    )
    if rested_on:
        raise Refused(Problem("report_in_use", _("A tranche rests on this report, or it has been submitted.")))
    if isinstance(item, Indicator) and item.measured_on is not None:
        raise Refused(Problem("measured", _("This indicator has been measured, so it stays. Close it instead.")))
    changing(w, pilot)
    w.session.delete(item)
    w.session.flush()
    w.note(content.WORKFLOW, pilot, f"drop_{type(item).__name__.lower()}", {"item": item.code})


def _may(w: Work, pilot: Pilot) -> None:
    permit(w, pilot, rules.may_plan)
    require(w, pilot, rules.has_not_ended)


def _begin(w: Work, pilot: Pilot) -> None:
    _may(w, pilot)
    changing(w, pilot)


def _noted(w: Work, pilot: Pilot, act: str, item: Item) -> Item:
    w.note(content.WORKFLOW, pilot, act, {"item": item.code})
    return item


def _set(w: Work, pilot: Pilot, act: str, item: Item, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(item, name, value)
    w.session.flush()
    _noted(w, pilot, act, item)
