"""Health: one pure rule over what is known of a pilot. Nobody types it in; every level comes with its reasons.

The numbers below are defaults of ours, not a rule of FinEst; the page of a pilot says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from challenge.kernel.i18n import Text, _, _n
from challenge.kernel.workflow import Label
from challenge.pilots.states import REPORT_KINDS, PilotState, ReportState
from challenge.pilots.tracking.models import RiskKind

if TYPE_CHECKING:
    from challenge.pilots.models import Indicator, Milestone, Pilot, Report
    from challenge.pilots.tracking.models import Risk

MILESTONE_LATE: Final = 30  # days after which a milestone makes the pilot late
REPORT_LATE: Final = 14
SILENT: Final = 183  # days without a measurement
GRAVE: Final = 6  # likelihood times impact
GRAVE_ISSUE: Final = 3


class Level(IntEnum):
    """From good to bad; the worst reason decides."""

    NOT_KNOWN = -1
    ON_TRACK = 0
    AT_RISK = 1
    LATE = 2

    @property
    def key(self) -> str:
        """As JSON and addresses name it."""
        return self.name.lower()


LEVELS: dict[Level, Label] = {
    Level.NOT_KNOWN: Label(_("Not known"), _("Not known"), "off"),
    Level.ON_TRACK: Label(_("On track"), _("On track"), "moss"),
    Level.AT_RISK: Label(_("At risk"), _("At risk"), "sun"),
    Level.LATE: Label(_("Late"), _("Late"), "rose"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """What the rule looks at."""

    pilot: Pilot
    today: date
    milestones: Sequence[Milestone] = ()
    reports: Sequence[Report] = ()
    indicators: Sequence[Indicator] = ()
    risks: Sequence[Risk] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a pilot is not on track: the rule's name, how bad it is, and in words what is the matter."""

    rule: str
    level: Level
    text: Text


@dataclass(frozen=True, slots=True)
class Health:
    """The level and every reason for it, the worst first."""

    level: Level
    reasons: tuple[Reason, ...] = field(default=())

    @property
    def label(self) -> Label:
        """The level in words and tone."""
        return LEVELS[self.level]


Found = Iterator[tuple[Level, Text]]


def _milestones(known: Known) -> Found:
    for row in known.milestones:
        days = (known.today - row.due_on).days
        if row.done_on is None and days > 0:
            level = Level.LATE if days > MILESTONE_LATE else Level.AT_RISK
            yield level, _n("Milestone “%(title)s” is one day over.", "Milestone “%(title)s” is %(n)s days over.", days,
                            title=row.title)  # fmt: skip


def _reports(known: Known) -> Found:
    for row in known.reports:
        days = (known.today - row.due_on).days
        if row.state in (ReportState.DUE, ReportState.RETURNED) and days > 0:
            level = Level.LATE if days > REPORT_LATE else Level.AT_RISK
            yield level, _n("%(report)s is one day over.", "%(report)s is %(n)s days over.", days,
                            report=REPORT_KINDS[row.kind])  # fmt: skip


def _behind(known: Known) -> Found:
    """Less of the way covered than of the time, when it was measured."""
    pilot = known.pilot
    if pilot.starts_on is None or pilot.ends_on is None or pilot.ends_on <= pilot.starts_on:
        return
    for row in known.indicators:
        way = _way(row)
        if way is None or row.measured_on is None or row.closed_at is not None:
            continue
        time = min(max((row.measured_on - pilot.starts_on) / (pilot.ends_on - pilot.starts_on), 0.0), 1.0)
        if way < time:
            yield Level.AT_RISK, _("“%(title)s” is behind: %(way)s %% of the way at %(time)s %% of the time.",
                                   title=row.title, way=round(way * 100), time=round(time * 100))  # fmt: skip


def _way(row: Indicator) -> float | None:
    """The share of the way from baseline to target; None where it cannot be said."""
    if row.baseline is None or row.target is None or row.actual is None or row.target == row.baseline:
        return None
    return max(float(row.actual - row.baseline) / float(row.target - row.baseline), 0.0)


def _missed(known: Known) -> Found:
    for row in known.indicators:
        way = _way(row)
        if row.closed_at is not None and way is not None and way < 1:
            yield Level.AT_RISK, _("“%(title)s” was closed without reaching its target.", title=row.title)


def _silent(known: Known) -> Found:
    """Open indicators nobody has measured for half a year, or since the start."""
    begun = known.pilot.starts_on
    if begun is None:
        return
    silent = [
        row
        for row in known.indicators
        if row.closed_at is None and known.today - max(row.measured_on or begun, begun) > timedelta(days=SILENT)
    ]
    if silent:
        yield Level.AT_RISK, _n("One indicator was not measured for half a year.",
                                "%(n)s indicators were not measured for half a year.", len(silent))  # fmt: skip


def _risks(known: Known) -> Found:
    for row in known.risks:
        if row.closed_on is not None:
            continue
        if row.kind is RiskKind.RISK and row.weight >= GRAVE:
            yield Level.AT_RISK, _("Grave risk: %(title)s", title=row.title)
        elif row.kind is RiskKind.ISSUE and row.impact >= GRAVE_ISSUE:
            yield Level.AT_RISK, _("Grave issue: %(title)s", title=row.title)


def _over(known: Known) -> Found:
    ends = known.pilot.ends_on
    if ends is not None and known.today > ends:
        days = (known.today - ends).days
        yield Level.LATE, _n("Its last day was yesterday.", "Its last day was %(n)s days ago.", days)


def _stands_still(known: Known) -> Found:
    if known.pilot.state is PilotState.SUSPENDED:
        expired = known.pilot.cure_expired_at is not None
        text = _("It is suspended, and the date to mend it has passed.") if expired else _("It is suspended.")
        yield (Level.LATE if expired else Level.AT_RISK), text


RULES: dict[str, tuple[Text, Callable[[Known], Found]]] = {
    "milestone": (_n("A milestone that is over: at risk; more than %(n)s day: late.",
                     "A milestone that is over: at risk; more than %(n)s days: late.", MILESTONE_LATE), _milestones),
    "report": (_n("A report that is over: at risk; more than %(n)s day: late.",
                  "A report that is over: at risk; more than %(n)s days: late.", REPORT_LATE), _reports),
    "behind": (_("An indicator that has covered less of its way than of the time: at risk."), _behind),
    "missed": (_("An indicator closed before its target: at risk."), _missed),
    "silent": (_("An open indicator not measured for half a year: at risk."), _silent),
    "risk": (_("An open risk that is likely and grave, or a grave issue: at risk."), _risks),
    "over": (_("The last day has passed and the work goes on: late."), _over),
    "suspended": (_("Suspended: at risk; past the date to mend it: late."), _stands_still),
}  # fmt: skip
"""What is looked at, in words, and how: the table the pages show."""

NOTHING = _("No milestone, report or indicator is written down here, so nothing can be said.")


def health(known: Known) -> Health | None:
    """How the pilot is doing and why; None for one that is not under way."""
    if known.pilot.state not in (PilotState.RUNNING, PilotState.SUSPENDED):
        return None
    reasons = [Reason(name, level, text) for name, (_said, rule) in RULES.items() for level, text in rule(known)]
    if not (reasons or known.milestones or known.reports or known.indicators):
        reasons = [Reason("nothing", Level.NOT_KNOWN, NOTHING)]
    reasons.sort(key=lambda reason: -reason.level)
    return Health(max((reason.level for reason in reasons), default=Level.ON_TRACK), tuple(reasons))
