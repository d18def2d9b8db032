"""One table of transitions per workflow; buttons, refusals, permissions, journal and diagrams are read off it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from challenge.kernel import approval, proof
from challenge.kernel.approval import Approval
from challenge.kernel.errors import Forbidden, Invalid, Missing, Problem, Refused
from challenge.kernel.i18n import Text, _
from challenge.kernel.work import Work, scope_of

Rule = Callable[[Work, Any], Problem | None]
Effect = Callable[[Work, Any, Any], Mapping[str, Any] | None]
Variant = Hashable


@dataclass(frozen=True, slots=True)
class Label:
    """How a state reads: to the team, to the public, and in which tone (look.md)."""

    team: Text
    public: Text
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Transition:
    """A row: from these states to that one, by whom, and what must hold.

    ``who`` asks about the person, ``guards`` about the thing and the clock. ``asks`` is the form of what must be
    given; what an effect returns is kept beside it. ``when`` says for which variants of the workflow (a round's gates)
    the row exists. A row that is not ``offered`` is fired only by an act of a higher package (``cause``). ``keys=2``
    needs two people; ``fresh`` needs who acts to have proven minutes ago that it is them (``kernel.proof``).
    """

    name: str
    source: tuple[StrEnum, ...]
    target: StrEnum
    who: Rule
    label: Text
    guards: tuple[Rule, ...] = ()
    asks: type[BaseModel] | None = None
    effects: tuple[Effect, ...] = ()
    offered: bool = True
    keys: int = 1
    fresh: bool = False
    when: Callable[[Any], bool] = lambda _variant: True
    told: Text | None = None  # how the timeline says it happened
    tone: str = "secondary"  # primary: the next step; warning: hard to take back
    warns: Text | None = None  # what then happens, said before a step that is hard to take back

    def blocked(self, w: Work, record: Any) -> Problem | None:
        """The first reason why not, if any; the fresh proof is asked for last, when nothing else is in the way."""
        guarded = next((problem for guard in self.guards if (problem := guard(w, record)) is not None), None)
        return guarded or (proof.missing(w) if self.fresh else None)


@dataclass(frozen=True, slots=True)
class Offer:
    """A button: its row, why it is blocked (if it is), and the request that waits for a second key (if one does)."""

    row: Transition
    problem: Problem | None
    asked: Approval | None = None


@dataclass(frozen=True, slots=True)
class Fired:
    """What firing did. ``done`` is False when the first of two keys was turned and nothing has moved yet."""

    row: Transition
    old_state: StrEnum
    done: bool = True


def _no_variant(_record: object) -> Variant:
    return None


@dataclass(frozen=True, slots=True)
class Workflow:
    """``initial`` and ``ends`` are states; ``variant`` tells which rows exist for a record."""

    name: str
    initial: StrEnum
    ends: frozenset[StrEnum]
    labels: Mapping[Any, Label]
    rows: tuple[Transition, ...]
    variant: Callable[[Any], Variant] = field(default=_no_variant)

    @property
    def names(self) -> tuple[str, ...]:
        """The transitions' names, each once, in the order of the table."""
        return tuple(dict.fromkeys(row.name for row in self.rows))

    def rows_from(self, record: Any) -> Iterator[Transition]:
        """The rows that exist for this record and leave its state."""
        variant = self.variant(record)
        return (row for row in self.rows if record.state in row.source and row.when(variant))

    def offers(self, w: Work, record: Any) -> list[Offer]:
        """The actor's buttons here; a blocked one carries its reason."""
        rows = [row for row in self.rows_from(record) if row.offered and row.who(w, record) is None]
        asked = approval.open_for(w, self.name, record.code) if any(row.keys > 1 for row in rows) else {}
        return [self._offer(w, record, row, asked) for row in rows]

    def _offer(self, w: Work, record: Any, row: Transition, asked: Mapping[str, Approval]) -> Offer:
        waiting = asked.get(row.name)
        if waiting is not None and not waiting.holds_for(record.version, w.now):
            waiting = None
        if waiting is not None and waiting.asked_by == w.actor.id:
            return Offer(row, YOUR_OWN_KEY, waiting)
        return Offer(row, row.blocked(w, record), waiting)

    def find(self, record: Any, name: str) -> Transition:
        """The row of this name for the record's state. Missing for an unknown name, Refused for another state."""
        named = [row for row in self.rows if row.name == name]
        if not named:
            raise Missing
        for row in self.rows_from(record):
            if row.name == name:
                return row
        raise Refused(
            Problem("wrong_state", _("This is not possible now: the state is “%(state)s”.", state=self.label(record)))
        )

    def permitted(self, w: Work, record: Any, name: str) -> Transition:
        """The row of this name, for who may fire it here at all: Missing, Refused, Forbidden. It may be blocked."""
        row = self.find(record, name)
        if not row.offered:
            raise Missing
        if problem := row.who(w, record):
            raise Forbidden(problem)
        return row

    def label(self, record: Any) -> Text:
        """The team's word for the record's state."""
        return self.labels[record.state].team

    def fire(self, w: Work, record: Any, name: str, given: BaseModel | None = None) -> Fired:
        """Do what the button says, or raise why not: Missing, Forbidden, Refused, Invalid."""
        row = self.permitted(w, record, name)
        offer = self._offer(w, record, row, approval.open_for(w, self.name, record.code) if row.keys > 1 else {})
        if offer.problem:
            raise proof.refusal(offer.problem)
        if row.keys > 1:
            if offer.asked is None:
                approval.ask(w, self.name, record, name, _dumped(self._given(row, given)))
                return Fired(row, record.state, done=False)
            approval.approve(w, offer.asked)
            given = row.asks.model_validate(offer.asked.given) if row.asks else None
        return self._move(w, record, row, given)

    def cause(self, w: Work, record: Any, name: str, given: BaseModel | None = None) -> Fired:
        """Fire a row as part of a larger act that has already asked who may; guards still hold."""
        row = self.find(record, name)
        if problem := row.blocked(w, record):
            raise proof.refusal(problem)
        return self._move(w, record, row, given)

    def _given(self, row: Transition, given: BaseModel | None) -> BaseModel | None:
        if row.asks is not None and not isinstance(given, row.asks):
            raise Invalid(Problem("given_missing", _("This step asks for more: fill in the form.")))
        return given if row.asks is not None else None

    def _move(self, w: Work, record: Any, row: Transition, given: BaseModel | None) -> Fired:
        given = self._given(row, given)
        before, record.state = record.state, row.target
        kept = _dumped(given)
        for effect in row.effects:
            kept |= effect(w, record, given) or {}
        w.session.flush()
        w.step(
            self.name, record.code, row.name,
            old=str(before), new=str(record.state), scope=scope_of(record),
            given=w.in_place(record, kept),
        )  # fmt: skip
        return Fired(row, before)

    def enter(self, w: Work, record: Any, state: StrEnum, given: Mapping[str, Any] | None = None) -> None:
        """Put an imported record into the state it had elsewhere; the step is called "import" (design.md §3)."""
        record.state = state
        w.session.flush()
        w.step(
            self.name, record.code, "import", old=None, new=str(state), scope=scope_of(record), given=dict(given or {})
        )

    def mermaid(self) -> str:
        """The diagram of the table, for the docs."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        for row in self.rows:
            lines += [f"    {source} --> {row.target}: {row.name}" for source in row.source]
        lines += [f"    {end} --> [*]" for end in sorted(self.ends)]
        return "\n".join(lines)


YOUR_OWN_KEY = Problem("second_person", _("You asked for this. A second person must approve it."))


def _dumped(given: BaseModel | None) -> dict[str, Any]:
    return {} if given is None else given.model_dump(mode="json")


def faults(workflow: Workflow, variants: Iterable[Variant] = (None,)) -> list[str]:
    """What a table must never have: for each variant, dead states, states without an end, two rows for one button."""
    found = []
    for variant in variants:
        rows = [row for row in workflow.rows if row.when(variant)]
        reachable, ending = {workflow.initial}, set(workflow.ends)
        for _round in workflow.labels:
            reachable |= {row.target for row in rows if reachable & set(row.source)}
            ending |= {source for row in rows if row.target in ending for source in row.source}
        found += [f"{variant}: {state} can never end" for state in sorted(reachable - ending)]
        seen: set[tuple[str, StrEnum]] = set()
        for row in rows:
            for source in row.source:
                if (row.name, source) in seen:
                    found.append(f"{variant}: two rows {row.name} from {source}")
                seen.add((row.name, source))
            if set(row.source) & workflow.ends and not row.name.startswith(("reinstate", "promote")):
                found.append(f"{variant}: {row.name} leaves an end")
    never = {state for state in workflow.labels if all(state != row.target for row in workflow.rows)}
    found += [f"{state} is never reached" for state in sorted(never - {workflow.initial})]
    return found
