"""Rounds as the home pages need them: dates, rules, what is open now. Read once, in two queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import col, select

from challenge.kernel.i18n import Text
from challenge.kernel.work import Work
from challenge.rounds.models import Round, Window
from challenge.rounds.queries import current, in_sight, rules_of
from challenge.rounds.schemas import Rules
from challenge.rounds.states import CLOSES, GATE_WINDOWS, OPENS, Gate, Judge, RoundState, WindowName

IN_PLAY = (RoundState.DRAFT, RoundState.PUBLISHED)


@dataclass(frozen=True, slots=True)
class Period:
    """A window of a round."""

    name: WindowName
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Stand:
    """A round and where it stands at ``now``."""

    id: int
    code: str
    title: str
    state: RoundState
    zone: str
    rules: Rules
    example: bool
    now: datetime
    windows: dict[WindowName, Period] = field(default_factory=dict)

    @property
    def is_public(self) -> bool:
        """Everybody knows of it and takes part."""
        return self.state is RoundState.PUBLISHED

    @property
    def grace(self) -> timedelta:
        """What is added to every deadline."""
        return timedelta(seconds=self.rules.grace_seconds)

    def is_open(self, name: WindowName) -> bool:
        """Whether the window is open now, grace included."""
        period = self.windows.get(name)
        return (
            period is not None
            and self.state is RoundState.PUBLISHED
            and (period.opens_at <= self.now < period.closes_at + self.grace)
        )

    def is_over(self, name: WindowName) -> bool:
        """Whether the window has closed."""
        period = self.windows.get(name)
        return period is not None and period.closes_at + self.grace <= self.now

    def closes_at(self, name: WindowName) -> datetime | None:
        """When the window closes."""
        period = self.windows.get(name)
        return None if period is None else period.closes_at

    def due_at(self, name: WindowName, until: datetime | None = None) -> datetime | None:
        """When something of this window is due: an extension or the close, whichever is later."""
        return max((date for date in (self.closes_at(name), until) if date is not None), default=None)

    @property
    def open_windows(self) -> list[Period]:
        """The windows that are open now, in their order."""
        return [period for name, period in self.windows.items() if self.is_open(name)]

    @property
    def first_gate(self) -> Gate:
        """The gate at which proposals begin."""
        return next(gate for gate in Gate if gate in self.rules.open_gates)

    @property
    def proposing(self) -> WindowName:
        """The window in which proposals begin."""
        return GATE_WINDOWS[self.first_gate]

    def is_judged_by(self, gate: Gate, judge: Judge) -> bool:
        """Whether they judge at this gate."""
        return gate in self.rules.open_gates and judge in self.rules.gates[gate].judges

    @property
    def concerned(self) -> list[WindowName]:
        """The windows this round's rules give a meaning to, in their order."""
        used = {WindowName.CHALLENGES, WindowName.INTERESTS, *(GATE_WINDOWS[gate] for gate in self.rules.open_gates)}
        if self.is_judged_by(Gate.IDEA, Judge.CITIES):
            used.add(WindowName.PREFERENCES)
        used.add(WindowName.JURY)
        return [name for name in WindowName if name in used and name in self.windows]

    @property
    def next_date(self) -> tuple[Text, datetime] | None:
        """What comes next for everybody: the first close of an open window, else the next opening."""
        periods = [self.windows[name] for name in self.concerned]
        if self.state is not RoundState.PUBLISHED:
            return None
        closing = [(period.closes_at, CLOSES[period.name]) for period in periods if self._runs(period)]
        opening = [(period.opens_at, OPENS[period.name]) for period in periods if period.opens_at > self.now]
        found = min(closing or opening, key=lambda one: one[0], default=None)
        return None if found is None else (found[1], found[0])

    def _runs(self, period: Period) -> bool:
        return period.opens_at <= self.now < period.closes_at


def in_play(w: Work) -> list[Stand]:
    """Rounds under way, and those the actor prepares; the newest first."""
    return list(stands(w, w.session.exec(
        select(Round).where(col(Round.state).in_(IN_PLAY), in_sight(w)).order_by(col(Round.id).desc())
    ).all()))  # fmt: skip


def now_running(w: Work) -> Stand | None:
    """The round everybody sees on the front page."""
    found = current(w)
    return None if found is None else next(stands(w, [found]))


def stands(w: Work, rounds: Iterable[Round]) -> Iterator[Stand]:
    """Rounds with their windows, which are read in one query."""
    rounds = list(rounds)
    dates: dict[int, dict[WindowName, Period]] = {round_.id: {} for round_ in rounds}
    if rounds:
        shown = select(Window.round_id, Window.name, Window.opens_at, Window.closes_at)
        for round_id, name, opens_at, closes_at in w.session.exec(shown.where(col(Window.round_id).in_(dates))):
            dates[round_id][WindowName(name)] = Period(WindowName(name), opens_at, closes_at)
    for round_ in rounds:
        mine = dates[round_.id]
        yield Stand(
            round_.id, round_.code, round_.title, round_.state, round_.zone, rules_of(round_), round_.example, w.now,
            {name: mine[name] for name in WindowName if name in mine},
        )  # fmt: skip
