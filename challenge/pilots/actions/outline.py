"""A report begun with what the service knows: milestones, measured values, money. Its people write on from there."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from challenge.kernel.errors import Problem, Refused
from challenge.kernel.i18n import Text, _
from challenge.kernel.work import Work
from challenge.pilots import content, rules
from challenge.pilots.actions.guard import permit, require
from challenge.pilots.actions.plan import write_report
from challenge.pilots.content import Day, Money
from challenge.pilots.models import Pilot, Report
from challenge.pilots.money.queries import burn
from challenge.pilots.states import ReportKind

BEGUN = Problem("begun", _("Something is written already; it stays as it is."))
UNKNOWN = Problem("nothing_known", _("Nothing is known yet that could stand in this report. Write it yourself."))


def begin_report(w: Work, report: Report) -> None:
    """Write what is known into a report in which nothing is written yet, in the language of who begins it."""
    permit(w, report, rules.of_its_pilot(rules.may_report))
    require(w, report, rules.is_open)
    if any(report.answers.values()):
        raise Refused(BEGUN)
    pilot = w.session.get_one(Pilot, report.pilot_id)
    parts = {"spent": _spent} if report.kind is ReportKind.FINANCIAL else {"done": _done, "measured": _measured}
    answers = {name: "\n".join(f"- {line}" for line in part(w, pilot)) for name, part in parts.items()}
    answers = {name: text for name, text in answers.items() if text}
    if not answers:
        raise Refused(UNKNOWN)
    write_report(w, report, answers)


def _done(w: Work, pilot: Pilot) -> Iterator[Text | str]:
    """Milestones on which work has begun."""
    for row in content.milestones(w, pilot):
        if row.done_on is not None:
            yield _("%(title)s: done on %(day)s. %(evidence)s", title=row.title, day=Day(row.done_on),
                    evidence=row.evidence)  # fmt: skip
        elif row.starts_on <= w.now.date():
            yield _("%(title)s: under way, due on %(day)s.", title=row.title, day=Day(row.due_on))


def _measured(w: Work, pilot: Pilot) -> Iterator[Text | str]:
    """Indicators that were measured, with the way they come from and go to."""
    cities = {row.city_id: row.name for row in content.members(w, pilot)}
    for row in content.indicators(w, pilot):
        if row.actual is None or row.measured_on is None:
            continue
        where = cities.get(row.city_id or 0, "")
        yield _(
            "%(title)s: %(actual)s on %(day)s (baseline %(baseline)s, target %(target)s).",
            title=", ".join(part for part in (row.title, row.unit, where) if part), actual=_number(row.actual),
            day=Day(row.measured_on), baseline=_number(row.baseline), target=_number(row.target),
        )  # fmt: skip


def _spent(w: Work, pilot: Pilot) -> Iterator[Text | str]:
    """What each partner may spend, was paid, and has accounted for."""
    for row in burn(w, pilot):
        total = row.total
        yield _(
            "%(name)s: planned %(planned)s, paid %(paid)s, accepted costs %(accepted)s, still to be checked"
            " %(waiting)s.",
            name=total.name, planned=Money(total.planned), paid=Money(total.paid or 0), accepted=Money(total.accepted),
            waiting=Money(total.waiting),
        )  # fmt: skip


def _number(value: Decimal | None) -> str:
    return "–" if value is None else f"{value.normalize():f}"
