"""Measurements over time for everybody; risks and issues for the pilot's own people and the programme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Choices, Form
from challenge.http.pages import page
from challenge.http.sent import Sent
from challenge.http.work import work
from challenge.kernel import sheets
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.pilots import content, rules
from challenge.pilots import queries as pilots
from challenge.pilots.pages.shared import form_page, permit, take
from challenge.pilots.tracking import actions, queries
from challenge.pilots.tracking.schemas import DEGREES, KINDS, EndingIn, RiskIn
from challenge.pilots.tracking.views import city_name, tracked

if TYPE_CHECKING:
    from challenge.pilots.models import Pilot

router = APIRouter(include_in_schema=False)
DEGREE: Choices = list(DEGREES.items())
CHOICES: dict[str, Choices] = {
    "kind": [(str(kind), text) for kind, text in KINDS.items()], "likelihood": DEGREE, "impact": DEGREE,
}  # fmt: skip
NEW, CHANGE, END = _("New risk or issue"), _("Risk or issue"), _("How it ended")


@router.get("/pilots/{code}/measurements")
def measurements(request: Request, code: str) -> Response:
    """Every indicator over time, a line per city."""
    with work(request) as w:
        pilot = pilots.visible(w, code)
        is_inside = pilots.is_inside(w, pilot)
        return page(
            w, "pilots/measurements.html", pilot=pilot, tracked=tracked(w, pilot), is_inside=is_inside,
            may_measure=is_inside and rules.may_measure(w, pilot) is None and rules.has_not_ended(w, pilot) is None,
        )  # fmt: skip


HEAD = ("indicator", "unit", "city", "measured_on", "value", "source", "counts")


@router.get("/pilots/{code}/measurements.csv")
def measurements_csv(request: Request, code: str) -> Response:
    """Every value as a table, without names of people."""
    with work(request) as w:
        pilot = pilots.visible(w, code)
        rows = _rows(w, pilot)
    head = {"content-disposition": f'attachment; filename="pilot-{code}-measurements.csv"'}
    return Response(sheets.write_csv(HEAD, rows), media_type=sheets.CSV, headers=head)


def _rows(w: Work, pilot: Pilot) -> list[tuple[Any, ...]]:
    cities = {row.city_id: row.name for row in content.members(w, pilot)}
    indicators = {row.id: row for row in content.indicators(w, pilot)}
    return [
        (row.title, row.unit, city_name(row, cities), one.measured_on, f"{one.value.normalize():f}", one.source,
         "yes" if one.counts else "no")
        for one in queries.measurements(w, pilot)
        for row in [indicators[one.indicator_id]]
    ]  # fmt: skip


# Risks


@router.get("/pilots/{code}/risks")
def risks(request: Request, code: str) -> Response:
    """The log: what may happen, what has, what is done about it, how it ended."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        may = rules.may_measure(w, pilot) is None and rules.has_not_ended(w, pilot) is None
        return page(
            w, "pilots/risks.html", pilot=pilot, risks=queries.risks(w, pilot), degrees=DEGREES, may_change=may,
            kinds={"risk": _("Risk"), "issue": _("Issue")},
        )  # fmt: skip


@router.get("/pilots/{code}/risks/new")
def new(request: Request, code: str) -> Response:
    """Note one."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        permit(w, pilot, rules.may_measure)
        form = Form(RiskIn, choices=CHOICES)
        return form_page(w, pilot, form, NEW, f"/pilots/{code}/risks/new", f"/pilots/{code}/risks")


@router.post("/pilots/{code}/risks/new")
def create(request: Request, code: str, sent: Sent) -> Response:
    """Keep it."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        back = f"/pilots/{code}/risks"
        return take(
            w, pilot, sent, RiskIn, lambda draft: actions.add_risk(w, pilot, draft), heading=NEW,
            url=f"{back}/new", back=back, say=_("Added."), choices=CHOICES,
        )  # fmt: skip


@router.get("/pilots/{code}/risks/{item}")
def edit(request: Request, code: str, item: str) -> Response:
    """Say it otherwise."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        row = queries.risk(w, pilot, item)
        permit(w, pilot, rules.may_measure)
        known = {name: getattr(row, name) for name in RiskIn.model_fields}
        back = f"/pilots/{code}/risks"
        return form_page(w, pilot, Form(RiskIn, known, choices=CHOICES), CHANGE, f"{back}/{item}", back)


@router.post("/pilots/{code}/risks/{item}")
def update(request: Request, code: str, item: str, sent: Sent) -> Response:
    """Keep it so."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        row = queries.risk(w, pilot, item)
        back = f"/pilots/{code}/risks"
        return take(
            w, pilot, sent, RiskIn, lambda draft: actions.change_risk(w, pilot, row, draft), heading=CHANGE,
            url=f"{back}/{item}", back=back, say=_("Saved."), choices=CHOICES,
        )  # fmt: skip


@router.get("/pilots/{code}/risks/{item}/close")
def ask_close(request: Request, code: str, item: str) -> Response:
    """It is over."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        row = queries.risk(w, pilot, item)
        permit(w, pilot, rules.may_measure)
        back = f"/pilots/{code}/risks"
        return form_page(w, pilot, Form(EndingIn), END, f"{back}/{item}/close", back, note=row.title)


@router.post("/pilots/{code}/risks/{item}/close")
def close(request: Request, code: str, item: str, sent: Sent) -> Response:
    """Say how."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        row = queries.risk(w, pilot, item)
        back = f"/pilots/{code}/risks"
        return take(
            w, pilot, sent, EndingIn, lambda draft: actions.close_risk(w, pilot, row, draft), heading=END,
            url=f"{back}/{item}/close", back=back, say=_("Saved."), note=row.title,
        )  # fmt: skip
