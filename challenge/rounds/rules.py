"""Why not, for rounds; and the one place that says when something is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import col, func, select

from challenge.kernel.errors import Problem
from challenge.kernel.i18n import Text, _, _n
from challenge.kernel.journal import Step
from challenge.kernel.once import once
from challenge.kernel.work import Work
from challenge.rounds.document import differences, in_force, prepared, rules_of
from challenge.rounds.models import Extension, Round, Window
from challenge.rounds.schemas import RoundDocument, Rules
from challenge.rounds.states import GATE_WINDOWS, GATES, WINDOWS, Gate, Judge, WindowName
from challenge.rounds.words import Moment

AGAINST = ("declined", "ineligible", "rejected")  # states of proposals and submissions that one may appeal against


@once
def window(w: Work, round_id: int, name: WindowName) -> Window | None:
    """A named window of a round, if it has one."""
    return w.session.exec(select(Window).where(Window.round_id == round_id, Window.name == name)).first()


@once
def extended_until(w: Work, record: Any, workflow: str) -> datetime | None:
    """The later due date given to this record alone, if there is one; the last one given stands."""
    return w.session.exec(
        select(Extension.until)
        .where(Extension.workflow == workflow, Extension.subject_code == record.code)
        .order_by(col(Extension.id).desc())
        .limit(1)
    ).first()


def due_at(w: Work, record: Any, workflow: str, name: WindowName) -> datetime | None:
    """When the record is due: its extension or the window's close, whichever is later. None where neither is.

    ``record`` has ``code`` and ``round_id``.
    """
    period, until = window(w, record.round_id, name), extended_until(w, record, workflow)
    dates = [date for date in (period.closes_at if period else None, until) if date is not None]
    return max(dates, default=None)


def not_over(w: Work, record: Any, workflow: str, name: WindowName) -> Problem | None:
    """The record's due date is not over: accepted until, and without, due date + grace."""
    round_ = w.session.get_one(Round, record.round_id)
    due = due_at(w, record, workflow, name)
    if due is None:
        return _no_window(name)
    if w.now < due + grace(round_):
        return None
    return Problem(
        "deadline_over",
        _(
            "The deadline was %(at)s. Only the programme team can give more time, before the next step begins.",
            at=Moment(due, round_.zone),
        ),
    )


def is_open(w: Work, round_: Round, name: WindowName) -> Problem | None:
    """The window is open: from its opening until, and without, its close + grace."""
    period = window(w, round_.id, name)
    if period is None:
        return _no_window(name)
    if w.now < period.opens_at:
        return Problem(
            "not_open_yet",
            _("“%(window)s” opens %(at)s.", window=WINDOWS[name], at=Moment(period.opens_at, round_.zone)),
        )
    if w.now < period.closes_at + grace(round_):
        return None
    return Problem(
        "window_closed",
        _("“%(window)s” closed %(at)s.", window=WINDOWS[name], at=Moment(period.closes_at, round_.zone)),
    )


def grace(round_: Round) -> timedelta:
    """The round's grace after every deadline."""
    return timedelta(seconds=rules_of(round_).grace_seconds)


def _no_window(name: WindowName) -> Problem:
    return Problem("no_window", _("This round has no dates for “%(window)s”.", window=WINDOWS[name]))


# Guards of the round's own workflow


def is_complete(w: Work, round_: Round) -> Problem | None:
    """A title, rules, and dates in order for every gate that is on."""
    lacks = lacking(in_force(w, round_))
    return Problem("not_complete", _("The round is not complete yet."), lacks) if lacks else None


def lacking(document: RoundDocument) -> dict[str, Text]:
    """What a round needs before everybody sees it, by path."""
    lacks: dict[str, Text] = {}
    if not document.title.strip():
        lacks["title"] = _("Name the round.")
    dates = {window.name: window for window in document.windows}
    before: WindowName | None = None
    for name in needed(document.rules):
        if name not in dates:
            lacks[f"windows.{name}"] = _("Give dates for “%(window)s”.", window=WINDOWS[name])
            continue
        if before is not None and not (
            dates[before].opens_at <= dates[name].opens_at and dates[before].closes_at < dates[name].closes_at
        ):
            lacks[f"windows.{name}"] = _(
                "“%(window)s” must not open before “%(before)s” and must close after it.",
                window=WINDOWS[name],
                before=WINDOWS[before],
            )
        before = name
    return lacks


