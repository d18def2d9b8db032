"""What the pages of rounds say about dates, states and sizes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from challenge.http.templates import Deadline, day, moment
from challenge.kernel.i18n import Text, _, gettext, locale
from challenge.kernel.money import euros
from challenge.kernel.work import Work
from challenge.rounds import queries
from challenge.rounds.pieces import SizeClass, Theme, WindowIn
from challenge.rounds.queries import Due
from challenge.rounds.rules import needed
from challenge.rounds.schemas import RoundDocument
from challenge.rounds.states import CLOSED, GATE_WINDOWS, WINDOWS, Gate, WindowName
from challenge.rounds.wording import BOUND_WORDS, months

Step = tuple[str, str, str, str]  # title, when, note, done | now | later

TOLD = {
    "start": _("Begun"),
    "import": _("Imported"),
    "revise": _("Saved"),
    "prepare_amendment": _("Amendment prepared"),
    "drop_amendment": _("Amendment dropped"),
    "announce": _("News posted"),
    "ask_amend": _("Amendment asked for"),
    "amend": _("Rules and dates amended"),
    "ask_cancel": _("Cancelling asked for"),
    "cancel": _("Cancelled"),
    "publish": _("Published"),
    "close": _("Closed"),
    "archive": _("Archived"),
}


def clock_of(w: Work, round_: Any, window: WindowName, record: Any = None, workflow: str = "") -> Deadline | None:
    """The deadline of a window, or of one record in it, for ``parts/clock.html``. None where there is no date."""
    due = queries.deadline(w, round_, window, record, workflow)
    return shown(due, w.now, CLOSED[window]) if due else None


def shown(due: Due, now: datetime, over: Text | None = None) -> Deadline:
    """A deadline as people need it."""
    label = due.label if now < due.at or over is None else over
    return Deadline(str(label), due.at, due.zone, now, due.grace_seconds)


def used(document: RoundDocument) -> list[WindowIn]:
    """The windows that mean something under these rules: those of gates that are off are left out."""
    off = {GATE_WINDOWS[gate] for gate in Gate if gate not in document.rules.open_gates}
    if Gate.IDEA not in document.rules.open_gates:
        off.add(WindowName.PREFERENCES)
    return [window for window in document.windows if window.name not in off]


def steps_of(document: RoundDocument, now: datetime) -> list[Step]:
    """The round, window by window."""
    return [_step(window, document.zone, now) for window in used(document)]


def _step(window: WindowIn, zone: str, now: datetime) -> Step:
    state = "later" if now < window.opens_at else "now" if now < window.closes_at else "done"
    when = str(_("%(from)s to %(to)s", **{"from": day(window.opens_at, zone), "to": moment(window.closes_at, zone)}))
    return str(WINDOWS[window.name]), when, str(_("Open now")) if state == "now" else "", state


def missing_windows(document: RoundDocument) -> list[str]:
    """The windows that still need dates, for a draft."""
    dated = {window.name for window in document.windows}
    return [str(WINDOWS[name]) for name in needed(document.rules) if name not in dated]


def theme_titles(themes: Iterable[Theme]) -> list[str]:
    """Themes in the reader's language."""
    return [theme.title_et if locale() == "et" and theme.title_et else gettext(theme.title) for theme in themes]


def sizes(classes: Iterable[SizeClass]) -> list[list[str]]:
    """Rows of the table of sizes."""
    return [
        [gettext(size.title), str(months(size.months)), euros(size.budget_cents), str(size.planned),
         str(BOUND_WORDS[size.bound])]
        for size in classes
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of the history (templates/parts/timeline.html)."""

    title: str
    who: str
    when: str
    text: str = ""


def history_of(steps: Iterable[Any], names: dict[int, str], zone: str) -> list[Happened]:
    """The journal of the round in words."""
    return [
        Happened(str(TOLD.get(step.transition, step.transition)), names.get(step.actor_id, ""), moment(step.at, zone))
        for step in steps
    ]
