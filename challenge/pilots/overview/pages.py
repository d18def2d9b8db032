"""The portfolio of those who run or observe rounds: a list, a time line, and whom to remind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from babel.dates import format_date
from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.figures import Span, gantt, pair_map
from challenge.http.pages import page
from challenge.http.templates import day
from challenge.http.work import work
from challenge.kernel.errors import Forbidden
from challenge.kernel.i18n import Text, _, locale
from challenge.people import rules as people
from challenge.people.countries import country_name
from challenge.pilots import queries as pilots
from challenge.pilots.overview.queries import Filters, Line, portfolio
from challenge.pilots.overview.rules import sees_portfolio
from challenge.pilots.pages.views import on_map
from challenge.pilots.states import LABELS, REPORT_KINDS, ReportKind
from challenge.pilots.tracking.health import LEVELS, Level

router = APIRouter(include_in_schema=False)
NONE, NOT_SAID = _("Not under way"), _("Not known or not under way")
BARS, EDGE = frozenset({"moss", "sun", "rose"}), "edge"
WORST_FIRST = sorted(Level, reverse=True)


@router.get("/pilots/overview")
def overview(request: Request) -> Response:
    """Every pilot of the rounds one runs or observes, the worst first."""
    asked = request.query_params
    filters = Filters(*(asked.get(name, "")[:32] for name in ("round", "health", "state", "country")))
    with work(request) as w:
        if problem := sees_portfolio(w):
            raise Forbidden(problem)
        lines = portfolio(w, filters)
        found = pilots.choosable(w)
        everything = ("", str(_("All")))
        choices = {
            "round": [everything, *((row.code, row.title) for row in found.rounds)],
            "health": [everything, *((level.key, str(LEVELS[level].team)) for level in Level), ("none", str(NONE))],
            "state": [everything, *((str(state), str(LABELS[state].team)) for state in found.states)],
            "country": [everything, *((code, country_name(code)) for code in found.countries)],
        }
        counts = [(LEVELS[level].team, sum(_level(line) is level for line in lines)) for level in WORST_FIRST]
        legend = [(LEVELS[level].team, LEVELS[level].tone) for level in WORST_FIRST if LEVELS[level].tone in BARS]
        legend.append((NOT_SAID, EDGE))
        return page(
            w, "pilots/overview.html", map=pair_map(on_map(lines)), money=_money(lines), lines=lines,
            filters=filters, choices=choices, labels=LABELS, counts=counts,
            legend=legend, idle=NONE, what=_what, plan=gantt(_spans(lines), w.now.date(), _month),
            narrowed=any((filters.round, filters.health, filters.state, filters.country)),
            may_remind=people.is_some_coordinator(w, None) is None,
        )  # fmt: skip


def _money(lines: Sequence[Line]) -> tuple[int, int]:
    """Of the pilots with a ledger: what they may cost in all, and what was paid. Of others nothing is known."""
    booked = [line for line in lines if line.paid is not None]
    return sum(line.pilot.budget_cents or 0 for line in booked), sum(line.paid or 0 for line in booked)


def _level(line: Line) -> Level | None:
    return None if line.health is None else line.health.level


def _what(words: str) -> Text | str:
    """A milestone by its title, a report by its kind."""
    return REPORT_KINDS[ReportKind(words)] if words in set(ReportKind) else words


def _spans(lines: Sequence[Line]) -> list[Span]:
    """Pilots whose days are known, in the colour of their health."""
    return [
        Span(
            line.pilot.title, line.pilot.starts_on, line.pilot.ends_on,
            line.health.label.tone if line.health is not None and line.health.label.tone in BARS else EDGE,
            str(_("%(first)s to %(last)s", first=day(line.pilot.starts_on), last=day(line.pilot.ends_on))),
            str(line.health.label.team if line.health is not None else NONE),
        )
        for line in lines
        if line.pilot.starts_on is not None and line.pilot.ends_on is not None
    ]  # fmt: skip


def _month(first: date) -> str:
    return str(first.year) if first.month == 1 else format_date(first, "LLL", locale=locale())