def needed(rules: Rules) -> list[WindowName]:
    """The windows a round of these rules cannot do without, in their order."""
    gates = [GATE_WINDOWS[gate] for gate in Gate if gate in rules.open_gates]
    judged = any(Judge.JURORS in rules.gates[gate].judges for gate in rules.open_gates)
    return [WindowName.CHALLENGES, *gates, *([WindowName.JURY] if judged else [])]


def nothing_is_open(_w: Work, round_: Round) -> Problem | None:
    """Every proposal decided, every offer answered, no place on a reserve list, no appeal."""
    if round_.open_matters == 0:
        return None
    return Problem(
        "open_matters",
        _n(
            "One matter is open: a proposal, an offer, a reserve place or an appeal. The coordinators settle it first.",
            "%(n)s matters are open: proposals, offers, reserve places or appeals. The coordinators settle them first.",
            round_.open_matters,
        ),
    )


def appeal_until(round_: Round, told_at: datetime) -> datetime | None:
    """The last minute of the appeal window: the end of a day in the round's zone. None where there are no appeals."""
    days = rules_of(round_).appeal_days
    if not days:
        return None
    zone = ZoneInfo(round_.zone)
    last = told_at.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(last, time(23, 59), zone)


def no_appeal_can_come(w: Work, round_: Round) -> Problem | None:
    """A closed round takes no appeals, so it is closed only after the last appeal window. The journal knows of it."""
    told = w.session.exec(
        select(func.max(Step.at)).where(
            Step.scope == round_.code,
            col(Step.workflow).in_(("proposal", "submission")),
            col(Step.new_state).in_(AGAINST),
        )
    ).one()
    until = appeal_until(round_, told) if told is not None else None
    if until is None or w.now >= until + grace(round_):
        return None
    return Problem("appeals_may_come", _("Appeals can be filed until %(at)s.", at=Moment(until, round_.zone)))


def has_amendment(w: Work, round_: Round) -> Problem | None:
    """A change is prepared in the editor, and the round still makes sense with it."""
    if round_.amendment is None:
        return Problem("nothing_prepared", _("Nothing is prepared yet: change the rules or dates first."))
    return amendable(in_force(w, round_), prepared(w, round_), w.now)


def amendable(old: RoundDocument, new: RoundDocument, now: datetime) -> Problem | None:
    """Whether a published round may change this way: people rely on what has begun."""
    lacks = lacking(new) | dict(_dates_in_the_past(old, new, now)) | dict(_begun(old, new, now))
    if new.rules.open_gates != old.rules.open_gates:
        lacks["rules.gates"] = _("Gates cannot be switched on or off any more: proposals follow them.")
    for name, title in (("themes", _("theme")), ("size_classes", _("size of pilot"))):
        kept = {entry.key for entry in getattr(new.rules, name)}
        if any(entry.key not in kept for entry in getattr(old.rules, name)):
            lacks[f"rules.{name}"] = _("A %(what)s cannot be removed any more: challenges use it.", what=title)
    return Problem("not_amendable", _("The round cannot be changed like this."), lacks) if lacks else None


def _dates_in_the_past(old: RoundDocument, new: RoundDocument, now: datetime) -> Iterator[tuple[str, Text]]:
    for path, (_before, after) in differences(old, new).items():
        if path.startswith("windows.") and path.endswith("closes_at") and after is not None and after <= now:
            name = WindowName(path.split(".")[1])
            yield f"windows.{name}", _("“%(window)s” cannot close in the past.", window=WINDOWS[name])


def _begun(old: RoundDocument, new: RoundDocument, now: datetime) -> Iterator[tuple[str, Text]]:
    """People write to the criteria they read: once a gate's window has opened, its criteria and the scale stay."""
    opened = {window.name for window in old.windows if window.opens_at <= now}
    begun = [gate for gate in Gate if gate in old.rules.open_gates and GATE_WINDOWS[gate] in opened]
    for gate in begun:
        if new.rules.gates[gate].criteria != old.rules.gates[gate].criteria:
            yield f"rules.gates.{gate}.criteria", _("The criteria of “%(gate)s” stay: it has opened.", gate=GATES[gate])
    if begun and new.rules.scale != old.rules.scale:
        yield "rules.scale", _("The scale stays: a gate has opened.")
