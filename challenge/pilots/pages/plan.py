"""The plan: milestones, indicators, reports, tranches; each is added, changed and dropped the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from challenge.http.forms import Choices, Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import work
from challenge.kernel.i18n import Text, _
from challenge.kernel.work import Work
from challenge.people.rules import Rule
from challenge.pilots import actions, content, queries, rules
from challenge.pilots.money import queries as money
from challenge.pilots.money.schemas import TrancheIn
from challenge.pilots.pages import progress, views
from challenge.pilots.pages.portfolio import zone_of
from challenge.pilots.pages.shared import form_page, permit, same_version, take
from challenge.pilots.schemas import IndicatorIn, MeasurementIn, MilestoneIn, ReportIn
from challenge.pilots.states import REPORT_KINDS, REPORT_LABELS, TRANCHE_LABELS

if TYPE_CHECKING:
    from challenge.pilots.models import Indicator, Milestone, Pilot, Report, Tranche

router = APIRouter(include_in_schema=False)


def _no_choices(_w: Work, _pilot: Pilot) -> Mapping[str, Choices]:
    return {}


def _cities(w: Work, pilot: Pilot) -> Mapping[str, Choices]:
    return {"city": [("", _("All cities")), *((row.code, row.name) for row in content.members(w, pilot))]}


def _rests_on(w: Work, pilot: Pilot) -> Mapping[str, Choices]:
    """What a tranche may rest on, and who may be paid."""
    reports, partners = content.reports(w, pilot), money.partners(w, pilot)
    lead = partners.get(pilot.organisation_id or 0)
    others = [row for row in partners.values() if row is not lead]
    return {
        "report": [("", _("None")), *((row.code, f"{REPORT_KINDS[row.kind]}, {row.due_on}") for row in reports)],
        "milestone": [("", _("None")), *((row.code, row.title) for row in content.milestones(w, pilot))],
        "payee": [("", lead.name if lead else _("None")), *((row.code, row.name) for row in others)],
    }


def _report_kinds(_w: Work, _pilot: Pilot) -> Mapping[str, Choices]:
    return {"kind": [(str(kind), label) for kind, label in REPORT_KINDS.items()]}


def _plain(_w: Work, _pilot: Pilot, item: Any) -> dict[str, Any]:
    return {name: getattr(item, name, None) for name in type(item).model_fields}


def _of_indicator(w: Work, pilot: Pilot, item: Indicator) -> dict[str, Any]:
    cities = {row.city_id: row.code for row in content.members(w, pilot)}
    numbers = {name: progress.plain_number(getattr(item, name)) for name in ("baseline", "target")}
    return {
        "title": item.title,
        "unit": item.unit,
        "city": cities.get(item.city_id or 0, ""),
        "source": item.source,
    } | numbers


def _of_tranche(w: Work, pilot: Pilot, item: Tranche) -> dict[str, Any]:
    reports = {row.id: row.code for row in content.reports(w, pilot)}
    milestones = {row.id: row.code for row in content.milestones(w, pilot)}
    partners = money.partners(w, pilot)
    known = {"label": item.label, "cents": item.cents, "due_on": item.due_on}
    return known | {
        "report": reports.get(item.report_id or 0, ""), "milestone": milestones.get(item.milestone_id or 0, ""),
        "payee": partners[item.payee_id].code if item.payee_id in partners else "",
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry of the plan, and how it is asked for."""

    noun: str
    table: queries.Kinds
    model: type[BaseModel]
    new: Text
    edit: Text
    who: Rule
    add: Callable[..., object]
    change: Callable[..., object]
    known: Callable[[Work, Any, Any], dict[str, Any]] = _plain
    choices: Callable[[Work, Any], Mapping[str, Choices]] = _no_choices


KINDS = (
    Kind("milestones", "milestone", MilestoneIn, _("New milestone"), _("Milestone"), rules.may_plan,
         actions.add_milestone, actions.change_milestone),
    Kind("indicators", "indicator", IndicatorIn, _("New indicator"), _("Indicator"), rules.may_plan,
         actions.add_indicator, actions.change_indicator, _of_indicator, _cities),
    Kind("reports", "report", ReportIn, _("New report"), _("Report"), rules.is_coordinator,
         actions.add_report, actions.change_report, choices=_report_kinds),
    Kind("tranches", "tranche", TrancheIn, _("New tranche"), _("Tranche"), rules.is_coordinator,
         actions.add_tranche, actions.change_tranche, _of_tranche, _rests_on),
)  # fmt: skip


@router.get("/pilots/{code}/plan")
def show(request: Request, code: str) -> Response:
    """All of it, with what is missing before the start."""
    with work(request) as w:
        pilot = queries.whole(w, code)
        now = views.today(w.now, zone_of(w, pilot))
        tranches, reports = content.tranches(w, pilot), content.reports(w, pilot)
        is_open = rules.has_not_ended(w, pilot) is None
        return page(
            w, "pilots/plan.html", pilot=pilot, problem=rules.plan_is_whole(w, pilot) if not pilot.started_at else None,
            milestones=progress.milestone_rows(content.milestones(w, pilot), now),
            indicators=progress.indicator_rows(pilot, content.indicators(w, pilot), content.members(w, pilot)),
            tranches=tranches, planned=content.planned_cents(tranches), reports=reports, kinds=REPORT_KINDS,
            rests_on=_named(reports, content.milestones(w, pilot)), report_labels=REPORT_LABELS,
            tranche_labels=TRANCHE_LABELS, late=progress.late(reports, now),
            open_reports={row.code for row in reports if rules.is_planned(w, row) is None},
            may_plan=is_open and rules.may_plan(w, pilot) is None,
            may_run=is_open and rules.is_coordinator(w, pilot) is None,
            may_measure=is_open and rules.may_measure(w, pilot) is None,
        )  # fmt: skip


