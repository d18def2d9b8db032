"""How proposals have moved through a round, from where they stand now: edges for the figure "flow". Pure.

A state says which way a proposal has come, given the round's gates; of those that ended, the journal says from which
state. So the flow needs counts only, has no cycle, and adds up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise

from challenge.proposals.states import ENDS, LABELS, ProposalState
from challenge.rounds.states import Gate

S = ProposalState
UNSENT = (S.DRAFT, S.LAPSED)
AFTER_JURY = (S.SELECTED, S.RESERVE)


@dataclass(frozen=True, slots=True)
class Edge:
    """So many proposals went from one state to the next."""

    source: ProposalState
    target: ProposalState
    count: int

    @property
    def tones(self) -> tuple[str, str]:
        """Tokens of both ends; what is neutral in a tag is an edge colour in a figure."""
        return tone_of(self.source), tone_of(self.target)


def tone_of(state: ProposalState) -> str:
    """The state's tone as a figure knows it."""
    tone = LABELS[state].tone
    return "edge" if tone in {"", "off"} else tone


def line(gates: Collection[Gate]) -> list[ProposalState]:
    """The states of a proposal that goes all the way, once it was handed in or begun."""
    way = [S.SUBMITTED, S.IN_REVIEW] if Gate.IDEA in gates else []
    way += [S.CO_DEVELOPMENT, S.SHORTLISTING] if Gate.PILOT_PROPOSAL in gates else []
    way += [S.FINALIST] if Gate.FULL_PROPOSAL in gates else []
    return [*way, S.IN_JURY, S.SELECTED, S.PILOTED]


def way_to(state: ProposalState, came_from: ProposalState | None, gates: Collection[Gate]) -> list[ProposalState]:
    """The states a proposal has passed, the one it stands in last; nothing for a draft that was never handed in."""
    main = line(gates)
    if state in main:
        return main[: main.index(state) + 1]
    if state is S.RESERVE:
        return [*main[: main.index(S.IN_JURY) + 1], state]
    if state is S.RETURNED:
        return [S.SUBMITTED, state] if S.SUBMITTED in main else []
    if state in ENDS and came_from is not None and came_from not in ENDS:
        before = way_to(came_from, None, gates)
        return [*before, state] if before else []
    return []


def edges(piles: Iterable[tuple[ProposalState, ProposalState | None, int]], gates: Collection[Gate]) -> list[Edge]:
    """Every step between two states with the number of proposals that took it, in the order of the round."""
    counts: Counter[tuple[ProposalState, ProposalState]] = Counter()
    for state, came_from, count in piles:
        for step in pairwise(way_to(state, came_from, gates)):
            counts[step] += count
    order = {state: place for place, state in enumerate([*line(gates), *S])}
    found = sorted(counts.items(), key=lambda entry: (order[entry[0][0]], order[entry[0][1]]))
    return [Edge(source, target, count) for (source, target), count in found]


def handed_in(piles: Iterable[tuple[ProposalState, ProposalState | None, int]], gates: Collection[Gate]) -> int:
    """How many proposals have entered the line at all."""
    return sum(count for state, came_from, count in piles if way_to(state, came_from, gates))