def _named(reports: Iterable[Report], milestones: Iterable[Milestone]) -> Callable[[Tranche], str]:
    """What a tranche rests on, in words."""
    found = {("report", row.id): str(REPORT_KINDS[row.kind]) for row in reports}
    found |= {("milestone", row.id): row.title for row in milestones}

    def rests_on(row: Tranche) -> str:
        keys = (("report", row.report_id), ("milestone", row.milestone_id))
        return ", ".join(found[kind, key] for kind, key in keys if key is not None) or "–"

    return rests_on


@router.get("/pilots/{code}/indicators/{item}/measure")
def ask_measure(request: Request, code: str, item: str) -> Response:
    """Where an indicator stands."""
    with work(request) as w:
        pilot = queries.whole(w, code)
        permit(w, pilot, rules.may_measure)
        row = queries.item(w, "indicator", pilot, item)
        known = {"actual": progress.plain_number(row.actual), "measured_on": row.measured_on or w.now.date()}
        back = f"/pilots/{code}/plan"
        return form_page(
            w, pilot, Form(MeasurementIn, known), _("Measure: %(indicator)s", indicator=row.title),
            f"/pilots/{code}/indicators/{item}/measure", back, note=_way(row),
        )  # fmt: skip


@router.post("/pilots/{code}/indicators/{item}/measure")
def measure(request: Request, code: str, item: str, sent: Sent) -> Response:
    """Enter it."""
    with work(request) as w:
        pilot = queries.whole(w, code)
        row = queries.item(w, "indicator", pilot, item)
        return take(
            w, pilot, sent, MeasurementIn, lambda draft: actions.measure(w, pilot, row, draft),
            heading=_("Measure: %(indicator)s", indicator=row.title), url=f"/pilots/{code}/indicators/{item}/measure",
            back=f"/pilots/{code}/plan", say=_("Measured."), note=_way(row),
        )  # fmt: skip


def _way(row: Indicator) -> Text:
    return _(
        "From %(baseline)s to %(target)s %(unit)s.",
        baseline=progress.quantity(row.baseline), target=progress.quantity(row.target), unit=row.unit,
    )  # fmt: skip


@router.post("/pilots/{code}/indicators/{item}/reopen")
def reopen(request: Request, code: str, item: str, sent: Sent) -> Response:
    """The value was not final after all."""
    with work(request) as w:
        pilot = queries.whole(w, code)
        same_version(pilot, sent)
        actions.reopen_indicator(w, pilot, queries.item(w, "indicator", pilot, item))
        return see_other(w, f"/pilots/{code}/plan", say=_("Opened again."))


def _add_kind(kind: Kind) -> None:
    """Routes ``…/{noun}/new``, ``…/{noun}/{item}`` and ``…/{noun}/{item}/drop``."""
    base = f"/pilots/{{code}}/{kind.noun}"

    @router.get(f"{base}/new", name=f"pilots.{kind.noun}.new")
    def new(request: Request, code: str) -> Response:
        with work(request) as w:
            pilot = queries.whole(w, code)
            permit(w, pilot, kind.who)
            form = Form(kind.model, choices=kind.choices(w, pilot))
            return form_page(w, pilot, form, kind.new, f"/pilots/{code}/{kind.noun}/new", f"/pilots/{code}/plan")

    @router.post(f"{base}/new", name=f"pilots.{kind.noun}.create")
    def create(request: Request, code: str, sent: Sent) -> Response:
        with work(request) as w:
            pilot = queries.whole(w, code)
            return take(
                w, pilot, sent, kind.model, lambda draft: kind.add(w, pilot, draft), heading=kind.new,
                url=f"/pilots/{code}/{kind.noun}/new", back=f"/pilots/{code}/plan", say=_("Added."),
                choices=kind.choices(w, pilot),
            )  # fmt: skip

    @router.get(f"{base}/{{item}}", name=f"pilots.{kind.noun}.edit")
    def edit(request: Request, code: str, item: str) -> Response:
        with work(request) as w:
            pilot = queries.whole(w, code)
            permit(w, pilot, kind.who)
            row = queries.item(w, kind.table, pilot, item)
            form = Form(kind.model, kind.known(w, pilot, row), choices=kind.choices(w, pilot))
            url = f"/pilots/{code}/{kind.noun}/{item}"
            return form_page(
                w, pilot, form, kind.edit, url, f"/pilots/{code}/plan", drop_url=f"{url}/drop",
                drop_label=_("Take it out of the plan"),
            )  # fmt: skip

    @router.post(f"{base}/{{item}}", name=f"pilots.{kind.noun}.update")
    def update(request: Request, code: str, item: str, sent: Sent) -> Response:
        with work(request) as w:
            pilot = queries.whole(w, code)
            row = queries.item(w, kind.table, pilot, item)
            url = f"/pilots/{code}/{kind.noun}/{item}"
            return take(
                w, pilot, sent, kind.model, lambda draft: kind.change(w, pilot, row, draft), heading=kind.edit,
                url=url, back=f"/pilots/{code}/plan", say=_("Saved."), choices=kind.choices(w, pilot),
                drop_url=f"{url}/drop", drop_label=_("Take it out of the plan"),
            )  # fmt: skip

    @router.post(f"{base}/{{item}}/drop", name=f"pilots.{kind.noun}.drop")
    def drop(request: Request, code: str, item: str, sent: Sent) -> Response:
        with work(request) as w:
            pilot = queries.whole(w, code)
            same_version(pilot, sent)
            actions.drop(w, pilot, queries.item(w, kind.table, pilot, item))
            return see_other(w, f"/pilots/{code}/plan", say=_("Taken out of the plan."))


for _kind in KINDS:
    _add_kind(_kind)
